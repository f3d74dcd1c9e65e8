// Package calls keeps every call of the JSON API for seven days: who called what, and why it
// was refused. The console of the provider or corp whose app called shows them. It owns the
// table api_calls.
//
// A record never holds a secret, a token, a code or any other value of the request.
package calls

import (
	"context"
	"net/netip"
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

// Log writes and reads calls.
type Log struct {
	DB  *store.DB
	Now func() time.Time
}

// Record writes a call down, soon: the caller does not wait for the disk.
func (l *Log) Record(c Call) {
	address := ""
	if c.Address.IsValid() {
		address = c.Address.String()
	}
	l.DB.ExecSoon(`INSERT INTO api_calls (id, at, owner, app_id, corp_id, path, errcode, reason, address, ms, request)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		l.DB.NewID(), l.Now().UnixMilli(), c.Owner, c.App, c.Corp, c.Path, int64(c.ErrCode), c.Reason, address,
		c.Took.Milliseconds(), c.Request)
}

// Prune drops the calls that are older than Kept.
func (l *Log) Prune(ctx context.Context) error {
	_, err := l.DB.Exec(ctx, `DELETE FROM api_calls WHERE at < $1`, l.Now().Add(-Kept).UnixMilli())
	return err
}
