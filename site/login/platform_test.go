package login_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

// api speaks the documented answers of the server API for codes that a test
// grants. It is no stand-in for the rules of a platform.
type api struct {
	*httptest.Server

	mu        sync.Mutex // guards all below
	codes     map[string]*grant
	exchanges int
	gate      chan struct{} // not nil: exchanges wait until it is closed
	down      bool          // answers -1
}

// grant is what one code stands for.
type grant struct {
	app       string // suite id or corpid
	challenge string // PKCE challenge of the sign-in that asked for it
	answer    string // JSON without errcode, or any text when raw
	raw       bool
	spent     bool
}

const member = `"corpid":"wpAAAA","userid":"woBBBB","open_userid":"woBBBB"`

func newAPI(t *testing.T) *api {
	a := &api{codes: map[string]*grant{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+protocol.PathGetSuiteToken, func(w http.ResponseWriter, r *http.Request) {
		var ask protocol.GetSuiteToken
		if json.NewDecoder(r.Body).Decode(&ask) != nil || ask.SuiteSecret != "secret-"+ask.SuiteID {
			fmt.Fprint(w, `{"errcode":40080,"errmsg":"invalid suite_secret"}`)
			return
		}
		fmt.Fprintf(w, `{"errcode":0,"errmsg":"ok","suite_access_token":"token-%s","expires_in":7200}`, ask.SuiteID)
	})
	mux.HandleFunc("GET "+protocol.PathGetToken, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"errcode":0,"errmsg":"ok","access_token":"token-%s","expires_in":7200}`, r.FormValue("corpid"))
	})
	mux.HandleFunc("POST "+protocol.PathGetProviderToken, func(w http.ResponseWriter, r *http.Request) {
		var ask protocol.GetProviderToken
		json.NewDecoder(r.Body).Decode(&ask)
		fmt.Fprintf(w, `{"provider_access_token":"token-%s","expires_in":7200}`, ask.CorpID)
	})
	mux.HandleFunc("POST "+protocol.PathGetLoginInfo, func(w http.ResponseWriter, r *http.Request) {
		var ask protocol.GetLoginInfo
		json.NewDecoder(r.Body).Decode(&ask)
		r.Form = url.Values{"code": {ask.AuthCode}}
		a.exchange(w, r, r.URL.Query().Get(protocol.QueryAccessToken))
	})
	mux.HandleFunc("GET "+protocol.PathGetUserInfo3rd, func(w http.ResponseWriter, r *http.Request) {
		a.exchange(w, r, r.FormValue(protocol.QuerySuiteAccessToken))
	})
	mux.HandleFunc("GET "+protocol.PathGetUserInfo, func(w http.ResponseWriter, r *http.Request) {
		a.exchange(w, r, r.FormValue(protocol.QueryAccessToken))
	})
	a.Server = httptest.NewServer(mux)
	t.Cleanup(a.Close)
	return a
}

func (a *api) exchange(w http.ResponseWriter, r *http.Request, token string) {
	a.mu.Lock()
	gate := a.gate
	a.exchanges++
	a.mu.Unlock()
	if gate != nil {
		<-gate
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.down {
		fmt.Fprint(w, `{"errcode":-1,"errmsg":"system busy"}`)
		return
	}
	g := a.codes[r.FormValue("code")]
	challenge := ""
	if v := r.FormValue(protocol.QueryCodeVerifier); v != "" {
		sum := sha256.Sum256([]byte(v))
		challenge = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if g == nil || g.spent || token != "token-"+g.app || challenge != g.challenge {
		fmt.Fprint(w, `{"errcode":40029,"errmsg":"invalid code"}`)
		return
	}
	g.spent = true
	if g.raw {
		fmt.Fprint(w, g.answer)
		return
	}
	fmt.Fprintf(w, `{"errcode":0,"errmsg":"ok",%s}`, g.answer)
}

// allow makes code good for the sign-in that link began.
func (a *api) allow(code string, link url.Values, answer string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.codes[code] = &grant{app: link.Get("appid"), challenge: link.Get("code_challenge"), answer: answer}
}

func (a *api) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.exchanges
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// website is a site with one or more apps on one origin.
type website struct {
	*httptest.Server
	api     *api
	clock   *clock
	handler *login.Handler
	mu      sync.Mutex
	mux     http.Handler
}

const suiteID = "wwsuite"

var testKeys = [][]byte{[]byte("0123456789abcdef0123456789abcdef")}

// newWebsite starts a site that signs in with suiteID; change may alter the
// Config before New.
func newWebsite(t *testing.T, change func(*login.Config)) *website {
	t.Helper()
	s := &website{api: newAPI(t), clock: newClock()}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		mux := s.mux
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	s.restart(t, change)
	return s
}

func (s *website) config() login.Config {
	return login.Config{
		Suite: suite(s.api, suiteID), AppID: suiteID,
		RedirectURI: s.URL + "/login/finish", LoginHost: "http://localhost:1",
		PKCE: true, Keys: testKeys, Now: s.clock.Now,
	}
}

// restart puts a new Handler in the place of the old one, as a restart would.
func (s *website) restart(t *testing.T, change func(*login.Config)) {
	t.Helper()
	c := s.config()
	if change != nil {
		change(&c)
	}
	h, err := login.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.use(h)
}

// use puts a handler behind the site's address.
func (s *website) use(h *login.Handler) {
	mux := http.NewServeMux()
	h.Mount(mux)
	mux.Handle("/me", h.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, _ := login.FromContext(r.Context())
		json.NewEncoder(w).Encode(session)
	})))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler, s.mux = h, mux
}

func suite(a *api, id string) *site.Suite {
	tickets := site.TicketFunc(func(context.Context, string) (string, error) { return "ticket", nil })
	return site.New(site.Config{API: a.URL, HTTPClient: a.Client()}).Suite(id, "secret-"+id, tickets)
}

// browser keeps cookies and follows no redirects.
type browser struct {
	t    *testing.T
	http *http.Client
	site *website
}

func (s *website) browser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := *s.Client()
	c.Jar = jar
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{t: t, http: &c, site: s}
}

type answer struct {
	status   int
	location string
	header   http.Header
	body     string
}

func (b *browser) do(r *http.Request) answer {
	b.t.Helper()
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Error(err)
		return answer{}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Error(err)
	}
	return answer{resp.StatusCode, resp.Header.Get("Location"), resp.Header, string(body)}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.site.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path, contentType, body string, header ...string) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.site.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return b.do(r)
}

// begin starts a sign-in and returns the query of the login link.
func (b *browser) begin(path string) url.Values {
	b.t.Helper()
	a := b.get(path)
	u, err := url.Parse(a.location)
	if err != nil || a.status != http.StatusSeeOther || u.Path != protocol.PathLogin {
		b.t.Fatalf("begin answered %d", a.status)
	}
	return u.Query()
}

// callback is the path and query with which the login page sends a browser back.
func callback(code string, link url.Values) string {
	return "/login/finish?" + url.Values{"code": {code}, "state": {link.Get("state")}}.Encode()
}

// session is what /me says, if it lets the browser in.
func (b *browser) session() (login.Session, bool) {
	b.t.Helper()
	a := b.get("/me")
	var s login.Session
	if a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &s) != nil {
		return login.Session{}, false
	}
	return s, true
}
