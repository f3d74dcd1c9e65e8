package apps

import (
	"context"
	"database/sql"
)

// Reach is what is told of a corp to a suite installed there: whom it covers, and how its
// provider sees ids. It is read inside a transaction, with what that has changed so far.
type Reach struct {
	Installation int64 // row
	Suite        int64 // row
	SuiteID      string
	Corp         int64  // row
	State        string // of the install link
	FromSite     bool   // begun on the provider's site, not in the market

	// Departments, by number, and Members, by row, that the range names.
	Departments, Members map[int64]bool

	provider *Provider
	corpID   string
	plain    bool
}

// CorpIDShown is the corpid as the provider sees it.
func (r *Reach) CorpIDShown() string {
	if r.plain {
		return r.corpID
	}
	return r.provider.CorpIDFor(r.Corp)
}

// UserIDShown is a member's userid as the provider sees it: plain gives plain ids where the
// corp installed before ids were encrypted (历史授权).
func (r *Reach) UserIDShown(memberRow int64, plain string) string {
	if r.plain {
		return plain
	}
	return r.OpenUserID(memberRow)
}

// OpenUserID is a member's open_userid.
func (r *Reach) OpenUserID(memberRow int64) string { return r.provider.OpenUserID(r.Corp, memberRow) }

const reachColumns = `SELECT i.id, i.app_id, a.suite_id, a.corp_id, i.corp_id, c.corpid, i.state, i.from_site,
	EXISTS (SELECT 1 FROM installations o JOIN apps b ON b.id = o.app_id
		WHERE o.corp_id = i.corp_id AND b.corp_id = a.corp_id AND o.plain_ids)
	FROM installations i JOIN apps a ON a.id = i.app_id JOIN corps c ON c.id = i.corp_id WHERE `

// ReachesIn reads the reach of every suite that a corp has installed, oldest first.
func (s *Service) ReachesIn(ctx context.Context, tx *sql.Tx, corpRow int64) ([]*Reach, error) {
	return s.reaches(ctx, tx, `i.corp_id = $1 ORDER BY i.id`, corpRow)
}

// ReachIn reads the reach of one installation.
func (s *Service) ReachIn(ctx context.Context, tx *sql.Tx, installationRow int64) (*Reach, error) {
	list, err := s.reaches(ctx, tx, `i.id = $1`, installationRow)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return list[0], nil
}

func (s *Service) reaches(ctx context.Context, tx *sql.Tx, which string, arg int64) ([]*Reach, error) {
	list, providers, err := scanReaches(tx.QueryContext(ctx, reachColumns+which, arg))
	if err != nil {
		return nil, err
	}
	for n, r := range list {
		if r.provider, err = s.Provider(ctx, providers[n]); err != nil {
			return nil, err
		}
		rows, err := tx.QueryContext(ctx, `SELECT kind, ref FROM covered WHERE holder = $1`, r.Installation)
		if err != nil {
			return nil, err
		}
		if err := r.scanRange(rows); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func scanReaches(rows *sql.Rows, err error) (list []*Reach, providers []int64, _ error) {
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r := &Reach{Departments: map[int64]bool{}, Members: map[int64]bool{}}
		var provider int64
		if err := rows.Scan(&r.Installation, &r.Suite, &r.SuiteID, &provider, &r.Corp, &r.corpID, &r.State, &r.FromSite, &r.plain); err != nil {
			return nil, nil, err
		}
		list, providers = append(list, r), append(providers, provider)
	}
	return list, providers, rows.Err()
}

func (r *Reach) scanRange(rows *sql.Rows) error {
	defer rows.Close()
	for rows.Next() {
		var kind string
		var ref int64
		if err := rows.Scan(&kind, &ref); err != nil {
			return err
		}
		if kind == "department" {
			r.Departments[ref] = true
		} else {
			r.Members[ref] = true
		}
	}
	return rows.Err()
}
