package store

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// idEpoch is the start of the ids' count of milliseconds: 2026-01-01 UTC.
const idEpoch = 1767225600000

// ids makes row ids: 41 bits of milliseconds (enough until 2095) and 15 bits
// that tell apart what is made within one.
type ids struct {
	last atomic.Int64
}

// NewID returns an id for a new row: positive, below 2^56, greater than all
// that this process has made before, and nearly in order of time between
// processes. Two processes could make the same one in the same millisecond;
// the table's primary key refuses the second. Ids are no secrets.
func (db *DB) NewID() int64 {
	for {
		last := db.ids.last.Load()
		next := max(last+1, (time.Now().UnixMilli()-idEpoch)<<15|rand.Int64N(1<<14))
		if db.ids.last.CompareAndSwap(last, next) {
			return next
		}
	}
}
