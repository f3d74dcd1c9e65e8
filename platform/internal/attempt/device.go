package attempt

import (
	"context"
	"time"
)

// SignedDevice tells whether a signature is that of the desktop client that shows this
// attempt.
func (s *Service) SignedDevice(webKey, signature string) bool {
	return s.keys.signed(webKey, signature, devicePage)
}

// CollectDevice takes a confirmed attempt of a desktop client for the device to be written:
// once. The caller has checked SignedDevice; check, called with the attempt before anything is
// changed, sees that it is the device itself that asks, and its error is returned. ErrOver
// where it has been collected, ErrGone where there is nothing to collect.
func (s *Service) CollectDevice(ctx context.Context, webKey string, check func(*Attempt) error) (*Attempt, error) {
	return s.change(ctx, webKey, func(a *Attempt, now time.Time) error {
		if a.Device == "" {
			return ErrGone
		}
		if err := check(a); err != nil {
			return err
		}
		switch {
		case a.Step == Collected:
			return ErrOver
		case a.State(now) != Confirmed:
			return ErrGone
		}
		a.Step = Collected
		return nil
	})
}
