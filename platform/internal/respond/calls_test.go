package respond_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// A call's failures are worded by its package alone, and told to the log where nobody
// foresaw them.
func TestCalls(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := newResponder(t, func(c *respond.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	foreseen, unforeseen := errors.New("the caller's own"), errors.New("cause-for-the-log")
	refusal := func(err error, problem *respond.Problem) respond.Refusal {
		r := respond.Refusal{Status: problem.Status, Reason: "other", RetryAfter: problem.RetryAfter, Body: map[string]string{"reason": "other"}}
		if errors.Is(err, foreseen) {
			r.Status, r.Reason, r.Body = http.StatusConflict, "own", map[string]string{"reason": "own"}
		}
		return r
	}
	for _, c := range []struct {
		err    error
		status int
		body   string
		retry  string
	}{
		{foreseen, 409, `{"reason":"own"}`, ""},
		{unforeseen, 500, `{"reason":"other"}`, ""},
		{respond.TooMany(90 * time.Second), 429, `{"reason":"other"}`, "90"},
		{&http.MaxBytesError{Limit: 1}, 413, `{"reason":"other"}`, ""},
	} {
		w := get(p.Wrap(p.Calls(failing(c.err), refusal)), "/")
		if w.Code != c.status || w.Body.String() != c.body || w.Header().Get("Retry-After") != c.retry ||
			!strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v: %d %s %v", c.err, w.Code, w.Body, w.Header())
		}
	}
	if got := log.String(); strings.Count(got, "cause-for-the-log") != 1 || strings.Contains(got, "the caller's own") ||
		!strings.Contains(got, "problem=own") {
		t.Errorf("the log: %s", got)
	}
	called := false
	w := get(p.Wrap(p.Calls(func(http.ResponseWriter, *http.Request) error { called = true; return nil }, refusal)), "/", func(r *http.Request) {
		r.Method = http.MethodPost
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	})
	if w.Code != http.StatusForbidden || called {
		t.Errorf("of another origin's page: %d", w.Code)
	}
	w = get(p.Wrap(p.Calls(func(http.ResponseWriter, *http.Request) error { panic("secret") }, refusal)), "/")
	if w.Code != http.StatusInternalServerError || w.Body.String() != `{"reason":"other"}` {
		t.Errorf("a panic: %d %s", w.Code, w.Body)
	}
}
