package push

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

// Steps of a delivery beyond those of the request.
const (
	// StepPrepare: the request could not be made; the reason is on our side,
	// and in the log.
	StepPrepare outbound.Step = "prepare"
	// StepNoCallback: the suite has no callback URL.
	StepNoCallback outbound.Step = "no callback"
	// StepGone: the suite does not exist any more.
	StepGone outbound.Step = "suite removed"
	// StepReply: the receiver answered something else than it must.
	StepReply outbound.Step = "reply"
)

// ErrGone is what Config.Target answers where the suite does not exist any more: what still
// waits for it is given up.
var ErrGone = errors.New("push: the suite does not exist")

// State is what became of an event.
type State string

// The states of an event.
const (
	Pending   State = "pending"   // waits for its first or its next attempt
	Delivered State = "delivered" // acknowledged by the receiver
	GivenUp   State = "given_up"  // after the last attempt, or replaced by a newer ticket
)

// Report is one attempt. It holds no secret and no query string.
type Report struct {
	Event    int64 // row
	Suite    int64 // row
	InfoType string
	State    State // of the event, after this attempt or at present
	Attempt  int   // from 1
	At       time.Time
	Took     time.Duration // milliseconds
	URL      string        // without its query
	Status   int           // HTTP status; 0: no answer
	Step     outbound.Step // the step that failed; empty: delivered
	Detail   string        // of the failure, a few English words
	Answer   string        // the first 200 bytes, printable, long words blotted out
}

func (r *Report) fail(step outbound.Step, detail string) {
	r.Step, r.Detail = step, detail
}

// attempt posts an event to the suite's callback, or to override, once.
func (q *Queue) attempt(ctx context.Context, suite int64, infoType string, body func() ([]byte, error), override string) Report {
	report, target, codec := q.prepare(ctx, suite, infoType, override)
	if report.Step != "" {
		return report
	}
	event, err := body()
	if err != nil {
		q.Log.Error("push: make an event", "type", infoType, "error", err)
		report.fail(StepPrepare, "the event could not be made")
		return report
	}
	timestamp, nonce := q.stamp()
	envelope, signature := codec.Seal(event, target.SuiteID, timestamp, nonce)
	address := withQuery(target.URL, sealed.Query(signature, timestamp, nonce))
	answer := q.send(ctx, &report, func(ctx context.Context) (outbound.Result, error) {
		return q.Client.Post(ctx, address, "text/xml", envelope.XML())
	})
	if report.Step == "" && strings.TrimSpace(answer) != protocol.EventAnswer {
		report.fail(StepReply, "the body must be "+protocol.EventAnswer)
	}
	return report
}

// prepare begins the report of an attempt and finds where it goes. A failure
// is in the report.
func (q *Queue) prepare(ctx context.Context, suite int64, infoType, override string) (Report, Target, *sealed.Codec) {
	report := Report{Suite: suite, InfoType: infoType, At: q.Clock.Now()}
	target, err := q.Target(ctx, suite)
	if errors.Is(err, ErrGone) {
		report.fail(StepGone, "the suite does not exist any more")
		return report, target, nil
	}
	if err != nil {
		q.Log.Error("push: find a callback", "type", infoType, "error", err)
		report.fail(StepPrepare, "the callback could not be read")
		return report, target, nil
	}
	if override != "" {
		target.URL = override
	}
	report.URL = withoutQuery(target.URL)
	if target.URL == "" {
		report.fail(StepNoCallback, "the suite has no callback URL")
		return report, target, nil
	}
	key, err := sealed.ParseKey(target.EncodingAESKey)
	if err = errors.Join(err, sealed.CheckToken(target.Token)); err != nil {
		q.Log.Error("push: use a callback's token and key", "type", infoType, "error", err)
		report.fail(StepPrepare, "the callback's Token or EncodingAESKey is not valid")
		return report, target, nil
	}
	return report, target, sealed.New(target.Token, key)
}

// send makes the request within AttemptTimeout, completes the report and
// returns the answer's body.
func (q *Queue) send(ctx context.Context, report *Report, request func(context.Context) (outbound.Result, error)) string {
	ctx, cancel := context.WithTimeout(ctx, AttemptTimeout)
	defer cancel()
	start := time.Now() // not the movable clock: this measures
	result, err := request(ctx)
	report.Took = time.Since(start).Truncate(time.Millisecond)
	report.Status = result.Status
	report.Answer = printable(result.Body)
	if failure, ok := errors.AsType[*outbound.Error](err); ok {
		report.fail(failure.Step, failure.Detail)
	} else if err != nil {
		report.fail(StepPrepare, "the request could not be made")
	} else if result.Status != http.StatusOK {
		report.fail(outbound.StepStatus, fmt.Sprintf("%d %s", result.Status, http.StatusText(result.Status)))
	}
	return string(result.Body)
}

// stamp is the timestamp and nonce of a request.
func (q *Queue) stamp() (timestamp, nonce string) {
	n, err := rand.Int(rand.Reader, big.NewInt(10_000_000_000))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return strconv.FormatInt(q.Clock.Now().Unix(), 10), n.String()
}
