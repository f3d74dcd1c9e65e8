package main

import (
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		command demoCommand
		want    string
	}{
		"nothing":                  {demoCommand{}, ""},
		"a site":                   {demoCommand{Site: "http://localhost:3000", Callback: "http://localhost:3000/cb?a=1"}, ""},
		"an https site":            {demoCommand{Site: "https://app.example.com"}, ""},
		"trust":                    {demoCommand{Trust: []string{"a.example.com", "localhost:1"}}, ""},
		"ids":                      {demoCommand{SuiteID: "ww_A-1", LoginSuiteID: "dk2"}, ""},
		"a site without scheme":    {demoCommand{Site: "localhost:3000"}, "--site"},
		"a site with a path":       {demoCommand{Site: "http://localhost:3000/app"}, "--site"},
		"a site with a query":      {demoCommand{Site: "http://localhost:3000?a"}, "--site"},
		"a site with a name":       {demoCommand{Site: "http://me@localhost:3000"}, "--site"},
		"a site without host":      {demoCommand{Site: "http://:3000"}, "--site"},
		"a container as site":      {demoCommand{Site: "http://my_app:3000"}, ""},
		"an IPv6 site":             {demoCommand{Site: "http://[::1]:3000"}, ""},
		"a site that is a shell's": {demoCommand{Site: "http://a;id>x;b:3000"}, "--site"},
		"a site of a substitution": {demoCommand{Site: "http://$(id):3000"}, "--site"},
		"a site with a quote":      {demoCommand{Site: "http://a'b:3000"}, "--site"},
		"a site with a wildcard":   {demoCommand{Site: "http://*:3000"}, "--site"},
		"http without port":        {demoCommand{Site: "http://localhost"}, "--site"},
		"ftp":                      {demoCommand{Site: "ftp://localhost:3000"}, "--site"},
		"a callback alone":         {demoCommand{Callback: "http://localhost:3000/cb"}, "--callback"},
		"a callback that is not":   {demoCommand{Site: "http://localhost:3000", Callback: "/cb"}, "--callback"},
		"a token with a space":     {demoCommand{Token: "a b"}, "--token"},
		"a long token":             {demoCommand{Token: strings.Repeat("a", 33)}, "--token"},
		"a short key":              {demoCommand{AESKey: "short"}, "--aes-key"},
		"a suite id":               {demoCommand{SuiteID: "a b"}, "--suite-id"},
		"a login suite id":         {demoCommand{LoginSuiteID: "a/b"}, "--login-suite-id"},
		"one id for two":           {demoCommand{SuiteID: "ww1", LoginSuiteID: "WW1"}, "--suite-id"},
		"a trusted URL":            {demoCommand{Trust: []string{"https://a.example.com"}}, "--trust"},
		"a trusted wildcard":       {demoCommand{Trust: []string{"*.example.com"}}, "--trust"},
		"no folder":                {demoCommand{EnvFile: "/nonexistent/x.env"}, "env file"},
		"a folder":                 {demoCommand{EnvFile: t.TempDir()}, "env file"},
		"a new env file":           {demoCommand{EnvFile: filepath.Join(t.TempDir(), "x.env")}, ""},
	} {
		err := c.command.check()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %v", name, err)
		}
	}
	c := demoCommand{Site: "HTTP://LocalHost:3000/", Trust: []string{"A.Example.Com"}}
	if err := c.check(); err != nil || c.Site != "http://localhost:3000" || c.Trust[0] != "a.example.com" {
		t.Errorf("not as browsers write it: %v %+v", err, c)
	}
}

func TestFree(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken := l.Addr().(*net.TCPAddr).Port
	for flag, c := range map[string]demoCommand{
		"--port":         {Port: taken},
		"--control-port": {ControlPort: taken},
		"--site-port":    {SitePort: taken},
		"--tls-addr":     {WecomHosts: true, TLSAddr: l.Addr().String(), ProxyAddr: "127.0.0.1:0"},
		"--proxy-addr":   {WecomHosts: true, TLSAddr: "127.0.0.1:0", ProxyAddr: l.Addr().String()},
	} {
		if err := c.free("127.0.0.1"); err == nil || !strings.Contains(err.Error(), flag) || !strings.Contains(err.Error(), strconv.Itoa(taken)) {
			t.Errorf("%s: %v", flag, err)
		}
	}
	// A site of one's own listens by itself.
	if err := (&demoCommand{Site: "http://localhost:3000", SitePort: taken}).free("127.0.0.1"); err != nil {
		t.Error(err)
	}
	l.Close()
	if err := (&demoCommand{Port: taken, ControlPort: taken}).free("127.0.0.1"); err == nil || !strings.Contains(err.Error(), "--control-port") {
		t.Errorf("one port for two: %v", err)
	}
	if err := (&demoCommand{Port: 99999}).free("127.0.0.1"); err == nil || !strings.Contains(err.Error(), "--port") {
		t.Errorf("port 99999: %v", err)
	}
}
