// Package audit records who did what: sign-ins, and every change made in a console. A corp's
// administrators are shown the entries of their corp, operators those of the platform.
package audit

import (
	"context"
	"database/sql"
	"net/netip"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Entry is one thing that was done.
type Entry struct {
	Corp    int64 // corp row; 0: no company
	Person  int64 // person row; 0: the platform itself
	Action  Action
	App     int64 // app row; 0: none
	Address netip.Addr
	// Target is whom or what it was done to, as a person reads it: a userid, a name, a domain.
	Target string
	// Detail is what has changed: plain text, never a secret.
	Detail string
}

// Target and Detail are cut to so many bytes.
const (
	maxTarget = 200
	maxDetail = 1000
)

// Log writes and reads entries.
type Log struct {
	DB  *store.DB
	Now func() time.Time
}

const insert = `INSERT INTO audit_entries (id, at, corp_id, actor, action, app_id, address, target, detail)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

func (l *Log) values(e Entry) []any {
	address := ""
	if e.Address.IsValid() {
		address = e.Address.String()
	}
	return []any{l.DB.NewID(), l.Now().UnixMilli(), e.Corp, e.Person, string(e.Action), e.App, address,
		cut(e.Target, maxTarget), cut(e.Detail, maxDetail)}
}

// Record writes one entry and returns when it is on disk.
func (l *Log) Record(ctx context.Context, e Entry) error {
	_, err := l.DB.Exec(ctx, insert, l.values(e)...)
	return err
}

// RecordIn writes one entry in the transaction of what it tells of: both are there, or neither.
func (l *Log) RecordIn(ctx context.Context, tx *sql.Tx, e Entry) error {
	_, err := tx.ExecContext(ctx, insert, l.values(e)...)
	return err
}

// Soon writes an entry that nobody waits for: one that comes with every sign-in.
func (l *Log) Soon(e Entry) { l.DB.ExecSoon(insert, l.values(e)...) }

// cut shortens a text to n bytes at most, at the end of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
