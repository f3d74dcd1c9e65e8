package apps

import (
	"context"
)

// VisibleDepartment is a department in a visible range.
type VisibleDepartment struct {
	Number   int64
	Parent   int64 // as it is in the corp, in the range or not; 0 for the root
	Name     string
	Position int64 // order among its siblings, larger first
}

// VisibleDepartments lists the departments in a holder's visible range, with all beneath
// those it names, by number.
func (s *Service) VisibleDepartments(ctx context.Context, holder int64) ([]VisibleDepartment, error) {
	rows, err := s.db.Query(`WITH RECURSIVE `+below+`
		SELECT number, parent, name, position FROM below ORDER BY number`).Rows(ctx, holder)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []VisibleDepartment
	for rows.Next() {
		var d VisibleDepartment
		if err := rows.Scan(&d.Number, &d.Parent, &d.Name, &d.Position); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// below is the departments a holder ($1) covers, with all beneath them.
const below = `below (number, parent, name, position, corp_id) AS (
		SELECT d.number, d.parent, d.name, d.position, d.corp_id FROM covered v
		JOIN departments d ON d.number = v.ref AND d.corp_id = ` + holderCorp + `
		WHERE v.holder = $1 AND v.kind = 'department'
		UNION
		SELECT d.number, d.parent, d.name, d.position, d.corp_id FROM departments d
		JOIN below b ON d.corp_id = b.corp_id AND d.parent = b.number)`

// VisibleMember is a member in a visible range.
type VisibleMember struct {
	Row                                          int64
	UserID, Name, Alias, Position, Mobile, Email string
	Gender                                       int                // 0 unknown, 1 male, 2 female
	Status                                       int                // 1 active, 2 disabled, 4 not enrolled (90332)
	Departments                                  []MemberDepartment // the main one first
}

// MemberDepartment is a department that a member is in.
type MemberDepartment struct {
	Number int64
	Main   bool
	Leader bool
}

// VisibleQuery says which members of a visible range are wanted.
type VisibleQuery struct {
	Department int64 // 0: of all
	Below      bool  // and of all departments beneath it
	After      int64 // member row after which the list goes on; 0: from the first
	Limit      int   // 0: all
}

// VisibleMembers lists the members in a holder's visible range, by row; with a department,
// those of them who are in it.
func (s *Service) VisibleMembers(ctx context.Context, holder int64, q VisibleQuery) ([]VisibleMember, error) {
	limit := int64(q.Limit)
	if limit == 0 {
		limit = 1 << 40
	}
	rows, err := s.db.Query(`WITH RECURSIVE `+below+`,
		wanted (number) AS (
			SELECT CAST($4 AS BIGINT)
			UNION
			SELECT d.number FROM departments d JOIN wanted w ON d.parent = w.number
			WHERE $5 AND d.corp_id = `+holderCorp+`)
		SELECT m.id, m.userid, m.name, m.alias, m.position, m.mobile, m.email, m.gender, m.status,
			md.department, md.main, md.leader
		FROM members m JOIN member_departments md ON md.member_id = m.id
		WHERE m.id IN (
			SELECT x.id FROM members x WHERE x.corp_id = `+holderCorp+` AND x.id > $2
			AND (x.id IN (SELECT ref FROM covered WHERE holder = $1 AND kind = 'member')
				OR x.id IN (SELECT member_id FROM member_departments WHERE department IN (SELECT number FROM below)))
			AND ($4 = 0 OR x.id IN (SELECT member_id FROM member_departments WHERE department IN (SELECT number FROM wanted)))
			ORDER BY x.id LIMIT $3)
		ORDER BY m.id, md.main DESC, md.department`).
		Rows(ctx, holder, q.After, limit, q.Department, q.Below)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []VisibleMember
	for rows.Next() {
		var m VisibleMember
		var d MemberDepartment
		if err := rows.Scan(&m.Row, &m.UserID, &m.Name, &m.Alias, &m.Position, &m.Mobile, &m.Email, &m.Gender, &m.Status,
			&d.Number, &d.Main, &d.Leader); err != nil {
			return nil, err
		}
		if n := len(list); n > 0 && list[n-1].Row == m.Row {
			list[n-1].Departments = append(list[n-1].Departments, d)
			continue
		}
		m.Departments = []MemberDepartment{d}
		list = append(list, m)
	}
	return list, rows.Err()
}
