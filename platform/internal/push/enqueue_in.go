package push

import (
	"context"
	"database/sql"
	"errors"
)

// batch is what one Update of the store enqueues. It keeps the prepared statement, so that
// an import that tells of ten thousand members does not have it read ten thousand times.
type batch struct {
	tx     *sql.Tx // held, so that no later one can have its address
	insert *sql.Stmt
	suites map[int64]bool // to be woken
}

// EnqueueIn accepts an event inside an Update of the store: it is there if, and only if, what
// else that Update changes is, and after everything that was told the suite before.
func (q *Queue) EnqueueIn(ctx context.Context, tx *sql.Tx, e Event) error {
	if e.Suite == 0 || e.InfoType == "" || e.isTicket() {
		return errors.New("push: an event needs a suite and a type, and a ticket is not part of an update")
	}
	b, err := q.batchOf(ctx, tx)
	if err != nil {
		return err
	}
	id := q.DB.NewID()
	if _, err := b.insert.ExecContext(ctx, q.eventRow(id, e, q.sealed(id, e), Pending, 0)...); err != nil {
		return err
	}
	if !b.suites[e.Suite] {
		b.suites[e.Suite] = true
		q.DB.Committed(func() { q.wake(e.Suite) })
	}
	return nil
}

// batchOf is the batch of a transaction, which ends with it: its statement is closed by the
// transaction itself.
func (q *Queue) batchOf(ctx context.Context, tx *sql.Tx) (*batch, error) {
	q.batchMu.Lock()
	defer q.batchMu.Unlock()
	if q.batch != nil && q.batch.tx == tx {
		return q.batch, nil
	}
	insert, err := tx.PrepareContext(ctx, insertEvent)
	if err != nil {
		return nil, err
	}
	q.batch = &batch{tx: tx, insert: insert, suites: map[int64]bool{}}
	return q.batch, nil
}

// EndSuite gives up what still waits for a suite, inside the Update that removes it.
func (q *Queue) EndSuite(ctx context.Context, tx *sql.Tx, suite int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE push_events SET state = 'given_up' WHERE suite_row = $1 AND state = 'pending'`, suite)
	return err
}
