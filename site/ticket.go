package site

import "context"

// TicketSource knows the last suite_ticket of each suite. *events.Tickets of
// site/events is one.
type TicketSource interface {
	// SuiteTicket returns the ticket last received for the suite, or an error
	// that is ErrNoTicket when there is none. It may be called from any
	// goroutine, and only when a token has to be fetched.
	SuiteTicket(ctx context.Context, suiteID string) (string, error)
}

// TicketFunc makes a function a TicketSource, for a site that keeps its
// tickets in a place of its own.
type TicketFunc func(ctx context.Context, suiteID string) (string, error)

// SuiteTicket calls f.
func (f TicketFunc) SuiteTicket(ctx context.Context, suiteID string) (string, error) {
	return f(ctx, suiteID)
}
