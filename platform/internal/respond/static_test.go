package respond_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/hufu-sso/hufu/platform/web"
)

func TestStatic(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	page := get(p.Wrap(p.Storybook(nil)), "/storybook/").Body.String()
	address := regexp.MustCompile(`/static/[0-9a-f]{12}/base\.css`).FindString(page)
	if address == "" {
		t.Fatal("the page names no style sheet")
	}
	want, err := web.Files.ReadFile("static/base.css")
	if err != nil {
		t.Fatal(err)
	}
	h := p.Wrap(p.Static())
	w := get(h, address)
	if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), want) ||
		w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" ||
		w.Header().Get("Content-Type") != "text/css; charset=utf-8" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	w = get(h, address, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip, br") })
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, want) {
		t.Errorf("compressed: %v", err)
	}
	for _, target := range []string{"/static/", "/static/000000000000/base.css", "/static/base.css", address + "/", address[:21] + "none.css", address[:21] + "../templates/error.html"} {
		if w := get(h, target); w.Code != 404 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", target, w.Code, w.Header().Get("Cache-Control"))
		}
	}
	if w := do(h, httptest.NewRequest(http.MethodPost, address, nil)); w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
	if len(p.Requests()) != 1 {
		t.Errorf("static files stand in the list: %+v", p.Requests())
	}
}
