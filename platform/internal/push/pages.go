package push

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
)

// ErrNotFound is returned where an event asked for does not exist, is past its time, or
// belongs to a suite that was not named.
var ErrNotFound = errors.New("push: not found")

// maxPage bounds a page of events.
const maxPage = 200

// Query chooses events for a page.
type Query struct {
	Search string // part of the type or of the change's type, without case
	State  State  // empty: any
	Corp   int64  // row of the corp they are about; 0: any
	After  int64  // Row of the last event of the page before; 0: from the newest
	Limit  int    // at most 200; 0: 50
}

// Record is an event as a page may show it: never its body.
type Record struct {
	Row        int64
	Suite      int64  // row
	InfoType   string // "verify": a check of the URL
	ChangeType string // of change_contact
	Corp       int64  // row; 0: none
	State      State
	At         time.Time // made
	Repeats    int64     // row of the event it was sent again for; 0: none
	Attempts   int       // made so far
	Status     int       // HTTP status of the latest attempt; 0: no answer, or none made
	Step       outbound.Step
	Detail     string // of the latest attempt's failure
}

// Page is one page of events, newest first.
type Page struct {
	Events []Record
	Next   int64 // Query.After of the next page; 0: this is the last
}

const recordColumns = `e.id, e.suite_row, e.info_type, e.change_type, e.corp_row, e.state, e.created_at, e.repeats,
	COALESCE(a.n, 0), COALESCE(a.status, 0), COALESCE(a.step, ''), COALESCE(a.detail, '')
	FROM push_events e LEFT JOIN push_attempts a ON a.event_id = e.id
	AND a.n = (SELECT MAX(n) FROM push_attempts WHERE event_id = e.id)`

func scanRecord(row interface{ Scan(...any) error }) (Record, error) {
	var r Record
	var at int64
	err := row.Scan(&r.Row, &r.Suite, &r.InfoType, &r.ChangeType, &r.Corp, &r.State, &at, &r.Repeats,
		&r.Attempts, &r.Status, &r.Step, &r.Detail)
	r.At = time.UnixMilli(at)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return r, err
}

// EventsOf answers a page of the events of some suites, newest first.
func (q *Queue) EventsOf(ctx context.Context, suites []int64, query Query) (Page, error) {
	limit := min(cmp.Or(max(query.Limit, 0), 50), maxPage)
	var list []Record
	for _, suite := range suites { // a provider has a few: each is asked for a page by its index
		found, err := q.eventsOf(ctx, suite, query, limit+1)
		if err != nil {
			return Page{}, err
		}
		list = append(list, found...)
	}
	slices.SortFunc(list, func(a, b Record) int { return cmp.Compare(b.Row, a.Row) })
	if len(list) <= limit {
		return Page{Events: list}, nil
	}
	return Page{Events: list[:limit], Next: list[limit-1].Row}, nil
}

func (q *Queue) eventsOf(ctx context.Context, suite int64, query Query, limit int) ([]Record, error) {
	rows, err := q.DB.Query(`SELECT `+recordColumns+`
		WHERE e.suite_row = $1 AND ($2 = 0 OR e.id < $2) AND ($3 = '' OR e.state = $3) AND ($4 = 0 OR e.corp_row = $4)
		AND (e.info_type LIKE $5 ESCAPE '\' OR e.change_type LIKE $5 ESCAPE '\')
		ORDER BY e.id DESC LIMIT $6`).
		Rows(ctx, suite, query.After, string(query.State), query.Corp, containing(query.Search), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Record
	for rows.Next() {
		r, err := scanRecord(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// containing is the LIKE pattern of what contains a text; types are lower case.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(strings.TrimSpace(text))) + "%"
}

// EventOf reads one event of some suites; ErrNotFound where it is none of theirs. It is how
// a page makes sure that an id from outside is its provider's before Attempts or Again.
func (q *Queue) EventOf(ctx context.Context, suites []int64, event int64) (Record, error) {
	r, err := scanRecord(q.DB.Query(`SELECT `+recordColumns+` WHERE e.id = $1`).Row(ctx, event))
	if err == nil && !slices.Contains(suites, r.Suite) {
		return Record{}, ErrNotFound
	}
	return r, err
}

// Attempts lists the attempts at an event, first to last.
func (q *Queue) Attempts(ctx context.Context, event int64) ([]Report, error) {
	return q.reports(ctx, `WHERE e.id = $1 ORDER BY a.n`, event)
}
