package apps

import (
	"context"
	"database/sql"
)

// CorpApps lists the apps a corp made for itself (自建), by agentid.
func (s *Service) CorpApps(ctx context.Context, corpRow int64) ([]*App, error) {
	return s.list(ctx, `SELECT id FROM apps WHERE kind = 'corp_app' AND corp_id = $1 ORDER BY agentid`, corpRow)
}

// NewCorpApp makes an app of a corp's own, with the next agentid and nobody in its range.
// The secret is shown once.
func (s *Service) NewCorpApp(ctx context.Context, corpRow int64, name string) (*App, string, error) {
	var row int64
	var secret string
	err := s.db.Update(ctx, func(tx *sql.Tx) (err error) {
		row, secret, err = s.AddCorpApp(ctx, tx, corpRow, name)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	app, err := s.App(ctx, row)
	return app, secret, err
}

// AddCorpApp is NewCorpApp inside a transaction; it answers the app's row.
func (s *Service) AddCorpApp(ctx context.Context, tx *sql.Tx, corpRow int64, name string) (row int64, secret string, err error) {
	agent, err := nextAgentID(ctx, tx, corpRow)
	if err != nil {
		return 0, "", err
	}
	secret = newSecret()
	row, err = s.CreateApp(ctx, tx, NewApp{Kind: CorpApp, CorpRow: corpRow, AgentID: agent, Name: name, Secret: secret})
	return row, secret, err
}

// RemoveCorpApp removes an app of a corp's own, with all that hangs on it: its codes and
// tokens name a row that is gone.
func (s *Service) RemoveCorpApp(ctx context.Context, tx *sql.Tx, row int64) error {
	for _, query := range []string{
		`DELETE FROM app_addresses WHERE app_id = $1`,
		`DELETE FROM covered WHERE holder = $1`,
		`DELETE FROM admin_apps WHERE holder = $1`,
		`DELETE FROM consents WHERE app_id = $1`,
		`DELETE FROM logos WHERE owner = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, row); err != nil {
			return err
		}
	}
	done, err := tx.ExecContext(ctx, `DELETE FROM apps WHERE id = $1 AND kind = 'corp_app'`, row)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return ErrNotFound
	}
	s.db.Committed(s.forget)
	return nil
}
