package apps

import (
	"context"
	"database/sql"
)

// Told is who is told when installations come, change and go. Every function is called
// inside the transaction that does it, and takes it back with an error; nil ones are left
// out.
type Told struct {
	// Created: a suite was installed from the market; authCode is its InstallCode.
	Created func(ctx context.Context, tx *sql.Tx, installationRow int64, authCode string) error
	// Changed: its visible range or its permissions are others now.
	Changed func(ctx context.Context, tx *sql.Tx, installationRow int64) error
	// Cancelled: it is about to be removed.
	Cancelled func(ctx context.Context, tx *sql.Tx, installationRow int64) error
}

// TellCreated tells that a suite was installed from the market. Whoever calls Install
// follows with it, for only then is there a row that the install code can name.
func (s *Service) TellCreated(ctx context.Context, tx *sql.Tx, installationRow int64, authCode string) error {
	if s.Told.Created == nil {
		return nil
	}
	return s.Told.Created(ctx, tx, installationRow, authCode)
}

func (s *Service) tellChanged(ctx context.Context, tx *sql.Tx, installationRow int64) error {
	if s.Told.Changed == nil {
		return nil
	}
	return s.Told.Changed(ctx, tx, installationRow)
}

func (s *Service) tellCancelled(ctx context.Context, tx *sql.Tx, installationRow int64) error {
	if s.Told.Cancelled == nil {
		return nil
	}
	return s.Told.Cancelled(ctx, tx, installationRow)
}
