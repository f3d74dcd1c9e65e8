package push

import (
	"context"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
)

// TestRestart closes the store with events pending, some of them tried: a
// new queue goes on where the old one was.
func TestRestart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	down := true
	got := b.listen(1, func(seen received, w http.ResponseWriter) {
		if down {
			refuse(seen, w)
			return
		}
		io.WriteString(w, "success")
	})
	b.enqueue(1, "tried")
	b.enqueue(1, "waiting")
	stop := b.run()
	next(t, b.reports)
	stop()
	next(t, got)
	for len(b.reports) > 0 { // a second attempt may have begun
		next(t, b.reports)
		next(t, got)
	}
	tried := len(b.recent())

	down = false
	b.reopen()
	b.enqueue(1, "new")
	b.run()
	b.clock.Advance(time.Minute)
	for _, want := range []string{"tried", "waiting", "new"} {
		if seen := next(t, got); seen.event.State != want {
			t.Errorf("received %q, want %q", seen.event.State, want)
		}
		report := next(t, b.reports)
		if report.State != Delivered {
			t.Errorf("%s: %+v", want, report)
		}
		if want == "tried" && report.Attempt != tried+1 {
			t.Errorf("attempt %d after %d", report.Attempt, tried)
		}
	}
}

// TestStop has an attempt in flight when Run is told to end: Run waits for
// it and records it, and begins no other.
func TestStop(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	release := make(chan struct{})
	got := b.listen(1, func(_ received, w http.ResponseWriter) { <-release; io.WriteString(w, "success") })
	finish := sync.OnceFunc(func() { close(release) })
	defer finish() // or the receiver outlives a failed test
	b.enqueue(1, "in flight")
	b.enqueue(1, "next")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.queue.Run(ctx) }()
	next(t, got)
	cancel()
	for running := true; running; { // until stop was seen
		b.queue.mu.Lock()
		running = b.queue.running
		b.queue.mu.Unlock()
	}
	select {
	case <-done:
		t.Fatal("Run has not waited")
	default:
	}
	finish()
	if err := next(t, done); err != nil {
		t.Fatal(err)
	}
	if recent := b.recent(); len(recent) != 1 || recent[0].State != Delivered {
		t.Errorf("on record: %+v", recent)
	}
	if n := b.count(`SELECT COUNT(*) FROM push_events WHERE state = 'pending'`); n != 1 {
		t.Errorf("%d pending", n)
	}
	b.enqueue(1, "after the end") // accepted, not sent
	if len(got) != 0 {
		t.Error("an attempt began after the end")
	}
}

// TestHalfRecorded is what a crash leaves between the record of an attempt
// and the event's new state: the event is not sent again.
func TestHalfRecorded(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		attempts int
		step     outbound.Step
		state    State
	}{{1, "", Delivered}, {MaxAttempts, outbound.StepStatus, GivenUp}} {
		t.Run(string(row.state), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			got := b.listen(1, nil)
			b.enqueue(1, "half")
			id := int64(b.count(`SELECT id FROM push_events`))
			for n := range row.attempts {
				if err := b.queue.insertAttempt(t.Context(), Report{Event: id, Attempt: n + 1, At: b.clock.Now(), Step: row.step}); err != nil {
					t.Fatal(err)
				}
			}
			b.enqueue(1, "next")
			b.run()
			if seen := next(t, got); seen.event.State != "next" {
				t.Errorf("received %q", seen.event.State)
			}
			if n := b.count(`SELECT COUNT(*) FROM push_events WHERE id = $1 AND state = $2`, id, string(row.state)); n != 1 {
				t.Error("not marked")
			}
		})
	}
}

// TestManySuites has more suites than workers.
func TestManySuites(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.listen(1, nil)
	const suites = 2 * parallel
	url := b.urls[1]
	for suite := int64(2); suite <= suites; suite++ {
		b.setURL(suite, url)
	}
	// One receiver serves all; it complains about the others' suite id, so
	// these events are sealed for suite 1.
	target := b.queue.Target
	b.queue.Target = func(ctx context.Context, suite int64) (Target, error) {
		to, err := target(ctx, suite)
		to.SuiteID = suiteID(1)
		return to, err
	}
	for suite := int64(1); suite <= suites; suite++ {
		b.suites = append(b.suites, suite)
	}
	b.run()
	for range suites {
		if report := next(t, b.reports); report.State != Delivered {
			t.Fatalf("%+v", report)
		}
	}
	if len(got) != suites {
		t.Errorf("%d events", len(got))
	}
	b.queue.mu.Lock()
	defer b.queue.mu.Unlock()
	if b.queue.workers > parallel {
		t.Errorf("%d workers", b.queue.workers)
	}
}

// TestWokenDuringTurn has an event come in after a worker found none and
// before it let go of the suite: the suite gets another turn.
func TestWokenDuringTurn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.listen(1, nil)
	b.run()
	for running := false; !running; {
		b.queue.mu.Lock()
		running = b.queue.running
		b.queue.mu.Unlock()
	}
	l := &lane{}
	b.queue.mu.Lock()
	b.queue.lanes[1] = l // we are the worker
	b.queue.mu.Unlock()
	more, wait := b.queue.turn(t.Context(), 1)
	b.enqueue(1, "late")
	b.queue.endTurn(1, l, more, wait)
	if seen := next(t, got); seen.event.State != "late" {
		t.Errorf("got %+v", seen)
	}
}
