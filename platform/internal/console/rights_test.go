package console_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/console"
	. "github.com/hufu-sso/hufu/platform/internal/console/consoletest"
)

// visits mounts a page and a form of each console.
func visits(p *Platform) {
	show := func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		_, err := io.WriteString(w, v.Base())
		return err
	}
	for kind, path := range map[console.Kind]string{console.Admin: "/admin/{corp}/x", console.Provider: "/provider/{corp}/x", console.Operator: "/operator/x"} {
		p.Mux.Handle("GET "+path, p.Console.Page(kind, show))
		p.Mux.Handle("POST "+path, p.Console.Page(kind, show))
		p.Mux.Handle("POST "+path+"/sensitive", p.Console.Sensitive(kind, show))
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	visits(p)
	admins := []string{Creator, System, External, Sub}
	var paths []Path
	for path, may := range map[string][]string{
		"/admin/" + p.Galaxy.CorpID + "/x":                  admins,
		"/admin/" + strings.ToUpper(p.Galaxy.CorpID) + "/x": admins,
		"/admin/" + p.Hills.CorpID + "/x":                   {ForeignAdmin, ForeignSub},
		"/admin/ww00000000000000ff/x":                       nil,
		"/provider/" + p.Galaxy.CorpID + "/x":               nil, // no provider
		"/provider/" + p.Hills.CorpID + "/x":                {ForeignAdmin},
		"/operator/x":                                       {Operator},
	} {
		paths = append(paths, Path{Method: "GET", Path: path, May: may}, Path{Method: "POST", Path: path, May: may},
			Path{Method: "POST", Path: path + "/sensitive", May: may})
	}
	Rights(t, p, paths)
}

// Rights are read again at every request: a session does not carry them.
func TestRightsEndAtOnce(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	visits(p)
	ctx, path := context.Background(), "/admin/"+p.Galaxy.CorpID+"/x"
	b := p.As(System, true)
	if got := b.Get(path); got.Code != http.StatusOK {
		t.Fatalf("as an admin: %d", got.Code)
	}
	a, err := p.Directory.AdminOf(ctx, p.Galaxy.Row, p.Person[System])
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Directory.RemoveAdmin(ctx, p.Galaxy.Row, a.Row); err != nil {
		t.Fatal(err)
	}
	if got := b.Get(path); got.Code != http.StatusForbidden {
		t.Errorf("after the right was taken: %d", got.Code)
	}
}

// A form that another site's page sends is refused before anything is read of it.
func TestFormsOfOtherSites(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	visits(p)
	b := p.As(System, true)
	for name, header := range map[string][2]string{"cross-site": {"Sec-Fetch-Site", "cross-site"}, "origin": {"Origin", "https://evil.example"}} {
		r := httptest.NewRequest("POST", ConsoleURL+"/admin/"+p.Galaxy.CorpID+"/x", strings.NewReader(url.Values{"csrf": {b.CSRF()}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header[0], header[1])
		if got := b.Do(r); got.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	if got := b.Post("/admin/"+p.Galaxy.CorpID+"/x", url.Values{"csrf": {""}}); got.Code != http.StatusForbidden {
		t.Errorf("without csrf: %d", got.Code)
	}
}

// The headers of a console's page: nobody frames it, and no other window reaches into it.
func TestPageHeaders(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	for name, got := range map[string]*httptest.ResponseRecorder{"sign-in": p.Browser().Get("/console/sign-in"), "list": p.As(Member, false).Get("/console")} {
		h := got.Header()
		if got.Code != http.StatusOK || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") ||
			h.Get("Cross-Origin-Opener-Policy") != "same-origin" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", name, got.Code, h)
		}
	}
}

// Which consoles a person may enter; the only one is entered at once.
func TestConsoles(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	for name, want := range map[string]string{Operator: "/operator", System: "/admin/" + p.Galaxy.CorpID, Sub: "/admin/" + p.Galaxy.CorpID} {
		if got := p.As(name, false).Get("/console"); got.Code != http.StatusSeeOther || got.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", name, got.Code, got.Header().Get("Location"), want)
		}
	}
	both := p.As(ForeignAdmin, false).Get("/console")
	for _, want := range []string{"/admin/" + p.Hills.CorpID, "/provider/" + p.Hills.CorpID} {
		if !strings.Contains(both.Body.String(), `href="`+want+`"`) {
			t.Errorf("a provider's creator is not offered %s", want)
		}
	}
	for _, name := range []string{Member, Disabled} {
		if got := p.As(name, false).Get("/console"); got.Code != http.StatusOK || strings.Contains(got.Body.String(), p.Galaxy.CorpID) {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
}

// What was done is said once, and only in words that there are.
func TestFlash(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	p.Mux.Handle("GET /operator", p.Console.Page(console.Operator, func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		_, err := io.WriteString(w, "["+v.Frame("home").Flash+"]")
		return err
	}))
	p.Mux.Handle("POST /operator", p.Console.Page(console.Operator, func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		p.Console.Flash(w, r, r.PostFormValue("key"))
		return v.See(w, "")
	}))
	b := p.As(Operator, false)
	for key, want := range map[string]string{"console.saved": "[console.saved]", "no.such.key": "[]", "console.rows": "[]"} {
		b.Post("/operator", url.Values{"key": {key}})
		if got := b.Get("/operator").Body.String(); got != want {
			t.Errorf("%s: %s", key, got)
		}
		if got := b.Get("/operator").Body.String(); got != "[]" {
			t.Errorf("%s is said twice: %s", key, got)
		}
	}
}
