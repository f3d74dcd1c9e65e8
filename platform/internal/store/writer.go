package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// writer is the only one that changes the store. Its goroutine commits queued
// writes in groups: one sync of the disk, and one wait for it, serve all that
// have come while the last group was being written.
type writer struct {
	queue    *queue
	finished chan struct{} // closed when the goroutine has ended

	turn     chan struct{} // a lock, holds one: who has put into it may use what follows
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	begin    *sql.Stmt
	commit   *sql.Stmt
	rollback *sql.Stmt
	closed   bool

	committed []func() // to be called once the Update that runs is on disk
}

// answers keeps channels for outcomes. One whose caller went away is not put
// back: the writer still answers into it.
var answers = sync.Pool{New: func() any { return make(chan outcome, 1) }}

func startWriter(conn *sql.Conn) (*writer, error) {
	w := &writer{
		queue:    newQueue(),
		finished: make(chan struct{}),
		turn:     make(chan struct{}, 1),
		conn:     conn,
		prepared: map[string]*sql.Stmt{},
	}
	var errs [3]error
	w.begin, errs[0] = w.prepare("BEGIN IMMEDIATE")
	w.commit, errs[1] = w.prepare("COMMIT")
	w.rollback, errs[2] = w.prepare("ROLLBACK")
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

// Exec runs one statement that changes the store and returns, with the number
// of rows it affected, after the change is on disk. It is the way for hot
// writes: statements of several callers are committed together. Each stands
// alone all the same; one that fails changes nothing and harms no other.
//
// query is a constant (it is prepared once), one statement, and must not say
// OR ROLLBACK. args are int64, string, []byte, bool or nil, and belong to the
// store until Exec returns without a context error.
//
// When ctx ends first, Exec returns at once and the statement may or may not
// happen: treat it as unknown, and a code that was being spent as spent.
// Inside Update use its tx: Exec would wait for the end of that Update.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (affected int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	done := answers.Get().(chan outcome)
	if !db.writer.queue.put(op{query: query, args: args, done: done}) {
		return 0, ErrClosed
	}
	select {
	case out := <-done:
		answers.Put(done)
		return out.affected, out.err
	case <-ctx.Done():
		return 0, fmt.Errorf("store: gave up waiting for a write that may still happen: %w", ctx.Err())
	}
}

// ExecSoon is Exec for a record that nobody waits for, such as a line of a log: it goes to
// disk with the next group, within milliseconds, and is lost only when the program is killed
// before that. What became of it is not told; a closed store drops it.
func (db *DB) ExecSoon(query string, args ...any) {
	db.writer.queue.put(op{query: query, args: args, done: make(chan outcome, 1)})
}

// run commits groups until the queue is closed and empty.
func (w *writer) run() {
	defer close(w.finished)
	var group []op
	var outcomes []outcome
	for open := true; open; {
		<-w.queue.ready
		w.turn <- struct{}{}
		group, open = w.queue.take(group)
		outcomes = w.commitGroup(group, outcomes[:0])
		<-w.turn
		for i := range group {
			group[i].done <- outcomes[i]
			group[i] = op{}
			outcomes[i] = outcome{}
		}
		// Let those who were just answered come back with their next write
		// before the next group is taken: fewer, larger groups.
		runtime.Gosched()
	}
}

// commitGroup runs all of group in one transaction and appends one outcome
// per op. When a statement fails in a way that could undo its neighbours, the
// transaction is taken back and each op gets one of its own.
func (w *writer) commitGroup(group []op, outcomes []outcome) []outcome {
	if len(group) == 0 {
		return outcomes
	}
	ctx := context.Background()
	if _, err := w.begin.ExecContext(ctx); err != nil {
		return failAll(group, outcomes, err)
	}
	for i := range group {
		out := w.step(ctx, &group[i])
		outcomes = append(outcomes, out)
		if out.err == nil || isConstraint(out.err) {
			continue
		}
		w.rollback.ExecContext(ctx) // its own failure only says that SQLite was faster
		if len(group) == 1 {
			return outcomes
		}
		outcomes = outcomes[:0]
		for j := range group {
			outcomes = append(outcomes, w.commitGroup(group[j:j+1], nil)...)
		}
		return outcomes
	}
	if _, err := w.commit.ExecContext(ctx); err != nil {
		w.rollback.ExecContext(ctx)
		return failAll(group, outcomes[:0], err)
	}
	return outcomes
}

func (w *writer) step(ctx context.Context, o *op) outcome {
	stmt := w.prepared[o.query]
	if stmt == nil {
		var err error
		if stmt, err = w.prepare(o.query); err != nil {
			return outcome{err: err}
		}
	}
	result, err := stmt.ExecContext(ctx, o.args...)
	if err != nil {
		return outcome{err: err}
	}
	affected, err := result.RowsAffected()
	return outcome{affected: affected, err: err}
}

func (w *writer) prepare(query string) (*sql.Stmt, error) {
	stmt, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.prepared[query] = stmt
	}
	return stmt, err
}

func failAll(group []op, outcomes []outcome, err error) []outcome {
	for range group {
		outcomes = append(outcomes, outcome{err: err})
	}
	return outcomes
}

// close commits what is queued and gives the connection back.
func (w *writer) close() error {
	w.queue.close()
	<-w.finished
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	w.closed = true
	var errs []error
	for _, stmt := range w.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}
