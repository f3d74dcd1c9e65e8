package directory

import "context"

// LeadsOf lists the numbers of the departments that a member leads.
func (s *Service) LeadsOf(ctx context.Context, memberRow int64) ([]int64, error) {
	rows, err := s.DB.Query(`SELECT department FROM member_departments WHERE member_id = $1 AND leader ORDER BY department`).
		Rows(ctx, memberRow)
	if err != nil {
		return nil, err
	}
	return numbers(rows)
}
