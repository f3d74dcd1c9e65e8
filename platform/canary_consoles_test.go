package platform_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// hoard collects secrets and finds them where they must not be.
type hoard struct {
	t    *testing.T
	mu   sync.Mutex        // guards what
	what map[string]string // what each is
}

func (h *hoard) keep(what, text string) string {
	h.t.Helper()
	if len(text) < 8 {
		h.t.Errorf("%s is %q", what, text)
		return text
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.what[text] = what
	return text
}

// cookies keeps a browser's cookies, all of which open something.
func (h *hoard) cookies(whose string, all map[string]string) {
	for name, value := range all {
		if name != "hufu_said" { // what has just been done
			h.keep("cookie "+name+" of "+whose, value)
		}
	}
}

// absent fails where a text holds a secret, as it is or as a URL or JSON writes it.
func (h *hoard) absent(where, text string) {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for secret, what := range h.what {
		quoted, err := json.Marshal(secret)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, form := range []string{secret, url.QueryEscape(secret), strings.Trim(string(quoted), `"`)} {
			if i := strings.Index(text, form); i >= 0 {
				h.t.Errorf("%s holds the %s: …%.200s", where, what, text[max(0, i-100):])
				break
			}
		}
	}
}

// store looks into every table and every file of the platform.
func (h *hoard) store(w *world) {
	h.t.Helper()
	for _, table := range append(w.tables(), notDone[:5]...) {
		h.absent("table "+table, strings.Join(w.rowsOf(table, ""), "\n"))
	}
	h.files(w.Dir)
}

func (h *hoard) files(dir string) {
	h.t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 2 {
		h.t.Fatalf("files of the platform: %v %v", files, err)
	}
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil {
			h.absent("file "+filepath.Base(file), string(raw))
		}
	}
}

// secretsIn are the values that a page shows this once.
func secretsIn(t *testing.T, a platformtest.Page) (list []string) {
	t.Helper()
	var page struct {
		Secret *struct {
			Value string `json:"value"`
		} `json:"secret"`
		Secrets []struct {
			Value string `json:"value"`
		} `json:"secrets"`
	}
	a.Decode(t, &page)
	if page.Secret != nil {
		list = append(list, page.Secret.Value)
	}
	for _, s := range page.Secrets {
		list = append(list, s.Value)
	}
	if len(list) == 0 || a.Status != http.StatusOK {
		t.Fatalf("no secret on the page: %d %.300s", a.Status, a.Body)
	}
	return list
}

// Abuse case 25 through the consoles, installs and jumps: what is shown once is shown once,
// and is in no log, record, table, file or other page.
func TestAbuse25Consoles(t *testing.T) {
	t.Parallel()
	var log recorder
	h := &hoard{t: t, what: map[string]string{}}
	receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if s := r.URL.Query().Get(protocol.QueryMsgSignature); s != "" {
			h.keep("signature of an event", s)
		}
		if e, err := protocol.ParseEnvelope(body); err == nil && e.Encrypt != "" {
			h.keep("encrypted event", e.Encrypt)
		}
		rw.WriteHeader(http.StatusTeapot)
	}))
	defer receiver.Close()
	w := withBusiness(newWorldWith(t, platformtest.Options{Log: &log}))
	s := w.Sample
	admin, provider := "/admin/"+s.CorpID, "/provider/"+s.ProviderCorpID

	// People: a link, a password set with it, another set later, a sign-in with a wrong one.
	link := h.keep("enrolment link", w.enrolment("canary"))
	password := h.keep("password", "canary horse battery")
	newcomer := w.Browser()
	newcomer.Send("POST", "/phone/enrol/"+link, url.Values{"account": {"canary"}, "password": {password}, "confirm": {h.keep("password typed twice", "canary horse differs")}})
	newcomer.Enrol(link, "canary", password)
	w.Browser().Enrol(h.keep("second enrolment link", w.enrolment("canary2")), "canary2", password)
	h.keep("link for an external admin", between(w.creator.Post(admin+"/admins", url.Values{"kind": {"3"}, "name": {"外部"}}).Body, "/phone/enrol/", `"`))
	h.keep("link of a creator", between(w.operator.Post("/operator/corps", url.Values{"name": {"新公司"}, "person": {"老板"}, "userid": {"boss"}}).Body, "/phone/enrol/", `"`))
	w.see(w.member.Post("/phone/account/password", url.Values{"password": {h.keep("new password", "canary new password")}, "confirm": {"canary new password"}}))
	w.Browser().Send("POST", "/phone/sign-in", url.Values{"account": {"canary"}, "password": {h.keep("wrong password", "canary-wrong-one")}})
	newcomer.Enter("canary", password)

	// A handoff, used and not used.
	for _, use := range []bool{true, false} {
		to := w.creator.Post("/console/prove", nil).To()
		var page struct {
			Pick string `json:"pick"`
		}
		w.creator.Get(to).Decode(t, &page)
		a := w.creator.Send("POST", to, url.Values{"person": {page.Pick}})
		h.keep("ticket of a handoff", between(a.To()+"&", "ticket=", "&"))
		h.cookies("a handoff", w.creator.Cookies(w.PublicURL()))
		if use {
			w.creator.Get(a.To())
		} else {
			w.Browser().Get(a.To()) // another browser's
		}
	}

	// Secrets of providers, suites and apps.
	for what, a := range map[string]platformtest.Page{
		"new provider secret":          w.provider.Post(provider+"/general/secret", nil),
		"new secret of a suite":        w.provider.Post(provider+"/suites/"+s.SuiteID+"/secret", nil),
		"new secret of login suite":    w.provider.Post(provider+"/login/secret", nil),
		"secret or key of a new suite": w.provider.Post(provider+"/suites", url.Values{"name": {"新应用"}}),
		"secret of an own app":         w.creator.Post(admin+"/own-apps", url.Values{"name": {"又一个"}}),
		"new secret of own app":        w.creator.Post(admin+"/own-apps/"+w.own["own"]+"/secret", nil),
		"secret of a new provider":     w.operator.Post("/operator/corps/"+w.hillsCorp+"/provider", url.Values{"brand": {"牌子"}}),
	} {
		for _, secret := range secretsIn(t, a) {
			h.keep(what, secret)
		}
	}
	key := h.keep("EncodingAESKey", strings.Repeat("Canary0", 6)+"A")
	callback := func(url_ string) url.Values {
		return url.Values{"url": {url_}, "token": {"token1"}, "key": {key}, "anyway": {"1"}}
	}
	hidden := h.keep("query of a callback", "canary-callback-query")
	for _, path := range []string{"/suites/" + s.SuiteID + "/callback", "/login/callback", "/general/callback"} {
		// The owner's own form shows the address as it is; what is elsewhere has no query.
		w.provider.Post(provider+path, callback(receiver.URL+"/c?key="+hidden))
		w.provider.Post(provider+path, callback("ftp://refused.example/"))
	}
	w.provider.Post(provider+"/login/ticket", nil)
	w.provider.Post(provider+"/suites/"+s.SuiteID+"/ticket", nil)

	// An install, and a jump.
	w.SetSite(w.site)
	suiteSecret := secretsIn(t, w.provider.Post(provider+"/suites/"+s.SuiteID+"/secret", nil))[0]
	suite := h.keep("suite token", suiteTokenOf(w, s.SuiteID, h.keep("suite secret", suiteSecret)))
	pre := h.keep("pre_auth_code", api(t, w.Platform, protocol.PathGetPreAuthCode, protocol.QuerySuiteAccessToken, suite).text("pre_auth_code"))
	install := url.Values{"suite_id": {s.SuiteID}, "pre_auth_code": {pre}, "redirect_uri": {platformtest.Origin + "/installed"}, "state": {h.keep("state of an install", "canaryinstallstate")},
		"corp": {s.ProviderCorpID}, "department": {"1"}}
	w.provider.Get("/3rdapp/install?" + install.Encode())
	w.Browser().Get("/3rdapp/install?" + install.Encode())
	code := h.keep("install code", between(w.provider.Post("/3rdapp/install", install).To()+"&", "auth_code=", "&"))
	permanent := func(code string) answer {
		return send(t, "POST", w.URL()+protocol.PathGetPermanentCode+"?"+protocol.QuerySuiteAccessToken+"="+suite, jsonOf("auth_code", code))
	}
	granted := permanent(code)
	h.keep("permanent code", granted.text("permanent_code"))
	h.keep("corp token", granted.text("access_token"))
	permanent(code)
	provSecret := secretsIn(t, w.provider.Post(provider+"/general/secret", nil))[0]
	token := h.keep("provider token", send(t, "POST", w.URL()+protocol.PathGetProviderToken,
		jsonOf("corpid", s.ProviderCorpID, "provider_secret", h.keep("provider secret", provSecret))).text("provider_access_token"))
	jump := h.keep("admin code", w.jump(w.creator))
	permanent(jump)
	if a := loginInfo(w, protocol.QueryAccessToken, token, jump); a.code(t) != 0 {
		t.Errorf("get_login_info: %s", a.body)
	}
	loginInfo(w, protocol.QueryProviderAccessToken, token, jump)
	api(t, w.Platform, protocol.PathDepartmentList, protocol.QueryAccessToken, granted.text("access_token"))
	for who, c := range map[string]*platformtest.Console{"creator": w.creator, "operator": w.operator, "provider": w.provider, "newcomer": newcomer, "phone": w.member} {
		h.cookies(who, c.Cookies(w.PublicURL()))
	}

	// Every page of every console, as who sees most.
	pages := 0
	for _, path := range gets(t) {
		places, c := map[string]string{}, w.creator
		switch {
		case strings.HasPrefix(path, "/operator"):
			c = w.operator
		case strings.HasPrefix(path, "/provider/"):
			c, places["corp"] = w.provider, s.ProviderCorpID
		case strings.Contains(path, "/own-apps/"):
			places["agent"] = w.own["own"]
		case strings.HasPrefix(path, "/phone/assistant"):
			c, places["corp"] = w.staff, s.ProviderCorpID
		case strings.HasPrefix(path, "/phone"), strings.HasPrefix(path, "/q/"):
			c = w.member
		}
		for _, accept := range []string{"application/json", "text/html"} {
			a := c.Get(w.fillIn(path, places), "Accept", accept)
			body := a.Body
			if strings.HasSuffix(path, "/callbacks") || path == "/provider/{corp}/login" || path == "/provider/{corp}/general" {
				body = strings.ReplaceAll(body, receiver.URL+"/c?key="+hidden, "") // the form that sets it
			}
			if a.Status == http.StatusOK {
				pages++
			}
			h.absent("page "+path, body)
		}
	}
	for _, path := range []string{"/requests", "/attempts", "/pushes"} {
		var list json.RawMessage
		w.Control("GET", path, nil, &list)
		h.absent(path, string(list))
	}
	delete(h.what, hidden) // an address, kept as it is
	delete(h.what, "canaryinstallstate")
	h.store(w)
	w.Stop()
	h.absent("the log", log.String())
	h.files(w.Dir)
	if len(h.what) < 35 || pages < 120 {
		t.Errorf("%d secrets were looked for in %d pages", len(h.what), pages)
	}
}

// The set-up link of an empty platform is on no page, in no log and in no table; nothing else
// is served before it is used, and it is worth nothing after.
func TestSetUpLinkIsSecret(t *testing.T) {
	t.Parallel()
	var log recorder
	h := &hoard{t: t, what: map[string]string{}}
	p := platformtest.Start(t, platformtest.Options{Plain: true, Log: &log})
	first, err := p.SetupURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.SetupURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	old := h.keep("older set-up link", strings.TrimPrefix(first, p.PublicURL()+"/phone/enrol/"))
	link := h.keep("set-up link", strings.TrimPrefix(second, p.PublicURL()+"/phone/enrol/"))
	b := p.Browser()
	for _, path := range []string{"/phone", "/phone/sign-in", "/console", "/console/sign-in", "/operator", "/wwlogin/sso/login", "/cgi-bin/gettoken", "/storybook", "/3rdapp/install"} {
		if a := b.Get(path); a.Status != http.StatusServiceUnavailable {
			t.Errorf("%s of an empty platform: %d", path, a.Status)
		}
	}
	fields := url.Values{"name": {"x"}, "account": {"attacker"}, "password": {h.keep("password", "canary horse battery")}, "confirm": {"canary horse battery"}}
	for what, secret := range map[string]string{"older": old, "made up": strings.Repeat("A", 43), "changed": link[:42] + "-"} {
		if a := b.Send("POST", "/phone/enrol/"+secret, fields); a.Status != http.StatusGone {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	b.Enrol(link, "operator", "canary horse battery")
	for _, secret := range []string{link, old} {
		if a := p.Browser().Send("POST", "/phone/enrol/"+secret, fields); a.Status != http.StatusGone {
			t.Errorf("after it was used: %d", a.Status)
		}
	}
	if again, err := p.SetupURL(t.Context()); again != "" || err != nil {
		t.Errorf("another set-up link: %v", err)
	}
	h.files(p.Dir)
	p.Stop()
	h.absent("the log", log.String())
	h.files(p.Dir)
}
