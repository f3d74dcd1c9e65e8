package installs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/installs"
)

// wire speaks the documented answers for codes that a test grants. It is no
// stand-in for the rules of a platform.
type wire struct {
	*httptest.Server
	mu        sync.Mutex        // guards all below
	codes     map[string]string // auth_code → permanent code; each works once
	live      map[string]bool   // permanent codes
	exchanges int
	gate      chan struct{} // not nil: exchanges wait until it is closed
}

func newWire(t *testing.T) *wire {
	a := &wire{codes: map[string]string{}, live: map[string]bool{}}
	mux := http.NewServeMux()
	answer := func(path string, say func(body map[string]any) string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			var body map[string]any
			_ = json.NewDecoder(r.Body).Decode(&body)
			_, _ = io.WriteString(w, say(body))
		})
	}
	answer(protocol.PathGetSuiteToken, func(map[string]any) string { return `{"suite_access_token":"canary-token","expires_in":7200}` })
	answer(protocol.PathGetPreAuthCode, func(map[string]any) string {
		return `{"errcode":0,"errmsg":"ok","pre_auth_code":"pre-1","expires_in":1200}`
	})
	answer(protocol.PathSetSessionInfo, func(map[string]any) string { return `{"errcode":0,"errmsg":"ok"}` })
	answer(protocol.PathGetPermanentCode, func(body map[string]any) string {
		a.mu.Lock()
		gate := a.gate
		a.exchanges++
		a.mu.Unlock()
		if gate != nil {
			<-gate
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		code := fmt.Sprint(body["auth_code"])
		permanent, ok := a.codes[code]
		if !ok {
			return `{"errcode":40078,"errmsg":"invalid auth_code ` + code + `"}`
		}
		delete(a.codes, code)
		a.live = map[string]bool{permanent: true}
		return `{"errcode":0,"errmsg":"ok","access_token":"x","expires_in":7200,"permanent_code":"` + permanent + `",
			"auth_corp_info":{"corpid":"wpCORP","corp_name":"星河科技"},"auth_info":{"agent":[{"agentid":1000009,"name":"协作"}]},
			"auth_user_info":{"userid":"woBOSS"}}`
	})
	answer(protocol.PathGetAuthInfo, func(body map[string]any) string {
		a.mu.Lock()
		defer a.mu.Unlock()
		if !a.live[fmt.Sprint(body["permanent_code"])] {
			return `{"errcode":40084,"errmsg":"invalid permanent_code ` + fmt.Sprint(body["permanent_code"]) + `"}`
		}
		return `{"errcode":0,"errmsg":"ok","auth_corp_info":{"corpid":"wpCORP","corp_name":"星河科技（新）"},"auth_info":{"agent":[{"agentid":1000010}]}}`
	})
	a.Server = httptest.NewServer(mux)
	t.Cleanup(a.Close)
	return a
}

func (a *wire) grant(code, permanent string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.codes[code] = permanent
}

func (a *wire) kill(permanent string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.live, permanent)
}

func (a *wire) suite() *site.Suite {
	return site.New(site.Config{API: a.URL}).Suite("wwsuite", "canary-secret", site.TicketFunc(
		func(context.Context, string) (string, error) { return "canary-ticket", nil }))
}

// website is a site whose accounts are named by a cookie.
type website struct {
	*httptest.Server
	wire     *wire
	installs *installs.Installs
	now      time.Time
	log      strings.Builder
}

var key = [][]byte{[]byte("0123456789abcdef0123456789abcdef")}

func newWebsite(t *testing.T, change func(*installs.Config)) *website {
	t.Helper()
	s := &website{wire: newWire(t), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	mux := http.NewServeMux()
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	c := installs.Config{
		Suite: s.wire.suite(), Store: installs.NewRecords(), URL: s.URL + "/install/done", Keys: key, Home: "/companies",
		Tenant: func(r *http.Request) (string, error) {
			c, err := r.Cookie("tenant")
			if err != nil {
				return "", installs.ErrNoTenant
			}
			return c.Value, nil
		},
		Now: func() time.Time { return s.now }, Log: slog.New(slog.NewTextHandler(&s.log, nil)),
	}
	if change != nil {
		change(&c)
	}
	var err error
	if s.installs, err = installs.New(c); err != nil {
		t.Fatal(err)
	}
	s.installs.Mount(mux)
	return s
}

type browser struct {
	t    *testing.T
	site *website
	http *http.Client
}

// browser is one that the account tenant is signed in to; empty: none.
func (s *website) browser(t *testing.T, tenant string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t, s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	b.signIn(tenant)
	return b
}

func (b *browser) signIn(tenant string) {
	u, _ := url.Parse(b.site.URL)
	if tenant == "" {
		return
	}
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: "tenant", Value: tenant}})
}

func (b *browser) get(path string, header ...string) (status int, location, body string) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.site.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Error(err)
		return 0, "", ""
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header.Get("Location"), string(raw)
}

// begin begins an install and returns the query of the install page.
func (b *browser) begin() url.Values {
	b.t.Helper()
	status, location, body := b.get("/install")
	u, err := url.Parse(location)
	if err != nil || status != http.StatusSeeOther || u.Host != protocol.HostOpen || u.Path != protocol.PathInstall {
		b.t.Fatalf("begin: %d %q %s", status, location, body)
	}
	return u.Query()
}

func back(link url.Values, code string) string {
	return "/install/done?" + url.Values{"auth_code": {code}, "expires_in": {"600"}, "state": {link.Get("state")}}.Encode()
}

func TestInstall(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t, "acme")
	link := b.begin()
	if link.Get("suite_id") != "wwsuite" || link.Get("pre_auth_code") != "pre-1" || link.Get("redirect_uri") != s.URL+"/install/done" ||
		len(link.Get("state")) < 26 || strings.ContainsAny(link.Get("state"), "-_=+/") {
		t.Fatalf("link %v", link)
	}
	s.wire.grant("canary-auth-code", "canary-permanent")
	for range 3 {
		if status, location, body := b.get(back(link, "canary-auth-code")); status != http.StatusSeeOther || location != "/companies" {
			t.Fatalf("finish: %d %s", status, body)
		}
	}
	if s.wire.exchanges != 1 {
		t.Errorf("%d exchanges, want 1", s.wire.exchanges)
	}
	got, err := s.installs.Find(t.Context(), "wpCORP")
	want := installs.Install{CorpID: "wpCORP", CorpName: "星河科技", AgentID: 1000009, Tenant: "acme", Installer: "woBOSS", Since: s.now, PermanentCode: "canary-permanent"}
	if err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	first, err := s.installs.Corp(t.Context(), "wpCORP")
	if second, _ := s.installs.Corp(t.Context(), "wpCORP"); err != nil || first != second {
		t.Errorf("the client, and its token, was not kept: %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v %v %+v", got, got, got, s.installs, s.installs); strings.Contains(text, "canary") {
		t.Errorf("shown: %s", text)
	}
	if raw, _ := json.Marshal(got); strings.Contains(string(raw), "canary") {
		t.Errorf("as JSON: %s", raw)
	}
}

// An install's state is bound to browser and tenant.
func TestInstallOfAnother(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t, "acme")
	link := b.begin()
	s.wire.grant("code", "permanent")

	for name, row := range map[string]struct {
		browser *browser
		path    string
		status  int
	}{
		"another browser":          {s.browser(t, "acme"), back(link, "code"), 403},
		"signed out":               {s.browser(t, ""), back(link, "code"), 403},
		"no state":                 {b, "/install/done?auth_code=code", 403},
		"made-up state":            {b, "/install/done?auth_code=code&state=AAAAAAAAAAAAAAAAAAAAAAAAAA", 403},
		"two states":               {b, back(link, "code") + "&state=x", 400},
		"two codes":                {b, back(link, "code") + "&auth_code=x", 400},
		"left without installing":  {b, "/install/done?state=" + link.Get("state"), 200},
		"a code of somebody's":     {b, back(link, "foreign"), 400},
		"begin without an account": {s.browser(t, ""), "/install", 401},
		"begin, fetched ahead":     {b, "/install", 503},
		"finish, fetched ahead":    {b, back(link, "code"), 503},
	} {
		var header []string
		if row.status == 503 {
			header = []string{"Sec-Purpose", "prefetch"}
		}
		if name == "a code of somebody's" {
			own := b.begin()
			row.path = back(own, "canary-foreign")
		}
		status, location, body := row.browser.get(row.path, header...)
		if status != row.status || location != "" || strings.Contains(body, "auth_code=") {
			t.Errorf("%s: %d %q\n%s", name, status, location, body)
		}
	}
	b.signIn("rival")
	if status, _, body := b.get(back(link, "code")); status != http.StatusForbidden || !strings.Contains(body, "不属于当前账号") {
		t.Errorf("another tenant in the same browser: %d", status)
	}
	if s.wire.codes["code"] == "" {
		t.Error("the code was spent for somebody else")
	}
	b.signIn("acme")
	if status, _, _ := b.get(back(link, "code")); status != http.StatusSeeOther {
		t.Errorf("the right one: %d", status)
	}
	late := b.begin()
	s.now = s.now.Add(41 * time.Minute)
	if status, _, _ := b.get(back(late, "code")); status != http.StatusBadRequest {
		t.Errorf("late: %d", status)
	}
	if strings.Contains(s.log.String(), link.Get("state")) || strings.Contains(s.log.String(), "canary") || !strings.Contains(s.log.String(), "other_tenant") {
		t.Errorf("log:\n%s", s.log.String())
	}
}

// Delivered twice at the same moment, a code is exchanged once.
func TestInstallDeliveredTwice(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t, "acme")
	link := b.begin()
	s.wire.grant("code", "permanent")
	s.wire.gate = make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			if status, _, body := b.get(back(link, "code")); status != http.StatusSeeOther {
				t.Errorf("%d %s", status, body)
			}
		}()
	}
	for {
		s.wire.mu.Lock()
		running := s.wire.exchanges > 0
		s.wire.mu.Unlock()
		if running {
			break
		}
	}
	close(s.wire.gate)
	all.Wait()
	if s.wire.exchanges != 1 {
		t.Errorf("%d exchanges, want 1", s.wire.exchanges)
	}
}

// A company that belongs to one account goes over to no other silently, and its new
// code is not lost.
func TestCompanyOfAnotherTenant(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	for n, tenant := range []string{"acme", "rival"} {
		b := s.browser(t, tenant)
		link := b.begin()
		s.wire.grant("code", fmt.Sprint("permanent-", n))
		status, _, _ := b.get(back(link, "code"))
		if want := []int{http.StatusSeeOther, http.StatusForbidden}[n]; status != want {
			t.Errorf("%s: %d, want %d", tenant, status, want)
		}
	}
	s.wire.grant("market", "permanent-2")
	if err := s.installs.Handle(t.Context(), protocol.Event{InfoType: protocol.EventCreateAuth, AuthCode: "market"}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.installs.Find(t.Context(), "wpCORP"); err != nil || got.Tenant != "acme" || got.PermanentCode != "permanent-2" {
		t.Errorf("%s of %s, %v", got.PermanentCode, got.Tenant, err)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	var installed, removed []string
	var purge error
	s := newWebsite(t, func(c *installs.Config) {
		c.OnInstalled = func(_ context.Context, i installs.Install) error {
			installed = append(installed, i.CorpName)
			return nil
		}
		c.OnRemoved = func(_ context.Context, i installs.Install) error { removed = append(removed, i.CorpID); return purge }
	})
	handle := func(infoType, code string) error {
		return s.installs.Handle(t.Context(), protocol.Event{SuiteID: "wwsuite", InfoType: infoType, AuthCode: code, AuthCorpID: "wpCORP"})
	}
	cancel := protocol.Event{InfoType: protocol.EventCancelAuth, AuthCorpID: "wpCORP"}
	if err := handle(protocol.EventChangeAuth, ""); !errors.Is(err, site.ErrNotInstalled) {
		t.Errorf("change_auth of an unknown company: %v", err)
	}
	if gone, err := s.installs.ConfirmCancel(t.Context(), cancel); gone || !errors.Is(err, site.ErrNotInstalled) {
		t.Errorf("cancel_auth of an unknown company: %v %v", gone, err)
	}
	s.wire.grant("market", "permanent-1")
	if err := handle(protocol.EventCreateAuth, "market"); err != nil {
		t.Fatal(err)
	}
	if err := handle(protocol.EventCreateAuth, "market"); !errors.Is(err, protocol.CodeInvalidAuthCode) {
		t.Errorf("create_auth again: %v", err)
	}
	if err := handle(protocol.EventChangeAuth, ""); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.installs.Find(t.Context(), "wpCORP"); got.AgentID != 1000010 || got.CorpName != "星河科技（新）" || got.PermanentCode != "permanent-1" {
		t.Errorf("after change_auth: %d %s", got.AgentID, got.CorpName)
	}
	if agent, err := s.installs.AgentID(t.Context(), "WPCORP"); !errors.Is(err, site.ErrNotInstalled) {
		t.Errorf("corpid in another case: %d %v", agent, err)
	}

	// Abuse case 24: a cancel_auth that the platform does not confirm.
	if gone, err := s.installs.ConfirmCancel(t.Context(), cancel); gone || err != nil {
		t.Errorf("live authorisation: %v %v", gone, err)
	}
	if err := handle(protocol.EventCancelAuth, ""); err == nil || len(removed) != 0 {
		t.Errorf("live authorisation purged: %v %v", err, removed)
	}
	s.wire.kill("permanent-1")
	if gone, err := s.installs.ConfirmCancel(t.Context(), cancel); !gone || err != nil {
		t.Errorf("dead authorisation: %v %v", gone, err)
	}
	purge = errors.New("database away")
	if err := handle(protocol.EventCancelAuth, ""); !errors.Is(err, purge) {
		t.Errorf("%v", err)
	}
	if _, err := s.installs.Find(t.Context(), "wpCORP"); err != nil {
		t.Errorf("the record went before the data: %v", err)
	}
	purge = nil
	if err := handle(protocol.EventCancelAuth, ""); err != nil || len(removed) != 2 {
		t.Errorf("%v %v", err, removed)
	}
	if _, err := s.installs.Find(t.Context(), "wpCORP"); !errors.Is(err, site.ErrNotInstalled) {
		t.Errorf("%v", err)
	}
	// Reinstalled; the old cancel_auth comes once more.
	s.wire.grant("again", "permanent-2")
	if err := handle(protocol.EventCreateAuth, "again"); err != nil {
		t.Fatal(err)
	}
	if err := handle(protocol.EventCancelAuth, ""); err == nil {
		t.Error("a replayed cancel_auth removed a new install")
	}
	if _, err := s.installs.Find(t.Context(), "wpCORP"); err != nil {
		t.Error(err)
	}
	if fmt.Sprint(installed) != "[星河科技 星河科技（新） 星河科技]" {
		t.Errorf("told %v", installed)
	}
	s.wire.Close()
	if gone, err := s.installs.ConfirmCancel(t.Context(), cancel); gone || err == nil {
		t.Errorf("platform away: %v %v", gone, err)
	}
}

// An install that arrives while its predecessor is purged stays.
func TestRemoveOnlyWhatIsDead(t *testing.T) {
	t.Parallel()
	var s *website
	s = newWebsite(t, func(c *installs.Config) {
		c.OnRemoved = func(ctx context.Context, _ installs.Install) error {
			s.wire.grant("new", "permanent-new")
			return s.installs.Handle(ctx, protocol.Event{InfoType: protocol.EventCreateAuth, AuthCode: "new"})
		}
	})
	s.wire.grant("old", "permanent-old")
	if err := s.installs.Handle(t.Context(), protocol.Event{InfoType: protocol.EventCreateAuth, AuthCode: "old"}); err != nil {
		t.Fatal(err)
	}
	s.wire.kill("permanent-old")
	if err := s.installs.Handle(t.Context(), protocol.Event{InfoType: protocol.EventCancelAuth, AuthCorpID: "wpCORP"}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.installs.Find(t.Context(), "wpCORP"); err != nil || got.PermanentCode != "permanent-new" {
		t.Errorf("%v %v", got, err)
	}
}

// A permanent code that a site had before is kept only if it is good.
func TestAdopt(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	if err := s.installs.Adopt(t.Context(), "wpCORP", "canary-dead", "acme"); !site.Withdrawn(err) {
		t.Errorf("dead code: %v", err)
	}
	if _, err := s.installs.Find(t.Context(), "wpCORP"); !errors.Is(err, site.ErrNotInstalled) {
		t.Errorf("kept: %v", err)
	}
	s.wire.mu.Lock()
	s.wire.live["permanent-1"] = true
	s.wire.mu.Unlock()
	if err := s.installs.Adopt(t.Context(), "wpCORP", "permanent-1", "acme"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.installs.Find(t.Context(), "wpCORP"); err != nil || got.AgentID != 1000010 || got.Tenant != "acme" || got.PermanentCode != "permanent-1" {
		t.Errorf("%d of %s: %v", got.AgentID, got.Tenant, err)
	}
}

func TestRecordsFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "installs.json")
	one := installs.Install{CorpID: "wpONE", CorpName: "一", AgentID: 1, PermanentCode: "canary-one", Since: time.Unix(1, 0).UTC()}
	two := installs.Install{CorpID: "wpTWO", CorpName: "二", AgentID: 2, PermanentCode: "canary-two", Since: time.Unix(0, 0).UTC()}
	r, err := installs.OpenRecords(path, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []installs.Install{one, two} {
		if err := r.Keep(t.Context(), "ww1", i); err != nil {
			t.Fatal(err)
		}
	}
	raw, _ := os.ReadFile(path)
	info, _ := os.Stat(path)
	if strings.Contains(string(raw), "canary") || strings.Contains(string(raw), "一") || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %s", info.Mode(), raw)
	}
	newKey := []byte("fedcba9876543210fedcba9876543210")
	r, err = installs.OpenRecords(path, [][]byte{newKey, key[0]})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := r.List(t.Context(), "ww1"); err != nil || len(list) != 2 || list[0] != two || list[1] != one {
		t.Errorf("%v %v", list, err)
	}
	if _, err := r.Find(t.Context(), "ww2", "wpONE"); !errors.Is(err, site.ErrNotInstalled) {
		t.Errorf("another suite: %v", err)
	}
	if removed, err := r.Remove(t.Context(), "ww1", "wpONE", "canary-two"); removed || err != nil {
		t.Errorf("removed with another code: %v", err)
	}
	if removed, err := r.Remove(t.Context(), "ww1", "wpONE", "canary-one"); !removed || err != nil {
		t.Errorf("not removed: %v", err)
	}
	if removed, err := r.Remove(t.Context(), "ww1", "wpONE", "canary-one"); removed || err != nil {
		t.Errorf("removed twice: %v", err)
	}
	// A record that was moved to another company opens for nobody.
	moved := strings.ReplaceAll(string(raw), "wpONE", "wpSIX")
	if err := os.WriteFile(path, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	if i, err := r.Find(t.Context(), "ww1", "wpSIX"); err == nil || i.PermanentCode != "" || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v %v", i, err)
	}
	for name, spoil := range map[string]func() error{
		"open to others": func() error { return os.Chmod(path, 0o644) },
		"broken":         func() error { os.Chmod(path, 0o600); return os.WriteFile(path, []byte("{"), 0o600) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, err := installs.OpenRecords(path, key); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	for _, keys := range [][][]byte{nil, {{1}}} {
		if _, err := installs.OpenRecords(filepath.Join(t.TempDir(), "x"), keys); err == nil {
			t.Errorf("opened with keys %v", keys)
		}
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	tenant := func(*http.Request) (string, error) { return "a", nil }
	suite := newWire(t).suite()
	good := installs.Config{Suite: suite, Store: installs.NewRecords(), URL: "https://app.example.com/done", Tenant: tenant}
	if _, err := installs.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*installs.Config){
		"no suite":     func(c *installs.Config) { c.Suite = nil },
		"no store":     func(c *installs.Config) { c.Store = nil },
		"no tenant":    func(c *installs.Config) { c.Tenant = nil },
		"http":         func(c *installs.Config) { c.URL = "http://app.example.com/done" },
		"a query":      func(c *installs.Config) { c.URL += "?x=1" },
		"no path":      func(c *installs.Config) { c.URL = "https://app.example.com" },
		"foreign home": func(c *installs.Config) { c.Home = "//evil.example" },
		"short key":    func(c *installs.Config) { c.Keys = [][]byte{{1}} },
		"http install": func(c *installs.Config) { c.InstallHost = "http://open.example" },
	} {
		bad := good
		change(&bad)
		if _, err := installs.New(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	market, err := installs.New(installs.Config{Suite: suite, Store: installs.NewRecords()})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	market.Begin(w, httptest.NewRequest(http.MethodGet, "/install", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("without URL: %d", w.Code)
	}
}

// Every reason has words in both languages.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, reason := range []installs.Reason{installs.Cancelled, installs.OtherBrowser, installs.OtherTenant, installs.NoTenant,
		installs.Expired, installs.BadRequest, installs.BadCode, installs.NoTicket, installs.Unavailable} {
		f := &installs.Failure{Reason: reason}
		zhTitle, zhText := f.Text("zh")
		enTitle, enText := f.Text("en")
		if zhTitle == "" || zhText == "" || enTitle == "" || enText == "" || zhTitle == enTitle || zhText == enText {
			t.Errorf("%s: %q %q %q %q", reason, zhTitle, zhText, enTitle, enText)
		}
		if status := f.Status(); (status < 400) != (reason == installs.Cancelled) {
			t.Errorf("%s: status %d", reason, status)
		}
	}
}
