package platform_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// Abuse case 20: the control port answers scripts on this machine, and no page.
func TestAbuse20(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	u, err := url.Parse(p.ControlURL())
	if err != nil {
		t.Fatal(err)
	}
	const advance = `{"advance":"1h"}`
	before := p.Now()

	for _, c := range []struct {
		name   string
		header []string
		status int
	}{
		{"a page's simple request", []string{"Content-Type", "text/plain", "Origin", "https://evil.example"}, http.StatusForbidden},
		{"a page of our own", []string{"Origin", p.PublicURL()}, http.StatusForbidden},
		{"a page of the port's own origin", []string{"Origin", p.ControlURL()}, http.StatusForbidden},
		{"an opaque origin", []string{"Origin", "null"}, http.StatusForbidden},
		{"an empty origin", []string{"Origin", ""}, http.StatusForbidden},
		{"a cross-site fetch", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, http.StatusForbidden},
		{"a same-site fetch", []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		{"a same-origin fetch", []string{"Sec-Fetch-Site", "same-origin"}, http.StatusForbidden},
		{"a rebound name", []string{"Host", "evil.example:" + u.Port()}, http.StatusMisdirectedRequest},
		{"a rebound name without a port", []string{"Host", "evil.example"}, http.StatusMisdirectedRequest},
		{"loopback without a port", []string{"Host", "127.0.0.1"}, http.StatusMisdirectedRequest},
		{"loopback with another port", []string{"Host", "127.0.0.1:" + url.QueryEscape(u.Port()+"0")}, http.StatusMisdirectedRequest},
		{"a name under localhost", []string{"Host", "evil.localhost:" + u.Port()}, http.StatusMisdirectedRequest},
		{"a trailing dot", []string{"Host", "localhost.:" + u.Port()}, http.StatusMisdirectedRequest},
		{"an address of the network", []string{"Host", "192.168.1.2:" + u.Port()}, http.StatusMisdirectedRequest},
		{"any address", []string{"Host", "0.0.0.0:" + u.Port()}, http.StatusMisdirectedRequest},
	} {
		if a := send(t, "POST", p.ControlURL()+"/clock", advance, c.header...); a.status != c.status {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
		if a := send(t, "GET", p.ControlURL()+"/suites/"+p.Sample.LoginSuiteID+"/ticket", "", c.header...); a.status != c.status || a.text("suite_ticket") != "" {
			t.Errorf("%s gets a ticket: %d", c.name, a.status)
		}
	}
	// The public listener has none of it, whatever Host is claimed.
	for _, path := range []string{"/clock", "/scan", "/confirm", "/codes", "/faults", "/push", "/reset", "/attempts", "/requests", "/pushes",
		"/suites/" + p.Sample.LoginSuiteID + "/ticket"} {
		for _, method := range []string{"GET", "POST"} {
			for _, host := range []string{"", u.Host} {
				header := []string{}
				if host != "" {
					header = []string{"Host", host}
				}
				if a := send(t, method, p.URL()+path, advance, header...); a.status != http.StatusNotFound {
					t.Errorf("%s %s at the public listener: %d", method, path, a.status)
				}
			}
		}
	}
	// Nor is the API or the login page on the control port.
	for _, path := range []string{protocol.PathLogin, protocol.PathGetToken, "/phone"} {
		if a := send(t, "GET", p.ControlURL()+path, ""); a.status != http.StatusNotFound {
			t.Errorf("%s on the control port: %d", path, a.status)
		}
	}
	if moved := p.Now().Sub(before); moved.Minutes() > 30 {
		t.Fatalf("the clock moved by %v", moved)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "127.0.0.2"} {
		if a := send(t, "POST", p.ControlURL()+"/clock", `{"advance":"1s"}`, "Host", host+":"+u.Port(), "Sec-Fetch-Site", "none"); a.status != http.StatusOK {
			t.Errorf("a script that says %s: %d %s", host, a.status, a.body)
		}
	}
}

// The control port never begins anywhere but on loopback, nor outside a sandbox.
func TestControlNeedsLoopbackAndSandbox(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]platform.Config{
		"every address":                        {Addr: "127.0.0.1:0", ControlAddr: "0.0.0.0:0", Sandbox: true},
		"no host":                              {Addr: "127.0.0.1:0", ControlAddr: ":0", Sandbox: true},
		"a network's":                          {Addr: "127.0.0.1:0", ControlAddr: "192.168.1.2:0", Sandbox: true},
		"a name":                               {Addr: "127.0.0.1:0", ControlAddr: "example.com:0", Sandbox: true},
		"without sandbox":                      {Addr: "127.0.0.1:0", ControlAddr: "127.0.0.1:0"},
		"codes for old polls, without sandbox": {Addr: "127.0.0.1:0", OldPolls: true},
		"every address v6":                     {Addr: "127.0.0.1:0", ControlAddr: "[::]:0", Sandbox: true},
	} {
		c.Dir = t.TempDir()
		if p, err := platform.New(t.Context(), c); err == nil {
			p.Close()
			t.Errorf("%s: started", name)
		}
	}
}

// A body that is not what a control call takes is a clear 400.
func TestControlBadInput(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, path := range []string{"/scan", "/confirm", "/refuse", "/codes", "/clock", "/faults", "/push"} {
		for _, body := range []string{"", "{", "[]", "null", "1", `"x"`, `{"unknown":1}`, "\xff\xfe", `{"qr":5}`, `{"qr":"://"}`,
			`{"qr":"http://x/q/","member":"a/b"}`, `{"member":"a"}`, `{"advance":"-1h"}`, `{"advance":"99999999h"}`, `{"suite":"x"}`,
			`{"path":"x","errcode":1}`, `{"kind":"login","app":"x"}`, `{"kind":"corp","app":"x/y/z"}`, strings.Repeat("[", 100_000)} {
			a := send(t, "POST", p.ControlURL()+path, body)
			if a.status < 400 || a.status >= 500 || a.text("error") == "" {
				t.Errorf("%s %.40q: %d %.200s", path, body, a.status, a.body)
			}
		}
		if a := send(t, "POST", p.ControlURL()+path, strings.Repeat(" ", 2<<20)); a.status != http.StatusBadRequest {
			t.Errorf("%s, 2 MiB: %d", path, a.status)
		}
		if a := send(t, "GET", p.ControlURL()+path, ""); a.status != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: %d", path, a.status)
		}
	}
}
