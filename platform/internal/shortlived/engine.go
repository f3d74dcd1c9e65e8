package shortlived

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"time"
)

// ErrClosed is the answer of an engine that was closed.
var ErrClosed = errors.New("shortlived: closed")

var _ Store = (*Engine)(nil)

// Engine is the embedded Store. Memory is the truth for reads; a file takes
// every change in groups and gives it back at the next start. A Swap is
// answered after its group was committed, which outlives a killed process; a
// power cut may take the last half minute (docs/design/2026-11-22-shortlived-normal-sync.md
// says why that is enough). A Create is answered at once and written with the
// next group, a millisecond later; after a group has failed it waits as well,
// so that a broken disk shows.
type Engine struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [shardCount]shard
	writer *writer

	quit     chan struct{} // closed by Close
	sweeping sync.WaitGroup
	closing  sync.Once
}

// Embedded opens the engine on the file path (made with mode 0600 when it is
// missing; its folder must exist) and loads what has not expired. now decides
// when a record has expired. A file that another process has open is refused.
// Close the engine.
func Embedded(path string, now func() time.Time) (*Engine, error) {
	e := &Engine{now: now, seed: maphash.MakeSeed(), quit: make(chan struct{})}
	for i := range e.shards {
		e.shards[i].entries = map[string]*entry{}
		e.shards[i].watchers = map[string][]*watcher{}
	}
	file, err := openFile(path)
	if err != nil {
		return nil, fmt.Errorf("shortlived: open %s: %w", path, explain(err))
	}
	last, err := e.load(file)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("shortlived: load %s: %w", path, explain(err)), file.close())
	}
	e.writer = startWriter(e, file, last)
	e.sweeping.Go(e.sweepUntilQuit)
	return e, nil
}

// Close writes what is not yet written and closes the file. Later writes fail
// with ErrClosed.
func (e *Engine) Close() (err error) {
	e.closing.Do(func() {
		close(e.quit)
		e.sweeping.Wait()
		err = e.writer.close()
	})
	return err
}

// Get returns the record of key; see Store.
func (e *Engine) Get(_ context.Context, key string) (Record, error) {
	s := e.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.entries[key]
	if r == nil {
		return Record{}, ErrNotFound
	}
	return Record{Value: r.value, Version: r.version, Expires: time.UnixMilli(r.expires)}, nil
}
