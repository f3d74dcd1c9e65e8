package announce

import (
	"context"
	"database/sql"

	"github.com/hufu-sso/hufu/protocol"
)

// Created tells a suite that a corp has installed it from the market (create_auth, 90642).
// authCode is the code with which the provider fetches the permanent code. An install that
// began on the provider's site is not told: its code goes back with the redirect.
func (s *Service) Created(ctx context.Context, tx *sql.Tx, installationRow int64, authCode string) error {
	s.forget()
	r, err := s.Apps.ReachIn(ctx, tx, installationRow)
	if err != nil || r.FromSite {
		return err
	}
	return s.tell(ctx, tx, r, protocol.Event{InfoType: protocol.EventCreateAuth, AuthCode: authCode, State: r.State})
}

// Changed tells a suite that its visible range or permissions in a corp have changed
// (change_auth, 90642). What they are now it asks for; who came into the range by it is not
// told one by one.
func (s *Service) Changed(ctx context.Context, tx *sql.Tx, installationRow int64) error {
	return s.auth(ctx, tx, installationRow, protocol.EventChangeAuth)
}

// Cancelled tells a suite that a corp removes it (cancel_auth, 90642). The installation is
// still there when it is called, and need not be when the event is delivered.
func (s *Service) Cancelled(ctx context.Context, tx *sql.Tx, installationRow int64) error {
	return s.auth(ctx, tx, installationRow, protocol.EventCancelAuth)
}

func (s *Service) auth(ctx context.Context, tx *sql.Tx, installationRow int64, infoType string) error {
	s.forget()
	r, err := s.Apps.ReachIn(ctx, tx, installationRow)
	if err != nil {
		return err
	}
	e := protocol.Event{InfoType: infoType}
	if infoType == protocol.EventChangeAuth {
		e.State = r.State
	}
	return s.tell(ctx, tx, r, e)
}
