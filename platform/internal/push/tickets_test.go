package push

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// TestTickets is the schedule: every suite at start and every ten minutes,
// each ticket made when it is delivered.
func TestTickets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first, second := b.listen(1, nil), b.listen(2, nil)
	b.suites = []int64{1, 2}
	stop := b.run()
	tickets := map[string]bool{}
	round := func() {
		t.Helper()
		for _, c := range []chan received{first, second} {
			seen := next(t, c)
			if seen.event.InfoType != protocol.EventSuiteTicket || seen.event.SuiteTicket == "" || tickets[seen.event.SuiteTicket] {
				t.Errorf("got %+v", seen.event)
			}
			if age := b.clock.Now().Sub(time.Unix(seen.event.TimeStamp, 0)); age < 0 || age > limit {
				t.Errorf("made %v ago", age)
			}
			tickets[seen.event.SuiteTicket] = true
			next(t, b.reports)
		}
	}
	round()
	b.clock.Advance(TicketInterval - time.Minute)
	if len(b.reports) > 0 || len(first) > 0 {
		t.Error("a ticket before its time")
	}
	b.clock.Advance(time.Minute)
	round()
	b.clock.Advance(TicketInterval)
	round()
	stop()
	b.clock.Advance(TicketInterval)
	if n := b.count(`SELECT COUNT(*) FROM push_events WHERE state = 'delivered'`); n != 6 {
		t.Errorf("%d tickets delivered", n)
	}
	if n := b.count(`SELECT COUNT(*) FROM push_events`); n != 6 {
		t.Errorf("%d tickets made", n)
	}
}

// TestTicketSuperseded has a ticket that cannot be delivered: the next one
// takes its place, other events keep theirs.
func TestTicketSuperseded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	ticket := Event{Suite: 1, InfoType: protocol.EventSuiteTicket}
	if err := b.queue.Enqueue(ctx, ticket); err != nil {
		t.Fatal(err)
	}
	b.enqueue(1, "kept")
	for range 3 {
		if err := b.queue.Enqueue(ctx, ticket); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.queue.Enqueue(ctx, Event{Suite: 2, InfoType: protocol.EventSuiteTicket}); err != nil {
		t.Fatal(err)
	}
	got := b.listen(1, nil)
	other := b.listen(2, nil)
	b.run()
	for _, want := range []string{protocol.EventCancelAuth, protocol.EventSuiteTicket} {
		if seen := next(t, got); seen.event.InfoType != want {
			t.Errorf("received %s, want %s", seen.event.InfoType, want)
		}
	}
	next(t, other)
	for range 3 {
		next(t, b.reports)
	}
	if n := b.count(`SELECT COUNT(*) FROM push_events WHERE state = 'given_up'`); n != 3 {
		t.Errorf("%d superseded", n)
	}
}

// TestTicketSupersededInFlight enqueues a ticket while one is being sent:
// the older one's success stands, the newer one follows.
func TestTicketSupersededInFlight(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	release := make(chan struct{})
	got := b.listen(1, func(_ received, w http.ResponseWriter) { <-release; io.WriteString(w, "success") })
	ticket := Event{Suite: 1, InfoType: protocol.EventSuiteTicket}
	b.run()
	if err := b.queue.Enqueue(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	next(t, got)
	if err := b.queue.Enqueue(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	close(release)
	for range 2 {
		if report := next(t, b.reports); report.State != Delivered {
			t.Errorf("%+v", report)
		}
	}
}

// TestPrune removes what is done and old, with its attempts, and nothing else.
func TestPrune(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.listen(1, nil)
	stop := b.run()
	b.enqueue(1, "old")
	next(t, got)
	next(t, b.reports)
	stop()
	b.enqueue(1, "pending")
	b.clock.Advance(keep + time.Minute)
	b.open() // the same store once more: its queue runs a round at start
	b.suites = []int64{2}
	b.listen(2, nil)
	b.setURL(1, "")
	b.run()
	next(t, b.reports)
	next(t, b.reports)
	if n := b.count(`SELECT COUNT(*) FROM push_events`); n != 2 {
		t.Errorf("%d events left", n)
	}
	if n := b.count(`SELECT COUNT(*) FROM push_attempts`); n != 2 {
		t.Errorf("%d attempts left", n)
	}
}
