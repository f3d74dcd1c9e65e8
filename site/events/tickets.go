package events

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/site"
)

// ticketLife is how long a suite_ticket is valid (90628).
const ticketLife = 30 * time.Minute

// TicketStore keeps the last suite_ticket of each suite. *Tickets is one; a
// site that runs on several machines brings its own.
type TicketStore interface {
	site.TicketSource
	// KeepTicket keeps the ticket, made at the given time by the platform's
	// clock (full seconds), unless a ticket made later, and still valid, is
	// kept already; kept tells which. It must have lasted when it returns, and
	// must be atomic: of two at once the later made wins.
	KeepTicket(ctx context.Context, suiteID, ticket string, made time.Time) (kept bool, err error)
}

// Tickets is a TicketStore in memory or in a file. It is safe for concurrent
// use.
type Tickets struct {
	path string // empty: memory
	now  func() time.Time

	mu     sync.Mutex // guards memory, and the file between read and write
	memory map[string]ticket
}

// ticket is one suite's ticket as the file holds it.
type ticket struct {
	Ticket   string `json:"ticket"`
	Made     int64  `json:"made"`     // unix seconds, the platform's clock
	Received int64  `json:"received"` // unix seconds, our clock
}

// NewTickets keeps tickets in memory. After a restart the site waits up to ten
// minutes for the next push.
func NewTickets() *Tickets {
	return &Tickets{now: time.Now, memory: map[string]ticket{}}
}

// OpenTickets keeps tickets in a file, readable by its owner alone and
// replaced atomically. The file need not exist, its directory must; a file
// that others can read is refused, as is one that is broken. One process may
// receive and others read the same file.
func OpenTickets(path string) (*Tickets, error) {
	t := &Tickets{path: path, now: time.Now}
	if _, err := t.load(); err != nil {
		return nil, err
	}
	return t, nil
}

// WithClock makes t judge the age of tickets by now instead of time.Now, and
// returns t. Call it before t is used.
func (t *Tickets) WithClock(now func() time.Time) *Tickets {
	t.now = now
	return t
}

// SuiteTicket implements site.TicketSource. A ticket that was received more
// than 30 minutes ago is no longer valid and counts as none.
func (t *Tickets) SuiteTicket(_ context.Context, suiteID string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all, err := t.load()
	if err != nil {
		return "", err
	}
	kept, ok := all[suiteID]
	if !ok || t.now().Sub(time.Unix(kept.Received, 0)) > ticketLife {
		return "", site.ErrNoTicket
	}
	return kept.Ticket, nil
}

// KeepTicket implements TicketStore.
func (t *Tickets) KeepTicket(_ context.Context, suiteID, value string, made time.Time) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all, err := t.load()
	if err != nil {
		return false, err
	}
	// A ticket that is no longer valid stands in nobody's way, so that a clock
	// once set wrongly cannot keep new tickets out for ever.
	now := t.now()
	if kept, ok := all[suiteID]; ok && made.Unix() < kept.Made && now.Sub(time.Unix(kept.Received, 0)).Abs() <= ticketLife {
		return false, nil
	}
	all[suiteID] = ticket{Ticket: value, Made: made.Unix(), Received: now.Unix()}
	if err := t.save(all); err != nil {
		return false, err
	}
	return true, nil
}

// Format implements fmt.Formatter: Tickets never show a ticket.
func (t *Tickets) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "events.Tickets") }
