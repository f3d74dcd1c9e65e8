// Package limits counts what one key (an address, a member, an app) does in a
// span of time: Limit slows a caller down, Ban shuts it out after failures.
//
// Counters live in memory only: a restart forgets them. Memory is bounded
// whatever keys arrive. What is counted, under which key and how it is
// answered is the caller's business.
package limits

import (
	"sync"
	"time"
)

// maxKeys bounds the keys that one counter holds in one window. At about 100
// bytes a key this is some 6 MB under a flood of fresh addresses.
const maxKeys = 1 << 16

// Limit allows each key a number of calls per sliding window. The window is
// two fixed ones, the older weighted by how much of it is still in sight, so
// a key costs two small numbers. Make one with New; safe for use by several
// goroutines.
type Limit struct {
	now func() time.Time
	max float64
	per time.Duration

	mu      sync.Mutex // guards everything below
	began   time.Time  // of the current window
	current map[string]uint32
	before  map[string]uint32 // the window just before the current one
}

// New returns a limit of max calls per span for each key, by the clock now.
func New(now func() time.Time, max int, per time.Duration) *Limit {
	return &Limit{now: now, max: float64(max), per: per, began: now(), current: map[string]uint32{}}
}

// Add counts one call of key, or reports blocked when the key has used up its
// calls. A blocked call is not counted: a caller that goes on trying gets max
// calls per window, not none.
func (l *Limit) Add(key string) (blocked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key = bounded(key)
	if l.used(key)+1 > l.max {
		return true
	}
	if _, known := l.current[key]; !known && len(l.current) >= maxKeys {
		dropLowest(l.current, func(n uint32) int64 { return int64(n) })
	}
	l.current[key]++
	return false
}

// used turns the windows over when their time has come and returns the key's
// calls in the sliding window. The caller holds mu.
func (l *Limit) used(key string) float64 {
	age := l.now().Sub(l.began)
	switch {
	case age >= 2*l.per:
		l.before, l.current = nil, map[string]uint32{}
		l.began, age = l.began.Add(age), 0
	case age >= l.per:
		l.before, l.current = l.current, map[string]uint32{}
		l.began, age = l.began.Add(l.per), age-l.per
	}
	inSight := 1 - float64(age)/float64(l.per)
	return float64(l.before[key])*inSight + float64(l.current[key])
}
