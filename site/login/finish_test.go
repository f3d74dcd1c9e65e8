package login_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?return=/me&lang=en")
	for name, want := range map[string]string{
		"login_type": "ServiceApp", "appid": suiteID, "redirect_uri": s.URL + "/login/finish",
		"lang": "en", "code_challenge_method": "S256",
	} {
		if link.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, link.Get(name), want)
		}
	}
	s.api.allow("good", link, member)
	a := b.get(callback("good", link))
	if a.status != http.StatusSeeOther || a.location != "/me" {
		t.Fatalf("callback: %d to %q, want 303 to /me", a.status, a.location)
	}
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("callback may be cached or referred from: %v", a.header)
	}
	session, ok := b.session()
	if !ok || session.CorpID != "wpAAAA" || session.UserID != "woBBBB" || session.OpenUserID != "woBBBB" || session.AppID != suiteID {
		t.Fatalf("session %+v, %v", session, ok)
	}
	if got := session.Expires.Sub(session.IssuedAt); got != 12*time.Hour {
		t.Errorf("session lives %v, want 12h", got)
	}

	again := b.begin("/login")
	s.api.allow("good2", again, member)
	if a := b.get(callback("good2", again)); a.location != "/" {
		t.Errorf("without return: %q, want /", a.location)
	}
	if second, _ := b.session(); second.ID == session.ID || second.ID == "" {
		t.Error("a second sign-in kept the session id")
	}
}

// A callback that comes again in its own browser leads where it led before.
func TestCallbackAgain(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?return=/me")
	s.api.allow("good", link, member)
	expect := func(when string) {
		t.Helper()
		if a := b.get(callback("good", link)); a.status != http.StatusSeeOther || a.location != "/me" {
			t.Errorf("%s: %d to %q, want 303 to /me", when, a.status, a.location)
		}
	}
	expect("first")
	expect("reload")
	s.restart(t, nil)
	expect("after a restart")
	s.clock.advance(time.Hour)
	expect("an hour later")
	if a := b.get("/login/finish?state=" + link.Get("state")); a.location != "/me" {
		t.Errorf("again, without code: %d", a.status)
	}
	if got := s.api.count(); got != 1 {
		t.Errorf("%d exchanges, want 1", got)
	}
	b.post("/login/sign-out", "", "", "Origin", s.URL)
	expect("after sign-out")
	if _, ok := b.session(); ok {
		t.Error("a callback delivered after sign-out made a session")
	}
}

// The answer that carried the cookies was lost: the same cookies come again.
func TestCallbackAgainWithoutItsAnswer(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?return=/me")
	s.api.allow("good", link, member)
	lost := s.browser(t)
	u, _ := url.Parse(s.URL)
	lost.http.Jar.SetCookies(u, b.http.Jar.Cookies(u))
	lost.get(callback("good", link))
	if a := b.get(callback("good", link)); a.location != "/me" {
		t.Fatalf("%d to %q, want 303 to /me", a.status, a.location)
	}
	first, _ := lost.session()
	if second, ok := b.session(); !ok || second.ID != first.ID {
		t.Error("the second delivery did not get the first one's session")
	}
}

// The browser leaves while the exchange runs, and loads the callback anew.
func TestCallbackCutShort(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?return=/me")
	s.api.allow("good", link, member)
	gate := make(chan struct{})
	s.api.mu.Lock()
	s.api.gate = gate
	s.api.mu.Unlock()

	noticed := make(chan struct{}) // closed when the server knows that the browser has left
	s.mu.Lock()
	mux, once := s.mux, new(sync.Once)
	s.mux = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		context.AfterFunc(r.Context(), func() { once.Do(func() { close(noticed) }) })
		mux.ServeHTTP(w, r)
	})
	s.mu.Unlock()
	ctx, leave := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+callback("good", link), nil)
	gone := make(chan error, 1)
	go func() {
		_, err := b.http.Do(r)
		gone <- err
	}()
	for deadline := time.Now().Add(10 * time.Second); s.api.count() == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no exchange began")
		}
	}
	leave()
	if err := <-gone; err == nil {
		t.Fatal("the first delivery was not cut short")
	}
	<-noticed
	close(gate)
	if a := b.get(callback("good", link)); a.status != http.StatusSeeOther || a.location != "/me" {
		t.Fatalf("%d to %q, want 303 to /me", a.status, a.location)
	}
	if _, ok := b.session(); !ok || s.api.count() != 1 {
		t.Errorf("no session, or %d exchanges", s.api.count())
	}
}

// 500 sign-ins, each callback delivered twice at once, then reloaded, then gone
// Back to: no error answers, one exchange each.
func TestStorm(t *testing.T) {
	t.Parallel()
	const sites = 500
	s := newWebsite(t, nil)
	var wait sync.WaitGroup
	slots := make(chan struct{}, 32)
	for i := range sites {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			b := s.browser(t)
			code := fmt.Sprintf("code%d", i)
			link := b.begin("/login?return=/me")
			s.api.allow(code, link, member)
			var twice sync.WaitGroup
			for range 2 {
				twice.Go(func() { mustLand(b, callback(code, link), "twice") })
			}
			twice.Wait()
			mustLand(b, callback(code, link), "reload")
			if _, ok := b.session(); !ok {
				t.Errorf("sign-in %d: no session", i)
			}
			mustLand(b, callback(code, link), "Back")
		})
	}
	wait.Wait()
	if got := s.api.count(); got != sites {
		t.Errorf("%d exchanges for %d sign-ins", got, sites)
	}
}

func mustLand(b *browser, path, when string) {
	b.t.Helper()
	if a := b.get(path); a.status != http.StatusSeeOther || a.location != "/me" {
		b.t.Errorf("%s: %d to %q, want 303 to /me", when, a.status, a.location)
	}
}

// Abuse case 13, and its neighbours: none of these makes a session.
func TestForeignCallbacks(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		reason login.Reason
		run    func(t *testing.T, s *website, victim, own *browser) string // path that own opens
	}{
		{"foreign code with one's own state", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			s.api.allow("good", victim.begin("/login"), member)
			return callback("good", own.begin("/login"))
		}},
		{"used callback URL in another browser", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			link := victim.begin("/login")
			s.api.allow("good", link, member)
			victim.get(callback("good", link))
			return callback("good", link)
		}},
		{"used callback URL in another browser that has a sign-in under way", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			own.begin("/login")
			link := victim.begin("/login")
			s.api.allow("good", link, member)
			victim.get(callback("good", link))
			return callback("good", link)
		}},
		{"unused callback URL in another browser", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			link := victim.begin("/login")
			s.api.allow("good", link, member)
			return callback("good", link)
		}},
		{"used code with a fresh state", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			link := own.begin("/login")
			s.api.allow("good", link, member)
			own.get(callback("good", link))
			own.post("/login/sign-out", "", "", "Origin", s.URL)
			return callback("good", own.begin("/login"))
		}},
		{"no state", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			own.begin("/login")
			return "/login/finish?code=x"
		}},
		{"made-up state", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			own.begin("/login")
			return "/login/finish?code=x&state=ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		}},
		{"state in other case", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			return "/login/finish?code=x&state=" + strings.ToLower(own.begin("/login").Get("state"))
		}},
		{"old sign-in", login.Expired, func(t *testing.T, s *website, victim, own *browser) string {
			link := own.begin("/login")
			s.api.allow("good", link, member)
			s.clock.advance(2*time.Hour + time.Second)
			return callback("good", link)
		}},
		{"code of 513 bytes", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			return callback(strings.Repeat("a", 513), own.begin("/login"))
		}},
		{"code with a line break", login.BadCode, func(t *testing.T, s *website, victim, own *browser) string {
			link := own.begin("/login")
			s.api.allow("good", link, member)
			return callback("good\n", link)
		}},
		{"two codes", login.BadRequest, func(t *testing.T, s *website, victim, own *browser) string {
			return callback("a", own.begin("/login")) + "&code=b"
		}},
		{"broken query", login.BadRequest, func(t *testing.T, s *website, victim, own *browser) string {
			return callback("a", own.begin("/login")) + "&x=%zz"
		}},
		{"refused", login.Refused, func(t *testing.T, s *website, victim, own *browser) string {
			return "/login/finish?state=" + own.begin("/login").Get("state")
		}},
		{"refused elsewhere", login.OtherBrowser, func(t *testing.T, s *website, victim, own *browser) string {
			return "/login/finish?state=" + victim.begin("/login").Get("state")
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var reason login.Reason
			s := newWebsite(t, func(c *login.Config) {
				c.ErrorPage = func(w http.ResponseWriter, r *http.Request, f *login.Failure) {
					reason = f.Reason
					w.WriteHeader(f.Status())
				}
			})
			own := s.browser(t)
			path := c.run(t, s, s.browser(t), own)
			a := own.get(path)
			if reason != c.reason {
				t.Errorf("status %d, reason %q, want %q", a.status, reason, c.reason)
			}
			if session, ok := own.session(); ok {
				t.Errorf("a session began: %+v", session)
			}
		})
	}
}

// A state of suite A is none at suite B on the same origin, and B's code is
// worthless at A.
func TestStateOfAnotherApp(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	other := s.config()
	other.Suite, other.AppID = suite(s.api, "wwother"), "wwother"
	other.RedirectURI, other.Path = s.URL+"/other/finish", "/other"
	h, err := login.New(other)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	h.Mount(mux)
	s.mu.Lock()
	first := s.mux
	mux.Handle("/", first)
	s.mux = mux
	s.mu.Unlock()

	b := s.browser(t)
	link := b.begin("/login")
	s.api.allow("good", link, member)
	a := b.get(strings.Replace(callback("good", link), "/login/finish", "/other/finish", 1))
	if a.status != http.StatusForbidden {
		t.Errorf("state of A at B: %d", a.status)
	}
	atB := b.begin("/other")
	s.api.allow("codeB", atB, member)
	if a := b.get(callback("codeB", link)); a.status != http.StatusBadRequest {
		t.Errorf("code of B at A: %d", a.status)
	}
	if _, ok := b.session(); ok {
		t.Error("a session began")
	}
}

// Abuse case 23, the site's part: an answer that does not name a member.
func TestIncompleteAnswers(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"empty object":     `{}`,
		"openid only":      `{"errcode":0,"errmsg":"ok","openid":"oX"}`,
		"empty corpid":     `{"errcode":0,"errmsg":"ok","corpid":"","userid":"woB","open_userid":"woB"}`,
		"no userid":        `{"errcode":0,"errmsg":"ok","corpid":"wpA","open_userid":"woB"}`,
		"HTML with 200":    `<!doctype html><title>Welcome to the network</title>`,
		"nothing":          ``,
		"null":             `null`,
		"corpid and spare": `{"errcode":0,"corpid":" ","userid":"\n"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, allowOpenID := range []bool{false, true} {
				s := newWebsite(t, func(c *login.Config) { c.AllowOpenID = allowOpenID })
				b := s.browser(t)
				link := b.begin("/login")
				s.api.allow("good", link, answer)
				s.api.codes["good"].raw = true
				a := b.get(callback("good", link))
				session, ok := b.session()
				if allowOpenID && name == "openid only" {
					if !ok || session.OpenID != "oX" || session.CorpID != "" || session.UserID != "" {
						t.Errorf("openid allowed: %d, session %+v", a.status, session)
					}
					continue
				}
				if ok || a.status < 400 {
					t.Errorf("AllowOpenID %v: %d, session %+v", allowOpenID, a.status, session)
				}
			}
		})
	}
}

// What may pass is tried again on reload; what is decided is not.
func TestFailureThatPasses(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?return=/me")
	s.api.allow("good", link, member)
	s.api.mu.Lock()
	s.api.down = true
	s.api.mu.Unlock()
	if a := b.get(callback("good", link)); a.status != http.StatusBadGateway {
		t.Fatalf("platform busy: %d, want 502", a.status)
	}
	s.api.mu.Lock()
	s.api.down = false
	s.api.mu.Unlock()
	mustLand(b, callback("good", link), "reload")

	link = b.begin("/login")
	for range 3 {
		if a := b.get(callback("never-issued", link)); a.status != http.StatusBadRequest {
			t.Errorf("bad code: %d, want 400", a.status)
		}
	}
	if got := s.api.count(); got != 3 {
		t.Errorf("%d exchanges, want 3: busy, good, bad once", got)
	}
}

func TestRefusedThenConfirmed(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?return=/me")
	for range 2 {
		a := b.get("/login/finish?state=" + link.Get("state"))
		if a.status != http.StatusOK || !strings.Contains(a.body, "你没有同意登录") {
			t.Fatalf("refused: %d %s", a.status, a.body)
		}
	}
	s.api.allow("good", link, member)
	mustLand(b, callback("good", link), "scanned once more")
}

// Every way to fail in a window of its own says so: what begins anew must end there too.
func TestFailureKnowsItsWindow(t *testing.T) {
	t.Parallel()
	var windows []bool
	s := newWebsite(t, func(c *login.Config) {
		c.ErrorPage = func(_ http.ResponseWriter, _ *http.Request, f *login.Failure) { windows = append(windows, f.Window) }
	})
	b := s.browser(t)
	for _, began := range []string{"/login?window=1", "/login"} {
		link := b.begin(began)
		state := "/login/finish?state=" + link.Get("state")
		windows = nil
		b.get(state)                   // refused
		b.get(state + "&code=%20")     // no code
		b.get(state + "&code=unknown") // refused by the exchange
		s.clock.advance(3 * time.Hour) // too late
		b.get(callback("unknown", link))
		for i, window := range windows {
			if window != (began == "/login?window=1") || len(windows) != 4 {
				t.Errorf("%s: failure %d of %d says window %v", began, i, len(windows), window)
			}
		}
		if len(windows) == 0 {
			t.Errorf("%s: nothing failed", began)
		}
	}
}

func TestOnSignIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
	}{
		{nil, http.StatusSeeOther},
		{fmt.Errorf("not on the list: %w", login.ErrNotAllowed), http.StatusForbidden},
		{errors.New("database away"), http.StatusBadGateway},
	} {
		calls := 0
		s := newWebsite(t, func(config *login.Config) {
			config.OnSignIn = func(_ context.Context, session login.Session) error {
				calls++
				if session.CorpID != "wpAAAA" {
					t.Errorf("hook got %+v", session)
				}
				return c.err
			}
		})
		b := s.browser(t)
		link := b.begin("/login")
		s.api.allow("good", link, member)
		if a := b.get(callback("good", link)); a.status != c.status {
			t.Errorf("%v: status %d, want %d", c.err, a.status, c.status)
		}
		if _, ok := b.session(); ok != (c.err == nil) || calls != 1 {
			t.Errorf("%v: session %v, %d calls", c.err, ok, calls)
		}
	}
}

// A hook that panics leaves nobody waiting.
func TestHookPanics(t *testing.T) {
	t.Parallel()
	first := true
	s := newWebsite(t, func(config *login.Config) {
		config.OnSignIn = func(context.Context, login.Session) error {
			if first {
				first = false
				panic(http.ErrAbortHandler)
			}
			return nil
		}
	})
	b := s.browser(t)
	link := b.begin("/login")
	s.api.allow("good", link, member)
	// The transport may deliver once more by itself when the connection breaks.
	if resp, err := b.http.Get(s.URL + callback("good", link)); err == nil {
		resp.Body.Close()
	}
	if a := b.get(callback("good", link)); a.status != http.StatusBadRequest {
		t.Errorf("after the panic: %d, want 400 for the spent code", a.status)
	}
}

func TestHeadSpendsNothing(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	b := s.browser(t)
	link := b.begin("/login?return=/me")
	s.api.allow("good", link, member)
	for _, path := range []string{callback("good", link), "/login", "/login/panel", "/login/app"} {
		r, _ := http.NewRequest(http.MethodHead, s.URL+path, nil)
		if a := b.do(r); a.status != http.StatusMethodNotAllowed || len(a.header["Set-Cookie"]) > 0 {
			t.Errorf("HEAD %.20s: %d, cookies %d", path, a.status, len(a.header["Set-Cookie"]))
		}
	}
	if s.api.count() != 0 {
		t.Error("HEAD spent the code")
	}
	mustLand(b, callback("good", link), "GET after HEAD")
}

// careless is an exchanger that looks at nothing.
type careless site.Identity

func (c careless) Exchange(context.Context, string, ...site.ExchangeOption) (site.Identity, error) {
	return site.Identity(c), nil
}

// The handler looks at identities itself, whatever the exchanger let through.
func TestCarelessExchanger(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id          site.Identity
		allowOpenID bool
		in          bool
	}{
		{site.Identity{CorpID: "a", UserID: "b"}, false, true},
		{site.Identity{}, true, false},
		{site.Identity{UserID: "b"}, true, false},
		{site.Identity{CorpID: "a"}, true, false},
		{site.Identity{OpenUserID: "b"}, true, false},
		{site.Identity{OpenID: "o"}, false, false},
		{site.Identity{OpenID: "o"}, true, true},
		{site.Identity{OpenID: "o", CorpID: "a"}, true, false},
	} {
		s := newWebsite(t, func(config *login.Config) {
			config.Suite, config.AllowOpenID = careless(c.id), c.allowOpenID
		})
		b := s.browser(t)
		b.get(callback("any", b.begin("/login")))
		if _, ok := b.session(); ok != c.in {
			t.Errorf("%+v, AllowOpenID %v: session %v", c.id, c.allowOpenID, ok)
		}
	}
}
