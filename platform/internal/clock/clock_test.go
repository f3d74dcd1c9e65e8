package clock_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/clock"
)

func TestAdvanceRunsDueTimersInOrder(t *testing.T) {
	t.Parallel()
	c := clock.New()
	defer c.Stop()
	start := c.Now()

	type event struct {
		name string
		at   time.Duration // rounded to minutes
	}
	var got []event
	note := func(name string) func() {
		return func() { got = append(got, event{name, c.Now().Sub(start).Round(time.Minute)}) }
	}
	c.AfterFunc(30*time.Minute, note("late"))
	c.AfterFunc(5*time.Minute, note("early"))
	c.AfterFunc(40*time.Minute, note("not yet"))
	var again func()
	again = func() {
		note("every ten")()
		c.AfterFunc(10*time.Minute, again)
	}
	c.AfterFunc(10*time.Minute, again)

	c.Advance(31 * time.Minute)
	want := []event{
		{"early", 5 * time.Minute},
		{"every ten", 10 * time.Minute},
		{"every ten", 20 * time.Minute},
		{"late", 30 * time.Minute},
		{"every ten", 30 * time.Minute},
	}
	if !slices.Equal(got, want) {
		t.Errorf("ran %v, want %v", got, want)
	}
	if o := c.Offset(); o != 31*time.Minute {
		t.Errorf("offset %v after a move of 31m", o)
	}
	if d := c.Now().Sub(start); d < 31*time.Minute || d > 32*time.Minute {
		t.Errorf("Now moved by %v, want 31m", d)
	}
}

func TestEqualDueTimesRunOldestFirst(t *testing.T) {
	t.Parallel()
	c := clock.New()
	defer c.Stop()
	var got []int
	for i := range 100 {
		c.AfterFunc(time.Hour, func() { got = append(got, i) })
	}
	c.Advance(2 * time.Hour)
	if len(got) != 100 || !slices.IsSorted(got) {
		t.Errorf("ran %v", got)
	}
}

func TestTimersRunWithoutAdvance(t *testing.T) {
	t.Parallel()
	c := clock.New()
	defer c.Stop()
	ran := make(chan string, 2)
	c.AfterFunc(20*time.Millisecond, func() { ran <- "second" })
	c.AfterFunc(-time.Second, func() { ran <- "first" })
	for _, want := range []string{"first", "second"} {
		select {
		case got := <-ran:
			if got != want {
				t.Errorf("%s ran, want %s", got, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("timer %q never ran", want)
		}
	}
}

// After a move the system's alarm must follow the new earliest due time.
func TestTimerAfterAdvanceStillRings(t *testing.T) {
	t.Parallel()
	c := clock.New()
	defer c.Stop()
	ran := make(chan struct{})
	c.AfterFunc(time.Hour, func() { close(ran) })
	c.Advance(time.Hour - 20*time.Millisecond)
	select {
	case <-ran:
	case <-time.After(5 * time.Second):
		t.Fatal("the timer never ran")
	}
}

func TestStopTimer(t *testing.T) {
	t.Parallel()
	c := clock.New()
	defer c.Stop()
	var ran atomic.Bool
	timer := c.AfterFunc(time.Minute, func() { ran.Store(true) })
	if !timer.Stop() {
		t.Error("Stop of a waiting timer reports false")
	}
	if timer.Stop() {
		t.Error("second Stop reports true")
	}
	c.Advance(time.Hour)
	if ran.Load() {
		t.Error("a stopped timer ran")
	}
}

func TestStoppedClockRunsNothing(t *testing.T) {
	t.Parallel()
	c := clock.New()
	var ran atomic.Bool
	before := c.AfterFunc(time.Minute, func() { ran.Store(true) })
	c.Stop()
	c.AfterFunc(0, func() { ran.Store(true) })
	c.Advance(time.Hour)
	if ran.Load() {
		t.Error("a timer ran on a stopped clock")
	}
	if before.Stop() {
		t.Error("a timer of a stopped clock says it was waiting")
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := clock.New()
	defer c.Stop()
	var ran atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				c.AfterFunc(time.Minute, func() { ran.Add(1) })
				c.AfterFunc(time.Hour, func() { ran.Add(1000000) }).Stop()
				c.Now()
			}
		})
		wg.Go(func() { c.Advance(time.Second) })
	}
	wg.Wait()
	c.Advance(time.Minute)
	if got := ran.Load(); got != 1600 {
		t.Errorf("%d timers ran, want 1600", got)
	}
}
