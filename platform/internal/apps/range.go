package apps

import "context"

// InRange tells whether a member lies in the visible range (可见范围) of a holder, which is an
// installation or a corp app: named, or in a department that is named or lies under one.
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
			AND (kind = 'member' AND ref = $2 OR kind = 'department' AND ref IN (SELECT number FROM up)))`).
		Row(ctx, holder, memberRow).Scan(&in)
	return in, err
}
