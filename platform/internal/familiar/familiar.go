// Package familiar remembers from which browsers and networks a person has confirmed
// sign-ins, so that the phone can warn of a new one.
//
// Only digests are kept: they can be recognised, not read.
package familiar

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/recent"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Service reads and writes what is familiar. Its exported fields are set before first use.
type Service struct {
	DB  *store.DB
	Now func() time.Time

	known recent.Set[[2]string] // pairs of browser and network digest
}

// Seen is what a person is known to have used.
type Seen struct {
	Browser bool // this browser
	Network bool // this network
	Any     bool // anything at all: false before the first sign-in
}

// Look tells what of this browser and network is familiar to a person.
func (s *Service) Look(ctx context.Context, person int64, browser, network string) (Seen, error) {
	var seen Seen
	err := s.DB.Query(`SELECT
		EXISTS (SELECT 1 FROM familiar WHERE person_id = $1 AND digest = $2),
		EXISTS (SELECT 1 FROM familiar WHERE person_id = $1 AND digest = $3),
		EXISTS (SELECT 1 FROM familiar WHERE person_id = $1)`).
		Row(ctx, person, digest(person, "browser", browser), digest(person, "network", network)).
		Scan(&seen.Browser, &seen.Network, &seen.Any)
	return seen, err
}

// Remember makes a browser and a network familiar. What is already known costs no write,
// and what was known a moment ago no read.
func (s *Service) Remember(ctx context.Context, person int64, browser, network string) error {
	b, n := digest(person, "browser", browser), digest(person, "network", network)
	pair := [2]string{string(b), string(n)}
	if s.known.Has(pair) {
		return nil
	}
	seen, err := s.Look(ctx, person, browser, network)
	if err != nil {
		return err
	}
	if !seen.Browser {
		if err := s.add(ctx, person, b); err != nil {
			return err
		}
	}
	if !seen.Network {
		if err := s.add(ctx, person, n); err != nil {
			return err
		}
	}
	s.known.Add(pair)
	return nil
}

func (s *Service) add(ctx context.Context, person int64, digest []byte) error {
	_, err := s.DB.Exec(ctx, `INSERT INTO familiar (person_id, digest, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		person, digest, s.Now().UnixMilli())
	return err
}

func digest(person int64, kind, value string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", person, kind, value))
	return sum[:16]
}
