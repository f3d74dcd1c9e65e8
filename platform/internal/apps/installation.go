package apps

import (
	"context"
	"time"
)

// Installation is a suite in a corp that installed it (授权). It is shared between requests:
// read it, never write it. Its row is the holder of the visible range and of the corp
// token; uninstalling removes it, and installing again makes another.
type Installation struct {
	Row         int64
	App         *App // as it was when the installation was read; rights and settings are read anew
	CorpRow     int64
	AgentID     int64
	PlainIDs    bool  // installed before ids were encrypted (历史授权)
	FromSite    bool  // begun on the provider's site, not in the market
	Test        bool  // 测试授权: of a suite that was not online
	Generation  int64 // raised with the permanent code: older corp tokens die
	State       string
	InstalledBy int64 // person row; 0: nobody knows
	CreatedAt   time.Time
	// HasPermanentCode: the provider has fetched its permanent code.
	HasPermanentCode bool

	permanentHash []byte
}

// PermanentCodeIs compares a permanent code with the installation's in constant time; there
// is none until the provider has fetched it.
func (i *Installation) PermanentCodeIs(code string) bool {
	return i.HasPermanentCode && secretIs(i.permanentHash, code)
}

const installationColumns = `SELECT i.id, i.app_id, i.corp_id, i.agentid, i.plain_ids, i.from_site, i.test, i.generation,
	i.state, i.installed_by, i.created_at, i.permanent_hash FROM installations i `

func scanInstallation(row interface{ Scan(...any) error }) (*Installation, int64, error) {
	var i Installation
	var app, created int64
	err := row.Scan(&i.Row, &app, &i.CorpRow, &i.AgentID, &i.PlainIDs, &i.FromSite, &i.Test, &i.Generation,
		&i.State, &i.InstalledBy, &created, &i.permanentHash)
	if err != nil {
		return nil, 0, found(err)
	}
	i.CreatedAt, i.HasPermanentCode = time.UnixMilli(created), len(i.permanentHash) > 0
	return &i, app, nil
}

// Installation reads a suite's installation in a corp; ErrNotFound where the corp has not
// installed it. It is kept like an app.
func (s *Service) Installation(ctx context.Context, appRow, corpRow int64) (*Installation, error) {
	return s.installation(ctx, [2]int64{appRow, corpRow}, installationColumns+`WHERE i.app_id = $1 AND i.corp_id = $2`, appRow, corpRow)
}

// InstallationByRow reads an installation by its row; ErrNotFound once it is removed. It is
// kept like an app.
func (s *Service) InstallationByRow(ctx context.Context, row int64) (*Installation, error) {
	return s.installation(ctx, [2]int64{0, row}, installationColumns+`WHERE i.id = $1`, row)
}

// InstallationByAgent reads the installation that has an agentid in a corp. An own app has
// agentids of the same numbers: see CorpApp.
func (s *Service) InstallationByAgent(ctx context.Context, corpRow, agentID int64) (*Installation, error) {
	i, app, err := scanInstallation(s.db.Query(installationColumns+`WHERE i.corp_id = $1 AND i.agentid = $2`).
		Row(ctx, corpRow, agentID))
	if err != nil {
		return nil, err
	}
	i.App, err = s.App(ctx, app)
	return i, err
}

func (s *Service) installation(ctx context.Context, key [2]int64, query string, args ...any) (*Installation, error) {
	s.mu.RLock()
	i, kept := s.installed[key], s.installed
	s.mu.RUnlock()
	if i != nil {
		return i, nil
	}
	i, app, err := scanInstallation(s.db.Query(query).Row(ctx, args...))
	if err != nil {
		return nil, err
	}
	if i.App, err = s.App(ctx, app); err != nil {
		return nil, err
	}
	s.mu.Lock()
	if len(kept) < keptMax {
		kept[key] = i
	}
	s.mu.Unlock()
	return i, nil
}

// InstallationsOf lists what a corp has installed, oldest first.
func (s *Service) InstallationsOf(ctx context.Context, corpRow int64) ([]*Installation, error) {
	return s.installations(ctx, installationColumns+`WHERE i.corp_id = $1 ORDER BY i.id`, corpRow)
}

// InstallationsOfSuite lists where a suite is installed, oldest first.
func (s *Service) InstallationsOfSuite(ctx context.Context, appRow int64) ([]*Installation, error) {
	return s.installations(ctx, installationColumns+`WHERE i.app_id = $1 ORDER BY i.id`, appRow)
}

func (s *Service) installations(ctx context.Context, query string, args ...any) ([]*Installation, error) {
	rows, err := s.db.Query(query).Rows(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*Installation
	var of []int64
	for rows.Next() {
		i, app, err := scanInstallation(rows)
		if err != nil {
			return nil, err
		}
		list, of = append(list, i), append(of, app)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close() // before the apps are read: open rows hold a connection
	for n, i := range list {
		if i.App, err = s.App(ctx, of[n]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
