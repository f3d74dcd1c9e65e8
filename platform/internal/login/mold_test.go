package login

import (
	"html"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/web"
)

// A page made in a mold is the page that its template makes, for the first visitor and for
// the next, whatever the values are.
func TestMoldedPage(t *testing.T) {
	t.Parallel()
	p, err := respond.New(respond.Config{Assets: web.Files, Sandbox: true})
	if err != nil {
		t.Fatal(err)
	}
	page := func(brand, state, key string, sandbox bool) Page {
		h := Handler{PublicURL: "http://localhost:8790", Sandbox: sandbox}
		v := Page{Frame: sampleFrame(false), Site: "app.example.com", QR: h.qr(key)}
		v.Brand, v.Settings.State, v.Settings.WebKey = brand, state, "0123456789abcdef"
		v.Other = "/wwlogin/sso/login?lang=en&state=" + state
		return v
	}
	quick := func(v Page) Page {
		v.Settings.Desktop = desktop
		return v
	}
	for _, sandbox := range []bool{true, false} {
		h := &Handler{Respond: p}
		for _, v := range []Page{
			page("青竹", "first", "3qTz8vKfLw2ZpXaY7mNbRc", sandbox),
			page("青竹", "second", "AAAAAAAAAAAAAAAAAAAAAA", sandbox),
			page("青竹", `</script><script>x</script>"'&+`, "BBBBBBBBBBBBBBBBBBBBBB", sandbox),
			quick(page("青竹", "first", "3qTz8vKfLw2ZpXaY7mNbRc", sandbox)),
			page(`<b>&"'`, "third", "3qTz8vKfLw2ZpXaY7mNbRc", sandbox),
		} {
			h.Sandbox = sandbox
			molded, plain := httptest.NewRecorder(), httptest.NewRecorder()
			r := httptest.NewRequest("GET", "/?lang=zh", nil)
			if err := h.render(molded, r, v); err != nil {
				t.Fatal(err)
			}
			if err := p.Render(plain, r, "login/page", v); err != nil {
				t.Fatal(err)
			}
			got, want := molded.Body.String(), plain.Body.String()
			if normal(got) != normal(want) {
				t.Errorf("%q differs:\n%s\n%s", v.Settings.State, got, want)
			}
			if strings.Count(got, "<script") != 2 || strings.Contains(got, "<b>&") {
				t.Errorf("%q: a value is taken for markup:\n%s", v.Settings.State, got)
			}
		}
		if sandbox { // the kinds of page do not share a mold within one platform
			if p, err = respond.New(respond.Config{Assets: web.Files}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// normal undoes what the two ways of escaping an address differ in.
func normal(page string) string {
	return strings.NewReplacer("%22", `"`, "%27", "'", "%3c", "<", "%3e", ">", "%3C", "<", "%3E", ">").Replace(html.UnescapeString(page))
}
