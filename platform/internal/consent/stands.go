package consent

import (
	"context"
	"time"
)

// Stands tells whether a person has agreed to be known to an app as this member, and has not
// withdrawn it.
func (s *Service) Stands(ctx context.Context, person, member, app int64) (bool, error) {
	var stands bool
	err := s.DB.Query(`SELECT EXISTS (SELECT 1 FROM consents WHERE person_id = $1 AND member_id = $2 AND app_id = $3)`).
		Row(ctx, person, member, app).Scan(&stands)
	return stands, err
}

// StoodAt tells whether a consent that stands did so at a time already. One that was withdrawn
// after it, and given anew, did not: what it allowed then is not allowed by it.
func (s *Service) StoodAt(ctx context.Context, person, member, app int64, at time.Time) (bool, error) {
	var stood bool
	err := s.DB.Query(`SELECT EXISTS (SELECT 1 FROM consents WHERE person_id = $1 AND member_id = $2 AND app_id = $3 AND agreed_at <= $4)`).
		Row(ctx, person, member, app, at.UnixMilli()).Scan(&stood)
	return stood, err
}
