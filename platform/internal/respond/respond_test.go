package respond_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/respond/respondtest"
	"github.com/hufu-sso/hufu/platform/web"
)

func newResponder(t testing.TB, change ...func(*respond.Config)) *respond.Responder {
	t.Helper()
	c := respond.Config{Assets: web.Files, Sandbox: true, PublicURL: "http://localhost:8790"}
	for _, f := range change {
		f(&c)
	}
	p, err := respond.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func get(h http.Handler, target string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	return do(h, httptest.NewRequest(http.MethodGet, target, nil), change...)
}

func do(h http.Handler, r *http.Request, change ...func(*http.Request)) *httptest.ResponseRecorder {
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestStories(t *testing.T) {
	t.Parallel()
	respondtest.Stories(t, respond.Stories())
}

func TestStorybook(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	h := p.Wrap(p.Storybook(respond.Stories()))
	if w := get(h, "/storybook/"); w.Code != 200 || strings.Count(w.Body.String(), "/storybook/error/not-found?") != 4 {
		t.Errorf("list: %d", w.Code)
	}
	w := get(h, "/storybook/error/not-found?scheme=dark&lang=en")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `<html lang="en" data-scheme="dark">`) || !strings.HasSuffix(w.Header().Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Errorf("story: %d %v", w.Code, w.Header())
	}
	if w := get(h, `/storybook/error/not-found?scheme="><script>`); strings.Contains(w.Body.String(), "data-scheme") {
		t.Error("an unknown scheme got through")
	}
	if w := get(h, "/storybook/error/none"); w.Code != 404 {
		t.Errorf("unknown story: %d", w.Code)
	}
}

func BenchmarkRender(b *testing.B) {
	p := newResponder(b)
	view := respond.Stories()[1].View
	r := httptest.NewRequest(http.MethodGet, "/?lang=en", nil)
	h := p.Wrap(p.Page(func(w http.ResponseWriter, r *http.Request) error { return p.Render(w, r, "error", view) }))
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newResponder(b)
	}
}
