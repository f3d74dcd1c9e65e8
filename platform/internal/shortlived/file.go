package shortlived

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/hufu-sso/hufu/platform/internal/store/sqlitefile"
)

// What the file's only connection is told. The exclusive lock keeps a second
// process away, whose memory would know nothing of ours. NORMAL: the log is
// not synced at each commit; see the design note.
var pragmas = []string{"locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(NORMAL)"}

// schemaVersion is written into the file. Its content may be lost, so a file
// of another version is emptied instead of being migrated.
const schemaVersion = 1

// file is shortlived.db. Rows are found by id only: keys are looked up in memory.
type file struct {
	pool                    *sql.DB
	conn                    *sql.Conn
	begin, commit, rollback *sql.Stmt
	upsert, remove          *sql.Stmt
}

// row is one record as the file has it.
type row struct {
	id      int64
	key     string
	value   []byte
	version int64
	expires int64
	gone    bool
}

func openFile(path string) (_ *file, err error) {
	ctx := context.Background()
	f := &file{}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	if f.pool, err = sqlitefile.Open(path, pragmas, 1); err != nil {
		return nil, err
	}
	if f.conn, err = f.pool.Conn(ctx); err != nil {
		return nil, err
	}
	if err = f.ensureTable(ctx); err != nil {
		return nil, err
	}
	for query, stmt := range map[string]**sql.Stmt{
		`BEGIN IMMEDIATE`: &f.begin,
		`COMMIT`:          &f.commit,
		`ROLLBACK`:        &f.rollback,
		`INSERT OR REPLACE INTO records (id, key, value, version, expires) VALUES ($1, $2, $3, $4, $5)`: &f.upsert,
		`DELETE FROM records WHERE id = $1`: &f.remove,
	} {
		if *stmt, err = f.conn.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// ensureTable makes the table, and writes in any case: SQLite takes the exclusive lock with
// the first write, and until then a second process could come in.
func (f *file) ensureTable(ctx context.Context) error {
	var version int
	if err := f.conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	table := ""
	if version != schemaVersion {
		table = `
		DROP TABLE IF EXISTS records;
		CREATE TABLE records (
			id      INTEGER PRIMARY KEY,
			key     TEXT    NOT NULL,
			value   BLOB,
			version INTEGER NOT NULL,
			expires INTEGER NOT NULL
		);`
	}
	_, err := f.conn.ExecContext(ctx, fmt.Sprintf(`BEGIN IMMEDIATE;%s
		PRAGMA user_version = %d;
		COMMIT`, table, schemaVersion))
	return err
}

// write brings the rows of entries up to date in one transaction.
func (f *file) write(entries []*entry, snapshot func(*entry) row) (err error) {
	if len(entries) == 0 {
		return nil
	}
	ctx := context.Background()
	if _, err := f.begin.ExecContext(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.rollback.ExecContext(ctx) // its own failure only says that SQLite was faster
		}
	}()
	for _, r := range entries {
		if err := f.writeRow(ctx, snapshot(r)); err != nil {
			return err
		}
	}
	_, err = f.commit.ExecContext(ctx)
	return err
}

func (f *file) writeRow(ctx context.Context, r row) error {
	if r.gone {
		_, err := f.remove.ExecContext(ctx, r.id)
		return err
	}
	_, err := f.upsert.ExecContext(ctx, r.id, r.key, r.value, r.version, r.expires)
	return err
}

func (f *file) close() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{f.begin, f.commit, f.rollback, f.upsert, f.remove} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	if f.conn != nil {
		errs = append(errs, f.conn.Close())
	}
	if f.pool != nil {
		errs = append(errs, f.pool.Close())
	}
	return errors.Join(errs...)
}

// ErrInUse is the error of Embedded when another program has the file open.
var ErrInUse = errors.New("another program has it open")

// explain adds to an error of opening what can be done about it.
func explain(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY:
			return fmt.Errorf("%w: %w", ErrInUse, err)
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("it is damaged; nothing in it is lasting, so remove it and start again: %w", err)
		}
	}
	return err
}
