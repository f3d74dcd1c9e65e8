package phone

import (
	"context"
	"net/netip"
	"sync"
)

// turns lets one password of each network be checked at a time. Without it whoever sends
// many at once would have them all checked before the first failure counts, and would keep
// everybody else waiting. The zero value is ready.
type turns struct {
	mu      sync.Mutex // guards waiting, and the counts in it
	waiting map[netip.Prefix]*turn
}

// turn is a network whose callers wait for each other.
type turn struct {
	slot    chan struct{}
	callers int
}

// take waits for a network's turn, and gives it back with done; or ctx's error.
func (t *turns) take(ctx context.Context, network netip.Prefix) (done func(), err error) {
	t.mu.Lock()
	mine := t.waiting[network]
	if mine == nil {
		mine = &turn{slot: make(chan struct{}, 1)}
		if t.waiting == nil {
			t.waiting = map[netip.Prefix]*turn{}
		}
		t.waiting[network] = mine
	}
	mine.callers++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.callers--; mine.callers == 0 {
			delete(t.waiting, network)
		}
	}
	select {
	case mine.slot <- struct{}{}:
		return func() { <-mine.slot; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
