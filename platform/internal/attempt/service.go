package attempt

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// NumberRule says when the number on the page must be typed on the phone.
type NumberRule int

const (
	// NumberAlways asks at every sign-in; a corp may turn it off for its members.
	NumberAlways NumberRule = iota
	// NumberFromElsewhere asks when phone and browser have different addresses. It is for
	// the sandbox, where both are usually the same machine.
	NumberFromElsewhere
)

// Service moves attempts. Make one with New.
type Service struct {
	store    shortlived.Store
	clock    *clock.Clock
	keys     keyring
	number   NumberRule
	guessing sync.Mutex  // makes asking and counting in wrong one step
	wrong    *limits.Ban // keyed by person and by phone address
	drain    chan struct{}

	// Observe, when set, is told of every attempt that began or changed, under a name that
	// is no key. It serves the sandbox's history. Set it before first use.
	Observe func(name string, a *Attempt)
}

// Three wrong numbers in ten minutes block person and address for ten minutes.
const (
	wrongNumbers   = 3
	wrongNumberAge = 10 * time.Minute
)

// New makes a service.
func New(store shortlived.Store, clock *clock.Clock, ring *keys.Ring, number NumberRule) (*Service, error) {
	kr, err := newKeyring(ring)
	if err != nil {
		return nil, err
	}
	return &Service{store: store, clock: clock, keys: kr, number: number,
		wrong: limits.NewBan(clock.Now, wrongNumbers, wrongNumberAge, wrongNumberAge),
		drain: make(chan struct{})}, nil
}

// Drain lets every wait return at once, now and from now on, so that a server can stop
// without leaving a page unanswered: the page asks again and reaches the next one. To be
// called once.
func (s *Service) Drain() { close(s.drain) }

func (s *Service) observe(record string, a *Attempt) {
	if s.Observe != nil {
		s.Observe(strings.TrimPrefix(record, recordPrefix)[:12], a)
	}
}

// Keys is what the page that shows the QR code holds of its attempt.
type Keys struct {
	WebKey    string // names the attempt
	Signature string // proves the page; with "Bearer " in front
	QRKey     string // goes into the QR code
}

// maxBrowser bounds what is kept of a User-Agent.
const maxBrowser = 300

// Begin starts an attempt.
func (s *Service) Begin(ctx context.Context, r Request) (Keys, error) {
	if len(r.Browser) > maxBrowser {
		r.Browser = r.Browser[:maxBrowser]
	}
	now := s.clock.Now()
	a := &Attempt{Request: r, CreatedAt: now.UnixMilli(), QRAt: now.UnixMilli(), Step: Created}
	value := a.encode()
	for {
		key := newWebKey()
		record := recordKey(key)
		err := s.store.Create(ctx, record, value, now.Add(Life))
		if errors.Is(err, shortlived.ErrExists) {
			continue
		}
		if err != nil {
			return Keys{}, fmt.Errorf("begin attempt: %w", err)
		}
		s.observe(record, a)
		return Keys{WebKey: key, Signature: s.keys.signature(key, kindOf(r)), QRKey: s.keys.qrKey(key, 0)}, nil
	}
}

// Signed tells whether a signature is that of the login page that shows this attempt. It never
// is for an attempt of the consoles or of a desktop client.
func (s *Service) Signed(webKey, signature string) bool {
	return s.keys.signed(webKey, signature, loginPage)
}

// Get reads an attempt; ErrGone where there is none.
func (s *Service) Get(ctx context.Context, webKey string) (*Attempt, error) {
	a, _, err := s.read(ctx, recordKey(webKey))
	return a, err
}

func (s *Service) read(ctx context.Context, record string) (*Attempt, shortlived.Record, error) {
	rec, err := s.store.Get(ctx, record)
	if errors.Is(err, shortlived.ErrNotFound) || err == nil && !s.clock.Now().Before(rec.Expires) {
		return nil, rec, ErrGone
	}
	if err != nil {
		return nil, rec, err
	}
	a, err := decode(rec.Value)
	return a, rec, err
}

// Wait returns the attempt as soon as its state is not the one given, or after hold.
func (s *Service) Wait(ctx context.Context, webKey string, last State, hold time.Duration) (*Attempt, error) {
	a, err := s.Get(ctx, webKey)
	if err != nil || a.State(s.clock.Now()) != last {
		return a, err
	}
	changed := make(chan struct{}, 1)
	wake := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	stop := s.store.Watch(recordKey(webKey), wake)
	defer stop()
	end := s.clock.Now().Add(hold)
	for {
		a, err = s.Get(ctx, webKey)
		now := s.clock.Now()
		if err != nil || a.State(now) != last || !now.Before(end) {
			return a, err
		}
		until := end
		if next := a.next(); next.Before(until) {
			until = next
		}
		timer := s.clock.AfterFunc(until.Sub(now), wake)
		select {
		case <-changed:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return a, nil
		case <-s.drain:
			timer.Stop()
			return a, nil
		}
	}
}

// Renew makes the next QR code of an attempt that has not been scanned; this one and the
// one before it work. ErrOver where it has been scanned or is over.
func (s *Service) Renew(ctx context.Context, webKey string) (qrKey string, err error) {
	a, err := s.change(ctx, webKey, func(a *Attempt, now time.Time) error {
		if a.State(now) != Created {
			return ErrOver
		}
		if a.QR++; s.QRLeft(a) == 0 {
			a.QR++ // one number is left out: a QR code that has died stays dead
		}
		a.QRAt = now.UnixMilli()
		return nil
	})
	if err != nil {
		return "", err
	}
	return s.keys.qrKey(webKey, uint16(a.QR)), nil
}

// QRKey is the key in the newest QR code of an attempt.
func (s *Service) QRKey(webKey string, a *Attempt) string { return s.keys.qrKey(webKey, uint16(a.QR)) }

// QRLeft is how long the newest QR code still works.
func (s *Service) QRLeft(a *Attempt) time.Duration {
	end := time.UnixMilli(a.QRAt).Add(QRLife)
	if all := time.UnixMilli(a.CreatedAt).Add(Life); all.Before(end) {
		end = all
	}
	return max(0, end.Sub(s.clock.Now()))
}

// change swaps an attempt for what fn makes of it, again until nobody came in between. An
// error from fn changes nothing and is returned.
func (s *Service) change(ctx context.Context, webKey string, fn func(*Attempt, time.Time) error) (*Attempt, error) {
	record := recordKey(webKey)
	for {
		a, rec, err := s.read(ctx, record)
		if err != nil {
			return nil, err
		}
		if err := fn(a, s.clock.Now()); err != nil {
			return a, err
		}
		err = s.store.Swap(ctx, record, rec.Version, a.encode(), rec.Expires)
		if errors.Is(err, shortlived.ErrConflict) {
			continue
		}
		if err == nil {
			s.observe(record, a)
		}
		return a, err
	}
}
