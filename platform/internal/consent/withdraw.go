package consent

import (
	"context"
	"errors"
	"time"
)

// ErrNone says that a person has given no such consent.
var ErrNone = errors.New("consent: none")

// Consent is one that stands.
type Consent struct {
	Member int64 // member row; 0: as a person in no company
	App    int64 // app row
	Since  time.Time
}

// List answers the consents of a person, newest first.
func (s *Service) List(ctx context.Context, person int64) ([]Consent, error) {
	rows, err := s.DB.Query(`SELECT member_id, app_id, agreed_at FROM consents WHERE person_id = $1
		ORDER BY agreed_at DESC, app_id, member_id`).Rows(ctx, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Consent
	for rows.Next() {
		var c Consent
		var since int64
		if err := rows.Scan(&c.Member, &c.App, &since); err != nil {
			return nil, err
		}
		c.Since = time.UnixMilli(since)
		list = append(list, c)
	}
	return list, rows.Err()
}

// Withdraw takes a consent back: the next sign-in to this app as this member asks for it
// anew. ErrNone where there is none.
func (s *Service) Withdraw(ctx context.Context, person, member, app int64) error {
	n, err := s.DB.Exec(ctx, `DELETE FROM consents WHERE person_id = $1 AND member_id = $2 AND app_id = $3`, person, member, app)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.withdrawn++
	s.known.Drop([3]int64{person, member, app})
	s.mu.Unlock()
	if n == 0 {
		return ErrNone
	}
	return nil
}
