package shortlivedtest

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// wakeUps counts the calls of its changed.
type wakeUps struct {
	rang chan struct{}
}

func newWakeUps() wakeUps { return wakeUps{make(chan struct{}, 1)} }

func (w wakeUps) changed() {
	select {
	case w.rang <- struct{}{}:
	default:
	}
}

func (w wakeUps) wait(t *testing.T, after string) {
	t.Helper()
	select {
	case <-w.rang:
	case <-time.After(10 * time.Second):
		t.Fatalf("no wake-up after %s", after)
	}
}

func testWatch(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, expires := t.Context(), clock.now().Add(time.Minute)
	first, second := newWakeUps(), newWakeUps()
	stopFirst := e.Watch("a", first.changed) // before there is a record
	stopSecond := e.Watch("a", second.changed)
	want(t, "Create", e.Create(ctx, "a", nil, expires), nil)
	first.wait(t, "Create")
	second.wait(t, "Create")
	want(t, "Swap", e.Swap(ctx, "a", 1, []byte("x"), expires), nil)
	first.wait(t, "Swap")
	second.wait(t, "Swap")
	stopFirst()
	stopFirst()
	want(t, "Swap", e.Swap(ctx, "a", 2, []byte("y"), expires), nil)
	second.wait(t, "Swap with one watcher less")
	stopSecond()

	// What a wake-up announces can be read.
	seen := make(chan int64, 100)
	stop := e.Watch("a", func() {
		if r, err := e.Get(ctx, "a"); err == nil {
			seen <- r.Version
		}
	})
	defer stop()
	want(t, "Swap", e.Swap(ctx, "a", 3, []byte("z"), expires), nil)
	deadline := time.After(10 * time.Second)
	for version := int64(0); version != 4; {
		select {
		case version = <-seen:
		case <-deadline:
			t.Fatal("no wake-up shows the new version")
		}
	}
}

// changed may read, watch and stop.
func testWatchInside(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	ctx, expires := t.Context(), clock.now().Add(time.Minute)
	want(t, "Create", e.Create(ctx, "a", nil, expires), nil)
	woken := newWakeUps()
	stops := make(chan func(), 1)
	stops <- e.Watch("a", func() {
		if _, err := e.Get(ctx, "a"); err != nil {
			t.Error(err)
		}
		e.Watch("a", func() {})()
		select {
		case stop := <-stops:
			stop()
		default:
		}
		woken.changed()
	})
	done := make(chan error, 1)
	go func() { done <- e.Swap(ctx, "a", 1, nil, expires) }()
	woken.wait(t, "Swap")
	select {
	case err := <-done:
		want(t, "Swap", err, nil)
	case <-time.After(10 * time.Second):
		t.Fatal("Swap hangs")
	}
}

func testWatchMany(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	expires := clock.now().Add(time.Minute)
	const keys = 2000
	var woken atomic.Int64
	for i := range keys {
		defer e.Watch(strconv.Itoa(i), func() { woken.Add(1) })()
	}
	for i := range keys {
		want(t, "Create", e.Create(t.Context(), strconv.Itoa(i), nil, expires), nil)
	}
	for deadline := time.Now().Add(10 * time.Second); woken.Load() < keys; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d keys were woken", woken.Load(), keys)
		}
	}
}
