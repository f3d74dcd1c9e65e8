package demo

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// maxHeard is how many events are remembered for the page.
const maxHeard = 20

// heardRow is one event that the suite's callback received.
type heardRow struct {
	InfoType, ChangeType string
	CorpID, UserID       string
	At, AtISO            string
	Fate                 string // done, later, failed or unconfirmed
}

// heard remembers the latest events, for the page alone: what follows from them is
// with installs.
type heard struct {
	mu   sync.Mutex // guards rows
	rows []heardRow // newest first
}

func (h *heard) add(e protocol.Event, fate string) {
	at := time.Unix(e.TimeStamp, 0)
	row := heardRow{
		InfoType: e.InfoType, ChangeType: e.ChangeType, CorpID: e.AuthCorpID, UserID: e.Contact.UserID,
		At: at.Local().Format("2006-01-02 15:04:05"), AtISO: at.UTC().Format(time.RFC3339), Fate: fate,
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rows = append([]heardRow{row}, h.rows[:min(len(h.rows), maxHeard-1)]...)
}

func (h *heard) list() []heardRow {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rows
}

// hear follows an event of the suite. What it says of a company whose permanent code
// is still to be taken over is read then.
func (s *Site) hear(ctx context.Context, e protocol.Event) error {
	err := s.known.adopt(ctx)
	if errors.Is(err, site.ErrNoTicket) && s.known.waits(e.AuthCorpID) {
		s.heard.add(e, "later")
		return nil
	}
	if err == nil {
		err = s.installs.Handle(ctx, e)
	}
	fate := "done"
	if err != nil {
		fate = "failed"
	}
	s.heard.add(e, fate)
	return err
}

// confirmCancel asks the platform before a company is forgotten.
func (s *Site) confirmCancel(ctx context.Context, e protocol.Event) (bool, error) {
	if err := s.known.adopt(ctx); err != nil {
		return false, err
	}
	gone, err := s.installs.ConfirmCancel(ctx, e)
	if !gone || err != nil {
		s.heard.add(e, "unconfirmed")
	}
	return gone, err
}
