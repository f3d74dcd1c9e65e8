package limits

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// movable is a clock that stands still until it is moved.
type movable struct {
	mu sync.Mutex
	t  time.Time
}

func newMovable() *movable { return &movable{t: time.Unix(1_790_000_000, 0)} }

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

func addAll(l *Limit, key string, n int) (passed int) {
	for range n {
		if !l.Add(key) {
			passed++
		}
	}
	return passed
}

func TestLimit(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	l := New(clock.now, 10, time.Minute)

	if n := addAll(l, "a", 25); n != 10 {
		t.Fatalf("%d calls passed, want 10", n)
	}
	if !l.Add("a") || l.Add("b") {
		t.Fatal("a must be blocked, b not")
	}
	// The window slides: half a window after the next began, half is free.
	clock.move(90 * time.Second)
	if n := addAll(l, "a", 25); n != 5 {
		t.Errorf("%d calls passed when half of the window was in sight, want 5", n)
	}
	clock.move(2 * time.Minute)
	if n := addAll(l, "a", 25); n != 10 {
		t.Errorf("%d calls passed after two quiet windows, want 10", n)
	}
}

// No span of one window's length lets more than twice max through, wherever
// it begins; a steady caller gets about max.
func TestLimitSteadyCaller(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	l := New(clock.now, 60, time.Minute)
	passed := 0
	for range 600 { // ten minutes, one call a second: exactly what is allowed
		if !l.Add("a") {
			passed++
		}
		clock.move(time.Second)
	}
	if passed < 580 {
		t.Errorf("%d of 600 allowed calls passed", passed)
	}
}

func TestBan(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	b := NewBan(clock.now, 3, 10*time.Minute, time.Hour)

	fail := func(want bool) {
		t.Helper()
		if got := b.Fail("m"); got != want {
			t.Errorf("Fail = %v, want %v", got, want)
		}
		if got := b.Banned("m"); got != want {
			t.Errorf("Banned = %v, want %v", got, want)
		}
	}
	fail(false)
	clock.move(9 * time.Minute)
	fail(false)
	clock.move(time.Minute) // the first is ten minutes old: out of sight
	fail(false)
	clock.move(8 * time.Minute)
	fail(true) // three within ten minutes
	if b.Banned("other") {
		t.Error("another key is banned")
	}
	clock.move(59 * time.Minute)
	fail(true) // does not prolong
	clock.move(time.Minute)
	if b.Banned("m") {
		t.Error("still banned after an hour")
	}
	fail(false) // a served ban starts from nothing
	fail(false)
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	l := New(clock.now, 100, time.Minute)
	b := NewBan(clock.now, 3, time.Minute, time.Hour)
	addAll(l, "busy", 100)
	for range 3 {
		b.Fail("banned")
	}
	for i := range maxKeys + 5000 {
		l.Add(strconv.Itoa(i))
		b.Fail(strconv.Itoa(i))
	}
	if n := len(l.current); n > maxKeys {
		t.Errorf("limit holds %d keys", n)
	}
	if n := len(b.keys); n > maxKeys {
		t.Errorf("ban holds %d keys", n)
	}
	if !l.Add("busy") || !b.Banned("banned") {
		t.Error("a flood of fresh keys pushed out a blocked one")
	}
	long := strings.Repeat("x", 1<<20)
	l.Add(long)
	for key := range l.current {
		if len(key) > 64 {
			t.Fatalf("a key of %d bytes is held", len(key))
		}
	}
}

func TestMakeRoomDropsWhatNoLongerCounts(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	b := NewBan(clock.now, 3, time.Minute, time.Hour)
	for i := range maxKeys {
		b.Fail(strconv.Itoa(i))
	}
	clock.move(2 * time.Minute)
	b.Fail("fresh")
	if n := len(b.keys); n != 1 {
		t.Errorf("%d keys held, want the fresh one only", n)
	}
}

func TestConcurrentAdd(t *testing.T) {
	t.Parallel()
	l := New(time.Now, 1000, time.Hour)
	var wg sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for range 8 {
		wg.Go(func() {
			n := addAll(l, "k", 500)
			mu.Lock()
			passed += n
			mu.Unlock()
		})
	}
	wg.Wait()
	if passed != 1000 {
		t.Errorf("%d passed, want 1000", passed)
	}
}
