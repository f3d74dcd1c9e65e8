package apps

import (
	"context"
	"database/sql"
)

// The visible range (可见范围) of a holder: the departments, with all beneath them, and the
// members that an installation or a corp app covers. The numbers of departments repeat from
// corp to corp, so every question here also asks for the holder's corp.

// holderCorp reads the corp of a holder.
const holderCorp = `(SELECT corp_id FROM installations WHERE id = $1
	UNION ALL SELECT corp_id FROM apps WHERE id = $1 AND kind = 'corp_app')`

// InRange tells whether a member lies in the visible range of a holder: named, or in a
// department that is named or lies under one.
func (s *Service) InRange(ctx context.Context, holder, memberRow int64) (bool, error) {
	var in bool
	err := s.db.Query(`WITH RECURSIVE up (number, parent, corp_id) AS (
			SELECT d.number, d.parent, d.corp_id FROM member_departments md
			JOIN members m ON m.id = md.member_id
			JOIN departments d ON d.corp_id = m.corp_id AND d.number = md.department
			WHERE md.member_id = $2
			UNION
			SELECT d.number, d.parent, d.corp_id FROM departments d JOIN up ON d.corp_id = up.corp_id AND d.number = up.parent)
		SELECT EXISTS (SELECT 1 FROM covered WHERE holder = $1
			AND (kind = 'member' AND ref = $2 OR kind = 'department' AND ref IN (SELECT number FROM up)))
			AND EXISTS (SELECT 1 FROM members m WHERE m.id = $2 AND m.corp_id = `+holderCorp+`)`).
		Row(ctx, holder, memberRow).Scan(&in)
	return in, err
}

// InRangeDepartment tells whether a department of a corp lies in the visible range of a
// holder: named, or under one that is.
func (s *Service) InRangeDepartment(ctx context.Context, holder, corpRow, number int64) (bool, error) {
	var in bool
	err := s.db.Query(`WITH RECURSIVE up (number, parent) AS (
			SELECT number, parent FROM departments WHERE corp_id = $2 AND number = $3
			UNION
			SELECT d.number, d.parent FROM departments d JOIN up ON d.corp_id = $2 AND d.number = up.parent)
		SELECT EXISTS (SELECT 1 FROM covered WHERE holder = $1 AND kind = 'department' AND ref IN (SELECT number FROM up))
			AND $2 = `+holderCorp).
		Row(ctx, holder, corpRow, number).Scan(&in)
	return in, err
}

// Range reads what a holder's visible range names: department numbers and member rows. What
// has been removed since is left out.
func (s *Service) Range(ctx context.Context, holder int64) (departments, members []int64, err error) {
	departments, err = s.rows(ctx, `SELECT d.number FROM covered v JOIN departments d ON d.number = v.ref
		WHERE v.holder = $1 AND v.kind = 'department' AND d.corp_id = `+holderCorp+` ORDER BY d.number`, holder)
	if err != nil {
		return nil, nil, err
	}
	members, err = s.rows(ctx, `SELECT m.id FROM covered v JOIN members m ON m.id = v.ref
		WHERE v.holder = $1 AND v.kind = 'member' AND m.corp_id = `+holderCorp+` ORDER BY m.id`, holder)
	return departments, members, err
}

// SetRange replaces the visible range of a holder. A department or member that is not of
// the holder's corp is ErrNotFound. Where the holder is an installation, Told.Changed is
// called after it.
func (s *Service) SetRange(ctx context.Context, tx *sql.Tx, holder int64, departments, members []int64) error {
	var corp int64
	var installed bool
	err := tx.QueryRowContext(ctx, `SELECT corp_id, TRUE FROM installations WHERE id = $1
		UNION ALL SELECT corp_id, FALSE FROM apps WHERE id = $1 AND kind = 'corp_app'`, holder).Scan(&corp, &installed)
	if err != nil {
		return found(err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM covered WHERE holder = $1`, holder); err != nil {
		return err
	}
	if err := cover(ctx, tx, holder, corp, departments, members); err != nil {
		return err
	}
	s.db.Committed(s.forget)
	if !installed {
		return nil
	}
	return s.tellChanged(ctx, tx, holder)
}

// cover adds departments and members of a corp to a holder's range.
func cover(ctx context.Context, tx *sql.Tx, holder, corpRow int64, departments, members []int64) error {
	add := func(kind, query string, refs []int64) error {
		for _, ref := range refs {
			var there bool
			if err := tx.QueryRowContext(ctx, query, corpRow, ref).Scan(&there); err != nil {
				return err
			}
			if !there {
				return ErrNotFound
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO covered (holder, kind, ref) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
				holder, kind, ref); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add("department", `SELECT EXISTS (SELECT 1 FROM departments WHERE corp_id = $1 AND number = $2)`, departments); err != nil {
		return err
	}
	return add("member", `SELECT EXISTS (SELECT 1 FROM members WHERE corp_id = $1 AND id = $2)`, members)
}
