package push

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

const (
	// AttemptTimeout is how long one attempt may take, all in all (90930).
	AttemptTimeout = 5 * time.Second

	// MaxAttempts is how often an event is sent before it is given up (90930).
	MaxAttempts = 3

	// parallel is how many attempts run at once, over all suites.
	parallel = 256

	// pause is how long a suite waits when the store could not be asked.
	pause = time.Second
)

// backoff is the wait after the first, the second … failed attempt.
var backoff = [MaxAttempts - 1]time.Duration{time.Second, 2 * time.Second}

// sealLabel is under which the body of an event is sealed: it cannot be moved
// to another row.
func sealLabel(event int64) string { return "push/" + strconv.FormatInt(event, 10) }

// Target is the instruction callback (指令回调) of a suite.
type Target struct {
	URL            string // empty: the suite has no callback
	Token          string
	EncodingAESKey string
	SuiteID        string
	ProviderCorpID string // receiveid of the URL check
}

// Config is what a Queue needs. Attempted and Suites may be nil.
type Config struct {
	DB     *store.DB
	Clock  *clock.Clock
	Client *outbound.Client
	Keys   *keys.Ring
	Log    *slog.Logger

	// Target says where a suite's events go. It is asked at each attempt, so
	// that a corrected callback serves the events that wait.
	Target func(ctx context.Context, suite int64) (Target, error)

	// Mint makes the XML of an event at the moment of its delivery: the
	// suite_ticket, and whatever else is asked for by name only.
	Mint func(ctx context.Context, suite int64, infoType string) ([]byte, error)

	// Suites lists the suites that are sent a suite_ticket at start and every
	// TicketInterval.
	Suites func(ctx context.Context) ([]int64, error)

	// Attempted hears of every attempt, after it was recorded. It must not
	// block.
	Attempted func(Report)
}

// Event is something to tell a suite.
type Event struct {
	Suite      int64  // row
	InfoType   string // such as protocol.EventCancelAuth
	ChangeType string // of change_contact, such as protocol.ChangeCreateUser; else empty
	Corp       int64  // row of the corp it is about; 0: none
	Body       []byte // the event's XML (protocol.Event.XML); empty: minted at delivery
}

// Queue holds and delivers events. Make one with New. Its methods are safe
// for concurrent use.
type Queue struct {
	Config

	mu      sync.Mutex // guards everything below
	running bool
	lanes   map[int64]*lane
	ready   []int64 // suites whose turn it is, in order
	workers int     // at most parallel
	done    sync.WaitGroup

	batchMu sync.Mutex // guards batch
	batch   *batch     // of the Update that enqueued last
}

// lane is the state of a suite that has, or may have, pending events.
type lane struct {
	again bool         // woken while it was being worked on
	timer *clock.Timer // set while it waits for its next attempt
}

// New makes a Queue. It takes events at once and delivers them while Run runs.
func New(cfg Config) *Queue {
	return &Queue{Config: cfg, lanes: map[int64]*lane{}}
}

// Enqueue accepts an event for delivery. When it returns, the event is on
// disk. A new suite_ticket takes the place of one that still waits.
func (q *Queue) Enqueue(ctx context.Context, e Event) error {
	if e.Suite == 0 || e.InfoType == "" {
		return errors.New("push: an event needs a suite and a type")
	}
	if e.isTicket() {
		return q.enqueueTickets(ctx, []int64{e.Suite})
	}
	id := q.DB.NewID()
	if err := q.insertEvent(ctx, id, e, q.sealed(id, e), Pending, 0); err != nil {
		return err
	}
	q.wake(e.Suite)
	return nil
}

// sealed is an event's body as it is stored: empty where it is minted at delivery.
func (q *Queue) sealed(id int64, e Event) []byte {
	if len(e.Body) == 0 {
		return []byte{}
	}
	return q.Keys.Seal(sealLabel(id), e.Body)
}
