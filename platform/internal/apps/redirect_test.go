package apps

import "testing"

func trusting() *App {
	return &App{Kind: LoginSuite, Addresses: Addresses{
		Trusted:     []string{"app.example.com", "mail.example.com:8443", "xn--fiqs8s.example"},
		Development: []string{"http://localhost:3000", "http://127.0.0.1:8791"},
	}}
}

func TestRedirectAccepted(t *testing.T) {
	for _, c := range []struct{ raw, state, want string }{
		{"https://app.example.com", "s", "https://app.example.com/?code=C&state=s"},
		{"HTTPS://APP.example.com/Path?x=1#/route?y=2", "a b", "https://app.example.com/Path?x=1&code=C&state=a%20b#/route?y=2"},
		{"https://app.example.com:443/cb", "", "https://app.example.com/cb?code=C"},
		{"https://mail.example.com:8443/cb?", "1", "https://mail.example.com:8443/cb?code=C&state=1"},
		{"https://app.example.com/cb?code=evil&state=evil&c%6Fde=evil&keep=1", "s", "https://app.example.com/cb?keep=1&code=C&state=s"},
		{"https://app.example.com/登录?名=值", "s", "https://app.example.com/%E7%99%BB%E5%BD%95?%E5%90%8D=%E5%80%BC&code=C&state=s"},
		{"https://app.example.com/cb", "测'\"&#", "https://app.example.com/cb?code=C&state=%E6%B5%8B'%22%26%23"},
		{"https://xn--fiqs8s.example/", "s", "https://xn--fiqs8s.example/?code=C&state=s"},
		{"http://localhost:3000/cb", "s", "http://localhost:3000/cb?code=C&state=s"},
		{"http://127.0.0.1:8791/cb", "s", "http://127.0.0.1:8791/cb?code=C&state=s"},
	} {
		r, rule := trusting().CheckRedirect(c.raw, true)
		if rule != "" {
			t.Errorf("%s: refused: %s", c.raw, rule)
			continue
		}
		if got := r.To("C", c.state, 0); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.raw, got, c.want)
		}
	}
}

// Abuse case 11: with development origins off, none of these is let through, and each is
// named.
func TestRedirectRefused(t *testing.T) {
	for raw, want := range map[string]Rule{
		"":                          RuleEmpty,
		"http://app.example.com/cb": RuleHTTP,
		"http://localhost:3000/cb":  RuleHTTP,
		"https://app.example.com\\@evil.example/":      RuleMalformed,
		"https://evil.example\\.app.example.com/":      RuleMalformed,
		"https://app.example.com\t/cb":                 RuleMalformed,
		"https://app.exa\nmple.com/cb":                 RuleMalformed,
		"\thttps://app.example.com/":                   RuleMalformed,
		"https://app%2eexample.com/cb":                 RuleHost,
		"https://app.example.com./cb":                  RuleHost,
		"https://app.example.com:0443/cb":              RulePort,
		"https://app.example.com:/cb":                  RulePort,
		"https://app.example.com:99999/":               RulePort,
		"https://ａｐｐ.example.com/cb":                   RuleHost,
		"https://app。example.com/cb":                   RuleHost,
		"javascript:alert(1)":                          RuleScheme,
		"data:text/html,x":                             RuleScheme,
		"https:app.example.com/cb":                     RuleMalformed,
		"https:///app.example.com/cb":                  RuleMalformed,
		"//app.example.com/cb":                         RuleMalformed,
		"app.example.com":                              RuleMalformed,
		"https://user@app.example.com/":                RuleUserInfo,
		"https://app.example.com@evil.example/":        RuleUserInfo,
		"https%3A%2F%2Fapp.example.com%2Fcb":           RuleDoubleEncoded,
		"https://app.example.com:8443/cb":              RulePortDiffers,
		"https://mail.example.com/cb":                  RulePortDiffers,
		"https://sub.app.example.com/cb":               RuleSubdomain,
		"https://example.com/cb":                       RuleSubdomain,
		"https://evil.example/app.example.com":         RuleNotListed,
		"https://app.example.com.evil.example/":        RuleNotListed,
		"https://evilapp.example.com/":                 RuleNotListed,
		"https://[::1]/":                               RuleNotListed,
		"https://evil.example/?u=https://app.example/": RuleNotListed,
	} {
		r, rule := trusting().CheckRedirect(raw, false)
		if rule != want {
			t.Errorf("%q: rule %q, want %q (origin %q)", raw, rule, want, r.Origin)
		}
	}
}

// In the sandbox the rule says what the sandbox can do about it.
func TestRedirectInTheSandbox(t *testing.T) {
	onlyDevelopment := &App{Kind: LoginSuite, Addresses: Addresses{Development: []string{"http://127.0.0.1:8791"}}}
	for raw, want := range map[string]Rule{
		"http://127.0.0.1:8791/cb":  "",
		"http://localhost:8791/cb":  RuleDevelopment,
		"http://127.0.0.1:3000/cb":  RuleDevelopment,
		"http://app.example.com/cb": RuleDevelopment,
		"https://127.0.0.1:8791/cb": RuleNotListed,
	} {
		if _, rule := onlyDevelopment.CheckRedirect(raw, true); rule != want {
			t.Errorf("%s: rule %q, want %q", raw, rule, want)
		}
	}
	if _, rule := (&App{Kind: LoginSuite}).CheckRedirect("https://app.example.com/", true); rule != RuleNoneTrusted {
		t.Errorf("an app that trusts nothing: rule %q", rule)
	}
}

func TestRedirectExact(t *testing.T) {
	a := trusting()
	a.Addresses.Exact = []string{"https://app.example.com/cb"}
	if _, rule := a.CheckRedirect("https://app.example.com/cb", false); rule != "" {
		t.Errorf("listed URI refused: %s", rule)
	}
	if _, rule := a.CheckRedirect("https://app.example.com/cb2", false); rule != RuleNotExact {
		t.Errorf("unlisted URI: rule %q", rule)
	}
}

func TestStillTrusts(t *testing.T) {
	a := trusting()
	for origin, want := range map[string]bool{
		"https://app.example.com": true, "http://app.example.com": false, "http://localhost:3000": false, "https://evil.example": false,
	} {
		if got := a.StillTrusts(origin, false); got != want {
			t.Errorf("%s: %v", origin, got)
		}
	}
	if !a.StillTrusts("http://localhost:3000", true) {
		t.Error("development origin refused while they count")
	}
}
