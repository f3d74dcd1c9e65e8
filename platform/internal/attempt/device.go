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
// once. The caller has checked SignedDevice, and that it is the device itself that asks. ErrOver
// where it has been collected, ErrGone where there is nothing to collect.
func (s *Service) CollectDevice(ctx context.Context, webKey string) (*Attempt, error) {
	return s.change(ctx, webKey, func(a *Attempt, now time.Time) error {
		switch {
		case a.Device == "":
			return ErrGone
		case a.Step == Collected:
			return ErrOver
		case a.State(now) != Confirmed:
			return ErrGone
		}
		a.Step = Collected
		return nil
	})
}
