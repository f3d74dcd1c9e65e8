package platform_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
)

// password of everybody on a platform that is no sandbox.
const password = "correct horse battery"

// plain is a platform that is no sandbox, with an operator and a provider, all made through
// its pages.
type plain struct {
	*platformtest.Platform
	t                  *testing.T
	operator, provider *platformtest.Console
	corp, suite        string
	link               string // the creator's, used
	secret             string // ProviderSecret
}

func newPlain(t *testing.T, o platformtest.Options) *plain {
	t.Helper()
	o.Plain = true
	p := &plain{Platform: platformtest.Start(t, o), t: t}
	setup, err := p.SetupURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(setup, "/phone/enrol/")
	p.Browser().Enrol(secret, "operator", password)
	p.operator = p.Browser()
	p.operator.Enter("operator", password)
	a := p.operator.Post("/operator/corps", url.Values{"name": {"服务商"}, "person": {"老板"}, "userid": {"boss"}})
	var created struct {
		CorpID string `json:"corpid"`
	}
	a.Decode(t, &created)
	p.corp, p.link = created.CorpID, between(a.Body, "/phone/enrol/", `"`)
	a = p.operator.Post("/operator/corps/"+p.corp+"/provider", url.Values{"brand": {"牌子"}})
	p.secret = between(a.Body, `"value":"`, `"`)
	p.Browser().Enrol(p.link, "boss", password)
	p.provider = p.Browser()
	p.provider.Enter("boss", password)
	p.post("/login", nil)
	p.suite = between(p.post("/suites", url.Values{"name": {"应用"}}).Body, `"suite_id":"`, `"`)
	if p.corp == "" || p.link == "" || p.secret == "" || p.suite == "" {
		t.Fatalf("the platform is not set up: %+v", p)
	}
	return p
}

// between is what stands between two texts; "" where they are not there.
func between(text, begin, end string) string {
	_, rest, ok := strings.Cut(text, begin)
	found, _, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return ""
	}
	return found
}

// post sends a form of the provider's console.
func (p *plain) post(path string, form url.Values) platformtest.Page {
	p.t.Helper()
	return p.provider.Post("/provider/"+p.corp+path, form)
}

// counted is a server on a loopback address that counts what reaches it, connections too.
func counted(t *testing.T, address string, answer http.HandlerFunc) (port string, hits *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Fatal(err)
	}
	hits = &atomic.Int32{}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: answer, ConnState: func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			hits.Add(1)
		}
	}}}
	server.Start()
	t.Cleanup(server.Close)
	_, port, _ = net.SplitHostPort(listener.Addr().String())
	return port, hits
}

func ok(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

// Abuse case 21: whatever address a provider types, in whatever place, the platform sends
// nothing to what is not public.
func TestAbuse21(t *testing.T) {
	t.Parallel()
	p := newPlain(t, platformtest.Options{})
	port, hits := counted(t, "127.0.0.1", ok)
	port6, hits6 := counted(t, "::1", ok)
	_, own, _ := net.SplitHostPort(p.Addr().String())
	hosts := []string{"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port6, "[::ffff:127.0.0.1]:" + port, "[::ffff:7f00:1]:" + port,
		"[64:ff9b::7f00:1]:" + port, "[2002:7f00:1::]:" + port, "0.0.0.0:" + port, "[::]:" + port6, "127.1:" + port, "2130706433:" + port,
		"0x7f000001:" + port, "0177.0.0.1:" + port, "127.0.0.1.:" + port, "LOCALHOST:" + port, "１２７.0.0.1:" + port, "127。0。0。1:" + port,
		"x@127.0.0.1:" + port, "localhost:" + own, "127.0.0.1:" + own, "console.localhost:" + own,
		"10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[fd00::1]", "[fe80::1]", "224.0.0.1"}
	for _, address := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"64:ff9b::7f00:1", "2002:7f00:1::", "fd00::1", "fe80::1"} {
		hosts = append(hosts, named(address)+":"+port)
	}
	hosts = append(hosts, named("::1")+":"+port6, named("127.0.0.1")+":"+own)
	key := strings.Repeat("abcDEF0", 6) + "A"
	sent, reached := 0, 0
	for _, host := range hosts {
		for _, scheme := range []string{"http://", "https://"} {
			target := scheme + host + "/callback"
			for _, form := range []struct {
				save, check string
				fields      url.Values
			}{
				{"/login/callback", "/login/check", url.Values{"url": {target}}},
				{"/suites/" + p.suite + "/callback", "/suites/" + p.suite + "/check", url.Values{"url": {target}, "data_url": {target}}},
				{"/general/callback", "/general/check", url.Values{"url": {target}}},
			} {
				fields := withFields(form.fields, "token", "token1", "key", key)
				for what, a := range map[string]platformtest.Page{
					"checked": p.post(form.save, fields),
					"anyway":  p.post(form.save, withFields(fields, "anyway", "1")),
					"again":   p.post(form.check, nil),
				} {
					sent++
					if what == "again" && strings.Contains(host, attacker) && strings.Contains(a.Body, "refused address") {
						reached++ // it was sent, up to the socket
					}
					if a.Status >= 500 || strings.Contains(a.Body, `"ok":true`) {
						t.Errorf("%s %s of %s: %d %.300s", form.save, what, target, a.Status, a.Body)
					}
				}
			}
			p.post("/login/ticket", nil)
			p.post("/suites/"+p.suite+"/ticket", nil)
		}
	}
	// The file that proves a domain.
	for _, host := range []string{"localhost:" + port, "127.0.0.1:" + port, "localhost", "x.localhost:" + port, "[::1]:" + port6, "169.254.169.254",
		named("127.0.0.1") + ":" + port, named("::1") + ":" + port6, named("169.254.169.254")} {
		p.post("/login/domains", url.Values{"domains": {host}})
		if a := p.post("/domain/check", url.Values{"domain": {host}}); strings.Contains(a.Body, `"proved":true`) || a.Status >= 500 {
			t.Errorf("the proof of %s: %d %.200s", host, a.Status, a.Body)
		}
	}
	// What has failed, sent once more by hand.
	list := p.provider.Get("/provider/" + p.corp + "/pushes").Body
	again := 0
	for _, rest := range strings.Split(list, "/pushes/")[1:] {
		event := strings.FieldsFunc(rest, func(c rune) bool { return c < '0' || c > '9' })
		if len(event) > 0 && len(event[0]) > 8 {
			p.post("/pushes/"+event[0]+"/again", nil)
			again++
		}
	}
	if hits.Load() != 0 || hits6.Load() != 0 {
		t.Errorf("%d and %d connections to loopback", hits.Load(), hits6.Load())
	}
	if sent < 400 || reached < 60 || again == 0 {
		t.Errorf("%d checks, %d of them up to the socket, %d events sent again", sent, reached, again)
	}
	business := p.post("/suites/"+p.suite+"/business", url.Values{"business": {"https://somebody-elses.example/"}})
	if business.Status != http.StatusUnprocessableEntity {
		t.Errorf("a business page on a domain that is not proved (abuse case 15): %d", business.Status)
	}
}

// Abuse case 21, where an operator has let callbacks go to an inner network: no redirect is
// followed, an endless answer ends, and our own address stays closed.
func TestAbuse21Inside(t *testing.T) {
	t.Parallel()
	p := newPlain(t, platformtest.Options{Config: func(c *platform.Config) {
		c.CallbackNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}})
	inner, innerHits := counted(t, "127.0.0.1", ok)
	redirect, redirectHits := counted(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:"+inner+"/", http.StatusTemporaryRedirect)
	})
	endless, _ := counted(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		for chunk := strings.Repeat("x", 4<<10); r.Context().Err() == nil; {
			if _, err := w.Write([]byte(chunk)); err != nil {
				return
			}
		}
	})
	_, own, _ := net.SplitHostPort(p.Addr().String())
	key := strings.Repeat("abcDEF0", 6) + "A"
	save := func(target string) platformtest.Page {
		return p.post("/login/callback", url.Values{"url": {target}, "token": {"token1"}, "key": {key}})
	}
	for name, target := range map[string]string{"redirect": "http://" + named("127.0.0.1") + ":" + redirect + "/", "endless": "http://" + named("127.0.0.1") + ":" + endless + "/",
		"ours": "http://" + named("127.0.0.1") + ":" + own + "/healthz"} {
		a := save(target)
		if a.Status < 400 || a.Status >= 500 || strings.Contains(a.Body, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"+strings.Repeat("x", 5000)) {
			t.Errorf("%s: %d %.300s", name, a.Status, a.Body)
		}
		if name == "ours" && !strings.Contains(a.Body, "refused address") {
			t.Errorf("%s: %.600s", name, a.Body)
		}
	}
	if redirectHits.Load() == 0 || innerHits.Load() != 0 {
		t.Errorf("%d connections to the one that redirects, %d to where it leads", redirectHits.Load(), innerHits.Load())
	}
}
