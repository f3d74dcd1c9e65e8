package push

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
)

// queued is the event whose turn it is in a suite, with what is known of its
// latest attempt.
type queued struct {
	id       int64
	infoType string
	body     []byte // sealed
	attempts int
	last     time.Time // end of the latest attempt; zero before the first
	lastStep outbound.Step
}

// wait is how long the next attempt must wait at the time now.
func (e queued) wait(now time.Time) time.Duration {
	if e.settled() != Pending || e.attempts == 0 {
		return 0
	}
	pause := backoff[e.attempts-1]
	wait := e.last.Add(pause).Sub(now)
	if wait > pause {
		return 0 // the clock was ahead when that was recorded
	}
	return wait
}

// settled is what the recorded attempts have made of the event.
func (e queued) settled() State {
	switch {
	case e.attempts > 0 && e.lastStep == "":
		return Delivered
	case e.attempts >= MaxAttempts || hopeless(e.lastStep):
		return GivenUp
	}
	return Pending
}

// hopeless tells whether another attempt would fail like this one.
func hopeless(step outbound.Step) bool { return step == StepNoCallback || step == StepGone }

func (q *Queue) pendingSuites(ctx context.Context) ([]int64, error) {
	rows, err := q.DB.Query(`SELECT DISTINCT suite_row FROM push_events WHERE state = 'pending'`).Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var suites []int64
	for rows.Next() {
		var suite int64
		if err := rows.Scan(&suite); err != nil {
			return nil, err
		}
		suites = append(suites, suite)
	}
	return suites, rows.Err()
}

// nextEvent finds the first pending event of a suite.
func (q *Queue) nextEvent(ctx context.Context, suite int64) (e queued, found bool, err error) {
	err = q.DB.Query(`SELECT id, info_type, body FROM push_events
		WHERE suite_row = $1 AND state = 'pending' ORDER BY seq LIMIT 1`).Row(ctx, suite).Scan(&e.id, &e.infoType, &e.body)
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	var end int64
	err = q.DB.Query(`SELECT n, at + ms, step FROM push_attempts
		WHERE event_id = $1 ORDER BY n DESC LIMIT 1`).Row(ctx, e.id).Scan(&e.attempts, &end, &e.lastStep)
	if errors.Is(err, sql.ErrNoRows) {
		return e, true, nil
	}
	e.last = time.UnixMilli(end)
	return e, true, err
}

// insertEvent stores an event as the last one of its suite.
func (q *Queue) insertEvent(ctx context.Context, id int64, e Event, body []byte, state State, repeats int64) error {
	_, err := q.DB.Exec(ctx, insertEvent, q.eventRow(id, e, body, state, repeats)...)
	return err
}

const insertEvent = `INSERT INTO push_events
	(id, suite_row, seq, info_type, change_type, corp_row, body, state, created_at, repeats)
	VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM push_events WHERE suite_row = $2), $3, $4, $5, $6, $7, $8, $9)`

// eventRow is what insertEvent takes.
func (q *Queue) eventRow(id int64, e Event, body []byte, state State, repeats int64) []any {
	return []any{id, e.Suite, e.InfoType, e.ChangeType, e.Corp, notNull(body), string(state), q.Clock.Now().UnixMilli(), repeats}
}

// notNull is b as an empty value where it is nil, which would be stored as NULL.
func notNull(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (q *Queue) insertAttempt(ctx context.Context, r Report) error {
	_, err := q.DB.Exec(ctx, `INSERT INTO push_attempts (event_id, n, at, ms, url, status, step, detail, answer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Event, r.Attempt, r.At.UnixMilli(), r.Took.Milliseconds(), r.URL, r.Status, string(r.Step), r.Detail, r.Answer)
	return err
}

func (q *Queue) setState(ctx context.Context, id int64, state State) error {
	_, err := q.DB.Exec(ctx, `UPDATE push_events SET state = $1 WHERE id = $2`, string(state), id)
	return err
}

// Recent returns the latest n attempts, newest first.
func (q *Queue) Recent(ctx context.Context, n int) ([]Report, error) {
	return q.reports(ctx, `ORDER BY a.at DESC, a.event_id DESC, a.n DESC LIMIT $1`, n)
}

// reports reads attempts; which is a constant.
func (q *Queue) reports(ctx context.Context, which string, args ...any) ([]Report, error) {
	rows, err := q.DB.Query(`SELECT e.id, e.suite_row, e.info_type, e.state, a.n, a.at, a.ms, a.url, a.status, a.step, a.detail, a.answer
		FROM push_attempts a JOIN push_events e ON e.id = a.event_id `+which).Rows(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var reports []Report
	for rows.Next() {
		var r Report
		var at, ms int64
		if err := rows.Scan(&r.Event, &r.Suite, &r.InfoType, &r.State, &r.Attempt, &at, &ms, &r.URL, &r.Status, &r.Step, &r.Detail, &r.Answer); err != nil {
			return nil, err
		}
		r.At, r.Took = time.UnixMilli(at), time.Duration(ms)*time.Millisecond
		reports = append(reports, r)
	}
	return reports, rows.Err()
}

const (
	// keep is for how long events that are done stay on record.
	keep = 72 * time.Hour
	// pruneBatch is how many go at once, so that no other write waits long.
	pruneBatch = 500
)

// prune removes what is done and older than keep, with its attempts.
func (q *Queue) prune(ctx context.Context) error {
	before := q.Clock.Now().Add(-keep).UnixMilli()
	for {
		n, err := q.DB.Exec(ctx, `DELETE FROM push_events WHERE id IN (
			SELECT id FROM push_events WHERE created_at < $1 AND state <> 'pending' LIMIT $2)`, before, pruneBatch)
		if err != nil || n < pruneBatch {
			return err
		}
	}
}
