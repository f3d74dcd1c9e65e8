package shortlived

import (
	"bytes"
	"context"
	"time"
)

// Create makes the record of key; see Store. It is answered before the record
// is in the file.
func (e *Engine) Create(ctx context.Context, key string, value []byte, expires time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := e.shard(key)
	s.mu.Lock()
	r := s.entries[key]
	if r != nil && e.now().UnixMilli() < r.expires {
		s.mu.Unlock()
		return ErrExists
	}
	if r == nil {
		r = &entry{key: key}
	}
	g, healthy, err := e.writer.put(r)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	r.value, r.version, r.expires = bytes.Clone(value), 1, expires.UnixMilli()
	s.entries[key] = r
	wake := s.watchers[key]
	s.mu.Unlock()

	callAll(wake)
	if healthy {
		return nil
	}
	return g.wait(ctx)
}
