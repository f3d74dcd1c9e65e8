package apps_test

import (
	"errors"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
)

// The table of 98173, and what people write besides.
func TestCheckDomain(t *testing.T) {
	for text, want := range map[string]string{
		"mail.qq.com":          "mail.qq.com",
		" Mail.QQ.com ":        "mail.qq.com",
		"mail.qq.com:8080":     "mail.qq.com:8080",
		"mail.qq.com:443":      "mail.qq.com",
		"mail.qq.com:80":       "mail.qq.com",
		"xn--fiqs8s.example":   "xn--fiqs8s.example",
		"a-b.c_d.example:1":    "a-b.c_d.example:1",
		"1.2.3.4.example":      "1.2.3.4.example",
		"0x7f.cafe":            "0x7f.cafe",
		"app.example:65535":    "app.example:65535",
		"123.com":              "123.com",
		"sub.sub2.example.com": "sub.sub2.example.com",
	} {
		if got, err := apps.CheckDomain(text); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	for text, rule := range map[string]string{
		"":                               "empty",
		" \t":                            "empty",
		"https://mail.qq.com":            "scheme",
		"http://mail.qq.com:8080":        "scheme",
		"//mail.qq.com":                  "scheme",
		"*.qq.com":                       "wildcard",
		"*":                              "wildcard",
		"mail.qq.com/":                   "path",
		"mail.qq.com/cgi-bin/login":      "path",
		"mail.qq.com?x=1":                "path",
		"mail.qq.com#x":                  "path",
		"mail.qq.com\\@evil.example":     "user_info",
		"mail.qq.com\\x":                 "path",
		"user@mail.qq.com":               "user_info",
		"10.0.0.1":                       "ip",
		"10.0.0.1:8080":                  "ip",
		"::1":                            "ip",
		"[::1]":                          "ip",
		"[::1]:8080":                     "ip",
		"::ffff:10.0.0.1":                "ip",
		"2130706433":                     "ip",
		"0x7f.0.0.0x1":                   "ip",
		"127.1":                          "ip",
		"010.0.0.1":                      "ip",
		"mail.qq.com:":                   "port",
		"mail.qq.com:0":                  "port",
		"mail.qq.com:08080":              "port",
		"mail.qq.com:65536":              "port",
		"mail.qq.com:http":               "port",
		"mail.qq.com:+80":                "port",
		"企业.example":                     "script",
		"mail。qq.com":                    "script",
		"ｍａｉｌ.qq.com":                    "script",
		"mail.qq.com.":                   "host",
		".qq.com":                        "host",
		"mail..qq.com":                   "host",
		"-mail.qq.com":                   "host",
		"mail%2eqq.com":                  "host",
		"mail.qq.com;frame-ancestors":    "several",
		"a.example b.example":            "several",
		"a.example,b.example":            "several",
		"a.example、b.example":            "several",
		"a.example\nb.example":           "several",
		"localhost":                      "single",
		"com":                            "single",
		"localhost:3000":                 "single",
		"mail.qq.com:80:80":              "host",
		string(make([]byte, 300)) + ".a": "too_long",
	} {
		got, err := apps.CheckDomain(text)
		var wrong *apps.DomainError
		if !errors.As(err, &wrong) || wrong.Rule != rule || wrong.Value != text || got != "" {
			t.Errorf("%q: %q, %v, want rule %s", text, got, err, rule)
		}
	}
}

// What CheckDomain lets through is what a redirect_uri's host is compared with.
func TestCheckedDomainIsComparable(t *testing.T) {
	for _, text := range []string{"Mail.QQ.com:443", "mail.qq.com:8080"} {
		clean, err := apps.CheckDomain(text)
		if err != nil {
			t.Fatal(err)
		}
		a := &apps.App{Kind: apps.LoginSuite, Addresses: apps.Addresses{Trusted: []string{clean}}}
		if _, rule := a.CheckRedirect("https://"+text+"/cb", false); rule != "" {
			t.Errorf("%s: %s", text, rule)
		}
	}
}

func TestCheckURL(t *testing.T) {
	const corp = "$CORPID$"
	for _, c := range []struct {
		text       string
		kind       apps.URLKind
		sandbox    bool
		rule, host string
	}{
		{"https://app.example/home", apps.HomeURL, false, "", "app.example"},
		{" https://app.example/home?corp=" + corp + " ", apps.HomeURL, false, "", "app.example"},
		{"https://app.example/" + corp + "/data", apps.DataURL, false, "", "app.example"},
		{"http://app.example:8080/data", apps.DataURL, false, "", "app.example:8080"},
		{"http://app.example/cb", apps.CallbackURL, false, "", "app.example"},
		{"https://app.example:443/settings?a=1#b", apps.BusinessURL, false, "", "app.example"},
		{"http://127.0.0.1:8791/settings", apps.BusinessURL, true, "", "127.0.0.1:8791"},
		{"http://localhost:8791/settings", apps.BusinessURL, true, "", "localhost:8791"},
		{"http://[::1]:8791/cb", apps.CallbackURL, true, "", "[::1]:8791"},

		{"", apps.HomeURL, false, "empty", ""},
		{"app.example/home", apps.HomeURL, false, "malformed", ""},
		{"javascript:alert(1)", apps.BusinessURL, true, "scheme", ""},
		{"ftp://app.example/", apps.BusinessURL, true, "scheme", ""},
		{"http://app.example/home", apps.HomeURL, false, "http", ""},
		{"http://app.example/settings", apps.BusinessURL, false, "http", ""},
		{"http://app.example/settings", apps.BusinessURL, true, "http", ""},
		{"http://127.0.0.1:8791/settings", apps.BusinessURL, false, "http", ""},
		{"https://127.0.0.1:8791/settings", apps.BusinessURL, false, "ip", ""},
		{"https://10.0.0.1/cb", apps.CallbackURL, true, "ip", ""},
		{"http://169.254.169.254/latest", apps.CallbackURL, true, "ip", ""},
		{"https://[::ffff:10.0.0.1]/cb", apps.CallbackURL, true, "ip", ""},
		{"https://0x7f.1/cb", apps.CallbackURL, false, "ip", ""},
		{"https://intranet/cb", apps.CallbackURL, true, "single", ""},
		{"https://localhost:3000/cb", apps.CallbackURL, false, "single", ""},
		{"https://" + corp + ".example/home", apps.HomeURL, false, "corpid_place", ""},
		{"https://app.example:" + corp + "/home", apps.HomeURL, false, "port_form", ""},
		{"https://app.example/#" + corp, apps.HomeURL, false, "corpid_place", ""},
		{"https://app.example/?c=" + corp, apps.BusinessURL, false, "corpid", ""},
		{"https://app.example/?c=" + corp, apps.CallbackURL, false, "corpid", ""},
		{"https://app.example/cb#x", apps.CallbackURL, false, "fragment", ""},
		{"https://user:pass@app.example/", apps.HomeURL, false, "user_info", ""},
		{"https://app.example./", apps.HomeURL, false, "host", ""},
		{"https://app.example:0443/", apps.HomeURL, false, "port_form", ""},
		{"https://app.example\\@evil.example/", apps.HomeURL, false, "malformed", ""},
	} {
		clean, host, err := apps.CheckURL(c.text, c.kind, c.sandbox)
		rule := ""
		if wrong := (*apps.SettingError)(nil); errors.As(err, &wrong) {
			rule = wrong.Rule
		}
		if rule != c.rule || host != c.host || (err == nil) != (clean != "") {
			t.Errorf("%q (%d, sandbox %v): %q %q %v, want rule %q host %q", c.text, c.kind, c.sandbox, clean, host, err, c.rule, c.host)
		}
	}
}

func TestCheckDevelopmentOrigin(t *testing.T) {
	for text, rule := range map[string]string{
		"http://localhost:3000": "", " http://127.0.0.1:8791/ ": "", "https://app.localhost:3000": "", "http://[::1]:3000": "",
		"http://localhost": "loopback", "http://localhost:80": "loopback", "http://app.example:3000": "loopback", "http://10.0.0.1:3000": "loopback",
		"http://localhost:3000/cb": "origin", "http://localhost:3000/?x": "origin", "http://localhost:3000/?x=1": "origin", "http://localhost:3000#x": "origin",
		"localhost:3000": "scheme", "": "empty",
	} {
		clean, err := apps.CheckDevelopmentOrigin(text)
		got := ""
		if wrong := (*apps.SettingError)(nil); errors.As(err, &wrong) {
			got = wrong.Rule
		}
		if got != rule || (err == nil) != (clean != "") {
			t.Errorf("%q: %q, %v, want rule %q", text, clean, err, rule)
		}
	}
}
