package respond

import (
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Refusal is a failure of a call as its caller is told it.
type Refusal struct {
	Status     int
	Reason     string        // a word for the request log
	RetryAfter time.Duration // zero says nothing
	Body       any           // the answer, as JSON
}

// Calls adapts a handler of JSON calls that programs of ours make. Each failure is answered
// with what refusal makes of it; problem is what a page would show in its place. What nobody
// foresaw is logged. Calls of another origin's page are refused.
func (p *Responder) Calls(h Handler, refusal func(err error, problem *Problem) Refusal) http.Handler {
	fail := func(w http.ResponseWriter, r *http.Request, err error) {
		if gone(r, err) {
			return
		}
		refused := refusal(err, problemOf(err))
		if refused.Status >= http.StatusInternalServerError {
			p.log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("id", RequestID(r)), slog.String("error", err.Error()))
		}
		if rc := about(r); rc != nil {
			rc.problem = refused.Reason
			if rc.started() {
				return
			}
		}
		w.Header().Set("Cache-Control", "no-store")
		if refused.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(refused.RetryAfter.Seconds()))))
		}
		_ = writeJSON(w, refused.Status, refused.Body)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rc := about(r); rc != nil {
			rc.fail = fail
		}
		if err := p.servePage(h, w, r); err != nil {
			fail(w, r, err)
		}
	})
}
