package login

import (
	"container/list"
	"context"
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// outcomeLife is how long the outcome of an exchange is remembered for a
	// callback that is delivered again.
	outcomeLife = 5 * time.Minute

	// maxOutcomes bounds the memory: about one KiB each.
	maxOutcomes = 8192
)

// outcome is how the one exchange of a state ended.
type outcome struct {
	session Session
	failure *Failure // nil: session holds
}

// flight is the one exchange of a state: running until done is closed.
type flight struct {
	state   [sha256.Size]byte
	done    chan struct{}
	outcome outcome   // read only after done
	ended   time.Time // zero while running; guarded by flights.mu
}

// flights makes sure that each state is exchanged once in this process: the
// first callback runs the exchange, duplicates wait for it or find its outcome.
type flights struct {
	now func() time.Time

	mu      sync.Mutex // guards all below
	byState map[[sha256.Size]byte]*list.Element
	order   *list.List // of *flight, oldest first
}

func newFlights(now func() time.Time) *flights {
	return &flights{now: now, byState: map[[sha256.Size]byte]*list.Element{}, order: list.New()}
}

// do runs exchange for state unless it has run already, and returns its outcome.
// A caller whose ctx ends stops waiting; the exchange itself goes on, because its
// code is spent whoever still listens. An outcome that says retry is handed to
// those who wait and then forgotten.
func (f *flights) do(ctx context.Context, state [sha256.Size]byte, exchange func() outcome) outcome {
	fl, first := f.join(state)
	if first {
		// A hook that panics must not leave the duplicates waiting for ever.
		fl.outcome = outcome{failure: &Failure{Reason: Unavailable}}
		defer f.end(fl)
		fl.outcome = exchange()
		return fl.outcome
	}
	select {
	case <-fl.done:
		return fl.outcome
	case <-ctx.Done():
		return outcome{failure: &Failure{Reason: Unavailable, Err: context.Cause(ctx)}}
	}
}

func (f *flights) join(state [sha256.Size]byte) (fl *flight, first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sweep()
	if e, ok := f.byState[state]; ok {
		return e.Value.(*flight), false
	}
	fl = &flight{state: state, done: make(chan struct{})}
	f.byState[state] = f.order.PushBack(fl)
	return fl, true
}

func (f *flights) end(fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.ended = f.now()
	if fl.outcome.failure != nil && fl.outcome.failure.passing() {
		f.drop(f.byState[fl.state])
	}
	close(fl.done)
}

// sweep forgets what is old, and the oldest finished ones when there are too many.
func (f *flights) sweep() {
	limit := f.now().Add(-outcomeLife)
	for e := f.order.Front(); e != nil; {
		next := e.Next()
		fl := e.Value.(*flight)
		switch {
		case fl.ended.IsZero(): // running: never dropped
		case fl.ended.Before(limit) || f.order.Len() >= maxOutcomes:
			f.drop(e)
		default:
			return
		}
		e = next
	}
}

func (f *flights) drop(e *list.Element) {
	delete(f.byState, e.Value.(*flight).state)
	f.order.Remove(e)
}
