package respond

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// bodyLimit bounds every request body but that of an upload of members, which uploadLimit
// bounds.
const (
	bodyLimit   = 1 << 20
	uploadLimit = 4 << 20
)

// uploads is the end of the one path that takes an upload of members.
const uploads = "/contacts/import"

func limitOf(r *http.Request) int64 {
	if strings.HasPrefix(r.URL.Path, "/admin/") && strings.HasSuffix(r.URL.Path, uploads) {
		return uploadLimit
	}
	return bodyLimit
}

// request is what Wrap knows about a request; one per request, in its context.
type request struct {
	id      string
	addr    netip.Addr
	writer  *recorder
	errcode int    // of an API failure
	problem string // key of an error page
	fail    func(w http.ResponseWriter, r *http.Request, err error)
}

func (rc *request) started() bool { return rc.writer.status != 0 }

type requestKey struct{}

func about(r *http.Request) *request {
	rc, _ := r.Context().Value(requestKey{}).(*request)
	return rc
}

// RequestID names the request in the log and on error pages: 16 hex digits,
// made here, never taken from a header. "" outside Wrap.
func RequestID(r *http.Request) string {
	if rc := about(r); rc != nil {
		return rc.id
	}
	return ""
}

// Wrap goes around everything the platform serves: it gives the request its id
// and client address, limits the body (to 1 MiB; see limitOf), sets the headers every answer
// has, turns a panic into a 500, and keeps the request log, which has no query
// strings and no keys in paths.
func (p *Responder) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := p.now()
		start := time.Now() // durations are real even when the clock is moved
		rec := &recorder{ResponseWriter: w}
		rc := &request{id: newRequestID(), addr: clientAddr(r, p.proxies), writer: rec}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, rc))
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(w, r.Body, limitOf(r))
		}
		p.dynamicHeaders(w.Header())
		defer func() {
			if v := recover(); v != nil {
				p.recovered(rec, r, rc, v)
			}
			p.record(r, rc, began, time.Since(start))
		}()
		next.ServeHTTP(rec, r)
	})
}

// recovered answers and logs a panic. http.ErrAbortHandler is net/http's own
// way to drop a connection and goes on up.
func (p *Responder) recovered(w http.ResponseWriter, r *http.Request, rc *request, v any) {
	if v == http.ErrAbortHandler {
		panic(v)
	}
	// Only the runtime's own texts are known to hold no data of a person.
	what := fmt.Sprintf("%T", v)
	if e, ok := v.(runtime.Error); ok {
		what = e.Error()
	}
	p.log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("id", rc.id), slog.String("value", what), slog.String("stack", string(debug.Stack())))
	if rc.started() {
		panic(http.ErrAbortHandler)
	}
	fail := rc.fail
	if fail == nil {
		fail = p.failPage
	}
	fail(w, r, fmt.Errorf("panic: %s", what))
}

func (p *Responder) record(r *http.Request, rc *request, began time.Time, took time.Duration) {
	if strings.HasPrefix(r.URL.Path, "/static/") {
		return
	}
	rr := RequestRecord{
		ID: rc.id, Time: began, Method: cutTo(r.Method, 16), Path: maskedPath(r),
		Status: rc.writer.status, Millis: took.Milliseconds(), Client: rc.addr, ErrCode: rc.errcode, Problem: rc.problem,
	}
	if rr.Status == 0 {
		rr.Status = http.StatusOK
		if r.Context().Err() != nil {
			rr.Status = clientGone
		}
	}
	p.seen.add(rr)
	if !p.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	attrs := []slog.Attr{
		slog.String("id", rr.ID), slog.String("method", rr.Method), slog.String("path", rr.Path),
		slog.Int("status", rr.Status), slog.Int64("ms", rr.Millis), slog.String("client", rr.Client.String()),
	}
	if rr.ErrCode != 0 {
		attrs = append(attrs, slog.Int("errcode", rr.ErrCode))
	}
	if rr.Problem != "" {
		attrs = append(attrs, slog.String("problem", rr.Problem))
	}
	p.log.LogAttrs(r.Context(), slog.LevelInfo, "request", attrs...)
}

func newRequestID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
