package respond_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

func failing(err error) respond.Handler {
	return func(http.ResponseWriter, *http.Request) error { return err }
}

func TestPageShowsProblems(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := newResponder(t, func(c *respond.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	secret := errors.New("cause-for-the-log")
	for _, c := range []struct {
		err    error
		status int
		key    string
	}{
		{respond.NotFound(), 404, "error.not_found"},
		{respond.MethodNotAllowed("GET"), 405, "error.method"},
		{respond.BadRequest(), 400, "error.bad_request"},
		{respond.TooLarge(), 413, "error.too_large"},
		{respond.Expired(), 410, "error.expired"},
		{respond.BadForm(), 403, "error.form"},
		{respond.CrossOrigin(secret), 403, "error.cross_origin"},
		{respond.SignInFirst(), 401, "error.sign_in"},
		{respond.Forbidden(secret), 403, "error.forbidden"},
		{respond.TooMany(90 * time.Second), 429, "error.too_many"},
		{respond.Unavailable(secret), 503, "error.unavailable"},
		{respond.Internal(secret), 500, "error.internal"},
		{secret, 500, "error.internal"},
		{errors.Join(errors.New("around"), respond.NotFound()), 404, "error.not_found"},
		{&respond.Problem{Status: 400, Key: "error.no_such_words"}, 500, "error.internal"},
	} {
		h := p.Wrap(p.Page(failing(c.err)))
		w := get(h, "/")
		if w.Code != c.status || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%v: status %d, %s", c.err, w.Code, w.Header().Get("Content-Type"))
		}
		if strings.Contains(w.Body.String(), secret.Error()) {
			t.Errorf("%v: the page shows the cause", c.err)
		}
		w = get(h, "/", func(r *http.Request) { r.Header.Set("Accept", "application/json") })
		var answer struct {
			Error, Title, Why, Todo string
			RequestID               string `json:"request_id"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		if w.Code != c.status || answer.Error != c.key || answer.Title == "" || answer.Why == "" || answer.Todo == "" || len(answer.RequestID) != 16 {
			t.Errorf("%v: status %d, %+v", c.err, w.Code, answer)
		}
	}
	if !strings.Contains(log.String(), secret.Error()) {
		t.Error("the cause is not in the log")
	}
	if w := get(p.Page(failing(respond.TooMany(1500*time.Millisecond))), "/"); w.Header().Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	if w := get(p.Page(failing(respond.MethodNotAllowed("GET, HEAD"))), "/"); w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow %q", w.Header().Get("Allow"))
	}
}

func TestPageEscapesFacts(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	hostile := "<script>alert(1)</script>\x00\u202e" + strings.Repeat("漢", 5000)
	w := get(p.Page(failing(respond.BadRequest(respond.Fact{Label: "error.fact.received", Value: hostile}))), "/")
	body := w.Body.String()
	if strings.Contains(body, "<script>alert") || strings.ContainsAny(body, "\x00\u202e\ufffd") || len(body) > 6000 {
		t.Errorf("hostile value got through (%d bytes)", len(body))
	}
	if w := get(p.Page(failing(respond.BadRequest(respond.Fact{Label: "none", Value: "v"}))), "/"); w.Code != 400 {
		t.Errorf("a label without words: %d", w.Code)
	}
	if !strings.Contains(body, "&lt;script&gt;alert(1)") {
		t.Error("the value is not shown")
	}
}

func TestPageHeaders(t *testing.T) {
	t.Parallel()
	p := newResponder(t, func(c *respond.Config) { c.PublicURL = "https://sso.example" })
	list := respond.StoryListView{}
	page := func(before func(http.ResponseWriter)) http.Header {
		return get(p.Wrap(p.Page(func(w http.ResponseWriter, r *http.Request) error {
			before(w)
			return p.Render(w, r, "storybook", list)
		})), "/").Header()
	}
	h := page(func(http.ResponseWriter) {})
	for name, want := range map[string]string{
		"Content-Security-Policy":    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		"X-Content-Type-Options":     "nosniff",
		"Referrer-Policy":            "no-referrer",
		"Cache-Control":              "no-store",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Strict-Transport-Security":  "max-age=31536000",
		"X-Frame-Options":            "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	h = page(func(w http.ResponseWriter) {
		respond.FrameAncestors(w, []string{"https://a.example:8443", "https://b.example; script-src *", "https://b.example;sandbox", "x,y", "", "http://[::1]:3000"})
	})
	if got := h.Get("Content-Security-Policy"); !strings.HasSuffix(got, "; frame-ancestors https://a.example:8443 http://[::1]:3000") {
		t.Errorf("policy %q", got)
	}
	if h.Get("Cross-Origin-Opener-Policy") != "" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("framed page: %v", h)
	}
	h = page(func(w http.ResponseWriter) { respond.FrameAncestors(w, []string{"a b"}) })
	if got := h.Get("Content-Security-Policy"); !strings.HasSuffix(got, "frame-ancestors 'none'") {
		t.Errorf("policy %q", got)
	}
}

func TestPageRefusesOtherOrigins(t *testing.T) {
	t.Parallel()
	p := newResponder(t, func(c *respond.Config) { c.PublicURL = "https://sso.example" })
	ran := false
	h := p.Wrap(p.Page(func(w http.ResponseWriter, _ *http.Request) error {
		ran = true
		return respond.WriteJSON(w, struct{}{})
	}))
	for _, c := range []struct {
		name, site, origin string
		want               int
	}{
		{"same origin", "same-origin", "http://example.com", 200},
		{"typed", "none", "", 200},
		{"no browser", "", "", 200},
		{"old browser", "", "http://example.com", 200},
		{"behind a proxy", "", "https://sso.example", 200},
		{"other site", "cross-site", "https://evil.example", 403},
		{"sibling", "same-site", "https://other.example.com", 403},
		{"old browser, other site", "", "https://evil.example", 403},
		{"opaque", "", "null", 403},
	} {
		ran = false
		w := do(h, httptest.NewRequest(http.MethodPost, "/", nil), func(r *http.Request) {
			if c.site != "" {
				r.Header.Set("Sec-Fetch-Site", c.site)
			}
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
		})
		if w.Code != c.want || ran != (c.want == 200) {
			t.Errorf("%s: status %d, ran %v", c.name, w.Code, ran)
		}
	}
}

// Outside the sandbox the phone's origin is another one to consoles and login pages.
func TestPhonesOriginIsAnother(t *testing.T) {
	t.Parallel()
	p := newResponder(t, func(c *respond.Config) { c.PublicURL, c.Sandbox = "https://sso.example", false })
	h := p.Wrap(p.Page(func(w http.ResponseWriter, _ *http.Request) error { return respond.WriteJSON(w, struct{}{}) }))
	for host, want := range map[string]int{"sso.example": 200, "console.sso.example": 403} {
		for _, site := range []string{"same-site", ""} {
			r := httptest.NewRequest(http.MethodPost, "https://"+host+"/", nil)
			w := do(h, r, func(r *http.Request) {
				r.Header.Set("Origin", "https://sso.example")
				if site != "" && host != "sso.example" {
					r.Header.Set("Sec-Fetch-Site", site)
				}
			})
			if w.Code != want {
				t.Errorf("%s %q: %d, want %d", host, site, w.Code, want)
			}
		}
	}
}

func TestPageBodyLimit(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	h := p.Wrap(p.Page(func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return err
		}
		return respond.WriteJSON(w, len(r.PostForm.Get("a")))
	}))
	form := func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
	big := "a=" + strings.Repeat("x", 1<<20)
	if w := do(h, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(big)), form); w.Code != 413 {
		t.Errorf("announced: %d", w.Code)
	}
	// io.MultiReader hides the length, as a chunked body does.
	if w := do(h, httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader(big))), form); w.Code != 413 {
		t.Errorf("chunked: %d", w.Code)
	}
	if w := do(h, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(big[:1<<20])), form); w.Code != 200 {
		t.Errorf("just fits: %d", w.Code)
	}
}

func TestRenderAsJSON(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	view := respond.StoryListView{Features: []respond.StoryFeature{{Name: "a&b"}}}
	h := p.Page(func(w http.ResponseWriter, r *http.Request) error {
		return p.RenderStatus(w, r, 202, "storybook", view)
	})
	w := get(h, "/", func(r *http.Request) { r.Header.Set("Accept", "application/json") })
	if w.Code != 202 || w.Header().Get("Content-Type") != "application/json; charset=UTF-8" || !strings.Contains(w.Body.String(), `"a&b"`) {
		t.Errorf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	if w := get(h, "/", func(r *http.Request) { r.Header.Set("Accept", "text/html,application/json") }); !strings.HasPrefix(w.Body.String(), "<!doctype") {
		t.Error("a browser got JSON")
	}
}

func TestRenderSendsNothingHalf(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	for name, view := range map[string]any{"no such page": nil, "error": struct{ Key int }{}} {
		page := "error"
		if view == nil {
			page = "phone/none"
		}
		w := get(p.Wrap(p.Page(func(w http.ResponseWriter, r *http.Request) error { return p.Render(w, r, page, view) })), "/")
		if w.Code != 500 || strings.Count(w.Body.String(), "<!doctype") != 1 {
			t.Errorf("%s: %d\n%s", name, w.Code, w.Body)
		}
	}
}
