// Package store keeps the platform's lasting records: one SQLite file, hufu.db,
// with write-ahead log and full sync. What a method reports as done is on disk
// and survives kill -9 and a power cut.
//
// The package owns the engine, the migrations and the marks. The SQL of a
// table belongs to the service that owns the table. What the services may
// rely on, and must keep to so that a second engine can join:
//
//   - placeholders are $1, $2, …; columns TEXT, BIGINT, BYTEA, BOOLEAN only;
//     times are int64 Unix milliseconds UTC; row ids come from NewID
//   - query texts are constants: each is prepared once and kept for good
//   - hot single writes go through Exec, which commits them in groups; what
//     must happen together goes through Update; reads go through Query
//
// It has no URLs. What expires lives in package shortlived.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/hufu-sso/hufu/platform/internal/store/sqlitefile"
)

// ErrClosed is the answer of a store that was closed.
var ErrClosed = errors.New("store: closed")

// DB is an open store. Make one with Open; all methods are safe for use by
// several goroutines.
type DB struct {
	readers *sql.DB
	write   *sql.DB // a pool of one: the writer's connection
	writer  *writer
	ids     ids

	stmts sync.Map // query text → *Stmt
}

// Open opens the store in the file path, which is made with mode 0600 when it
// is missing (its folder must exist), and brings its tables up to date. A
// store that a newer program has changed is refused.
func Open(ctx context.Context, path string) (*DB, error) {
	db, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	return db, nil
}

func open(ctx context.Context, path string) (_ *DB, err error) {
	db := &DB{}
	defer func() {
		if err != nil {
			db.closePools()
		}
	}()
	if db.write, err = sqlitefile.Open(path, writerPragmas, 1); err != nil {
		return nil, err
	}
	if err := migrate(ctx, db.write); err != nil {
		return nil, err
	}
	if db.readers, err = sqlitefile.Open(path, readerPragmas, readerCount()); err != nil {
		return nil, err
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if db.writer, err = startWriter(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return db, nil
}

// readerCount is how many reads may run at once. Reads are work, not waiting:
// a few more than there are processors is enough.
func readerCount() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// Close commits the writes that are queued, waits for a running Update and
// closes the file. Later calls of any method fail with ErrClosed or the
// like. Close is not called twice.
func (db *DB) Close() error {
	// The writer's connection goes last: the last one to close folds the log
	// into the file.
	return errors.Join(db.writer.close(), db.closePools())
}

func (db *DB) closePools() error {
	var errs []error
	for _, pool := range []*sql.DB{db.readers, db.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}
