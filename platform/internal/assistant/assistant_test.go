package assistant

import (
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/launch"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/login"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/platform/web"
	"github.com/hufu-sso/hufu/protocol"
)

const (
	provider = "ww1111111111111111"
	another  = "ww2222222222222222" // another provider
	company  = "ww3333333333333333" // no provider
)

// bench is the assistant and the login page over a real store.
type bench struct {
	*Handler
	t       *testing.T
	db      *store.DB
	clock   *clock.Clock
	serve   http.Handler
	corps   map[string]int64
	people  map[string]int64
	members map[string]int64
	cookies map[string]*http.Cookie
	suite   *apps.App // the login suite of provider
}

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	c := clock.New()
	t.Cleanup(c.Stop)
	short, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { short.Close() })
	pages, err := respond.New(respond.Config{Assets: web.Files, PublicURL: "http://phone.localhost", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, db: db, clock: c, corps: map[string]int64{}, people: map[string]int64{}, members: map[string]int64{}, cookies: map[string]*http.Cookie{}}
	b.Handler = &Handler{Respond: pages, Sessions: &session.Keeper{Store: short, DB: db, Now: c.Now, Part: "phone"},
		Apps: apps.New(db, ring, c.Now), Directory: &directory.Service{DB: db, Now: c.Now}, Audit: &audit.Log{DB: db, Now: c.Now}, Now: c.Now,
		Launches: &launch.Service{Store: short, Now: c.Now}}
	b.fill()
	mux := http.NewServeMux()
	b.Mount(mux)
	attempts, err := attempt.New(short, c, ring, attempt.NumberAlways)
	if err != nil {
		t.Fatal(err)
	}
	keeper, err := tokens.New(db, ring, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	(&login.Handler{Respond: pages, Apps: b.Apps, Directory: b.Directory, Attempts: attempts, Tokens: keeper, Now: c.Now,
		PublicURL: "http://phone.localhost", Assets: web.Files, Begun: limits.New(c.Now, 1000, time.Minute)}).Mount(mux)
	b.serve = pages.Wrap(mux)
	return b
}

func (b *bench) fill() {
	b.t.Helper()
	ctx := b.t.Context()
	if err := b.Apps.Update(ctx, func(tx *sql.Tx) (err error) {
		for _, id := range []string{provider, another, company} {
			if b.corps[id], err = b.Directory.CreateCorp(ctx, tx, directory.Corp{CorpID: id, Name: "corp " + id}); err != nil {
				return err
			}
			if id == company {
				continue
			}
			if err := b.Apps.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: b.corps[id], Brand: "brand " + id, Secret: id}); err != nil {
				return err
			}
		}
		for who, id := range map[string]string{"creator": provider, "system": provider, "sub": provider, "member": provider, "other": another, "boss": company} {
			if b.people[who], err = b.Directory.CreatePerson(ctx, tx, directory.Person{Name: who, Account: who}, ""); err != nil {
				return err
			}
			if b.members[who], err = b.Directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: b.corps[id]}, Person: b.people[who],
				UserID: who, Name: who, Status: directory.Active}, 1); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.t.Fatal(err)
	}
	for _, a := range []directory.NewAdmin{
		{Corp: b.corps[provider], Member: b.members["creator"], Kind: directory.Creator},
		{Corp: b.corps[provider], Member: b.members["system"], Kind: directory.System},
		{Corp: b.corps[provider], Member: b.members["sub"], Kind: directory.Sub, Departments: []directory.AdminDepartment{{Number: 1, Writable: true}}},
		{Corp: b.corps[another], Member: b.members["other"], Kind: directory.Creator},
		{Corp: b.corps[company], Member: b.members["boss"], Kind: directory.Creator},
	} {
		if _, err := b.Directory.AddAdmin(ctx, a); err != nil {
			b.t.Fatal(err)
		}
	}
	var err error
	if b.suite, _, err = b.Apps.NewSuite(ctx, b.corps[provider], apps.LoginSuite, "login"); err != nil {
		b.t.Fatal(err)
	}
}

// as is the cookie of a phone; with "+" behind the name, of a person who has just proved who
// they are.
func (b *bench) as(who string) *http.Cookie {
	b.t.Helper()
	if c := b.cookies[who]; c != nil {
		return c
	}
	name, proved := strings.CutSuffix(who, "+")
	start := b.Sessions.Start
	if proved {
		start = b.Sessions.StartProved
	}
	w := httptest.NewRecorder()
	if _, err := start(b.t.Context(), w, httptest.NewRequest(http.MethodGet, "/", nil), b.people[name], name); err != nil {
		b.t.Fatal(err)
	}
	b.cookies[who] = w.Result().Cookies()[0]
	return b.cookies[who]
}

func (b *bench) do(who string, r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	if who != "" {
		r.AddCookie(b.as(who))
	}
	w := httptest.NewRecorder()
	b.serve.ServeHTTP(w, r)
	return w
}

func (b *bench) get(who, path string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.do(who, httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *bench) post(who, path string, fields ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(b.as(who))
	s, err := b.Sessions.Read(b.t.Context(), r)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.postWith(who, path, s.CSRF(), fields...)
}

func (b *bench) postWith(who, path, csrf string, fields ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	form := url.Values{"csrf": {csrf}}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(who, r)
}

func (b *bench) state() (brand string, enabled bool, trusted []string, audited int) {
	b.t.Helper()
	p, err := b.Apps.Provider(b.t.Context(), b.corps[provider])
	if err != nil {
		b.t.Fatal(err)
	}
	app, err := b.Apps.App(b.t.Context(), b.suite.Row)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.db.Query(`SELECT COUNT(*) FROM audit_entries`).Row(b.t.Context()).Scan(&audited); err != nil {
		b.t.Fatal(err)
	}
	return p.Brand, app.Enabled, app.Addresses.Trusted, audited
}

// loginPage is what the login page says for a redirect_uri.
func (b *bench) loginPage(redirect string) string {
	b.t.Helper()
	q := url.Values{protocol.ParamLoginType: {protocol.LoginTypeServiceApp}, protocol.ParamAppID: {b.suite.SuiteID}, protocol.ParamRedirectURI: {redirect}}
	return b.get("", protocol.PathLogin+"?"+q.Encode()).Body.String()
}

const root = assistantPath + provider

// What the assistant sets, the next login obeys.
func TestNextLoginObeys(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if page := b.loginPage("https://app.example.com/cb"); !strings.Contains(page, "31020") || !strings.Contains(page, "服务商后台 → 登录授权") {
		t.Error("without a domain the login page does not refuse, or does not name the setting")
	}
	for _, form := range [][]string{{"/brand", "brand", "云帆 <i>"}, {"/domains", "domains", "APP.example.com:443\nwww.example.com:8443"}} {
		if w := b.post("system+", root+form[0], form[1:]...); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), root+"?said=") {
			t.Fatalf("%s: %d %s", form[0], w.Code, w.Body)
		}
	}
	if page := b.loginPage("https://app.example.com/cb"); !strings.Contains(page, "云帆 &lt;i&gt;") || strings.Contains(page, "31020") {
		t.Errorf("the next login does not obey:\n%s", page)
	}
	if page := b.loginPage("https://www.example.com/cb"); !strings.Contains(page, "31020") {
		t.Error("another port is let through")
	}
	if w := b.post("creator", root+"/login", "on", "0"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	if page := b.loginPage("https://app.example.com/cb"); !strings.Contains(page, "登录授权已停用") || !strings.Contains(page, "服务商后台 → 登录授权") {
		t.Errorf("switched off, the login page says:\n%s", page)
	}
	if w := b.post("creator", root+"/login", "on", "1"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	if page := b.loginPage("https://app.example.com/cb"); strings.Contains(page, "登录授权已停用") {
		t.Error("switched on again, the login page refuses")
	}
	if _, _, _, audited := b.state(); audited != 4 {
		t.Errorf("%d changes audited, not 4", audited)
	}
}

// Only the creator and the system admins of the provider find the assistant at all.
func TestRights(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, who := range []string{"creator", "system"} {
		if w := b.get(who, root); w.Code != http.StatusOK {
			t.Errorf("%s: %d", who, w.Code)
		}
		if w := b.get(who, workbenchPath); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), root) {
			t.Errorf("%s: workbench %d", who, w.Code)
		}
	}
	for _, who := range []string{"sub", "member", "other", "boss"} {
		if w := b.get(who, root); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", who, w.Code)
		}
		if w := b.get(who, workbenchPath); w.Code != http.StatusOK || strings.Contains(w.Body.String(), root) {
			t.Errorf("%s: workbench %d", who, w.Code)
		}
		for _, path := range []string{"/brand", "/login", "/domains"} {
			if w := b.post(who+"+", root+path, "brand", "evil", "on", "0", "domains", "evil.example"); w.Code != http.StatusNotFound {
				t.Errorf("%s: %s: %d", who, path, w.Code)
			}
		}
	}
	if w := b.get("boss", assistantPath+company); w.Code != http.StatusNotFound {
		t.Errorf("a company that is no provider: %d", w.Code)
	}
	for _, path := range []string{workbenchPath, root} {
		if w := b.get("", path); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/phone/sign-in?next="+url.QueryEscape(path) {
			t.Errorf("nobody: %s: %d to %s", path, w.Code, w.Header().Get("Location"))
		}
	}
	if brand, enabled, trusted, audited := b.state(); brand != "brand "+provider || !enabled || len(trusted) != 0 || audited != 0 {
		t.Error("something changed")
	}
	// Who is no administrator any more is out at the next request.
	admin, err := b.Directory.AdminOf(t.Context(), b.corps[provider], b.people["system"])
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Directory.RemoveAdmin(t.Context(), b.corps[provider], admin.Row); err != nil {
		t.Fatal(err)
	}
	if w := b.get("system", root); w.Code != http.StatusNotFound {
		t.Errorf("removed: %d", w.Code)
	}
}

// A form needs its csrf; domains need a fresh proof; what is refused comes back as typed.
func TestForms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, path := range []string{"/brand", "/login", "/domains"} {
		if w := b.postWith("creator+", root+path, "sample", "brand", "x", "on", "0", "domains", "a.example.com"); w.Code != http.StatusForbidden {
			t.Errorf("%s without csrf: %d", path, w.Code)
		}
		if w := b.get("creator+", root+path); w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	if w := b.get("creator", root); strings.Contains(w.Body.String(), `name="domains"`) || !strings.Contains(w.Body.String(), "/phone/prove?next="+url.QueryEscape(root)) {
		t.Error("the domains' form is shown before a proof")
	}
	if w := b.post("creator", root+"/domains", "domains", "typed.example.com"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "typed.example.com") {
		t.Errorf("without a proof: %d", w.Code)
	}
	if w := b.get("creator+", root); !strings.Contains(w.Body.String(), `name="domains"`) {
		t.Error("no form after a proof")
	}
	for _, bad := range []string{"https://a.example.com", "*.example.com", "a.example.com/x", "203.0.113.7", "a.example.com:0"} {
		if w := b.post("creator+", root+"/domains", "domains", "good.example.com\n"+bad); w.Code != http.StatusUnprocessableEntity ||
			!strings.Contains(w.Body.String(), "<code>"+bad+"</code>") || !strings.Contains(w.Body.String(), "good.example.com") {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	for _, bad := range []string{"", " ", strings.Repeat("云", 31), "a\x07"} {
		if w := b.post("creator", root+"/brand", "brand", bad); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("brand %q: %d", bad, w.Code)
		}
	}
	if w := b.post("creator", root+"/login", "on", "maybe"); w.Code != http.StatusBadRequest {
		t.Errorf("neither on nor off: %d", w.Code)
	}
	if brand, enabled, trusted, audited := b.state(); brand != "brand "+provider || !enabled || len(trusted) != 0 || audited != 0 {
		t.Error("something changed")
	}
	b.clock.Advance(proofLife)
	if w := b.post("creator+", root+"/domains", "domains", "a.example.com"); w.Code != http.StatusForbidden {
		t.Errorf("ten minutes after the proof: %d", w.Code)
	}
}

// The workbench shows a member what covers them, and opens it with the id that its provider
// knows the company by.
func TestWorkbench(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	suite, _, err := b.Apps.NewSuite(t.Context(), b.corps[provider], apps.Suite, "covers boss")
	if err != nil {
		t.Fatal(err)
	}
	hidden, _, err := b.Apps.NewSuite(t.Context(), b.corps[provider], apps.Suite, "covers nobody")
	if err != nil {
		t.Fatal(err)
	}
	for _, app := range []*apps.App{suite, hidden} {
		if err := b.Apps.SetURLs(t.Context(), app.Row, apps.URLs{Home: "https://app.example.com/?c=$CORPID$"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Apps.Update(t.Context(), func(tx *sql.Tx) error {
		if _, err := b.Apps.Install(t.Context(), tx, apps.NewInstallation{App: suite.Row, Corp: b.corps[company], Members: []int64{b.members["boss"]}}); err != nil {
			return err
		}
		_, err := b.Apps.Install(t.Context(), tx, apps.NewInstallation{App: hidden.Row, Corp: b.corps[company]})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p, err := b.Apps.Provider(t.Context(), b.corps[provider])
	if err != nil {
		t.Fatal(err)
	}
	tile := func(app *apps.App, member string) []string {
		return []string{"app", strconv.FormatInt(app.Row, 10), "as", strconv.FormatInt(b.members[member], 10)}
	}
	field := func(name string, row int64) string { return fmt.Sprintf(`name="%s" value="%d"`, name, row) }
	body := b.get("boss", workbenchPath).Body.String()
	if !strings.Contains(body, "covers boss") || strings.Contains(body, "covers nobody") ||
		!strings.Contains(body, field("app", suite.Row)) || !strings.Contains(body, field("as", b.members["boss"])) {
		t.Error("the workbench shows something else")
	}
	if body := b.get("member", workbenchPath).Body.String(); strings.Contains(body, "covers boss") {
		t.Error("another company's app")
	}

	launched := func(who string, app *apps.App) int64 {
		t.Helper()
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(b.cookies[who])
		s, err := b.Sessions.Read(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		member, _, err := b.Launches.Look(t.Context(), s.ID, app.Row)
		if err != nil {
			t.Fatal(err)
		}
		return member
	}
	for name, c := range map[string]struct {
		who    string
		app    *apps.App
		fields []string
	}{
		"an app that covers nobody":   {"boss", hidden, tile(hidden, "boss")},
		"the login suite":             {"boss", b.suite, tile(b.suite, "boss")},
		"as somebody else":            {"member", suite, tile(suite, "boss")},
		"a member of another company": {"member", suite, tile(suite, "member")},
		"no app":                      {"boss", suite, []string{"as", "1"}},
		"no number":                   {"boss", suite, []string{"app", "x", "as", "y"}},
	} {
		if w := b.post(c.who, openPath, c.fields...); w.Code != http.StatusNotFound || launched(c.who, c.app) != 0 {
			t.Errorf("%s: %d to %q, launched %d", name, w.Code, w.Header().Get("Location"), launched(c.who, c.app))
		}
	}
	w := b.post("boss", openPath, tile(suite, "boss")...)
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "https://app.example.com/?c="+p.CorpIDFor(b.corps[company]) {
		t.Errorf("opened: %d to %q", w.Code, to)
	}
	if got := launched("boss", suite); got != b.members["boss"] {
		t.Errorf("launched as %d, want %d", got, b.members["boss"])
	}
	if _, err := b.db.Exec(t.Context(), `UPDATE members SET status = 2 WHERE id = $1`, b.members["boss"]); err != nil {
		t.Fatal(err)
	}
	if w := b.post("boss", openPath, tile(suite, "boss")...); w.Code != http.StatusNotFound {
		t.Errorf("a disabled member: %d", w.Code)
	}
}

// Where the old login may begin is set where that login is on, and only there.
func TestLaunchDomains(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	old := func(on bool) {
		if err := b.Apps.SetOldLogin(t.Context(), b.corps[provider], on); err != nil {
			t.Fatal(err)
		}
	}
	launch := func() []string {
		app, err := b.Apps.App(t.Context(), b.suite.Row)
		if err != nil {
			t.Fatal(err)
		}
		return app.Addresses.Launch
	}
	save := func(want int, fields ...string) {
		t.Helper()
		if w := b.post("system+", root+"/domains", append([]string{"domains", "app.example.com"}, fields...)...); w.Code != want {
			t.Fatalf("%q: %d %s", fields, w.Code, w.Body)
		}
	}
	old(false)
	if w := b.get("system+", root); strings.Contains(w.Body.String(), "发起域名") {
		t.Error("the list is offered while the old login is off")
	}
	save(http.StatusSeeOther, "launch", "www.example.com")
	if len(launch()) != 0 {
		t.Errorf("set while the old login is off: %v", launch())
	}
	old(true)
	if w := b.get("system+", root); !strings.Contains(w.Body.String(), `name="launch"`) {
		t.Error("the list is not offered")
	}
	save(http.StatusUnprocessableEntity, "launch", "*.example.com")
	save(http.StatusSeeOther, "launch", "WWW.example.com:443\nshop.example.com:8443")
	save(http.StatusSeeOther) // a form from before
	if got := launch(); !slices.Equal(got, []string{"shop.example.com:8443", "www.example.com"}) {
		t.Errorf("stored %v", got)
	}
	save(http.StatusSeeOther, "launch", "")
	if got := launch(); len(got) != 0 {
		t.Errorf("an empty field left %v", got)
	}
	var audited int
	if err := b.db.Query(`SELECT COUNT(*) FROM audit_entries WHERE action = 'login_launch_set'`).Row(t.Context()).Scan(&audited); err != nil || audited != 2 {
		t.Errorf("%d changes audited, not 2: %v", audited, err)
	}
}
