package shortlived

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// movable is a clock that stands still until it is moved.
type movable struct {
	mu sync.Mutex
	t  time.Time
}

func (m *movable) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t
}

func (m *movable) move(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t = m.t.Add(d)
}

func openAt(t *testing.T, path string, now func() time.Time) *Engine {
	t.Helper()
	e, err := Embedded(path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// flush returns when everything changed so far is in the file.
func flush(t *testing.T, e *Engine) {
	t.Helper()
	key, expires := "flush", e.now().Add(time.Hour)
	if err := e.Create(t.Context(), key, nil, expires); err != nil && !errors.Is(err, ErrExists) {
		t.Fatal(err)
	}
	r, err := e.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Swap(t.Context(), key, r.Version, r.Value, expires); err != nil {
		t.Fatal(err)
	}
}

func rowCount(t *testing.T, e *Engine) (n int) {
	t.Helper()
	if err := e.writer.file.conn.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM records WHERE key <> 'flush'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func sweepAll(e *Engine) (removed int) {
	for i := range e.shards {
		removed += e.sweep(&e.shards[i])
	}
	return removed
}

func TestSweep(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shortlived.db")
	clock := &movable{t: time.UnixMilli(1_790_000_000_000)}
	e := openAt(t, path, clock.now)
	const each = 300
	for i := range each {
		n := strconv.Itoa(i)
		if err := errors.Join(
			e.Create(t.Context(), "short "+n, nil, clock.now().Add(time.Minute)),
			e.Create(t.Context(), "long "+n, nil, clock.now().Add(time.Hour)),
		); err != nil {
			t.Fatal(err)
		}
	}
	clock.move(time.Minute + sweepAfter - time.Millisecond)
	if n := sweepAll(e); n != 0 {
		t.Errorf("%d records swept too early", n)
	}
	clock.move(time.Millisecond)
	// The engine's own sweeper runs beside us: count what is left, not what we removed.
	sweepAll(e)
	if _, err := e.Get(t.Context(), "short 7"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a swept record: %v", err)
	}
	// A key may come back in the very group that removes its old row.
	if err := e.Create(t.Context(), "short 7", []byte("new"), clock.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	flush(t, e)
	if n := rowCount(t, e); n != each+1 {
		t.Errorf("%d rows in the file, want %d", n, each+1)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = openAt(t, path, clock.now)
	if r, err := e.Get(t.Context(), "short 7"); err != nil || string(r.Value) != "new" {
		t.Errorf("the record that came back is %q, %v", r.Value, err)
	}
	if _, err := e.Get(t.Context(), "short 8"); !errors.Is(err, ErrNotFound) {
		t.Errorf("after a restart a swept record: %v", err)
	}
}

func TestSweepStepIsBounded(t *testing.T) {
	t.Parallel()
	e := openAt(t, filepath.Join(t.TempDir(), "shortlived.db"), time.Now)
	s := &e.shards[shardCount-1] // the last one that the engine itself will look at
	expired := time.Now().Add(-time.Hour)
	for i := 0; len(s.entries) < sweepMost+10; i++ {
		key := strconv.Itoa(i)
		if e.shard(key) != s {
			continue
		}
		if err := e.Create(t.Context(), key, nil, expired); err != nil {
			t.Fatal(err)
		}
	}
	e.sweep(s)
	s.mu.Lock()
	left := len(s.entries)
	s.mu.Unlock()
	if left == 0 {
		t.Error("one step removed everything")
	}
}

func TestSweeperRunsByItself(t *testing.T) {
	t.Parallel()
	e := openAt(t, filepath.Join(t.TempDir(), "shortlived.db"), time.Now)
	// One of many keys lies in the shard that the first step looks at.
	for i := range 20 * shardCount {
		if err := e.Create(context.Background(), strconv.Itoa(i), nil, time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	left := func() (n int) {
		for i := range e.shards {
			e.shards[i].mu.Lock()
			n += len(e.shards[i].entries)
			e.shards[i].mu.Unlock()
		}
		return n
	}
	for deadline := time.Now().Add(10 * time.Second); left() == 20*shardCount; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is swept")
		}
	}
}
