// Package calls keeps every call of the JSON API for seven days: who called what, and why it
// was refused. The console of the provider or corp whose app called shows them. It owns the
// table api_calls.
//
// A record never holds a secret, a token, a code or any other value of the request.
package calls

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/protocol"
)

// Kept is how long calls are kept.
const Kept = 7 * 24 * time.Hour

// Call is one call and its fate.
type Call struct {
	Owner   int64 // corp row of the provider, or of the corp app's corp; 0: unknown
	App     int64 // app row; 0: none
	Corp    int64 // row of the corp the call was about; 0: none
	Path    string
	ErrCode protocol.Code
	// Reason is what did not fit, in plain English; empty where the errcode says all.
	Reason  string
	Address netip.Addr // of the caller
	Took    time.Duration
	Request string // request id, as the log and error pages show it
}

// Recorded is a call as it was written down.
type Recorded struct {
	Call
	ID int64
	At time.Time
}

// Log writes and reads calls. Its fields are set before first use.
type Log struct {
	DB  *store.DB
	Now func() time.Time

	mu      sync.Mutex // guards pending
	pending [][]any    // values of calls that are not yet on their way
}

// Calls go to the disk many at a time: most of what one costs is its commit, and a sign-in
// must not pay for being written down.
const (
	atOnce = 64
	soon   = 200 * time.Millisecond
)

// Record writes a call down, soon: it is on disk within a second, and nobody waits for it.
func (l *Log) Record(c Call) {
	address := ""
	if c.Address.IsValid() {
		address = c.Address.String()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, []any{l.DB.NewID(), l.Now().UnixMilli(), c.Owner, c.App, c.Corp, c.Path, int64(c.ErrCode),
		c.Reason, address, c.Took.Milliseconds(), c.Request})
	switch len(l.pending) {
	case 1:
		time.AfterFunc(soon, l.Flush)
	case atOnce:
		l.flush()
	}
}

// Flush sends what was recorded on its way to the disk.
func (l *Log) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
}

func (l *Log) flush() {
	for _, values := range l.pending {
		l.DB.ExecSoon(insert, values...)
	}
	l.pending = nil // the store has them
}

const insert = `INSERT INTO api_calls (id, at, owner, app_id, corp_id, path, errcode, reason, address, ms, request)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

// settle has what was recorded on the disk: who looks sees the calls of this moment.
func (l *Log) settle(ctx context.Context) error {
	l.mu.Lock()
	var last []any
	if n := len(l.pending); n > 0 {
		last, l.pending = l.pending[n-1], l.pending[:n-1]
	}
	l.flush()
	l.mu.Unlock()
	if last == nil {
		return nil
	}
	_, err := l.DB.Exec(ctx, insert, last...) // writes are done in their order
	return err
}

// Prune drops the calls that are older than Kept.
func (l *Log) Prune(ctx context.Context) error {
	if err := l.settle(ctx); err != nil {
		return err
	}
	_, err := l.DB.Exec(ctx, `DELETE FROM api_calls WHERE at < $1`, l.Now().Add(-Kept).UnixMilli())
	return err
}
