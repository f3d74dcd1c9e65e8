package directory

import (
	"context"
	"database/sql"
)

// These read what a transaction has made of a corp's tree so far, for whoever follows its
// changes.

// ParentIn reads the parent of a department; 0 for the root and for one that is not there.
func (s *Service) ParentIn(ctx context.Context, tx *sql.Tx, corpRow, number int64) (parent int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT parent FROM departments WHERE corp_id = $1 AND number = $2`, corpRow, number).Scan(&parent)
	if found(err) == ErrNotFound {
		return 0, nil
	}
	return parent, err
}

const beneath = `WITH RECURSIVE beneath (number, depth) AS (
		SELECT number, 0 FROM departments WHERE corp_id = $1 AND number = $2
		UNION ALL
		SELECT d.number, b.depth + 1 FROM departments d JOIN beneath b ON d.parent = b.number WHERE d.corp_id = $1)`

// BeneathIn lists a department and all beneath it, each after its parent.
func (s *Service) BeneathIn(ctx context.Context, tx *sql.Tx, corpRow, number int64) ([]Department, error) {
	rows, err := tx.QueryContext(ctx, beneath+`
		SELECT d.number, d.parent, d.name, d.position FROM beneath b
		JOIN departments d ON d.corp_id = $1 AND d.number = b.number ORDER BY b.depth, d.number`, corpRow, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Department
	for rows.Next() {
		var d Department
		if err := rows.Scan(&d.Number, &d.Parent, &d.Name, &d.Position); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// Placed is a member and where it stands.
type Placed struct {
	Row         int64
	UserID      string
	Departments []int64 // the main one first
}

// MembersBeneathIn lists the members of a department and of all beneath it, by row.
func (s *Service) MembersBeneathIn(ctx context.Context, tx *sql.Tx, corpRow, number int64) ([]Placed, error) {
	rows, err := tx.QueryContext(ctx, beneath+`
		SELECT m.id, m.userid, md.department FROM members m JOIN member_departments md ON md.member_id = m.id
		WHERE m.corp_id = $1 AND m.id IN (
			SELECT member_id FROM member_departments WHERE department IN (SELECT number FROM beneath))
		ORDER BY m.id, md.main DESC, md.department`, corpRow, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Placed
	for rows.Next() {
		var p Placed
		var department int64
		if err := rows.Scan(&p.Row, &p.UserID, &department); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].Row != p.Row {
			list = append(list, p)
		}
		last := &list[len(list)-1]
		last.Departments = append(last.Departments, department)
	}
	return list, rows.Err()
}
