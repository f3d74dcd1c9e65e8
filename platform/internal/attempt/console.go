package attempt

import (
	"context"
	"time"
)

// SignedConsole tells whether a signature is that of the consoles' page that shows this
// attempt.
func (s *Service) SignedConsole(webKey, signature string) bool {
	return s.keys.signed(webKey, signature, consolePage)
}

// Collect takes a confirmed attempt of the consoles for a session to begin with: once. The
// caller has checked SignedConsole. ErrOver where it has been collected, ErrGone where there
// is nothing to collect.
func (s *Service) Collect(ctx context.Context, webKey string) (*Attempt, error) {
	return s.change(ctx, webKey, func(a *Attempt, now time.Time) error {
		switch {
		case !a.Console:
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
