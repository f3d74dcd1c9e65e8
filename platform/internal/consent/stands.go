package consent

import "context"

// Stands tells whether a person has agreed to be known to an app as this member, and has not
// withdrawn it.
func (s *Service) Stands(ctx context.Context, person, member, app int64) (bool, error) {
	var stands bool
	err := s.DB.Query(`SELECT EXISTS (SELECT 1 FROM consents WHERE person_id = $1 AND member_id = $2 AND app_id = $3)`).
		Row(ctx, person, member, app).Scan(&stands)
	return stands, err
}
