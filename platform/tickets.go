package platform

import (
	"context"
	"sync"

	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
)

// firstTickets remembers which suites have had the fate of their first suite_ticket.
type firstTickets struct {
	mu      sync.Mutex // guards the rest
	fates   map[int64]TicketFate
	changed chan struct{} // closed, and made anew, at each change
}

// TicketFate is what became of a suite's first suite_ticket since the start.
type TicketFate struct {
	Delivered bool
	Step      string // the step that failed; empty when delivered
	Detail    string // a few English words
	Answer    string // what the callback said: its first 200 bytes, printable, long words blotted out
}

func newFirstTickets() *firstTickets {
	return &firstTickets{fates: map[int64]TicketFate{}, changed: make(chan struct{})}
}

// attempted hears of every attempt to push an event.
func (f *firstTickets) attempted(r push.Report) {
	if r.InfoType != protocol.EventSuiteTicket || r.State == push.Pending {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fates[r.Suite].Delivered {
		return
	}
	f.fates[r.Suite] = TicketFate{Delivered: r.State == push.Delivered, Step: string(r.Step), Detail: r.Detail, Answer: r.Answer}
	close(f.changed)
	f.changed = make(chan struct{})
}

// wait answers the fate of a suite's first ticket once it is known.
func (f *firstTickets) wait(ctx context.Context, suite int64) (TicketFate, error) {
	for {
		f.mu.Lock()
		fate, known := f.fates[suite]
		changed := f.changed
		f.mu.Unlock()
		if known {
			return fate, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return TicketFate{}, ctx.Err()
		}
	}
}

// FirstTicket waits until a suite's first suite_ticket has been delivered or given up.
func (p *Platform) FirstTicket(ctx context.Context, suiteRow int64) (TicketFate, error) {
	return p.tickets.wait(ctx, suiteRow)
}
