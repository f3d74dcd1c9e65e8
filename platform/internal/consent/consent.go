// Package consent keeps what a person agreed to share with whom.
//
// A consent joins a person, the membership the person acts as, and an app. It is given on
// the phone, together with the first confirmation; later sign-ins show it again but do not
// write it again.
package consent

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Service reads and writes consents.
type Service struct {
	DB  *store.DB
	Now func() time.Time
}

// Given answers when a person agreed to be known to an app as this member (0: as a person
// in no company); ok is false where that has not happened.
func (s *Service) Given(ctx context.Context, person, member, app int64) (at time.Time, ok bool, err error) {
	var ms int64
	err = s.DB.Query(`SELECT agreed_at FROM consents WHERE person_id = $1 AND member_id = $2 AND app_id = $3`).
		Row(ctx, person, member, app).Scan(&ms)
	if errors.Is(err, sql.ErrNoRows) {
		return at, false, nil
	}
	return time.UnixMilli(ms), err == nil, err
}

// Give records a consent; one that stands keeps its date.
func (s *Service) Give(ctx context.Context, person, member, app int64) error {
	_, err := s.DB.Exec(ctx, `INSERT INTO consents (person_id, member_id, app_id, agreed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, person, member, app, s.Now().UnixMilli())
	return err
}
