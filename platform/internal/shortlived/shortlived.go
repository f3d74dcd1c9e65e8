// Package shortlived keeps what expires: attempts, browser sessions, and the
// wake-ups of waiting pages. All of it may be lost at the cost of scanning
// again; what may not be lost (spent codes above all) lives in package store.
//
// The package owns the interface Store and its embedded engine in the file
// shortlived.db. What the values mean is their owners' business. It has no URLs.
package shortlived

import (
	"context"
	"errors"
	"time"
)

// Store is a set of records under keys. Every engine passes
// shortlivedtest.Run. All methods are safe for use by several goroutines.
//
// An error that is none of the three below means that the outcome is unknown:
// the write may be in effect now, later, or never. Repeat it, or read.
type Store interface {
	// Get returns the record of key, as the last successful write (one that
	// is still being answered included) has left it, or ErrNotFound. It may
	// return a record that has expired: the caller judges that by its own
	// clock. An expired record vanishes some time later. Value is shared:
	// the caller does not change it.
	Get(ctx context.Context, key string) (Record, error)

	// Create makes the record of key, with version 1. It fails with ErrExists
	// when there is one, unless that one has expired by the engine's clock.
	// An engine may answer before the record is lasting: if it is lost in a
	// crash before its first Swap, whoever caused it begins again.
	Create(ctx context.Context, key string, value []byte, expires time.Time) error

	// Swap replaces value and expiry of a record that has the given version,
	// and raises its version by one. It fails with ErrConflict when the
	// version is another, with ErrNotFound when there is no record. Of
	// several different Swaps of one version exactly one succeeds. A Swap
	// that is repeated (same version, value and expiry; nothing came after
	// it) succeeds again, so a caller may try again when the outcome was
	// unknown; a value that must tell two callers apart names the caller. An
	// expired record can be swapped. Swap is answered when this version, or a
	// later one, survives the death of the process.
	Swap(ctx context.Context, key string, version int64, value []byte, expires time.Time) error

	// Watch calls changed after each Create and Swap of key, from now until
	// stop. Wake-ups may be lost or spurious, and one may still come while
	// stop returns: changed only tells its owner to read again, and the owner
	// also reads now and then without it. changed may run on any goroutine,
	// at the cost of somebody else's write: it must not block. stop may be
	// called more than once.
	Watch(key string, changed func()) (stop func())
}

// Record is what Store keeps under a key.
type Record struct {
	Value   []byte
	Version int64     // 1 after Create, one more after each Swap
	Expires time.Time // whole milliseconds; what is finer was cut off
}

// What a Store answers, possibly wrapped.
var (
	ErrNotFound = errors.New("shortlived: no such record")
	ErrExists   = errors.New("shortlived: the record exists")
	ErrConflict = errors.New("shortlived: the record has another version")
)
