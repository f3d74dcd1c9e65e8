// Package sqlitefile opens the kind of file that both of the platform's own
// engines keep: SQLite, private to its owner, with the same settings on every
// connection. What is in the file is the business of store and shortlived.
package sqlitefile

import (
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// Open returns a pool of at most n connections to the file path, which is made
// with mode 0600 when it is missing; its folder must exist. The connections
// open when first used and then stay open. Each runs the pragmas, in order,
// before anything else. Transactions of database/sql begin as writers.
func Open(path string, pragmas []string, n int) (*sql.DB, error) {
	if err := ensure(path); err != nil {
		return nil, err
	}
	name, err := dataSource(path, pragmas)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

// ensure makes the file before SQLite does, to give it its mode; the log
// beside it inherits the mode.
func ensure(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// dataSource spells path and pragmas as a URI. The path is made absolute and
// escaped: it may hold any character.
func dataSource(path string, pragmas []string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	u := url.URL{Path: "/" + strings.TrimPrefix(filepath.ToSlash(abs), "/")}
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	return "file:" + u.EscapedPath() + "?" + q.Encode(), nil
}
