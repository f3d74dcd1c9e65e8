package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// parsed is what `hufu demo` has with these arguments in a folder with this hufu.toml.
func parsed(t *testing.T, file string, args ...string) (demoCommand, error) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	if file != "" {
		if err := os.WriteFile(settingsFile, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	call, err := parse(t.Context(), append([]string{"demo"}, args...))
	if err != nil {
		return demoCommand{}, err
	}
	return call.Selected().Target.Interface().(demoCommand), nil
}

const everySetting = `
site = "http://localhost:3000"
callback = "http://localhost:3000/cb"
suite-callback = "http://localhost:3000/suite"
expires-in = true
crowd = false
token = "abc"
aes-key = "k"
suite-id = "ww1"
login-suite-id = "ww2"
brand = "品牌"
trust = ["a.example.com", "b.example.com:8443"]
data = "/data"
env-file = "/env"
lan = true
wecom-hosts = true
number-match = "always"
old-polls = true
quiet = false
attempts-per-minute = 5
port = 1
site-port = 2
control-port = 3
tls-addr = "127.0.0.1:4"
proxy-addr = "127.0.0.1:5"
`

func TestSettings(t *testing.T) {
	c, err := parsed(t, everySetting)
	want := demoCommand{Data: "/data", Site: "http://localhost:3000", Callback: "http://localhost:3000/cb",
		SuiteCallback: "http://localhost:3000/suite", ExpiresIn: true, Token: "abc", AESKey: "k",
		SuiteID: "ww1", LoginSuiteID: "ww2", Brand: "品牌", Trust: []string{"a.example.com", "b.example.com:8443"}, EnvFile: "/env",
		LAN: true, WecomHosts: true, NumberMatch: "always", OldPolls: true, Quiet: false, AttemptsPerMinute: 5,
		Port: 1, SitePort: 2, ControlPort: 3, TLSAddr: "127.0.0.1:4", ProxyAddr: "127.0.0.1:5"}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("from the file: %v\n%+v\n%+v", err, c, want)
	}
	// A file that the test above does not cover is one setting short.
	if flags := reflect.TypeFor[demoCommand]().NumField() - len(notSettings) + 1; flags != strings.Count(strings.TrimSpace(everySetting), "\n")+1 {
		t.Errorf("%d settings, and the test's file has others", flags)
	}

	c, err = parsed(t, everySetting, "--port", "9", "--trust", "c.example.com", "--quiet", "--brand", "x", "--quiet")
	if err != nil || c.Port != 9 || !reflect.DeepEqual(c.Trust, []string{"c.example.com"}) || !c.Quiet || c.Brand != "x" {
		t.Errorf("a flag does not win: %v %+v", err, c)
	}
	if c.SitePort != 2 {
		t.Errorf("a flag takes the others away: %+v", c)
	}

	c, err = parsed(t, "")
	if err != nil || c.Port != 8790 || !c.Quiet {
		t.Errorf("without a file: %v %+v", err, c)
	}
}

func TestSettingsOfAnotherFile(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.toml")
	if err := os.WriteFile(other, []byte("port = 7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := parsed(t, "port = 1\nsite-port = 2", "--config", other); err != nil || c.Port != 7 || c.SitePort != 8791 {
		t.Errorf("--config: %v %+v", err, c)
	}
	if _, err := parsed(t, "", "--config", other+".gone"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := parsed(t, "", "--config", settingsFile); err == nil {
		t.Error("hufu.toml was named, is not there, and nothing is said")
	}
}

func TestBadSettings(t *testing.T) {
	for file, want := range map[string]string{
		"sitte = 'x'":             `hufu.toml: there is no setting "sitte"`,
		"[demo]\nport = 1":        `no setting "demo"`,
		"fresh = true":            `no setting "fresh"`,
		"config = 'x'":            `no setting "config"`,
		"help = true":             `no setting "help"`,
		"port = '8790'":           "hufu.toml: port takes a whole number",
		"port = 1.5":              "port takes a whole number",
		"port = true":             "port takes a whole number",
		"lan = 1":                 "lan takes true or false",
		"lan = 'yes'":             "lan takes true or false",
		"site = 3000":             "site takes a text in quotes",
		"site = ['x']":            "site takes a text in quotes",
		"site = 2026-11-22":       "site takes a text in quotes",
		"trust = 'a.example.com'": "trust takes a list",
		"trust = [1]":             "trust takes a list",
		"trust = [['a']]":         "trust takes a list",
		"number-match = 'never'":  "number-match must be one of",
		"port = 1\nport = 2":      "line 2",
		"= 1":                     "line 1",
		"\xff":                    "hufu.toml",
	} {
		_, err := parsed(t, file)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want %q", file, err, want)
		}
	}
}
