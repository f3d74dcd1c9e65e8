package store

import (
	"context"
	"database/sql"
)

// Update runs fn in a transaction of its own on the store's only writer and
// returns after the commit is on disk. When fn returns an error or panics, or
// ctx has ended by then, nothing of it remains; Update returns fn's error as
// it is. Other writes wait meanwhile: fn does no network and no slow work.
//
// fn uses tx for all its reads and writes; it must neither keep it nor call
// Exec or Update.
func (db *DB) Update(ctx context.Context, fn func(tx *sql.Tx) error) error {
	w := db.writer
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if w.closed {
		return ErrClosed
	}
	// Not ctx itself: database/sql would take the transaction back, and might
	// close the writer's connection, from another goroutine.
	tx, err := w.conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	w.committed = nil
	if err := fn(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, f := range w.committed {
		f()
	}
	return nil
}

// Committed has f called once the Update it is called in is on disk, before Update
// returns, and never when it is taken back. f must not block and must not write.
func (db *DB) Committed(f func()) { db.writer.committed = append(db.writer.committed, f) }
