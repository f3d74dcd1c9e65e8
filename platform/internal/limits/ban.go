package limits

import (
	"sync"
	"time"
)

// Ban shuts a key out for a time once it has failed too often. The failures
// are remembered one by one, so "three in ten minutes" means exactly that.
// Make one with NewBan; safe for use by several goroutines.
type Ban struct {
	now      func() time.Time
	max      int
	per, ban time.Duration

	mu    sync.Mutex // guards everything below
	keys  map[string]failures
	swept int64 // when makeRoom last looked at every key
}

// failures is what one key did: the times (Unix nanoseconds) of its latest
// failures, oldest first, and until when it is banned.
type failures struct {
	times []int64
	until int64
}

// last is the time of the latest failure, or the end of the ban when that is later.
func (f failures) last() int64 {
	if n := len(f.times); n > 0 {
		return max(f.times[n-1], f.until)
	}
	return f.until
}

// NewBan returns a ban that lasts the span ban and begins with a key's max-th
// failure within the span per, by the clock now.
func NewBan(now func() time.Time, max int, per, ban time.Duration) *Ban {
	return &Ban{now: now, max: max, per: per, ban: ban, keys: map[string]failures{}}
}

// Fail counts one failure of key and reports whether the key is banned now,
// by this failure or an earlier one. Failures during a ban do not prolong it.
func (b *Ban) Fail(key string) (banned bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key = bounded(key)
	now := b.now().UnixNano()
	f, known := b.keys[key]
	if f.until > now {
		return true
	}
	if !known && len(b.keys) >= maxKeys {
		b.makeRoom(now)
	}
	for len(f.times) > 0 && f.times[0] <= now-int64(b.per) {
		f.times = f.times[1:]
	}
	f.times = append(f.times, now)
	if len(f.times) >= b.max {
		f = failures{until: now + int64(b.ban)}
	}
	b.keys[key] = f
	return f.until > now
}

// Banned reports whether the key is shut out now.
func (b *Ban) Banned(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.keys[bounded(key)].until > b.now().UnixNano()
}

// makeRoom drops all keys whose failures no longer count or, when there are
// none, one that would be forgotten soon. It looks at every key only once per
// window, or a flood would make each failure dear. The caller holds mu.
func (b *Ban) makeRoom(now int64) {
	if now-b.swept >= int64(b.per) {
		b.swept = now
		for key, f := range b.keys {
			if f.last() <= now-int64(b.per) {
				delete(b.keys, key)
			}
		}
	}
	if len(b.keys) >= maxKeys {
		dropLowest(b.keys, failures.last)
	}
}
