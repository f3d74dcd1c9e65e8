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
	return s.db.Update(ctx, func(tx *sql.Tx) error { return s.SetAddressesIn(ctx, tx, appRow, l) })
}

// SetAddressesIn is SetAddresses inside a transaction.
func (s *Service) SetAddressesIn(ctx context.Context, tx *sql.Tx, appRow int64, l Addresses) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM app_addresses WHERE app_id = $1`, appRow); err != nil {
		return err
	}
	for kind, values := range map[string][]string{
		"trusted": l.Trusted, "callback": l.Callback, "development": l.Development, "exact": l.Exact,
		"install": l.Install, "launch": l.Launch,
	} {
		for _, v := range values {
			if _, err := tx.ExecContext(ctx, `INSERT INTO app_addresses (app_id, kind, value) VALUES ($1, $2, $3)
				ON CONFLICT DO NOTHING`, appRow, kind, v); err != nil {
				return err
			}
		}
	}
	s.db.Committed(s.forget)
	return nil
}

// Cover adds a department, by number, to the visible range of a corp app or installation.
func (s *Service) Cover(ctx context.Context, tx *sql.Tx, holder, department int64) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO covered (holder, kind, ref) VALUES ($1, 'department', $2)`,
		holder, department)
	return err
}
