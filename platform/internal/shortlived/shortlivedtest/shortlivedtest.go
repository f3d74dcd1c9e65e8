// Package shortlivedtest is the suite that every engine behind
// shortlived.Store passes. An engine's test is one line:
//
//	func TestEngine(t *testing.T) { shortlivedtest.Run(t, open) }
//
// Time is a clock that the suite moves; the death of a process is real: the
// suite runs the test binary again as a child and kills it with SIGKILL.
package shortlivedtest

import (
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// Engine is a Store that can be closed.
type Engine interface {
	shortlived.Store
	Close() error
}

// Open opens the engine whose records live under the folder dir; an engine
// without files takes dir as a name that sets its records apart. The suite
// opens the same dir again to see what has lasted.
type Open func(dir string, now func() time.Time) (Engine, error)

// Run runs the suite. The test that calls it does nothing else: it is also
// what the child process runs, found by its name.
func Run(t *testing.T, open Open) {
	if dir := os.Getenv(childDir); dir != "" {
		swapUntilKilled(dir, open) // never returns
	}
	for _, test := range []struct {
		name string
		run  func(t *testing.T, open Open)
	}{
		{"create and get", testCreate},
		{"create over an expired record", testCreateOverExpired},
		{"values", testValues},
		{"swap", testSwap},
		{"swap of an expired record", testSwapExpired},
		{"swap repeated", testSwapRepeated},
		{"one of 1000 creates", testCreateOnce},
		{"one of 1000 swaps", testSwapOnce},
		{"counting by swap", testCounting},
		{"cancelled", testCancelled},
		{"watch", testWatch},
		{"watch from inside", testWatchInside},
		{"watch many", testWatchMany},
		{"restart", testRestart},
		{"closed", testClosed},
		{"kill -9", testKill},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open)
		})
	}
}

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.UnixMilli(1_790_000_000_123)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// fresh opens an empty engine and its clock.
func fresh(t *testing.T, open Open) (Engine, *clock) {
	t.Helper()
	c := newClock()
	return reopen(t, open, t.TempDir(), c), c
}

func reopen(t *testing.T, open Open, dir string, c *clock) Engine {
	t.Helper()
	e, err := open(dir, c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// want checks what a call has answered.
func want(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// wantRecord checks what is kept under key.
func wantRecord(t *testing.T, e Engine, key, value string, version int64, expires time.Time) {
	t.Helper()
	r, err := e.Get(t.Context(), key)
	if err != nil {
		t.Errorf("Get %q: %v", key, err)
		return
	}
	if string(r.Value) != value || r.Version != version || r.Expires.UnixMilli() != expires.UnixMilli() {
		t.Errorf("%q has %.40q, version %d, until %v; want %.40q, version %d, until %v",
			key, r.Value, r.Version, r.Expires, value, version, expires)
	}
}
