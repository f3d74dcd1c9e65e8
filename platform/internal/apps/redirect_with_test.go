package apps

import (
	"slices"
	"testing"
)

// Of the names that are set nothing that came along remains, however it was written; the rest
// of the query stays as it was.
func TestWith(t *testing.T) {
	t.Parallel()
	a := &App{Kind: LoginSuite, Addresses: Addresses{Trusted: []string{"app.example.com"}}}
	for raw, want := range map[string]string{
		"https://app.example.com":                                  "https://app.example.com/?auth_code=C&state=a%20%26b",
		"https://app.example.com/cb?x=1#/r?y":                      "https://app.example.com/cb?x=1&auth_code=C&state=a%20%26b#/r?y",
		"https://app.example.com/cb?auth_code=old&x=1&auth_code=2": "https://app.example.com/cb?x=1&auth_code=C&state=a%20%26b",
		"https://app.example.com/cb?%61uth_code=old&auth%5fcode=2": "https://app.example.com/cb?auth_code=C&state=a%20%26b",
		"https://app.example.com/cb?auth_codes=1&expires_in=9":     "https://app.example.com/cb?auth_codes=1&auth_code=C&state=a%20%26b",
		"https://app.example.com/cb?state=old&code=old&q=登录":       "https://app.example.com/cb?q=%E7%99%BB%E5%BD%95&auth_code=C&state=a%20%26b",
	} {
		r, rule := a.CheckRedirect(raw, false)
		if rule != "" {
			t.Fatalf("%s: %s", raw, rule)
		}
		if got := r.With(Param{"auth_code", "C"}, Param{"expires_in", ""}, Param{"state", "a &b"}); got != want {
			t.Errorf("%s:\n%s\n%s", raw, got, want)
		}
	}
}

// From where the old login of a provider may begin: the launch domains, and the trusted ones
// while none is set.
func TestCheckReferer(t *testing.T) {
	t.Parallel()
	set := &App{Kind: LoginSuite, Addresses: Addresses{Trusted: []string{"cb.example.com"}, Launch: []string{"www.example.com", "shop.example.com:8443"},
		Development: []string{"http://localhost:3000"}}}
	unset := &App{Kind: LoginSuite, Addresses: Addresses{Trusted: []string{"cb.example.com"}, Development: set.Addresses.Development}}
	for _, c := range []struct {
		app         *App
		referer     string
		development bool
		want        Rule
	}{
		{set, "https://www.example.com/", false, ""},
		{set, "http://www.example.com/login?a=b", false, ""}, // whatever its scheme
		{set, "https://WWW.example.com:443/", false, ""},
		{set, "https://shop.example.com:8443/", false, ""},
		{set, "https://cb.example.com/", false, RuleNotListed},
		{set, "https://shop.example.com/", false, RulePortDiffers},
		{set, "https://a.www.example.com/", false, RuleSubdomain},
		{set, "https://example.com/", false, RuleSubdomain},
		{set, "https://evil.example/", false, RuleNotListed},
		{set, "", false, RuleEmpty},
		{set, "null", false, RuleMalformed},
		{set, "http://localhost:3000/", true, ""},
		{set, "https://localhost:3000/", true, RuleNotListed},
		{set, "http://localhost:3000/", false, RuleNotListed},
		{unset, "https://cb.example.com/", false, ""},
		{unset, "https://www.example.com/", false, RuleNotListed},
		{&App{}, "https://www.example.com/", false, RuleNoneTrusted},
	} {
		if got := c.app.CheckReferer(c.referer, c.development); got != c.want {
			t.Errorf("%q, development %v: %q, want %q", c.referer, c.development, got, c.want)
		}
	}
	if got := set.LaunchOrigins(true); !slices.Equal(got, []string{"http://localhost:3000", "https://shop.example.com:8443", "https://www.example.com"}) {
		t.Errorf("origins %v", got)
	}
	if got := unset.LaunchOrigins(false); !slices.Equal(got, []string{"https://cb.example.com"}) {
		t.Errorf("origins %v", got)
	}
	if got := set.ConfiguredLaunch(true); len(got) != 3 || len(set.Addresses.Launch) != 2 {
		t.Errorf("shown %v", got)
	}
}
