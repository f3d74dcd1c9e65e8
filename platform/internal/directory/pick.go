package directory

import "context"

// Pick is a person as a list to choose from shows them.
type Pick struct {
	Person
	Operator bool // runs the platform
	Corps    []PickCorp
}

// PickCorp is a corp that a person is a member or an admin of.
type PickCorp struct {
	Row    int64
	Name   string
	Member bool      // false: an external admin
	Kind   AdminKind // 0: no admin
}

// Picks lists the first n persons who can sign in, in the order in which they were created,
// each with the corps they belong to or administer, by name. Who has no credentials yet, and
// memberships that are disabled, are left out. It serves the sandbox's person picker.
func (s *Service) Picks(ctx context.Context, n int) ([]Pick, error) {
	rows, err := s.DB.Query(`SELECT p.id, p.name, p.account, o.person_id IS NOT NULL,
			COALESCE(c.id, 0), COALESCE(c.name, ''), COALESCE(w.member, 0), COALESCE(w.kind, 0)
		FROM (SELECT id, name, account FROM persons WHERE account <> '' ORDER BY id LIMIT $1) p
		LEFT JOIN operators o ON o.person_id = p.id
		LEFT JOIN (
			SELECT m.person_id, m.corp_id, m.id AS member, COALESCE(a.kind, 0) AS kind
			FROM members m LEFT JOIN admins a ON a.member_id = m.id AND a.corp_id = m.corp_id WHERE m.status = 1
			UNION ALL
			SELECT person_id, corp_id, 0, kind FROM admins WHERE member_id = 0
		) w ON w.person_id = p.id
		LEFT JOIN corps c ON c.id = w.corp_id
		ORDER BY p.id, c.name, c.id`).Rows(ctx, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Pick
	for rows.Next() {
		var p Pick
		var c PickCorp
		var member int64
		if err := rows.Scan(&p.Row, &p.Name, &p.Account, &p.Operator, &c.Row, &c.Name, &member, &c.Kind); err != nil {
			return nil, err
		}
		if last := len(list); last == 0 || list[last-1].Row != p.Row {
			list = append(list, p)
		}
		if c.Member = member != 0; c.Row != 0 {
			list[len(list)-1].Corps = append(list[len(list)-1].Corps, c)
		}
	}
	return list, rows.Err()
}
