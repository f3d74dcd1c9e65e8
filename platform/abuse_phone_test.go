package platform_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
)

// cookieOf is a phone's cookies as a header.
func cookieOf(ph *platformtest.Phone) string {
	var pairs []string
	for name, value := range ph.Cookies() {
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, "; ")
}

// Where the sign-in goes on to is one of the phone's own pages, also after the dots in a
// path are resolved and read as a browser reads it, to which a backslash is a slash.
func TestNextStaysOnThePhone(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	member := p.Sample.CorpID + "/" + p.Sample.Member
	cookie := cookieOf(p.Phone(member))
	page := openPage(t, p)
	for next, want := range map[string]string{
		"":                                     "/phone",
		"/phone":                               "/phone",
		"/q/" + page.QRKey:                     "/q/" + page.QRKey,
		"/q/":                                  "/phone",
		"/q/../x":                              "/phone",
		"/q/%2e%2e/%5cevil.example":            "/phone",
		"/q/..%2f%5cevil.example":              "/phone",
		`/q/../\evil.example`:                  "/phone",
		"/q/%2e%2e/%2f/evil.example":           "/phone",
		"/q/%2e%2e/%09/evil.example":           "/phone",
		"/q/a%0d%0aX: y":                       "/phone",
		"/q/a%3flang=en":                       "/phone",
		"//evil.example":                       "/phone",
		"/\\evil.example":                      "/phone",
		"https://evil.example/q/" + page.QRKey: "/phone",
		"javascript:alert(1)":                  "/phone",
		"/phone/../q":                          "/phone",
	} {
		// Signed in already, and after signing in.
		at := p.URL() + "/phone/sign-in"
		form := url.Values{"next": {next}, "person": {member}}
		for way, a := range map[string]answer{
			"GET":  send(t, http.MethodGet, at+"?"+form.Encode(), "", "Cookie", cookie),
			"POST": send(t, http.MethodPost, at, form.Encode(), "Content-Type", "application/x-www-form-urlencoded"),
		} {
			if got := a.header.Get("Location"); a.status != http.StatusSeeOther || got != want {
				t.Errorf("%s next=%q: %d to %q, want %q", way, next, a.status, got, want)
			}
		}
	}
}
