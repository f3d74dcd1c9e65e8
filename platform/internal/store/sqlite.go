package store

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What every connection is told when it opens, so that no connection of a
// pool can be without it. With a write-ahead log, FULL makes each commit wait
// until the log is on disk; fullfsync makes macOS mean it.
var (
	writerPragmas = []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(1)", "foreign_keys(1)"}
	readerPragmas = append(writerPragmas[:len(writerPragmas):len(writerPragmas)], "query_only(1)")
)

// guards are the triggers that make the marks lasting. They are not in the
// migrations because engines spell triggers differently; being made anew at
// each start, they also come back when somebody drops them. The first one
// stops INSERT OR REPLACE, which deletes without asking the others.
var guards = []string{
	`CREATE TRIGGER IF NOT EXISTS marks_insert BEFORE INSERT ON marks
	 WHEN EXISTS (SELECT 1 FROM marks WHERE name = NEW.name)
	 BEGIN SELECT RAISE(ABORT, 'a mark cannot be changed'); END`,
	`CREATE TRIGGER IF NOT EXISTS marks_update BEFORE UPDATE ON marks
	 BEGIN SELECT RAISE(ABORT, 'a mark cannot be changed'); END`,
	`CREATE TRIGGER IF NOT EXISTS marks_delete BEFORE DELETE ON marks
	 BEGIN SELECT RAISE(ABORT, 'a mark cannot be removed'); END`,
}

// IsDuplicate reports whether err says that a row with the same primary key
// or the same unique column is there already.
func IsDuplicate(err error) bool {
	switch resultCode(err) {
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return false
}

// isConstraint reports whether err only says that a row broke a rule: SQLite
// has then undone that one statement, and its transaction goes on.
func isConstraint(err error) bool { return resultCode(err)&0xff == sqlite3.SQLITE_CONSTRAINT }

// resultCode is SQLite's extended result code, 0 when err is not SQLite's.
func resultCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}
