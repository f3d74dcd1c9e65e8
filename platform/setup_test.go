package platform_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
)

// Where nobody can sign in as operator any more, whoever starts the program has a link for one
// more: good once, and the platform stays set up.
func TestOperatorLink(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{Plain: true})
	first, err := p.SetupURL(t.Context())
	if err != nil || first == "" {
		t.Fatalf("%q, %v", first, err)
	}
	use := func(link, account string) int {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		return p.Browser().Send("POST", u.Path, url.Values{"name": {account}, "account": {account},
			"password": {"a long enough password"}, "confirm": {"a long enough password"}}).Status
	}
	if got := use(first, "first"); got != http.StatusSeeOther {
		t.Fatalf("set up: %d", got)
	}
	if again, err := p.SetupURL(t.Context()); again != "" || err != nil {
		t.Errorf("a set-up link for a platform with an operator: %q, %v", again, err)
	}
	link, err := p.OperatorURL(t.Context())
	if err != nil || !strings.Contains(link, "/phone/enrol/") {
		t.Fatalf("%q, %v", link, err)
	}
	if got := use(link, "second"); got != http.StatusSeeOther {
		t.Errorf("one more operator: %d", got)
	}
	if got := use(link, "third"); got == http.StatusSeeOther {
		t.Error("the link works twice")
	}
	b := p.Browser()
	b.Enter("second", "a long enough password")
	if got := b.Get("/operator"); got.Status != http.StatusOK {
		t.Errorf("the second operator's console: %d", got.Status)
	}
}
