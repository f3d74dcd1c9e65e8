package login_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

// Cookies are host-only, HttpOnly, Lax, and __Host- on https.
func TestCookies(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	mux := http.NewServeMux()
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	h, err := login.New(login.Config{
		Suite: suite(a, suiteID), AppID: suiteID, RedirectURI: server.URL + "/login/finish",
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Mount(mux)
	client := server.Client()
	client.Jar, _ = cookiejar.New(nil)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Get(server.URL + "/login")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	location, _ := resp.Location()
	if location.Scheme+"://"+location.Host != "https://login.work.weixin.qq.com" || location.Query().Has("code_challenge") {
		t.Errorf("the default is not the real WeCom: %s", location.Host)
	}
	set := resp.Cookies()
	a.allow("good", location.Query(), member)
	resp, err = client.Get(server.URL + "/login/finish?code=good&state=" + location.Query().Get("state"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	set = append(set, resp.Cookies()...)
	if len(set) != 3 {
		t.Fatalf("%d cookies set, want attempt, session, outcome", len(set))
	}
	for _, c := range set {
		if !strings.HasPrefix(c.Name, "__Host-hufu_") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode ||
			c.Domain != "" || c.Path != "/" || c.MaxAge <= 0 {
			t.Errorf("cookie %+v", c)
		}
	}
}

func TestStateIsLettersAndDigits(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	seen := map[string]bool{}
	for range 20 {
		state := s.browser(t).begin("/login").Get("state")
		if !regexp.MustCompile(`^[a-zA-Z0-9]{22,128}$`).MatchString(state) || seen[state] {
			t.Errorf("state %q", state)
		}
		seen[state] = true
	}
}

func TestReturnPath(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, func(c *login.Config) { c.Home = "/home" })
	for i, c := range []struct{ give, want string }{
		{"/a/b?c=d&e#f", "/a/b?c=d&e#f"},
		{"/", "/"},
		{"", "/home"},
		{"//evil.example", "/home"},
		{"///evil.example", "/home"},
		{`/\evil.example`, "/home"},
		{"/\t/evil.example", "/home"},
		{"https://evil.example/", "/home"},
		{"javascript:alert(1)", "/home"},
		{"evil.example", "/home"},
		{"/a\r\nSet-Cookie: x=y", "/home"},
		{"/%zz", "/home"},
		{"/" + strings.Repeat("a", 512), "/home"},
		{"/你好", "/home"},
	} {
		b := s.browser(t)
		link := b.begin("/login?" + url.Values{"return": {c.give}}.Encode())
		code := fmt.Sprint("code", i)
		s.api.allow(code, link, member)
		if a := b.get(callback(code, link)); a.location != c.want {
			t.Errorf("%q leads to %q, want %q", c.give, a.location, c.want)
		}
	}
}

func TestParallelTabs(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	const tabs = 8
	links := make([]url.Values, tabs)
	var wait sync.WaitGroup
	for i := range links {
		wait.Go(func() { links[i] = b.begin(fmt.Sprintf("/login?return=/tab%d", i)) })
	}
	wait.Wait()
	for i, link := range links {
		code := fmt.Sprint("code", i)
		s.api.allow(code, link, member)
		if a := b.get(callback(code, link)); a.location != fmt.Sprintf("/tab%d", i) {
			t.Errorf("tab %d ends on %q with %d", i, a.location, a.status)
		}
	}
}

// A browser that begins for ever does not collect cookies for ever.
func TestBeginsAreBounded(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	first := b.begin("/login")
	for range 20 {
		s.clock.advance(1)
		b.begin("/login?return=/me")
	}
	if got := len(b.cookies()); got != 8 {
		t.Errorf("%d cookies, want 8", got)
	}
	s.api.allow("first", first, member)
	if a := b.get(callback("first", first)); a.status != http.StatusForbidden {
		t.Errorf("the oldest sign-in: %d, want 403", a.status)
	}
	last := b.begin("/login?return=/me")
	s.api.allow("last", last, member)
	mustLand(b, callback("last", last), "the newest")

	// Cookies of an old key go at the next begin.
	s.restart(t, func(c *login.Config) { c.Keys = nil })
	b.begin("/login")
	if got := len(b.cookies()); got != 2 {
		t.Errorf("%d cookies after a change of keys, want the session and one attempt", got)
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?window=1&return=/me")
	s.api.allow("good", link, member)
	for range 2 {
		if a := b.get(callback("good", link)); a.location != "/login/window?return=%2Fme" {
			t.Fatalf("ends on %q", a.location)
		}
	}
	a := b.get("/login/window?return=%2Fme&lang=en")
	if a.status != http.StatusOK || !strings.Contains(a.body, `data-hufu-done="/me"`) || !strings.Contains(a.body, `src="/login/login.js"`) ||
		!strings.Contains(a.body, "You are signed in") {
		t.Errorf("window page: %d %s", a.status, a.body)
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	if a := b.get("/login/window?return=//evil.example"); strings.Contains(a.body, "evil") {
		t.Error("the window page links to another site")
	}
	if a := b.get("/login/login.js"); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/javascript") {
		t.Errorf("script: %d %s", a.status, a.header.Get("Content-Type"))
	}
}

func TestCorpApp(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	s.restart(t, func(c *login.Config) {
		c.Suite = site.New(site.Config{API: s.api.URL}).CorpApp("wwcorp", "secret")
		c.AppID, c.AgentID = "wwcorp", "1000002"
	})
	b := s.browser(t)
	link := b.begin("/login?return=/me")
	if link.Get("login_type") != protocol.LoginTypeCorpApp || link.Get("agentid") != "1000002" || link.Get("appid") != "wwcorp" {
		t.Errorf("link %v", link)
	}
	s.api.allow("good", link, `"userid":"zhangsan"`)
	mustLand(b, callback("good", link), "corp app")
	if session, _ := b.session(); session.CorpID != "wwcorp" || session.UserID != "zhangsan" {
		t.Errorf("session %+v", session)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for name, change := range map[string]func(*login.Config){
		"no suite":               func(c *login.Config) { c.Suite = nil },
		"no app":                 func(c *login.Config) { c.AppID = "" },
		"no redirect":            func(c *login.Config) { c.RedirectURI = "" },
		"relative redirect":      func(c *login.Config) { c.RedirectURI = "/login/finish" },
		"http redirect":          func(c *login.Config) { c.RedirectURI = "http://app.example/login/finish" },
		"http login host":        func(c *login.Config) { c.LoginHost = "http://login.example" },
		"redirect with user":     func(c *login.Config) { c.RedirectURI = "https://u@app.example/f" },
		"redirect with fragment": func(c *login.Config) { c.RedirectURI = "https://app.example/f#x" },
		"redirect with state":    func(c *login.Config) { c.RedirectURI = "https://app.example/f?state=x" },
		"other scheme":           func(c *login.Config) { c.RedirectURI = "ftp://app.example/f" },
		"wildcard path":          func(c *login.Config) { c.RedirectURI = "https://app.example/{x}" },
		"short key":              func(c *login.Config) { c.Keys = [][]byte{[]byte("short")} },
		"login type":             func(c *login.Config) { c.LoginType = "Other" },
		"corp app without agent": func(c *login.Config) { c.LoginType = protocol.LoginTypeCorpApp },
		"language":               func(c *login.Config) { c.Lang = "fr" },
		"foreign home":           func(c *login.Config) { c.Home = "//evil.example" },
		"path":                   func(c *login.Config) { c.Path = "login" },
		"negative lifetime":      func(c *login.Config) { c.SessionLifetime = -1 },
	} {
		c := login.Config{Suite: suite(a, suiteID), AppID: suiteID, RedirectURI: "https://app.example/login/finish"}
		if _, err := login.New(c); err != nil {
			t.Fatal(err)
		}
		change(&c)
		if _, err := login.New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	c := login.Config{Suite: suite(a, suiteID), AppID: suiteID, RedirectURI: "http://192.168.1.2:8791/f", InsecureHTTP: true}
	if _, err := login.New(c); err != nil {
		t.Errorf("InsecureHTTP: %v", err)
	}
	c = login.Config{Suite: suite(a, suiteID), AppID: suiteID, RedirectURI: "http://app.localhost:8791/f", LoginHost: "http://login.localhost:8790"}
	if _, err := login.New(c); err != nil {
		t.Errorf("names of this machine: %v", err)
	}
}

func TestZeroHandler(t *testing.T) {
	t.Parallel()
	var h login.Handler
	mux := http.NewServeMux()
	h.Mount(mux)
	for name, serve := range map[string]http.Handler{
		"begin": http.HandlerFunc(h.Begin), "panel": http.HandlerFunc(h.BeginPanel), "finish": http.HandlerFunc(h.Finish),
		"window": http.HandlerFunc(h.Window), "app": http.HandlerFunc(h.ShowApp), "app home": h.AppHome("/me"),
		"guarded": h.RequireLogin(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			t.Error("the zero Handler let somebody in")
		})),
	} {
		w := httptest.NewRecorder()
		serve.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?code=a&state=b", nil))
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d, want 503", name, w.Code)
		}
	}
	if way := h.Way(httptest.NewRequest(http.MethodGet, "/?via=link", nil)); way != "" {
		t.Errorf("way %q", way)
	}
	for name, serve := range map[string]http.HandlerFunc{"finish": h.FinishPanel, "sign-out": h.SignOut} {
		w := httptest.NewRecorder()
		serve(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`)))
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("POST %s: %d, want 503", name, w.Code)
		}
	}
	if p := h.Panel(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), login.PanelOptions{}); p != (login.PanelParams{}) {
		t.Errorf("panel %+v", p)
	}
}

// Codes, states and verifiers stay out of logs, pages and the hook's hands.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := newWebsite(t, func(c *login.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	var handed string
	hook := func(c *login.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		c.ErrorPage = func(w http.ResponseWriter, r *http.Request, f *login.Failure) {
			handed += fmt.Sprint(r.URL, r.RequestURI, r.Form, f, f.Err)
			w.WriteHeader(f.Status())
		}
	}
	pages := ""
	for _, change := range []func(*login.Config){nil, hook} {
		if change != nil {
			s.restart(t, change)
		}
		b := s.browser(t)
		link := b.begin("/login")
		pages += b.get("/login/finish?lang=en&code=CANARY1&state=" + link.Get("state")).body
		pages += b.get("/login/finish?code=CANARY2&state=CANARY3").body
		pages += b.get("/login/finish?code=CANARY4&state=CANARY5&x=%zz").body
		pages += b.post("/login/finish", "application/json", `{"code":"CANARY6","state":"`+link.Get("state")+`"}`, "Origin", s.URL).body
		s.api.Close()
		link = b.begin("/login")
		pages += b.get("/login/finish?code=CANARY7&state=" + link.Get("state")).body
		for where, text := range map[string]string{"log": log.String(), "page": pages, "hook": handed} {
			if strings.Contains(text, "CANARY") || strings.Contains(text, link.Get("state")) {
				t.Errorf("%s holds a code or state: %s", where, text)
			}
		}
	}
	if !strings.Contains(log.String(), "reason=bad_code") {
		t.Errorf("the log does not say why: %s", log.String())
	}
	if !strings.Contains(handed, "lang=en") {
		t.Error("the hook lost the language")
	}
}

// Every reason has words in both languages.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, reason := range []login.Reason{
		login.Refused, login.OtherBrowser, login.Expired, login.BadRequest, login.CrossOrigin, login.BadCode,
		login.DomainMismatch, login.NoTicket, login.Incomplete, login.NotAllowed, login.Unavailable,
		login.NotAdmin, login.NoMember, login.NotInstalled, login.Unconfirmed, login.NoArrival, login.SwitchedOff, login.Repeated,
	} {
		f := &login.Failure{Reason: reason}
		zhTitle, zhText := f.Text("zh")
		enTitle, enText := f.Text("en")
		if zhTitle == "" || zhText == "" || enTitle == "" || enText == "" || zhTitle == enTitle || zhText == enText {
			t.Errorf("%s: %q %q %q %q", reason, zhTitle, zhText, enTitle, enText)
		}
		if status := f.Status(); (status < 400) != (reason == login.Refused) || status >= 500 && reason != login.Unavailable && reason != login.NoTicket && reason != login.Unconfirmed && reason != login.SwitchedOff {
			t.Errorf("%s: status %d", reason, status)
		}
	}
}

func TestPlainPageLanguage(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	for _, c := range []struct{ path, accept, want string }{
		{"/login/finish?state=x", "", "重新登录"},
		{"/login/finish?state=x", "en-GB,zh;q=0.5", "Please sign in"},
		{"/login/finish?state=x", "fr-FR, zh-CN", "重新登录"},
		{"/login/finish?state=x&lang=en", "zh-CN", "Please sign in"},
		{"/login/finish?state=x", "tlh", "重新登录"},
	} {
		r, _ := http.NewRequest(http.MethodGet, s.URL+c.path, nil)
		r.Header.Set("Accept-Language", c.accept)
		if a := s.browser(t).do(r); !strings.Contains(a.body, c.want) || a.status != http.StatusForbidden {
			t.Errorf("%s %s: %d %s", c.path, c.accept, a.status, a.body)
		}
	}
}
