package store

import "sync"

// op is one hot write on its way to the writer.
type op struct {
	query string
	args  []any
	done  chan outcome // holds one; the writer never waits to answer
}

// outcome is what became of an op.
type outcome struct {
	affected int64
	err      error
}

// queue holds the ops that wait for the next group: one of each caller that
// waits for its outcome, and those of ExecSoon.
type queue struct {
	ready chan struct{} // holds one: there may be something to take

	mu     sync.Mutex // guards everything below
	ops    []op
	closed bool
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

// put adds o; false when the queue is closed.
func (q *queue) put(o op) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.ops = append(q.ops, o)
	first := len(q.ops) == 1
	q.mu.Unlock()
	if first {
		q.wake()
	}
	return true
}

// take returns everything that waits and keeps spare, emptied, for what comes
// next. It reports whether the queue is still open.
func (q *queue) take(spare []op) (ops []op, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	ops, q.ops = q.ops, spare[:0]
	return ops, !q.closed
}

// close lets nothing more in. What waits can still be taken.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.wake()
}

func (q *queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// Queued returns how many Exec calls wait for the next group at this moment:
// a measure of load, for metrics and tests.
func (db *DB) Queued() int {
	q := db.writer.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ops)
}
