package apps

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
)

// ErrHasLogin is returned where a provider has a login suite already.
var ErrHasLogin = errors.New("apps: the provider has a login suite")

// NewSuite makes a suite of a provider: a login suite, which is switched on at once, or a
// third-party app, which is not online yet. The secret is shown once. Errors: ErrNotFound,
// ErrHasLogin.
func (s *Service) NewSuite(ctx context.Context, providerRow int64, kind Kind, name string) (*App, string, error) {
	if kind == CorpApp {
		return nil, "", ErrNotFound
	}
	var id [8]byte
	rand.Read(id[:])
	secret := newSecret()
	var row int64
	err := s.Update(ctx, func(tx *sql.Tx) error {
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM providers WHERE corp_id = $1)`, providerRow).Scan(&there); err != nil {
			return err
		}
		if !there {
			return ErrNotFound
		}
		if kind == LoginSuite {
			// A second one would be shown nowhere: its secret could be reset by nobody.
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM apps WHERE corp_id = $1 AND kind = 'login_suite')`,
				providerRow).Scan(&there); err != nil {
				return err
			}
			if there {
				return ErrHasLogin
			}
		}
		var err error
		if row, err = s.CreateApp(ctx, tx, NewApp{Kind: kind, CorpRow: providerRow, SuiteID: "ww" + hex.EncodeToString(id[:]),
			Name: name, Secret: secret}); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE apps SET online = FALSE WHERE id = $1`, row)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	app, err := s.App(ctx, row)
	return app, secret, err
}

// SuitesOf lists a provider's third-party apps, oldest first. Its login suite is not among
// them: see LoginSuiteOf.
func (s *Service) SuitesOf(ctx context.Context, providerRow int64) ([]*App, error) {
	return s.list(ctx, `SELECT id FROM apps WHERE kind = 'suite' AND corp_id = $1 ORDER BY id`, providerRow)
}

// LoginSuiteOf reads the login suite of a provider; ErrNotFound until 登录授权 is set up.
func (s *Service) LoginSuiteOf(ctx context.Context, providerRow int64) (*App, error) {
	return s.SuiteOf(ctx, providerRow, LoginSuite)
}

// Submitted lists the suites that wait for the operator to put them online, oldest first.
func (s *Service) Submitted(ctx context.Context) ([]*App, error) {
	return s.list(ctx, `SELECT id FROM apps WHERE kind = 'suite' AND submitted AND NOT online ORDER BY id`)
}

// MarketPage is a piece of the market.
type MarketPage struct {
	Suites []*App
	More   bool // there are others after the last
}

// Market lists the suites that are online, by name and then row, whose name, brand or
// description holds a text (matched without case for ASCII). offset counts from 0.
func (s *Service) Market(ctx context.Context, search string, offset, limit int) (MarketPage, error) {
	list, err := s.list(ctx, `SELECT a.id FROM apps a JOIN providers p ON p.corp_id = a.corp_id
		WHERE a.kind = 'suite' AND a.online
		AND (LOWER(a.name) LIKE $1 ESCAPE '\' OR LOWER(p.brand_name) LIKE $1 ESCAPE '\' OR LOWER(a.about) LIKE $1 ESCAPE '\')
		ORDER BY a.name, a.id LIMIT $2 OFFSET $3`, like(search), limit+1, offset)
	page := MarketPage{Suites: list}
	if len(list) > limit {
		page = MarketPage{list[:limit], true}
	}
	return page, err
}

// like makes the pattern of what holds a text.
func like(search string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(strings.TrimSpace(search))) + "%"
}

// list reads the apps whose rows a query answers.
func (s *Service) list(ctx context.Context, query string, args ...any) ([]*App, error) {
	rows, err := s.rows(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	list := make([]*App, 0, len(rows))
	for _, row := range rows {
		a, err := s.App(ctx, row)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// rows reads the numbers that a query answers.
func (s *Service) rows(ctx context.Context, query string, args ...any) ([]int64, error) {
	rows, err := s.db.Query(query).Rows(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var row int64
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}
