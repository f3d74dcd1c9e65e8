package push

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/protocol"
)

// TicketInterval is how often a suite is sent its suite_ticket (90628).
const TicketInterval = 10 * time.Minute

// ticketBatch is how many suites' tickets are stored in one transaction.
const ticketBatch = 200

func (e Event) isTicket() bool {
	return e.InfoType == protocol.EventSuiteTicket && len(e.Body) == 0
}

// keepTickets enqueues a ticket for every suite now and at each interval. The
// function it returns ends that and waits for a round in progress.
func (q *Queue) keepTickets(ctx context.Context) (stop func()) {
	if q.Suites == nil {
		return func() {}
	}
	var mu sync.Mutex // guards timer, and is held for a round
	var timer *clock.Timer
	var round func()
	round = func() {
		mu.Lock()
		defer mu.Unlock()
		if ctx.Err() != nil {
			return
		}
		if err := q.ticketRound(ctx); err != nil && ctx.Err() == nil {
			q.Log.Error("push: enqueue tickets", "error", err)
		}
		timer = q.Clock.AfterFunc(TicketInterval, round)
	}
	round()
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if timer != nil {
			timer.Stop()
		}
	}
}

func (q *Queue) ticketRound(ctx context.Context) error {
	suites, err := q.Suites(ctx)
	if err != nil {
		return err
	}
	return errors.Join(q.enqueueTickets(ctx, suites), q.prune(ctx))
}

// enqueueTickets enqueues a suite_ticket for each suite and gives up the one
// that still waits: the ticket is minted at delivery, the older event would
// only say the same once more.
func (q *Queue) enqueueTickets(ctx context.Context, suites []int64) error {
	for batch := range slices.Chunk(suites, ticketBatch) {
		err := q.DB.Update(ctx, func(tx *sql.Tx) error {
			supersede, err := tx.PrepareContext(ctx, `UPDATE push_events SET state = 'given_up'
				WHERE suite_row = $1 AND state = 'pending' AND info_type = 'suite_ticket'`)
			if err != nil {
				return err
			}
			defer supersede.Close()
			insert, err := tx.PrepareContext(ctx, insertEvent)
			if err != nil {
				return err
			}
			defer insert.Close()
			for _, suite := range batch {
				if _, err := supersede.ExecContext(ctx, suite); err != nil {
					return err
				}
				ticket := q.eventRow(q.DB.NewID(), Event{Suite: suite, InfoType: protocol.EventSuiteTicket}, nil, Pending, 0)
				if _, err := insert.ExecContext(ctx, ticket...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, suite := range batch {
			q.wake(suite)
		}
	}
	return nil
}
