package push

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Run delivers what is pending, from earlier runs too, and what is enqueued,
// and keeps the suites in tickets. It returns when ctx has ended and the
// attempts in flight are recorded, which may take AttemptTimeout; nil then. A
// Queue runs once at a time.
func (q *Queue) Run(ctx context.Context) error {
	q.mu.Lock()
	if q.running {
		q.mu.Unlock()
		return errors.New("push: the queue runs already")
	}
	q.running = true // before the store is read: what comes later wakes its lane itself
	q.mu.Unlock()
	defer q.stop()

	stopTickets := q.keepTickets(ctx)
	defer stopTickets()
	suites, err := q.pendingSuites(ctx)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("push: read the pending events: %w", err)
	}
	for _, suite := range suites {
		q.wake(suite)
	}
	<-ctx.Done()
	return nil
}

// stop lets no attempt begin any more and waits for those in flight.
func (q *Queue) stop() {
	q.mu.Lock()
	q.running = false
	for _, l := range q.lanes {
		if l.timer != nil {
			l.timer.Stop()
		}
	}
	clear(q.lanes)
	q.ready = nil
	q.mu.Unlock()
	q.done.Wait()
}

// wake has a suite's pending events looked at, soon.
func (q *Queue) wake(suite int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.running {
		return
	}
	if l := q.lanes[suite]; l != nil {
		l.again = true // of use only to the worker that has it; a waiting lane comes anyway
		return
	}
	q.lanes[suite] = &lane{}
	q.makeReady(suite)
}

// makeReady queues a suite for a worker. The caller holds mu.
func (q *Queue) makeReady(suite int64) {
	q.ready = append(q.ready, suite)
	if q.workers < parallel {
		q.workers++
		q.done.Go(q.work)
	}
}

// work takes suites whose turn it is until there are none. One attempt is one
// turn, so that a suite with many events does not hold up the others.
func (q *Queue) work() {
	for {
		q.mu.Lock()
		if !q.running || len(q.ready) == 0 {
			q.workers--
			q.mu.Unlock()
			return
		}
		suite := q.ready[0]
		q.ready = q.ready[1:]
		l := q.lanes[suite]
		l.again = false
		q.mu.Unlock()

		// An attempt in flight is finished and recorded even while we stop.
		more, wait := q.turn(context.Background(), suite)

		q.endTurn(suite, l, more, wait)
	}
}

// endTurn decides what becomes of a suite after its turn.
func (q *Queue) endTurn(suite int64, l *lane, more bool, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case !q.running:
	case wait > 0:
		l.timer = q.Clock.AfterFunc(wait, func() { q.resume(suite, l) })
	case more || l.again:
		q.makeReady(suite)
	default:
		delete(q.lanes, suite)
	}
}

// resume ends the wait of a lane.
func (q *Queue) resume(suite int64, l *lane) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.running || q.lanes[suite] != l {
		return
	}
	l.timer = nil
	q.makeReady(suite)
}

// turn makes the next attempt of a suite, if it is due. It reports whether
// there may be more to do, or after which wait by the clock.
func (q *Queue) turn(ctx context.Context, suite int64) (more bool, wait time.Duration) {
	e, found, err := q.nextEvent(ctx, suite)
	if err != nil {
		q.Log.Error("push: read the next event", "error", err)
		return true, pause
	}
	if !found {
		return false, 0
	}
	if wait := e.wait(q.Clock.Now()); wait > 0 {
		return true, wait
	}
	if state := e.settled(); state != Pending {
		// Recorded to the end, but stopped before the event was marked.
		err = q.setState(ctx, e.id, state)
	} else {
		err = q.attemptQueued(ctx, suite, e)
	}
	if err != nil {
		q.Log.Error("push: record an attempt", "event", e.id, "error", err)
		return true, pause
	}
	return true, 0 // the next turn finds out whether it has to wait
}

// attemptQueued sends a queued event once and records what came of it.
func (q *Queue) attemptQueued(ctx context.Context, suite int64, e queued) error {
	report := q.attempt(ctx, suite, e.infoType, func() ([]byte, error) { return q.bodyOf(ctx, suite, e) }, "")
	report.Event, report.Attempt = e.id, e.attempts+1
	report.State = Pending
	switch {
	case report.Step == "":
		report.State = Delivered
	case report.Attempt >= MaxAttempts || hopeless(report.Step):
		report.State = GivenUp
	}
	if err := q.insertAttempt(ctx, report); err != nil {
		return err
	}
	if report.State != Pending {
		if err := q.setState(ctx, e.id, report.State); err != nil {
			return err
		}
	}
	q.attempted(report)
	return nil
}

func (q *Queue) attempted(r Report) {
	if q.Attempted != nil {
		q.Attempted(r)
	}
}

// bodyOf is the XML of a queued event: kept sealed, or made now.
func (q *Queue) bodyOf(ctx context.Context, suite int64, e queued) ([]byte, error) {
	if len(e.body) == 0 {
		return q.Mint(ctx, suite, e.infoType)
	}
	return q.Keys.Open(sealLabel(e.id), e.body)
}
