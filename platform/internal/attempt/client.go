package attempt

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// ClientKey makes the key by which a page hands its attempt to a desktop client. It lives for
// ClientLife, or as long as the attempt where that is less, and a newer one ends the older.
// ErrOver where the attempt is not one of a site's that still waits to be scanned.
func (s *Service) ClientKey(ctx context.Context, webKey string) (key string, life time.Duration, err error) {
	a, err := s.change(ctx, webKey, func(a *Attempt, now time.Time) error {
		if !a.Site() || a.State(now) != Created || a.Client == maxClientKeys {
			return ErrOver
		}
		a.Client++
		a.ClientAt = now.UnixMilli()
		return nil
	})
	if err != nil {
		return "", 0, err
	}
	return s.keys.clientKey(webKey, uint16(a.Client)), s.clientLeft(a), nil
}

// maxClientKeys bounds the client keys of one attempt.
const maxClientKeys = 1000

// clientLeft is how long the newest client key can still be claimed.
func (s *Service) clientLeft(a *Attempt) time.Duration {
	end := time.UnixMilli(a.ClientAt).Add(ClientLife)
	if all := time.UnixMilli(a.CreatedAt).Add(Life); all.Before(end) {
		end = all
	}
	return max(0, end.Sub(s.clock.Now()))
}

// clientGood tells whether the n-th client key still works: the newest alone, and once it has
// been claimed, as long as the attempt does.
func (s *Service) clientGood(a *Attempt, n uint16) error {
	if int64(n) != a.Client || n == 0 || !a.Site() || a.Step == Created && s.clientLeft(a) == 0 {
		return ErrGone
	}
	return nil
}

// NameOf is a name for the attempt behind a client key that is no key: it opens nothing.
func (s *Service) NameOf(clientKey string) (name string, err error) {
	webKey, _, ok := s.keys.openClientKey(clientKey)
	if !ok {
		return "", ErrGone
	}
	sum := sha256.Sum256([]byte("name " + webKey))
	return hex.EncodeToString(sum[:16]), nil
}

// LookClient reads the attempt behind a client key and changes nothing: ErrGone where the key
// or the attempt is no longer good. One that is over is answered with its state.
func (s *Service) LookClient(ctx context.Context, clientKey string) (*Attempt, error) {
	webKey, n, ok := s.keys.openClientKey(clientKey)
	if !ok {
		return nil, ErrGone
	}
	a, err := s.Get(ctx, webKey)
	if err != nil {
		return nil, err
	}
	return a, s.clientGood(a, n)
}

// changeByClient is change by way of a client key that still works.
func (s *Service) changeByClient(ctx context.Context, clientKey string, fn func(*Attempt, time.Time) error) (*Attempt, error) {
	webKey, n, ok := s.keys.openClientKey(clientKey)
	if !ok {
		return nil, ErrGone
	}
	return s.change(ctx, webKey, func(a *Attempt, now time.Time) error {
		if err := s.clientGood(a, n); err != nil {
			return err
		}
		return fn(a, now)
	})
}

// Claim is Scan by a desktop client: it pins the attempt to this device and always draws the
// number. The device that has claimed it may claim it again; another gets ErrTaken, as does
// any device where a phone has scanned.
func (s *Service) Claim(ctx context.Context, clientKey string, p Phone) (*Attempt, error) {
	if s.blocked(p) {
		return nil, ErrBlocked
	}
	return s.changeByClient(ctx, clientKey, func(a *Attempt, now time.Time) error {
		done, err := begin(a, p, true, now)
		if done || err != nil {
			return err
		}
		a.ByClient = true
		return a.draw()
	})
}

// ConfirmClient is Confirm by the desktop client that claimed the attempt. The number must be
// typed, whatever the decision says of it.
func (s *Service) ConfirmClient(ctx context.Context, clientKey string, p Phone, d Decision) (*Attempt, error) {
	return s.confirm(ctx, s.byClient(clientKey), p, d)
}

// RefuseClient answers no.
func (s *Service) RefuseClient(ctx context.Context, clientKey string, p Phone) (*Attempt, error) {
	return decide(ctx, s.byClient(clientKey), p, refuse)
}

// ReportClient answers "I did not start this". It may be said before claiming as well.
func (s *Service) ReportClient(ctx context.Context, clientKey string, p Phone) (*Attempt, error) {
	if _, err := s.Claim(ctx, clientKey, p); err != nil {
		return nil, err
	}
	return decide(ctx, s.byClient(clientKey), p, report)
}

// byClient is the way of a client key to an attempt.
func (s *Service) byClient(clientKey string) way {
	return way{client: true, change: func(ctx context.Context, fn func(*Attempt, time.Time) error) (*Attempt, error) {
		return s.changeByClient(ctx, clientKey, fn)
	}}
}
