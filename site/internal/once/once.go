// Package once does a thing at most once per key in this process, and remembers
// for a few minutes how it ended: a code is exchanged once, however often and
// however simultaneously its callback is delivered.
package once

import (
	"container/list"
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

const (
	// Life is how long an outcome is remembered.
	Life = 5 * time.Minute

	// Max bounds the memory: about one KiB each.
	Max = 8192
)

// Key names one thing to do.
type Key = [sha256.Size]byte

// ErrPanicked: the run did not come to its end.
var ErrPanicked = errors.New("once: panicked")

// Flights remembers runs and their outcomes. Make it with New. It is safe for
// concurrent use.
type Flights[T any] struct {
	now func() time.Time

	mu    sync.Mutex // guards all below
	byKey map[Key]*list.Element
	order *list.List // of *flight[T], oldest first
}

// flight is the one run of a key: running until done is closed.
type flight[T any] struct {
	key     Key
	done    chan struct{}
	outcome T     // read only after done
	err     error // read only after done
	keep    bool
	ended   time.Time // zero while running; guarded by Flights.mu
}

// New makes a Flights that goes by now.
func New[T any](now func() time.Time) *Flights[T] {
	return &Flights[T]{now: now, byKey: map[Key]*list.Element{}, order: list.New()}
}

// Do runs run for key unless it has run already, and returns its outcome; the
// error is ErrPanicked or that of ctx. A caller whose ctx ends stops waiting; the
// run itself goes on, because its code is spent whoever still listens. An outcome
// that is not to be kept is handed to those who wait and then forgotten.
func (f *Flights[T]) Do(ctx context.Context, key Key, run func() (outcome T, keep bool)) (T, error) {
	fl, first := f.join(key)
	if first {
		// A hook that panics must not leave the duplicates waiting for ever.
		fl.err = ErrPanicked
		defer f.end(fl)
		fl.outcome, fl.keep = run()
		fl.err = nil
		return fl.outcome, nil
	}
	select {
	case <-fl.done:
		return fl.outcome, fl.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

func (f *Flights[T]) join(key Key) (fl *flight[T], first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sweep()
	if e, ok := f.byKey[key]; ok {
		return e.Value.(*flight[T]), false
	}
	fl = &flight[T]{key: key, done: make(chan struct{})}
	f.byKey[key] = f.order.PushBack(fl)
	return fl, true
}

func (f *Flights[T]) end(fl *flight[T]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.ended = f.now()
	if !fl.keep {
		f.drop(f.byKey[fl.key])
	}
	close(fl.done)
}

// sweep forgets what is old, and the oldest finished ones when there are too many.
func (f *Flights[T]) sweep() {
	limit := f.now().Add(-Life)
	for e := f.order.Front(); e != nil; {
		next := e.Next()
		fl := e.Value.(*flight[T])
		switch {
		case fl.ended.IsZero(): // running: never dropped
		case fl.ended.Before(limit) || f.order.Len() >= Max:
			f.drop(e)
		default:
			return
		}
		e = next
	}
}

func (f *Flights[T]) drop(e *list.Element) {
	delete(f.byKey, e.Value.(*flight[T]).key)
	f.order.Remove(e)
}
