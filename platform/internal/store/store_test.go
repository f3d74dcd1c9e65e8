package store_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(dir string) (*store.DB, error) {
		return store.Open(context.Background(), filepath.Join(dir, "hufu.db"))
	})
}

func openStore(t *testing.T, path string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestFileIsPrivateWhateverItsName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d%41&虎符;=.db")
	db := openStore(t, path)
	if err := db.SetMark(t.Context(), "sandbox", "yes"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", filepath.Base(name), mode)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("Close leaves a log beside the file")
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	openStore(t, newer).Close()
	execFile(t, newer, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)

	for path, want := range map[string]string{
		filepath.Join(dir, "missing", "hufu.db"): "no such file",
		garbage:                                  "not a database",
		newer:                                    "made by a newer program",
		dir:                                      "open",
	} {
		db, err := store.Open(t.Context(), path)
		if err == nil {
			db.Close()
			t.Errorf("%s: no error", path)
			continue
		}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Somebody with a database shell drops the guards; the next start brings them back.
func TestGuardsComeBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hufu.db")
	db := openStore(t, path)
	if err := db.SetMark(t.Context(), "sandbox", "yes"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	execFile(t, path, `DROP TRIGGER marks_delete`)
	db = openStore(t, path)
	defer db.Close()
	if _, err := db.Exec(t.Context(), `DELETE FROM marks`); err == nil {
		t.Error("the mark could be removed")
	}
}

// Two processes on one file: the second waits for the first's transaction.
func TestSecondProcessWaits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hufu.db")
	db := openStore(t, path)
	defer db.Close()
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- db.SetMark(context.Background(), "sandbox", "yes") }()
	if _, err := other.Exec(`COMMIT`); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// execFile changes the file behind the store's back.
func execFile(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
