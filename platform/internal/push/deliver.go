package push

import (
	"context"
	"fmt"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/protocol"
)

// Deliver mints an event of the type, posts it at once, once and past the
// queue, and reports what the receiver said. A url that is not empty stands
// in for the suite's callback. The attempt is on record like any other. The
// error says that nothing could be sent or recorded; a receiver that fails is
// in the report.
func (q *Queue) Deliver(ctx context.Context, suite int64, infoType, url string) (Report, error) {
	body, err := q.Mint(ctx, suite, infoType)
	if err != nil {
		return Report{}, fmt.Errorf("push: make the event: %w", err)
	}
	return q.DeliverEvent(ctx, Event{Suite: suite, InfoType: infoType, Body: body}, url)
}

// DeliverEvent is Deliver for an event that has been made already.
func (q *Queue) DeliverEvent(ctx context.Context, e Event, url string) (Report, error) {
	report := q.attempt(ctx, e.Suite, e.InfoType, func() ([]byte, error) { return e.Body, nil }, url)
	return q.recordDirect(ctx, report)
}

// TicketNow sends a suite its suite_ticket at once, as the console's "push the ticket now"
// asks. Report and error are those of Deliver.
func (q *Queue) TicketNow(ctx context.Context, suite int64) (Report, error) {
	return q.Deliver(ctx, suite, protocol.EventSuiteTicket, "")
}

// checkType stands in the record of a URL check where the type of an event
// would.
const checkType = "verify"

// Verify sends the check of a callback's URL, as WeCom does when the URL is
// saved: a GET whose sealed echostr must come back in the clear and bare
// (protocol.md 7). A url that is not empty stands in for the suite's
// callback. Report and error are those of Deliver.
func (q *Queue) Verify(ctx context.Context, suite int64, url string) (Report, error) {
	report, target, codec := q.prepare(ctx, suite, checkType, url)
	if report.Step == "" {
		timestamp, nonce := q.stamp()
		_, echo := q.stamp()
		address := withQuery(target.URL, codec.SealCheck(echo, target.ProviderCorpID, timestamp, nonce))
		answer := q.send(ctx, &report, func(ctx context.Context) (outbound.Result, error) {
			return q.Client.Get(ctx, address)
		})
		if report.Step == "" && answer != echo {
			report.fail(StepReply, checkDetail(answer, echo))
		}
	}
	return q.recordDirect(ctx, report)
}

// recordDirect stores an attempt that was made past the queue.
func (q *Queue) recordDirect(ctx context.Context, report Report) (Report, error) {
	ctx = context.WithoutCancel(ctx) // it was sent; whoever asked may be gone
	report.Event, report.Attempt, report.State = q.DB.NewID(), 1, Delivered
	if report.Step != "" {
		report.State = GivenUp
	}
	err := q.insertEvent(ctx, report.Event, Event{Suite: report.Suite, InfoType: report.InfoType}, nil, report.State, 0)
	if err == nil {
		err = q.insertAttempt(ctx, report)
	}
	if err != nil {
		return report, fmt.Errorf("push: record an attempt: %w", err)
	}
	q.attempted(report)
	return report, nil
}
