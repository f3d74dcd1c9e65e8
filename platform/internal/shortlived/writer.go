package shortlived

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// gather is the shortest time from one commit to the next: what changes
// meanwhile goes into one group. A change after a quiet moment does not wait.
const gather = time.Millisecond

// afterFailure takes the place of gather when a group could not be written.
const afterFailure = 100 * time.Millisecond

// group is what is committed together. Several changes of one record are one
// row: what counts is the record as it is when the group is written.
type group struct {
	entries []*entry
	done    chan struct{} // closed when err is set and the group is over
	err     error
}

func newGroup() *group { return &group{done: make(chan struct{})} }

// wait returns when the group is committed or has failed, or when ctx ends.
func (g *group) wait(ctx context.Context) error {
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
		return fmt.Errorf("shortlived: gave up waiting for a write that is in memory already: %w", ctx.Err())
	}
}

// writer carries changes from memory to the file.
type writer struct {
	engine   *Engine
	file     *file
	ready    chan struct{} // holds one: there is something to write, or to end
	finished chan error    // gets the file's last words when the writer has ended

	mu      sync.Mutex // guards everything below; taken after a shard's
	current *group     // takes what changes
	lastID  int64
	healthy bool // the last group was written
	closed  bool
}

func startWriter(e *Engine, f *file, lastID int64) *writer {
	w := &writer{
		engine:   e,
		file:     f,
		ready:    make(chan struct{}, 1),
		finished: make(chan error, 1),
		current:  newGroup(),
		lastID:   lastID,
		healthy:  true,
	}
	go w.run()
	return w
}

// put adds r to the current group and returns that, and whether writing works
// at present. The caller holds r's shard and changes r before it lets go.
func (w *writer) put(r *entry) (g *group, healthy bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, false, ErrClosed
	}
	if r.id == 0 {
		w.lastID++
		r.id = w.lastID
	}
	if r.group != w.current {
		r.group = w.current
		w.current.entries = append(w.current.entries, r)
		if len(w.current.entries) == 1 {
			w.wake()
		}
	}
	return w.current, w.healthy, nil
}

func (w *writer) wake() {
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// run writes group after group until it is told to end.
func (w *writer) run() {
	var last time.Time
	var err error
	for open := true; open; {
		<-w.ready
		pause := gather
		if err != nil {
			pause = afterFailure
		}
		time.Sleep(pause - time.Since(last))
		var g *group
		g, open = w.take()
		err = w.file.write(g.entries, w.snapshot)
		w.over(g, err)
		last = time.Now()
	}
	w.finished <- errors.Join(err, w.file.close())
}

// take starts a new group and returns the one before, and whether more may come.
func (w *writer) take() (g *group, open bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g, w.current = w.current, newGroup()
	return g, !w.closed
}

// over answers all who wait for g. What could not be written goes before all
// else into the next group, so that the file never misses a change for good.
func (w *writer) over(g *group, err error) {
	w.mu.Lock()
	w.healthy = err == nil
	if err != nil {
		w.current.entries = append(g.entries, w.current.entries...)
		w.wake()
	}
	w.mu.Unlock()
	g.err = err
	close(g.done)
}

// snapshot is the row of r as it is now.
func (w *writer) snapshot(r *entry) row {
	s := w.engine.shard(r.key)
	s.mu.Lock()
	defer s.mu.Unlock()
	return row{id: r.id, key: r.key, value: r.value, version: r.version, expires: r.expires, gone: r.gone}
}

// close writes what is left and closes the file.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.wake()
	return <-w.finished
}
