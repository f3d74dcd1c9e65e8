package push

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

var (
	// ErrPending refuses to send an event again that is on its way still.
	ErrPending = errors.New("push: the event is still being delivered")
	// ErrCheck refuses to send again what is no event but a check of the URL.
	ErrCheck = errors.New("push: a check of the URL is not sent again, it is made anew with Verify")
)

// Again sends an event again, as a new one after all that wait for its suite, with the same
// body, and answers the new one's row; its record says what it repeats. A suite_ticket is
// made anew. The errors are ErrNotFound, ErrPending and ErrCheck. Whether the event belongs
// to whoever asks is for EventOf to say.
func (q *Queue) Again(ctx context.Context, event int64) (int64, error) {
	e, state := Event{}, State("")
	var body []byte
	err := q.DB.Query(`SELECT suite_row, info_type, change_type, corp_row, body, state FROM push_events WHERE id = $1`).
		Row(ctx, event).Scan(&e.Suite, &e.InfoType, &e.ChangeType, &e.Corp, &body, &state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, ErrNotFound
	case err != nil:
		return 0, err
	case e.InfoType == checkType:
		return 0, ErrCheck
	case state == Pending:
		return 0, ErrPending
	}
	if len(body) > 0 {
		if e.Body, err = q.Keys.Open(sealLabel(event), body); err != nil {
			return 0, fmt.Errorf("push: open event %d: %w", event, err)
		}
	}
	id := q.DB.NewID()
	if err := q.insertEvent(ctx, id, e, q.sealed(id, e), Pending, event); err != nil {
		return 0, err
	}
	q.wake(e.Suite)
	return id, nil
}
