package events

import (
	"context"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

const (
	// maxWaiting bounds the events that wait for their hooks.
	maxWaiting = 1024
	// handleTime bounds one event's hooks.
	handleTime = time.Minute
)

// queue hands events to handle one at a time, in order. Its goroutine exists
// only while there is something to do.
type queue struct {
	handle func(context.Context, protocol.Event)

	mu      sync.Mutex // guards all below
	waiting []protocol.Event
	idle    chan struct{} // closed when all is handled; nil while nothing runs
}

// add reports whether there was room for e.
func (q *queue) add(e protocol.Event) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= maxWaiting {
		return false
	}
	q.waiting = append(q.waiting, e)
	if q.idle == nil {
		q.idle = make(chan struct{})
		go q.run()
	}
	return true
}

func (q *queue) run() {
	for {
		q.mu.Lock()
		if len(q.waiting) == 0 {
			close(q.idle)
			q.idle, q.waiting = nil, nil
			q.mu.Unlock()
			return
		}
		e := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()

		ctx, cancel := context.WithTimeout(context.Background(), handleTime)
		q.handle(ctx, e)
		cancel()
	}
}

func (q *queue) wait(ctx context.Context) error {
	q.mu.Lock()
	idle := q.idle
	q.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
