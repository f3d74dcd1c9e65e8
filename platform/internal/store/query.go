package store

import (
	"context"
	"database/sql"
	"sync/atomic"
)

// Stmt is one reading statement. It is prepared when first used, once per
// connection, and lives as long as the store.
type Stmt struct {
	pool     *sql.DB
	query    string
	prepared atomic.Pointer[sql.Stmt]
}

// Query returns the reading statement of that text: always the same one for
// the same text, which therefore is a constant. It runs on connections that
// cannot write. A mistake in the text shows when the statement is used.
func (db *DB) Query(query string) *Stmt {
	if s, ok := db.stmts.Load(query); ok {
		return s.(*Stmt)
	}
	s, _ := db.stmts.LoadOrStore(query, &Stmt{pool: db.readers, query: query})
	return s.(*Stmt)
}

// Row reads at most one row; errors, sql.ErrNoRows among them, come from its
// Scan. It sees every write that was answered before. A read that has begun is
// not broken off when ctx ends: looking a row up takes microseconds, watching
// a context for it would take as long again.
func (s *Stmt) Row(ctx context.Context, args ...any) *sql.Row {
	if ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	stmt, err := s.prepare(ctx)
	if err != nil {
		return s.pool.QueryRowContext(ctx, s.query, args...) // fails alike, and says so in the Row
	}
	return stmt.QueryRowContext(ctx, args...)
}

// Rows reads any number of rows. The caller closes what it gets, soon: open
// rows hold one of a few connections. When ctx ends, so do the rows.
func (s *Stmt) Rows(ctx context.Context, args ...any) (*sql.Rows, error) {
	stmt, err := s.prepare(ctx)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

func (s *Stmt) prepare(ctx context.Context) (*sql.Stmt, error) {
	if stmt := s.prepared.Load(); stmt != nil {
		return stmt, nil
	}
	stmt, err := s.pool.PrepareContext(ctx, s.query)
	if err != nil {
		return nil, err
	}
	if !s.prepared.CompareAndSwap(nil, stmt) {
		stmt.Close() // another goroutine was faster
		stmt = s.prepared.Load()
	}
	return stmt, nil
}
