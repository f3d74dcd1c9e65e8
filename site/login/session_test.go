package login_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/site/login"
)

// signIn takes b through a whole sign-in.
func (b *browser) signIn(code string) {
	b.t.Helper()
	link := b.begin("/login?return=/me")
	b.site.api.allow(code, link, member)
	mustLand(b, callback(code, link), "sign-in")
}

func (b *browser) cookies() []*http.Cookie {
	u, _ := url.Parse(b.site.URL)
	return b.http.Jar.Cookies(u)
}

func sessionCookie(t *testing.T, b *browser) *http.Cookie {
	t.Helper()
	for _, c := range b.cookies() {
		if strings.HasSuffix(c.Name, "hufu_session") {
			return c
		}
	}
	t.Fatal("no session cookie")
	return nil
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	var generation atomic.Int64
	var broken atomic.Bool
	s := newWebsite(t, nil)
	withSessions := func(c *login.Config) {
		sessions, err := login.NewSessions(login.SessionConfig{
			Origin: s.URL, Keys: testKeys, Lifetime: time.Hour, Now: s.clock.Now,
			Generation: func(_ context.Context, session login.Session) (int64, error) {
				if broken.Load() {
					return session.Generation, errors.New("database away")
				}
				return generation.Load(), nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		c.Sessions = sessions
	}
	s.restart(t, withSessions)
	b := s.browser(t)
	b.signIn("one")
	if _, ok := b.session(); !ok {
		t.Fatal("no session")
	}
	s.restart(t, withSessions)
	if _, ok := b.session(); !ok {
		t.Error("a restart signed the browser out")
	}
	broken.Store(true)
	if _, ok := b.session(); ok {
		t.Error("signed in although the generation is unknown")
	}
	broken.Store(false)
	generation.Add(1)
	if _, ok := b.session(); ok {
		t.Error("signed in under an old generation")
	}
	b.signIn("two")
	if _, ok := b.session(); !ok {
		t.Fatal("no session under the new generation")
	}
	s.clock.advance(time.Hour)
	if _, ok := b.session(); ok {
		t.Error("signed in past the session's end")
	}
}

func TestSessionCookieCannotBeMadeUp(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	b.signIn("one")
	good := sessionCookie(t, b)
	ask := func(h *login.Handler, name, value string) bool {
		r := httptest.NewRequest(http.MethodGet, s.URL+"/me", nil)
		r.AddCookie(&http.Cookie{Name: name, Value: value})
		_, ok := h.Session(r)
		return ok
	}
	if !ask(s.handler, good.Name, good.Value) {
		t.Fatal("the cookie itself does not open")
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range good.Value {
		for _, c := range []byte{alphabet[(strings.IndexByte(alphabet, good.Value[i])+1)%64], alphabet[(strings.IndexByte(alphabet, good.Value[i])+32)%64]} {
			if ask(s.handler, good.Name, good.Value[:i]+string(c)+good.Value[i+1:]) {
				t.Fatalf("byte %d may be changed to %c", i, c)
			}
		}
	}
	for _, value := range []string{"", "A", good.Value[:40], good.Value + "A", good.Value + "="} {
		if ask(s.handler, good.Name, value) {
			t.Errorf("%d characters open", len(value))
		}
	}
	for _, c := range b.cookies() {
		if c.Name != good.Name && ask(s.handler, good.Name, c.Value) {
			t.Errorf("the value of %s opens as a session", c.Name)
		}
	}
	make2 := func(change func(*login.Config)) *login.Handler {
		c := s.config()
		change(&c)
		h, err := login.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	fresh := make([]byte, login.KeySize)
	rand.Read(fresh)
	if ask(make2(func(c *login.Config) { c.RedirectURI = "http://127.0.0.1:1/login/finish" }), good.Name, good.Value) {
		t.Error("opens at another origin under the same key")
	}
	if ask(make2(func(c *login.Config) { c.Keys = [][]byte{fresh} }), good.Name, good.Value) {
		t.Error("opens under another key")
	}
	if ask(make2(func(c *login.Config) { c.Keys = nil }), good.Name, good.Value) {
		t.Error("opens under a random key")
	}
	if !ask(make2(func(c *login.Config) { c.Keys = [][]byte{fresh, testKeys[0]} }), good.Name, good.Value) {
		t.Error("the old key does not open after a change of keys")
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	for i, c := range []struct {
		name   string
		header []string
		out    bool
	}{
		{"own page", []string{"Origin", s.URL, "Sec-Fetch-Site", "same-origin"}, true},
		{"own page, older browser", []string{"Origin", s.URL}, true},
		{"other site", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, false},
		{"other site, older browser", []string{"Origin", "https://evil.example"}, false},
		{"sibling host", []string{"Sec-Fetch-Site", "same-site"}, false},
		{"typed", []string{"Sec-Fetch-Site", "none"}, false},
		{"opaque origin", []string{"Origin", "null"}, false},
		{"own origin, other port", []string{"Origin", "http://127.0.0.1:1"}, false},
	} {
		b := s.browser(t)
		b.signIn(fmt.Sprint("code", i))
		a := b.post("/login/sign-out", "application/x-www-form-urlencoded", "", c.header...)
		_, in := b.session()
		if in == c.out || c.out && a.status != http.StatusSeeOther || !c.out && a.status != http.StatusForbidden {
			t.Errorf("%s: status %d, signed in %v", c.name, a.status, in)
		}
	}
	b := s.browser(t)
	b.signIn("get")
	if a := b.get("/login/sign-out"); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
	if _, in := b.session(); !in {
		t.Error("GET signed out")
	}
}

func TestRequireLogin(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	if a := b.get("/me?tab=2"); a.status != http.StatusSeeOther || a.location != "/login?return=%2Fme%3Ftab%3D2" {
		t.Errorf("page: %d to %q", a.status, a.location)
	}
	if a := b.post("/me", "text/plain", "x"); a.status != http.StatusUnauthorized {
		t.Errorf("POST: %d, want 401", a.status)
	}
	r, _ := http.NewRequest(http.MethodGet, s.URL+"/me", nil)
	r.Header.Set("Sec-Fetch-Mode", "cors")
	if a := b.do(r); a.status != http.StatusUnauthorized {
		t.Errorf("fetch: %d, want 401", a.status)
	}
}

func TestFinishPanel(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	type begun struct {
		Params map[string]string `json:"params"`
		Finish string            `json:"finish"`
	}
	begin := func(b *browser, code string) (begun, string) {
		var p begun
		a := b.get("/login/panel?redirect_type=callback&panel_size=small&color_scheme=auto&lang=xx&return=/me")
		if err := json.Unmarshal([]byte(a.body), &p); err != nil {
			t.Fatal(err)
		}
		s.api.allow(code, url.Values{"appid": {p.Params["appid"]}, "code_challenge": {p.Params["code_challenge"]}}, member)
		body, _ := json.Marshal(map[string]string{"code": code, "state": p.Params["state"]})
		return p, string(body)
	}
	b := s.browser(t)
	p, body := begin(b, "one")
	state, challenge := p.Params["state"], p.Params["code_challenge"]
	delete(p.Params, "state")
	delete(p.Params, "code_challenge")
	want := map[string]string{
		"login_type": "ServiceApp", "appid": suiteID, "redirect_uri": s.URL + "/login/finish",
		"redirect_type": "callback", "panel_size": "small", "color_scheme": "auto", "code_challenge_method": "S256",
	}
	if p.Finish != "/login/finish" || len(state) < 22 || len(state) > 128 || len(challenge) != 43 || len(p.Params) != len(want) {
		t.Errorf("panel: %+v", p)
	}
	for name, value := range want {
		if p.Params[name] != value {
			t.Errorf("%s = %q, want %q", name, p.Params[name], value)
		}
	}
	for range 2 {
		a := b.post(p.Finish, "application/json", body, "Origin", s.URL, "Sec-Fetch-Site", "same-origin")
		if a.status != http.StatusOK || a.body != `{"location":"/me"}` {
			t.Errorf("finish: %d %s", a.status, a.body)
		}
	}
	if _, ok := b.session(); !ok {
		t.Error("no session")
	}

	for name, c := range map[string]struct {
		contentType string
		header      []string
		body        string
		reason      login.Reason
	}{
		"other site":     {"application/json", []string{"Origin", "https://evil.example"}, "", login.CrossOrigin},
		"opaque origin":  {"application/json", []string{"Origin", "null"}, "", login.CrossOrigin},
		"sibling":        {"application/json", []string{"Sec-Fetch-Site", "same-site"}, "", login.CrossOrigin},
		"form":           {"text/plain", []string{"Origin", s.URL}, "", login.BadRequest},
		"broken":         {"application/json", []string{"Origin", s.URL}, `{"code":`, login.BadRequest},
		"too long":       {"application/json", []string{"Origin", s.URL}, `{"code":"` + strings.Repeat("a", 9<<10) + `"}`, login.BadRequest},
		"no state":       {"application/json", []string{"Origin", s.URL}, `{"code":"x"}`, login.OtherBrowser},
		"not an object":  {"application/json", []string{"Origin", s.URL}, `[]`, login.BadRequest},
		"numbers inside": {"application/json", []string{"Origin", s.URL}, `{"code":1,"state":2}`, login.BadRequest},
	} {
		b := s.browser(t)
		_, body := begin(b, name)
		if c.body != "" {
			body = c.body
		}
		a := b.post("/login/finish", c.contentType, body, c.header...)
		var failure struct {
			Reason      login.Reason
			Title, Text string
		}
		if json.Unmarshal([]byte(a.body), &failure) != nil || failure.Reason != c.reason || a.status < 400 || failure.Title == "" || failure.Text == "" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if _, ok := b.session(); ok {
			t.Errorf("%s: a session began", name)
		}
	}
}
