package apps

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
)

// Update runs fn in a transaction; what is kept in memory is dropped after the commit. The
// methods that take a tx are for use inside it.
func (s *Service) Update(ctx context.Context, fn func(tx *sql.Tx) error) error {
	defer s.forget()
	return s.db.Update(ctx, fn)
}

// NewProvider is what admits a corp as a provider.
type NewProvider struct {
	CorpRow int64
	Brand   string
	Secret  string
}

// CreateProvider admits a corp as a provider and makes the key of its encrypted ids.
func (s *Service) CreateProvider(ctx context.Context, tx *sql.Tx, p NewProvider) error {
	key := make([]byte, 64)
	rand.Read(key)
	hash := sha256.Sum256([]byte(p.Secret))
	_, err := tx.ExecContext(ctx, `INSERT INTO providers
		(corp_id, brand_name, secret_hash, secret_generation, id_key, created_at) VALUES ($1, $2, $3, 1, $4, $5)`,
		p.CorpRow, p.Brand, hash[:], s.keys.Seal(idKeyLabel(p.CorpRow), key), s.now().UnixMilli())
	return err
}

// NewApp is what makes a suite or a corp app.
type NewApp struct {
	Kind     Kind
	CorpRow  int64
	SuiteID  string // suites
	AgentID  int64  // corp apps
	Name     string
	Secret   string
	Callback Callback // suites
}

// CreateApp adds an app and answers its row.
func (s *Service) CreateApp(ctx context.Context, tx *sql.Tx, a NewApp) (int64, error) {
	row := s.db.NewID()
	hash := sha256.Sum256([]byte(a.Secret))
	_, err := tx.ExecContext(ctx, `INSERT INTO apps
		(id, kind, corp_id, suite_id, suite_key, agentid, name, secret_hash, secret_generation,
		 callback_url, callback_token, callback_key, expires_in_url, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, FALSE, $12)`,
		row, a.Kind, a.CorpRow, a.SuiteID, strings.ToLower(a.SuiteID), a.AgentID, a.Name, hash[:],
		a.Callback.URL, a.Callback.Token, s.sealCallbackKey(row, a.Callback.EncodingAESKey), s.now().UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("create app %s: %w", a.Name, err)
	}
	return row, nil
}

func (s *Service) sealCallbackKey(appRow int64, key string) []byte {
	if key == "" {
		return []byte{}
	}
	return s.keys.Seal(callbackLabel(appRow), []byte(key))
}

// SetCallback changes where a suite's events go.
func (s *Service) SetCallback(ctx context.Context, appRow int64, c Callback) error {
	return s.write(ctx, `UPDATE apps SET callback_url = $2, callback_token = $3, callback_key = $4 WHERE id = $1`,
		appRow, c.URL, c.Token, s.sealCallbackKey(appRow, c.EncodingAESKey))
}

// SetBrand changes a provider's brand name (品牌名称); the next login page shows it.
func (s *Service) SetBrand(ctx context.Context, corpRow int64, brand string) error {
	return s.write(ctx, `UPDATE providers SET brand_name = $2 WHERE corp_id = $1`, corpRow, brand)
}

// SetSuiteID gives a suite another id. Tokens and codes stay: they name its row.
func (s *Service) SetSuiteID(ctx context.Context, appRow int64, id string) error {
	return s.write(ctx, `UPDATE apps SET suite_id = $2, suite_key = $3 WHERE id = $1 AND kind <> 'corp_app'`,
		appRow, id, strings.ToLower(id))
}

// SetExpiresInURL says whether an app's redirects carry expires_in beside code and state.
func (s *Service) SetExpiresInURL(ctx context.Context, appRow int64, on bool) error {
	return s.write(ctx, `UPDATE apps SET expires_in_url = $2 WHERE id = $1`, appRow, on)
}

func (s *Service) write(ctx context.Context, query string, args ...any) error {
	defer s.forget()
	n, err := s.db.Exec(ctx, query, args...)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}

// SetAddresses replaces an app's addresses.
func (s *Service) SetAddresses(ctx context.Context, appRow int64, l Addresses) error {
	return s.Update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM app_addresses WHERE app_id = $1`, appRow); err != nil {
			return err
		}
		for kind, values := range map[string][]string{
			"trusted": l.Trusted, "callback": l.Callback, "development": l.Development, "exact": l.Exact,
		} {
			for _, v := range values {
				if _, err := tx.ExecContext(ctx, `INSERT INTO app_addresses (app_id, kind, value) VALUES ($1, $2, $3)
					ON CONFLICT DO NOTHING`, appRow, kind, v); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Install records that a corp has installed a suite, as the agentid the suite has there.
func (s *Service) Install(ctx context.Context, tx *sql.Tx, appRow, corpRow, agentID int64, plainIDs bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO installations (id, app_id, corp_id, agentid, plain_ids, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, s.db.NewID(), appRow, corpRow, agentID, plainIDs, s.now().UnixMilli())
	return err
}

// Cover adds a department, by number, to the visible range of a corp app or installation.
func (s *Service) Cover(ctx context.Context, tx *sql.Tx, holder, department int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO covered (holder, kind, ref) VALUES ($1, 'department', $2)`,
		holder, department)
	return err
}
