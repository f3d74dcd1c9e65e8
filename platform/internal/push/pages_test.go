package push

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/protocol"
)

// TestPages walks the events of two suites page by page, and looks for some of them.
func TestPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	var made []int64
	for n := range 23 {
		e := Event{Suite: int64(1 + n%3), InfoType: protocol.EventCancelAuth, Corp: int64(70 + n%2), Body: []byte("x")}
		if n%5 == 0 {
			e.InfoType, e.ChangeType = protocol.EventChangeContact, "create_user"
		}
		if err := b.queue.Enqueue(ctx, e); err != nil {
			t.Fatal(err)
		}
		if e.Suite != 3 {
			made = append(made, int64(b.count(`SELECT MAX(id) FROM push_events`)))
		}
	}
	slices.Reverse(made)
	suites := []int64{1, 2}
	var seen []int64
	pages := 0
	for q := (Query{Limit: 4}); pages == 0 || q.After != 0; pages++ {
		page, err := b.queue.EventsOf(ctx, suites, q)
		if err != nil || len(page.Events) > 4 {
			t.Fatalf("%+v, %v", page, err)
		}
		for _, r := range page.Events {
			if r.State != Pending || r.Corp < 70 || r.Attempts != 0 || r.At.UnixMilli() < b.clock.Now().Add(-limit).UnixMilli() {
				t.Errorf("%+v", r)
			}
			seen = append(seen, r.Row)
		}
		q.After = page.Next
	}
	if !slices.Equal(seen, made) || pages != 4 {
		t.Errorf("in %d pages: %v, want %v", pages, seen, made)
	}
	for _, row := range []struct {
		suites []int64
		query  Query
		want   int
	}{
		{suites, Query{}, 16}, {nil, Query{}, 0}, {[]int64{9}, Query{}, 0}, {[]int64{3}, Query{Limit: 1000}, 7},
		{suites, Query{Search: "CANCEL"}, 13}, {suites, Query{Search: " create_u "}, 3}, {suites, Query{Search: "create%u"}, 0},
		{suites, Query{Search: "c%"}, 0}, {suites, Query{Search: "c_ncel"}, 0}, {suites, Query{Search: `\`}, 0}, {suites, Query{Search: "' OR 1=1"}, 0},
		{suites, Query{State: Pending}, 16}, {suites, Query{State: Delivered}, 0}, {suites, Query{Corp: 70}, 8},
		{suites, Query{Limit: -1}, 16}, {suites, Query{After: made[10]}, 5},
	} {
		page, err := b.queue.EventsOf(ctx, row.suites, row.query)
		if err != nil || len(page.Events) != row.want || page.Next != 0 {
			t.Errorf("%v %+v: %d events, next %d, %v", row.suites, row.query, len(page.Events), page.Next, err)
		}
	}
}

// TestEventOf gives an event only to whose suite it is.
func TestEventOf(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.enqueue(1, "")
	id := int64(b.count(`SELECT id FROM push_events`))
	if r, err := b.queue.EventOf(t.Context(), []int64{2, 1}, id); err != nil || r.Row != id || r.InfoType != protocol.EventCancelAuth {
		t.Errorf("%+v, %v", r, err)
	}
	for _, suites := range [][]int64{nil, {2}} {
		if r, err := b.queue.EventOf(t.Context(), suites, id); !errors.Is(err, ErrNotFound) || r != (Record{}) {
			t.Errorf("for %v: %+v, %v", suites, r, err)
		}
	}
	if _, err := b.queue.EventOf(t.Context(), []int64{1}, id+1); !errors.Is(err, ErrNotFound) {
		t.Errorf("no such event: %v", err)
	}
}

// TestAttempts has an event fail and arrive: the record says how each attempt went.
func TestAttempts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	times := 0
	b.listen(1, func(_ received, w http.ResponseWriter) {
		if times++; times == 1 {
			w.WriteHeader(http.StatusBadGateway)
		}
		fmt.Fprint(w, "success")
	})
	b.enqueue(1, "")
	b.run()
	next(t, b.reports)
	b.clock.Advance(backoff[0])
	event := next(t, b.reports).Event
	attempts, err := b.queue.Attempts(t.Context(), event)
	if err != nil || len(attempts) != 2 || attempts[0].Step != outbound.StepStatus || attempts[0].Status != 502 ||
		attempts[1].Attempt != 2 || attempts[1].Step != "" {
		t.Errorf("%+v, %v", attempts, err)
	}
	r, err := b.queue.EventOf(t.Context(), []int64{1}, event)
	if err != nil || r.Attempts != 2 || r.Status != 200 || r.Step != "" || r.State != Delivered {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAgain sends an event again: the same body, after what waits, on a record of its own.
func TestAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	got := b.listen(1, nil)
	if err := b.queue.Enqueue(ctx, Event{Suite: 1, InfoType: protocol.EventCancelAuth, Corp: 7, ChangeType: "c",
		Body: protocol.Event{SuiteID: suiteID(1), InfoType: protocol.EventCancelAuth, TimeStamp: 5, State: "first"}.XML()}); err != nil {
		t.Fatal(err)
	}
	first := int64(b.count(`SELECT id FROM push_events`))
	if _, err := b.queue.Again(ctx, first); !errors.Is(err, ErrPending) {
		t.Errorf("while it waits: %v", err)
	}
	stop := b.run()
	sent := next(t, got)
	next(t, b.reports)
	stop()
	b.enqueue(1, "waiting")
	again, err := b.queue.Again(ctx, first)
	if err != nil {
		t.Fatal(err)
	}
	b.run()
	if seen := next(t, got); seen.event.State != "waiting" {
		t.Errorf("out of turn: %+v", seen)
	}
	if seen := next(t, got); string(seen.event.Body) != string(sent.event.Body) {
		t.Errorf("received %s, want %s", seen.event.Body, sent.event.Body)
	}
	next(t, b.reports)
	if report := next(t, b.reports); report.Event != again || report.Attempt != 1 {
		t.Errorf("%+v", report)
	}
	r, err := b.queue.EventOf(ctx, []int64{1}, again)
	if err != nil || r.Repeats != first || r.Corp != 7 || r.ChangeType != "c" || r.State != Delivered {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := b.queue.EventOf(ctx, []int64{1}, first); err != nil || r.Repeats != 0 || r.Attempts != 1 {
		t.Errorf("the first: %+v, %v", r, err)
	}
	if _, err := b.queue.Again(ctx, 4); !errors.Is(err, ErrNotFound) {
		t.Errorf("no such event: %v", err)
	}
	check, err := b.queue.Verify(ctx, 2, "") // which has no callback: on record as refused
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.queue.Again(ctx, check.Event); !errors.Is(err, ErrCheck) {
		t.Errorf("a check: %v", err)
	}
	next(t, b.reports)

	ticket, err := b.queue.TicketNow(ctx, 1)
	if err != nil || ticket.State != Delivered {
		t.Fatalf("%+v, %v", ticket, err)
	}
	old := next(t, got).event.SuiteTicket
	next(t, b.reports)
	if _, err := b.queue.Again(ctx, ticket.Event); err != nil {
		t.Fatal(err)
	}
	if fresh := next(t, got).event.SuiteTicket; fresh == "" || fresh == old {
		t.Errorf("the ticket sent again is %q, before it was %q", fresh, old)
	}
}

// TestEnqueueIn enqueues in updates, one of which is taken back and one of which works on
// two suites: who is not told is not told, and the rest comes in order.
func TestEnqueueIn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	got, other := b.listen(1, nil), b.listen(2, nil)
	b.run()
	for suite, c := range map[int64]chan received{1: got, 2: other} {
		b.enqueue(suite, "") // when it has come, the queue has read what was pending at its start
		next(t, c)
		next(t, b.reports)
	}
	in := func(tx *sql.Tx, suite int64, state string) error {
		return b.queue.EnqueueIn(ctx, tx, Event{Suite: suite, InfoType: protocol.EventCancelAuth,
			Body: protocol.Event{SuiteID: suiteID(suite), InfoType: protocol.EventCancelAuth, State: state}.XML()})
	}
	broken := errors.New("broken")
	for n := range 3 {
		for _, fail := range []error{broken, nil} {
			err := b.db.Update(ctx, func(tx *sql.Tx) error {
				for i := range 4 {
					if err := in(tx, int64(1+i%2), fmt.Sprint(n*4+i, fail != nil)); err != nil {
						return err
					}
				}
				return fail
			})
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
		}
	}
	for n := range 3 {
		for i := range 4 {
			if seen := next(t, []chan received{got, other}[i%2]); seen.event.State != fmt.Sprint(n*4+i, false) {
				t.Errorf("suite %d received %q as number %d", seen.suite, seen.event.State, n*4+i)
			}
		}
	}
	for _, e := range []Event{{}, {Suite: 1}, {InfoType: "x"}, {Suite: 1, InfoType: protocol.EventSuiteTicket}} {
		if b.db.Update(ctx, func(tx *sql.Tx) error { return b.queue.EnqueueIn(ctx, tx, e) }) == nil {
			t.Errorf("%+v accepted", e)
		}
	}
}

// TestSuiteRemoved ends what waits for a suite that is removed, in the same update or found
// out at delivery, and nothing of another.
func TestSuiteRemoved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	got := b.listen(2, nil)
	b.listen(3, nil)
	target := b.queue.Target
	b.queue.Target = func(ctx context.Context, suite int64) (Target, error) {
		if suite == 3 {
			return Target{}, fmt.Errorf("%w: 3", ErrGone)
		}
		return target(ctx, suite)
	}
	for suite := range int64(3) {
		b.enqueue(1+suite, "kept")
		b.enqueue(1+suite, "kept too")
	}
	if err := b.db.Update(ctx, func(tx *sql.Tx) error { return b.queue.EndSuite(ctx, tx, 1) }); err != nil {
		t.Fatal(err)
	}
	b.run()
	for range 2 {
		next(t, got)
	}
	for range 4 {
		if r := next(t, b.reports); r.Suite == 3 && (r.Step != StepGone || r.State != GivenUp || r.Attempt != 1) {
			t.Errorf("%+v", r)
		}
	}
	if n := b.count(`SELECT COUNT(*) FROM push_events WHERE state = 'given_up' AND suite_row <> 2`); n != 4 {
		t.Errorf("%d given up", n)
	}
}
