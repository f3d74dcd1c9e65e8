package respond

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// requestsKept is how many requests Requests remembers.
	requestsKept = 500
	// clientGone is logged when the client left before the answer.
	clientGone = 499
)

// RequestRecord is one request as the log and the control port show it: no
// query, no header, no body, and no key that stood in the path.
type RequestRecord struct {
	ID      string     `json:"id"`
	Time    time.Time  `json:"time"`
	Method  string     `json:"method"`
	Path    string     `json:"path"`
	Status  int        `json:"status"`
	Millis  int64      `json:"ms"`
	Client  netip.Addr `json:"client"`
	ErrCode int        `json:"errcode,omitempty"`
	Problem string     `json:"problem,omitempty"`
}

// Requests are the last requests, newest first; static files are left out.
func (p *Responder) Requests() []RequestRecord { return p.seen.newestFirst() }

type requestRing struct {
	mu   sync.Mutex // guards the rest
	kept []RequestRecord
	next int
	full bool
}

func newRequestRing(size int) *requestRing {
	return &requestRing{kept: make([]RequestRecord, size)}
}

func (q *requestRing) add(rr RequestRecord) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.kept[q.next] = rr
	if q.next++; q.next == len(q.kept) {
		q.next, q.full = 0, true
	}
}

func (q *requestRing) newestFirst() []RequestRecord {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := q.next
	if q.full {
		n = len(q.kept)
	}
	out := make([]RequestRecord, n)
	for i := range out {
		out[i] = q.kept[(q.next-1-i+len(q.kept))%len(q.kept)]
	}
	return out
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int // 0 until the answer has begun
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// maskedPath is the path as it may be written down: the pattern's where the
// pattern has wildcards, because keys stand in paths (/q/{key}); else the path
// with what looks like a key cut short.
func maskedPath(r *http.Request) string {
	if _, path, ok := strings.Cut(r.Pattern, "/"); ok && strings.Contains(path, "{") {
		return "/" + path
	}
	path := cutTo(r.URL.Path, 200)
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if len(s) >= 20 && strings.ContainsFunc(s, notWord) {
			segments[i] = s[:4] + "…"
		}
	}
	return strings.Join(segments, "/")
}

// notWord is what keys have and the names of our paths do not.
func notWord(r rune) bool {
	return r != '_' && r != '-' && r != '.' && (r < 'a' || r > 'z')
}

func cutTo(s string, n int) string {
	if len(s) > n {
		return s[:n] + "…"
	}
	return s
}
