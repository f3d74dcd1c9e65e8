// Package clock is the one clock of a platform: everything that expires asks
// it for the time and hands it its timers.
//
// In production it is the system's time. In the sandbox the control API moves
// it ("/clock" in docs: design.md, "Data"), and all timers that became due have
// run before the move is answered. It owns no URL and knows nothing of what
// its timers do.
package clock

import (
	"container/heap"
	"sync"
	"time"
)

// Clock tells the time and runs timers by it. Make one with New; all methods
// are safe for use by several goroutines.
type Clock struct {
	advancing sync.Mutex // held for a whole Advance: moves do not overlap

	mu      sync.Mutex // guards everything below
	offset  time.Duration
	timers  timerHeap
	order   uint64      // of the next timer; equal due times run in this order
	alarm   *time.Timer // wakes us for the earliest timer; nil until there is one
	stopped bool
}

// New returns a clock that shows the system's time.
func New() *Clock { return &Clock{} }

// Now returns the clock's time. It never runs backwards, not even when the
// system's wall clock is set back while the program runs.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return time.Now().Add(c.offset) }

// Offset returns how far the clock is ahead of the system's time: the sum of
// all moves by Advance.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// AfterFunc runs f once, when d has passed by this clock; at once when d is
// zero or less. f runs on a goroutine of its own, or inside Advance on the
// goroutine that moves the clock. On a stopped clock f never runs.
func (c *Clock) AfterFunc(d time.Duration, f func()) *Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &Timer{clock: c, due: c.now().Add(d), order: c.order, run: f, index: -1}
	if c.stopped {
		return t
	}
	c.order++
	heap.Push(&c.timers, t)
	if t.index == 0 {
		c.setAlarm()
	}
	return t
}

// Advance moves the clock forward by d and returns when every timer that was
// due by then has run, earliest first. While a timer runs, Now shows the time
// at which it was due, so a timer that arms itself again within d runs again.
// A d of zero or less moves nothing and runs what is due.
//
// A timer's function must not call Advance. One that always arms itself again
// without a delay keeps Advance from returning.
func (c *Clock) Advance(d time.Duration) {
	c.advancing.Lock()
	defer c.advancing.Unlock()

	c.mu.Lock()
	target := c.offset + max(d, 0)
	for !c.stopped {
		// Step the offset from one due time to the next, never past the target.
		if len(c.timers) == 0 {
			break
		}
		step := time.Until(c.timers[0].due)
		if step > target {
			break
		}
		c.offset = max(c.offset, step)
		t := heap.Pop(&c.timers).(*Timer)
		c.mu.Unlock()
		t.run()
		c.mu.Lock()
	}
	c.offset = target
	c.setAlarm()
	c.mu.Unlock()
}

// Stop drops all timers for good. Functions that already run are not waited
// for. The clock still tells the time.
func (c *Clock) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	for _, t := range c.timers {
		t.index = -1
	}
	c.timers = nil
	if c.alarm != nil {
		c.alarm.Stop()
	}
}

// setAlarm arms the system's timer for the earliest of ours. The caller holds mu.
func (c *Clock) setAlarm() {
	if c.stopped || len(c.timers) == 0 {
		return
	}
	wait := c.timers[0].due.Sub(c.now())
	if c.alarm == nil {
		c.alarm = time.AfterFunc(wait, c.ring)
		return
	}
	c.alarm.Reset(wait)
}

// ring starts every timer that is due by now.
func (c *Clock) ring() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for len(c.timers) > 0 && !c.timers[0].due.After(now) {
		t := heap.Pop(&c.timers).(*Timer)
		go t.run()
	}
	c.setAlarm()
}
