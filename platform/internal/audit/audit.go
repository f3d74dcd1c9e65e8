// Package audit records who did what: the entries a corp's administrators are shown.
package audit

import (
	"context"
	"net/netip"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Action is what was done.
type Action string

const (
	// SignInReported: a person said "I did not start this" about a sign-in.
	SignInReported Action = "sign_in_reported"
	// WrongNumber: a person typed a number that was not the one on the page.
	WrongNumber Action = "wrong_number"
	// PasswordRefused: a sign-in on the phone was refused after too many wrong passwords.
	PasswordRefused Action = "password_refused"
)

// Entry is one thing that was done.
type Entry struct {
	Corp    int64 // corp row; 0: no company
	Person  int64 // person row
	Action  Action
	App     int64 // app row; 0: none
	Address netip.Addr
}

// Log writes entries.
type Log struct {
	DB  *store.DB
	Now func() time.Time
}

// Record writes one entry.
func (l *Log) Record(ctx context.Context, e Entry) error {
	_, err := l.DB.Exec(ctx, `INSERT INTO audit_entries (id, at, corp_id, actor, action, app_id, address)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.DB.NewID(), l.Now().UnixMilli(), e.Corp, e.Person, string(e.Action), e.App, e.Address.String())
	return err
}
