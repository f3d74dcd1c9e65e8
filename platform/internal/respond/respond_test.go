package respond_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond"
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

func TestStorybookRenders(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	h := p.Wrap(p.Storybook(respond.Stories()))
	if w := get(h, "/storybook/"); w.Code != http.StatusOK {
		t.Fatalf("list: %d %s", w.Code, w.Body)
	}
	for _, s := range respond.Stories() {
		for _, lang := range respond.Languages {
			if w := get(h, "/storybook/"+s.Page+"/"+s.Name+"?lang="+lang); w.Code != http.StatusOK {
				t.Errorf("%s/%s in %s: %d", s.Page, s.Name, lang, w.Code)
			}
		}
	}
}
