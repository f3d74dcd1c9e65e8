package browser

import (
	"bytes"
	"embed"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Names under which the browser finds the test's own TLS server.
const (
	otherSite  = "https://other.example"       // trusted by the app, but not where the code belongs
	evilSite   = "https://evil.example"        // trusted by nobody
	oldBrowser = "https://old-browser.example" // the login page as a browser sees it that lacks today's protections
	wecomLogin = "https://login.work.weixin.qq.com"
	wecomOpen  = "https://open.work.weixin.qq.com" // of the old login pages
	wecomOAuth = "https://open.weixin.qq.com"      // of sign-ins inside the client
)

// sites are the pages around the login panel: host pages, the place a code goes
// to, and strangers.
type sites struct {
	home string // origin of the app's own site, where redirect_uri points
	tls  string // host:port of the TLS server

	login http.Handler // of oldBrowser

	mu       sync.Mutex
	landings map[string]url.Values // by state: the query with which a redirect arrived
	faults   map[string][]string   // by state: what went wrong in a host page
	heard    map[string][]string   // by state: messages that a host page of the old scripts was sent, after their origin
	leaks    []string              // addresses that only styles of the test name
}

//go:embed testdata/host.html
var hostPage []byte

//go:embed testdata/evil.html
var evilPage []byte

//go:embed testdata/old.html
var oldHostPage []byte

//go:embed testdata/wwlogin-*.js
var oldScripts embed.FS

// sdkFile is the published script as npm installed it (../package.json, exact
// version, checked against the lock file).
const sdkFile = "../node_modules/@wecom/jssdk/dist/wecom.global.prod.js"

// Where host pages find the two panel scripts with the same contract: the
// published one, unmodified, and ours at the platform.
const (
	published = "/sdk.js"
	ours      = wecomLogin + "/wwlogin/panel.js"
)

// startSites serves until the test ends. setLogin names the platform, which is
// started later because it must know the home origin.
func startSites(t *testing.T) *sites {
	t.Helper()
	sdk, err := os.ReadFile(filepath.FromSlash(sdkFile))
	if err != nil {
		t.Fatal(err)
	}
	s := &sites{landings: map[string]url.Values{}, faults: map[string][]string{}, heard: map[string][]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /host", page(hostPage))
	mux.HandleFunc("GET /evil", page(evilPage))
	mux.HandleFunc("GET "+published, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Write(sdk)
	})
	mux.HandleFunc("GET /hop", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<!doctype html><script>location.replace(new URLSearchParams(location.search).get("to"))</script>`))
	})
	mux.HandleFunc("GET /old", page(oldHostPage))
	mux.Handle("GET /testdata/", http.FileServerFS(oldScripts))
	mux.HandleFunc("GET /styles.css", s.style)
	mux.HandleFunc("GET /leak/", s.leak)
	mux.HandleFunc("GET /landed", s.land)
	mux.HandleFunc("POST /fault", func(_ http.ResponseWriter, r *http.Request) { s.note(s.faults, r) })
	mux.HandleFunc("POST /heard", func(_ http.ResponseWriter, r *http.Request) { s.note(s.heard, r) })
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })

	home := httptest.NewServer(mux)
	t.Cleanup(home.Close)
	s.home = home.URL
	outer := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if "https://"+r.Host == oldBrowser {
			s.login.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	outer.Config.ErrorLog = log.New(io.Discard, "", 0)
	outer.StartTLS()
	t.Cleanup(outer.Close)
	s.tls = outer.Listener.Addr().String()
	return s
}

func page(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(content)
	}
}

// setLogin makes oldBrowser the platform without frame-ancestors and with a page that cannot see
// its ancestors: what is left is the address on the message.
func (s *sites) setLogin(t *testing.T, origin string) {
	t.Helper()
	target, err := url.Parse(origin)
	if err != nil {
		t.Fatal(err)
	}
	s.login = &httputil.ReverseProxy{
		ErrorLog: log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = target.Host
			r.Out.Header.Del("Accept-Encoding")
			r.Out.Header.Del("Referer")
			r.Out.Header.Del("Sec-Fetch-Dest")
			if r.Out.Header.Get("Origin") != "" {
				r.Out.Header.Set("Origin", origin)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("Content-Security-Policy")
			r.Header.Del("Content-Length")
			raw, err := io.ReadAll(r.Body)
			raw = bytes.ReplaceAll(raw, []byte("location.ancestorOrigins"), []byte("undefined"))
			r.Body = io.NopCloser(bytes.NewReader(raw))
			r.ContentLength = int64(len(raw))
			return err
		},
	}
}

func (s *sites) land(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	s.landings[q.Get("state")] = q
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write([]byte("<!doctype html><title>landed</title><p id=landed>landed"))
}

// note keeps what a page says of itself, by its state.
func (s *sites) note(said map[string][]string, r *http.Request) {
	raw, _ := io.ReadAll(io.LimitReader(r.Body, 4<<10))
	s.mu.Lock()
	defer s.mu.Unlock()
	state := r.URL.Query().Get("state")
	said[state] = append(said[state], string(raw))
}

// landing is the query with which a redirect of that state arrived, or nil.
func (s *sites) landing(state string) url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.landings[state]
}

// faultsOf lists the errors and unhandled rejections of the host page of a state.
func (s *sites) faultsOf(state string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.faults[state], "\n")
}
