package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
)

// pages are all pages of a provider with a login suite and the suite {suite}.
var pages = []string{"", "/brand", "/general", "/login", "/suites", "/suites/new", "/suites/{suite}", "/suites/{suite}/callbacks",
	"/suites/{suite}/online", "/suites/{suite}/installs", "/installs", "/pushes", "/calls", "/codes"}

// forms are all forms, and whether they need a fresh proof.
var forms = map[string]bool{
	"/brand": false, "/brand/logo": false, "/brand/networks": true,
	"/general/secret": true, "/general/callback": true, "/general/check": false,
	"/login": true, "/login/switch": false, "/login/domains": true, "/login/development": true, "/login/callback": true,
	"/login/secret": true, "/login/check": false, "/login/ticket": false,
	"/suites": true, "/suites/{suite}/profile": false, "/suites/{suite}/logo": false, "/suites/{suite}/business": true,
	"/suites/{suite}/domains": true, "/suites/{suite}/sensitive": true, "/suites/{suite}/secret": true, "/suites/{suite}/callback": true, "/suites/{suite}/check": false,
	"/suites/{suite}/ticket": false, "/suites/{suite}/submit": false, "/suites/{suite}/withdraw": false, "/suites/{suite}/offline": false,
	"/domain/check": false, "/pushes/1/again": false,
}

// Only the creator and the system admins of the provider see its pages and send its forms.
func TestRights(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.suite(ours, apps.LoginSuite, "login")
	suite := b.suite(ours, apps.Suite, "suite")
	fill := func(path string) string { return strings.Replace(path, "{suite}", suite.SuiteID, 1) }
	for _, who := range []string{"creator", "system"} {
		for _, path := range pages {
			if a := b.get(who, fill(path)); a.status != http.StatusOK {
				t.Errorf("%s: GET %s: %d", who, path, a.status)
			}
		}
	}
	for _, who := range []string{"sub", "external", "member", "other", "company"} {
		for _, path := range pages {
			if a := b.get(who, fill(path)); a.status != http.StatusForbidden {
				t.Errorf("%s: GET %s: %d", who, path, a.status)
			}
		}
		for path := range forms {
			if a := b.post(who+"+", fill(path)); a.status != http.StatusForbidden {
				t.Errorf("%s: POST %s: %d", who, path, a.status)
			}
		}
	}
	for _, path := range pages {
		if a := b.get("", fill(path)); a.status != http.StatusSeeOther || !strings.HasPrefix(a.to, "/console/sign-in?next=") {
			t.Errorf("nobody: GET %s: %d to %s", path, a.status, a.to)
		}
	}
	if list := b.audited(); len(list) != 0 {
		t.Errorf("done in spite of it: %q", list)
	}
}

// Every form needs the csrf of its session, and the sensitive ones a fresh proof; what lacks
// either does nothing.
func TestForms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := b.suite(ours, apps.LoginSuite, "login")
	suite := b.suite(ours, apps.Suite, "suite")
	foreign := b.suite(theirs, apps.Suite, "foreign")
	fields := []string{"brand", "changed", "name", "changed", "on", "0", "domains", "evil.example", "business", "https://evil.example/",
		"networks", "203.0.113.7", "domain", "evil.example"}
	for path, sensitive := range forms {
		own := strings.Replace(path, "{suite}", suite.SuiteID, 1)
		for name, csrf := range map[string]string{"none": "", "another session's": b.csrf("system"), "made up": "sample"} {
			if a := b.postWith("creator+", own, csrf, fields...); a.status != http.StatusForbidden || strings.Contains(a.body, "proof_asked") {
				t.Errorf("POST %s with csrf %s: %d", path, name, a.status)
			}
		}
		if sensitive {
			if a := b.post("creator", own, fields...); a.status != http.StatusForbidden || !strings.Contains(a.body, `value="evil.example"`) {
				t.Errorf("POST %s without a proof: %d; what was typed is kept: %v", path, a.status, strings.Contains(a.body, "evil.example"))
			}
		}
		if strings.Contains(path, "{suite}") {
			for name, id := range map[string]string{"another provider's": foreign.SuiteID, "the login suite": login.SuiteID, "none": "ww0", "odd": "%2e%2e"} {
				if a := b.post("creator+", strings.Replace(path, "{suite}", id, 1), fields...); a.status != http.StatusNotFound {
					t.Errorf("POST %s for %s: %d", path, name, a.status)
				}
			}
		}
	}
	for _, path := range pages {
		if strings.Contains(path, "{suite}") {
			if a := b.get("creator", strings.Replace(path, "{suite}", foreign.SuiteID, 1)); a.status != http.StatusNotFound {
				t.Errorf("GET %s of another provider: %d", path, a.status)
			}
		}
	}
	if list := b.audited(); len(list) != 0 {
		t.Errorf("done in spite of it: %q", list)
	}
	if now := b.app(suite.Row); now.Name != "suite" || now.BusinessURL != "" || len(now.Addresses.Trusted) > 0 {
		t.Errorf("changed: %+v", now)
	}
	if now := b.app(foreign.Row); now.Name != "foreign" {
		t.Errorf("changed: %+v", now)
	}
}

// A GET of what a form changes changes nothing.
func TestGetChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.suite(ours, apps.LoginSuite, "login")
	suite := b.suite(ours, apps.Suite, "suite")
	shown := map[string]bool{}
	for _, path := range pages {
		shown[path] = true
	}
	for path := range forms {
		if shown[path] {
			continue
		}
		if a := b.get("creator+", strings.Replace(path, "{suite}", suite.SuiteID, 1)); a.status != http.StatusMethodNotAllowed && a.status != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, a.status)
		}
	}
	if list := b.audited(); len(list) != 0 {
		t.Errorf("done in spite of it: %q", list)
	}
}
