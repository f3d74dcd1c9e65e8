package apps

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrInstalled is returned where a corp has installed the suite already.
var ErrInstalled = errors.New("apps: already installed")

// NewInstallation is what installs a suite in a corp.
type NewInstallation struct {
	App, Corp            int64
	AgentID              int64   // 0: the next free one
	Departments, Members []int64 // visible range: department numbers, member rows
	InstalledBy          int64   // person row
	State                string
	PlainIDs             bool
	FromSite             bool
	Test                 bool
}

// Install records that a corp has installed a suite and answers the installation's row.
// Nobody is told: see TellCreated.
func (s *Service) Install(ctx context.Context, tx *sql.Tx, n NewInstallation) (int64, error) {
	var there bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM installations WHERE app_id = $1 AND corp_id = $2)`, n.App, n.Corp).Scan(&there)
	switch {
	case err != nil:
		return 0, err
	case there:
		return 0, ErrInstalled
	}
	if n.AgentID == 0 {
		if n.AgentID, err = nextAgentID(ctx, tx, n.Corp); err != nil {
			return 0, err
		}
	}
	row := s.db.NewID()
	if _, err := tx.ExecContext(ctx, `INSERT INTO installations
		(id, app_id, corp_id, agentid, plain_ids, created_at, state, from_site, test, installed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, row, n.App, n.Corp, n.AgentID, n.PlainIDs, s.now().UnixMilli(),
		n.State, n.FromSite, n.Test, n.InstalledBy); err != nil {
		return 0, fmt.Errorf("install: %w", err)
	}
	s.db.Committed(s.forget)
	return row, cover(ctx, tx, row, n.Corp, n.Departments, n.Members)
}

// Uninstall removes an installation: its permanent code, its corp tokens and its range die
// with the row. Told.Cancelled is called first.
func (s *Service) Uninstall(ctx context.Context, tx *sql.Tx, row int64) error {
	var there bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM installations WHERE id = $1)`, row).Scan(&there); err != nil {
		return err
	}
	if !there {
		return ErrNotFound
	}
	if err := s.tellCancelled(ctx, tx, row); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM covered WHERE holder = $1`,
		`DELETE FROM admin_apps WHERE holder = $1`, // nobody's rights outlive the app
		`DELETE FROM installations WHERE id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, row); err != nil {
			return err
		}
	}
	s.db.Committed(s.forget)
	return nil
}

// SetPlainIDs says whether an installation shows plain ids to its provider (历史授权).
func (s *Service) SetPlainIDs(ctx context.Context, installationRow int64, on bool) error {
	return s.write(ctx, `UPDATE installations SET plain_ids = $2 WHERE id = $1`, installationRow, on)
}

// firstAgentID is the first agentid of a corp; own apps and installed ones share the
// numbers.
const firstAgentID = 1000002

// nextAgentID takes the next agentid of a corp. None is ever given again: links and open
// pages name an app by it.
func nextAgentID(ctx context.Context, tx *sql.Tx, corpRow int64) (int64, error) {
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(agentid), 0) FROM (
		SELECT agentid FROM installations WHERE corp_id = $1
		UNION ALL SELECT agentid FROM apps WHERE corp_id = $1 AND kind = 'corp_app'
		UNION ALL SELECT agentid FROM last_agents WHERE corp_id = $1) AS taken`, corpRow).Scan(&last); err != nil {
		return 0, err
	}
	next := max(last+1, firstAgentID)
	_, err := tx.ExecContext(ctx, `INSERT INTO last_agents (corp_id, agentid) VALUES ($1, $2)
		ON CONFLICT (corp_id) DO UPDATE SET agentid = excluded.agentid`, corpRow, next)
	return next, err
}
