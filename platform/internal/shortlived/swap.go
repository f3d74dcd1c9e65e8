package shortlived

import (
	"bytes"
	"context"
	"time"
)

// Swap replaces a record; see Store. It is answered when the group that holds
// the change has been committed.
func (e *Engine) Swap(ctx context.Context, key string, version int64, value []byte, expires time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := e.shard(key)
	s.mu.Lock()
	r := s.entries[key]
	if r == nil {
		s.mu.Unlock()
		return ErrNotFound
	}
	repeated := r.version == version+1 && r.expires == expires.UnixMilli() && bytes.Equal(r.value, value)
	if r.version != version && !repeated {
		s.mu.Unlock()
		return ErrConflict
	}
	// A repeated one is written once more: its first group may have failed.
	g, _, err := e.writer.put(r)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	var wake []*watcher
	if !repeated {
		r.value, r.version, r.expires = bytes.Clone(value), version+1, expires.UnixMilli()
		wake = s.watchers[key]
	}
	s.mu.Unlock()

	callAll(wake)
	return g.wait(ctx)
}
