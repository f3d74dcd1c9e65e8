package push

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

const (
	suiteToken = "QDG6eK"
	suiteKey   = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	provider   = "ww1111111111111111"

	// limit is how long a test waits for what must happen soon.
	limit = 30 * time.Second
)

func suiteID(suite int64) string { return fmt.Sprintf("ww%016d", suite) }

// bench is a queue with everything it needs, and receivers for its events.
type bench struct {
	t       *testing.T
	dir     string
	db      *store.DB
	clock   *clock.Clock
	queue   *Queue
	reports chan Report

	mu      sync.Mutex // guards everything below
	urls    map[int64]string
	tickets int // minted so far
	suites  []int64
}

// newBench makes a queue over a new store. Suite 1 has a receiver; see listen.
func newBench(t *testing.T) *bench {
	b := &bench{t: t, dir: t.TempDir(), clock: clock.New(), urls: map[int64]string{}}
	t.Cleanup(b.clock.Stop)
	b.open()
	t.Cleanup(func() { b.db.Close() })
	return b
}

func (b *bench) open() {
	b.t.Helper()
	db, err := store.Open(context.Background(), filepath.Join(b.dir, "hufu.db"))
	if err != nil {
		b.t.Fatal(err)
	}
	ring, err := keys.Open(context.Background(), db, filepath.Join(b.dir, "wrap.key"))
	if err != nil {
		b.t.Fatal(err)
	}
	b.db = db
	b.reports = make(chan Report, 1000)
	b.queue = New(Config{
		DB: db, Clock: b.clock, Keys: ring,
		Client: outbound.New(outbound.Config{AllowLoopback: true}),
		Log:    slog.New(slog.DiscardHandler),
		Target: b.target, Mint: b.mint,
		Suites: func(context.Context) ([]int64, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			return b.suites, nil
		},
		Attempted: func(r Report) { b.reports <- r },
	})
}

// reopen is a restart: a new process would find the same directory.
func (b *bench) reopen() {
	b.t.Helper()
	if err := b.db.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.open()
}

func (b *bench) target(_ context.Context, suite int64) (Target, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Target{URL: b.urls[suite], Token: suiteToken, EncodingAESKey: suiteKey, SuiteID: suiteID(suite), ProviderCorpID: provider}, nil
}

func (b *bench) mint(_ context.Context, suite int64, infoType string) ([]byte, error) {
	if infoType != protocol.EventSuiteTicket {
		return nil, errors.New("no such event")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tickets++
	return protocol.Event{SuiteID: suiteID(suite), InfoType: infoType, TimeStamp: b.clock.Now().Unix(), SuiteTicket: fmt.Sprint("ticket-", b.tickets)}.XML(), nil
}

// received is an event as a receiver saw it.
type received struct {
	suite       int64
	event       protocol.Event
	contentType string
	query       string
}

// listen starts a receiver for a suite. It opens what comes as a site would,
// and answers what answer says: "success" when answer is nil.
func (b *bench) listen(suite int64, answer func(received, http.ResponseWriter)) chan received {
	b.t.Helper()
	key, err := sealed.ParseKey(suiteKey)
	if err != nil {
		b.t.Fatal(err)
	}
	codec := sealed.New(suiteToken, key)
	got := make(chan received, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		envelope, err := protocol.ParseEnvelope(body)
		if err != nil || envelope.ToUserName != suiteID(suite) || r.Method != http.MethodPost {
			b.t.Errorf("%s of %q: %v", r.Method, body, err)
		}
		plain, err := codec.OpenMessage(r.URL.Query(), envelope, suiteID(suite))
		if err != nil {
			b.t.Errorf("open: %v", err)
		}
		event, err := protocol.ParseEvent(plain)
		if err != nil {
			b.t.Errorf("event %q: %v", plain, err)
		}
		seen := received{suite, event, r.Header.Get("Content-Type"), r.URL.RawQuery}
		got <- seen
		if answer == nil {
			io.WriteString(w, "success")
			return
		}
		answer(seen, w)
	}))
	b.t.Cleanup(server.Close)
	b.setURL(suite, server.URL+"/callback?tenant=a%20b")
	return got
}

func (b *bench) setURL(suite int64, url string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.urls[suite] = url
}

// run runs the queue and returns what ends it.
func (b *bench) run() (stop func()) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	queue := b.queue
	go func() { done <- queue.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				b.t.Errorf("Run: %v", err)
			}
		})
	}
	b.t.Cleanup(stop)
	return stop
}

func (b *bench) enqueue(suite int64, state string) {
	b.t.Helper()
	event := protocol.Event{SuiteID: suiteID(suite), InfoType: protocol.EventCancelAuth, TimeStamp: 1, AuthCorpID: "wpcorp", State: state}
	if err := b.queue.Enqueue(b.t.Context(), Event{Suite: suite, InfoType: event.InfoType, Body: event.XML()}); err != nil {
		b.t.Fatal(err)
	}
}

// next waits for something that must come.
func next[T any](t *testing.T, c chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(limit):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func (b *bench) recent() []Report {
	b.t.Helper()
	reports, err := b.queue.Recent(b.t.Context(), 100)
	if err != nil {
		b.t.Fatal(err)
	}
	return reports
}

// count asks the store directly.
func (b *bench) count(query string, args ...any) int {
	b.t.Helper()
	var n int
	if err := b.db.Query(query).Row(b.t.Context(), args...).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func refuse(_ received, w http.ResponseWriter) { http.Error(w, "no", http.StatusInternalServerError) }

func TestDelivery(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.listen(1, nil)
	b.enqueue(1, "secret-state")
	var body []byte
	if err := b.db.Query(`SELECT body FROM push_events`).Row(t.Context()).Scan(&body); err != nil || len(body) == 0 || strings.Contains(string(body), "secret-state") {
		t.Errorf("at rest: %q, %v", body, err)
	}
	b.run()
	seen := next(t, got)
	if seen.event.State != "secret-state" || seen.event.InfoType != "cancel_auth" || seen.contentType != "text/xml" {
		t.Errorf("got %+v", seen)
	}
	if !strings.HasPrefix(seen.query, "tenant=a%20b&") {
		t.Errorf("the callback's own query became %q", seen.query)
	}
	for _, name := range []string{"msg_signature=", "timestamp=", "nonce="} {
		if strings.Count("&"+seen.query, "&"+name) != 1 {
			t.Errorf("%s not once in %q", name, seen.query)
		}
	}
	report := next(t, b.reports)
	if report.State != Delivered || report.Status != 200 || report.Answer != "success" || report.Attempt != 1 || report.Step != "" || strings.Contains(report.URL, "?") {
		t.Errorf("report %+v", report)
	}
	if recent := b.recent(); len(recent) != 1 || recent[0].Event != report.Event || recent[0].State != Delivered || recent[0].URL != report.URL || recent[0].At.UnixMilli() != report.At.UnixMilli() {
		t.Errorf("recent %+v, report %+v", recent, report)
	}
}

// TestRetry has receivers that fail each in its way: three attempts, apart by
// the clock, then the suite's next event.
func TestRetry(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer func(received, http.ResponseWriter)
		step   outbound.Step
	}{
		"status":       {refuse, outbound.StepStatus},
		"another 2xx":  {func(_ received, w http.ResponseWriter) { w.WriteHeader(201); io.WriteString(w, "success") }, outbound.StepStatus},
		"reply":        {func(_ received, w http.ResponseWriter) { io.WriteString(w, "ok") }, StepReply},
		"empty reply":  {func(received, http.ResponseWriter) {}, StepReply},
		"quoted reply": {func(_ received, w http.ResponseWriter) { io.WriteString(w, `"success"`) }, StepReply},
		"redirect":     {func(_ received, w http.ResponseWriter) { w.Header().Set("Location", "/"); w.WriteHeader(302) }, outbound.StepRedirect},
		"broken": {func(_ received, w http.ResponseWriter) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				conn.Close()
			}
		}, outbound.StepAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			got := b.listen(1, func(seen received, w http.ResponseWriter) {
				if seen.event.State == "second" {
					io.WriteString(w, " success\n")
					return
				}
				row.answer(seen, w)
			})
			b.enqueue(1, "first")
			b.enqueue(1, "second")
			b.run()
			for n := 1; n <= MaxAttempts; n++ {
				report := next(t, b.reports)
				want := Pending
				if n == MaxAttempts {
					want = GivenUp
				}
				if report.Attempt != n || report.Step != row.step || report.State != want {
					t.Errorf("attempt %d: %+v", n, report)
				}
				b.clock.Advance(2 * time.Second)
			}
			if report := next(t, b.reports); report.State != Delivered || report.Attempt != 1 {
				t.Errorf("the second event: %+v", report)
			}
			for _, want := range []string{"first", "first", "first", "second"} {
				if seen := next(t, got); seen.event.State != want {
					t.Errorf("received %q, want %q", seen.event.State, want)
				}
			}
			if n := len(b.recent()); n != MaxAttempts+1 {
				t.Errorf("%d attempts on record", n)
			}
		})
	}
}

// TestBackoff holds a retry back until the clock has come that far.
func TestBackoff(t *testing.T) {
	t.Parallel()
	now := time.Now()
	event := queued{attempts: 1, last: now, lastStep: outbound.StepStatus}
	for _, row := range []struct {
		attempts int
		later    time.Duration
		want     time.Duration
	}{
		{0, 0, 0}, {1, 0, time.Second}, {1, 400 * time.Millisecond, 600 * time.Millisecond}, {1, time.Second, 0}, {2, time.Second, time.Second},
		{1, -time.Hour, 0}, // the clock had been moved when that was recorded
	} {
		event.attempts = row.attempts
		if got := event.wait(now.Add(row.later)); max(got, 0) != row.want {
			t.Errorf("%+v: waits %v", row, got)
		}
	}
}

func TestConnectionRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := httptest.NewServer(http.NotFoundHandler())
	b.setURL(1, server.URL)
	server.Close()
	b.enqueue(1, "")
	b.run()
	if report := next(t, b.reports); report.Step != outbound.StepConnect || report.Status != 0 || report.State != Pending {
		t.Errorf("%+v", report)
	}
}

func TestNoCallback(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.enqueue(1, "")
	b.run()
	if report := next(t, b.reports); report.Step != StepNoCallback || report.State != GivenUp {
		t.Errorf("%+v", report)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	gone := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		close(gone)
	}))
	t.Cleanup(server.Close)
	b.setURL(1, server.URL)
	b.enqueue(1, "")
	stop := b.run()
	report := next(t, b.reports)
	if report.Step != outbound.StepTimeout || report.Took < AttemptTimeout || report.Took > 2*AttemptTimeout {
		t.Errorf("%+v", report)
	}
	stop()
	next(t, gone)
}

func TestOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.listen(1, nil)
	for n := range 10 {
		b.enqueue(1, fmt.Sprint(n))
	}
	b.run()
	for n := range 10 {
		b.enqueue(1, fmt.Sprint(10+n))
	}
	for n := range 20 {
		if seen := next(t, got); seen.event.State != fmt.Sprint(n) {
			t.Fatalf("event %s came as number %d", seen.event.State, n)
		}
	}
}

// TestSlowNeighbour has a suite whose receiver does not answer while
// another's events go out.
func TestSlowNeighbour(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	release := make(chan struct{})
	b.listen(1, func(_ received, w http.ResponseWriter) { <-release; io.WriteString(w, "success") })
	other := b.listen(2, nil)
	defer close(release)
	b.enqueue(1, "stuck")
	b.run()
	for n := range 5 {
		b.enqueue(2, fmt.Sprint(n))
		if seen := next(t, other); seen.event.State != fmt.Sprint(n) {
			t.Errorf("got %+v", seen)
		}
	}
}

func TestEnqueueRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, e := range []Event{{}, {Suite: 1}, {InfoType: "x"}} {
		if b.queue.Enqueue(t.Context(), e) == nil {
			t.Errorf("%+v accepted", e)
		}
	}
}

func targetIs(target Target) func(context.Context, int64) (Target, error) {
	return func(context.Context, int64) (Target, error) { return target, nil }
}

func mintIs(body []byte) func(context.Context, int64, string) ([]byte, error) {
	return func(context.Context, int64, string) ([]byte, error) { return body, nil }
}
