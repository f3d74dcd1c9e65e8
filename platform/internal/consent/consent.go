// Package consent keeps what a person agreed to share with whom.
//
// A consent joins a person, the membership the person acts as, and an app. It is given on
// the phone, together with the first confirmation; later sign-ins show it again but do not
// write it again. A person may withdraw it, and is then asked as if for the first time.
package consent

import (
	"context"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/recent"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Service reads and writes consents. Its exported fields are set before first use.
type Service struct {
	DB  *store.DB
	Now func() time.Time

	known recent.Set[[3]int64] // person, member, app

	mu        sync.Mutex // guards withdrawn, and that nothing is known that was withdrawn
	withdrawn int        // how many consents
}

// Give records that a person agreed to be known to an app as this member (0: as a person in
// no company). A consent that stands keeps its date, costs no write, and no read when it was
// met a moment ago.
func (s *Service) Give(ctx context.Context, person, member, app int64) error {
	fact := [3]int64{person, member, app}
	if s.known.Has(fact) {
		return nil
	}
	s.mu.Lock()
	before := s.withdrawn
	s.mu.Unlock()
	stands, err := s.Stands(ctx, person, member, app)
	if err != nil {
		return err
	}
	if !stands {
		if _, err := s.DB.Exec(ctx, `INSERT INTO consents (person_id, member_id, app_id, agreed_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, person, member, app, s.Now().UnixMilli()); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.withdrawn == before { // else this one may be gone again
		s.known.Add(fact)
	}
	return nil
}
