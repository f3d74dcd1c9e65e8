package demo_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hufu-sso/hufu/demo"
	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// sandbox is the real platform and the sample site, each on its own port.
type sandbox struct {
	*platformtest.Platform
	origin string
	dir    string // the site's
	site   atomic.Pointer[demo.Site]
	t      *testing.T
}

// start runs both. Without tickets the platform does not know the site's
// callbacks yet.
func start(t *testing.T, tickets bool) *sandbox {
	t.Helper()
	s := &sandbox{t: t, dir: t.TempDir()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if site := s.site.Load(); site != nil {
			site.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	s.origin = server.URL
	s.Platform = platformtest.Start(t, platformtest.Options{Site: platform.SampleSite{Origin: s.origin}})
	s.restartSite()
	if tickets {
		s.connect()
	}
	return s
}

// restartSite puts a new Site in the place of the old one, on the same directory.
func (s *sandbox) restartSite() {
	s.t.Helper()
	d := s.Sample
	site, err := demo.New(demo.Config{
		API: s.URL(), LoginHost: s.PublicURL(), InstallHost: s.PublicURL(), OAuthHost: s.PublicURL(), Control: s.ControlURL(), Origin: s.origin,
		ProviderCorpID: d.ProviderCorpID, ProviderSecret: d.ProviderSecret, PermanentCodes: d.PermanentCodes,
		LoginSuite: demo.Suite{ID: d.LoginSuiteID, Secret: d.LoginSuiteSecret, Token: d.Token, EncodingAESKey: d.EncodingAESKey},
		Suite:      demo.Suite{ID: d.SuiteID, Secret: d.SuiteSecret, Token: d.Token, EncodingAESKey: d.EncodingAESKey},
		CorpApp:    demo.CorpApp{CorpID: d.CorpID, AgentID: strconv.FormatInt(d.AgentID, 10), Secret: d.CorpSecret},
		DataDir:    s.dir, Now: s.Now,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.site.Store(site)
}

// connect tells the platform the callbacks and has a ticket pushed to each.
func (s *sandbox) connect() {
	s.t.Helper()
	s.SetSite(platform.SampleSite{
		Origin: s.origin, LoginCallback: s.origin + demo.PathLoginSuiteCallback, SuiteCallback: s.origin + demo.PathSuiteCallback,
		BusinessURL: s.origin + demo.PathAdminEntry, HomeURL: s.origin + demo.PathAppHome,
	})
	for _, suite := range []string{s.Sample.LoginSuiteID, s.Sample.SuiteID} {
		for _, event := range []string{"verify", protocol.EventSuiteTicket} {
			var fate struct{ Delivered bool }
			status := s.Control("POST", "/push", map[string]string{"suite": suite, "event": event}, &fate)
			if status != http.StatusOK || !fate.Delivered {
				s.t.Fatalf("%s to %s: %d, delivered %v", event, suite, status, fate.Delivered)
			}
		}
	}
}

func (s *sandbox) member() string { return s.Sample.CorpID + "/" + s.Sample.Member }

// browser keeps the site's cookies and follows no redirects.
type browser struct {
	s    *sandbox
	http *http.Client
}

func (s *sandbox) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

type answer struct {
	status   int
	location string
	header   http.Header
	body     string
}

// get opens a path of the site, or an address.
func (b *browser) get(address string, header ...string) answer {
	b.s.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.s.origin + address
	}
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.s.t.Error(err)
		return answer{}
	}
	return b.do(r, header...)
}

func (b *browser) do(r *http.Request, header ...string) answer {
	b.s.t.Helper()
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.s.t.Error(err)
		return answer{}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.s.t.Error(err)
	}
	return answer{resp.StatusCode, resp.Header.Get("Location"), resp.Header, string(body)}
}

// scan begins a sign-in at path and returns the open login page.
func (b *browser) scan(path string) *platformtest.LoginPage {
	b.s.t.Helper()
	a := b.get(path)
	link, err := url.Parse(a.location)
	if err != nil || a.status != http.StatusSeeOther {
		b.s.t.Fatalf("%s: %d", path, a.status)
	}
	page := b.s.OpenLogin(link.Query())
	if page.Status != http.StatusOK || page.QRKey == "" {
		b.s.t.Fatalf("login page: %d", page.Status)
	}
	return page
}

// decide has a member confirm or refuse by the control port, and returns where the
// login page sends the browser.
func (b *browser) decide(page *platformtest.LoginPage, how, member string) string {
	b.s.t.Helper()
	if status := b.s.Control("POST", how, map[string]string{"qr": page.QR(), "member": member}, nil); status != http.StatusOK {
		b.s.t.Fatalf("%s as %s: %d", how, member, status)
	}
	return page.Wait(protocol.QRScanning).RedirectURL
}

// me is what the site says of the browser's person, or nil.
func (b *browser) me() map[string]string {
	b.s.t.Helper()
	a := b.get("/me", "Accept", "application/json")
	var m map[string]string
	if a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &m) != nil {
		return nil
	}
	return m
}
