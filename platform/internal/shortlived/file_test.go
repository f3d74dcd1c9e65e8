package shortlived

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFileSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c.db")
	e := openAt(t, path, time.Now)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "1", "locking_mode": "exclusive"} {
		var got string
		if err := e.writer.file.conn.QueryRowContext(t.Context(), `PRAGMA `+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s (%v), want %s", pragma, got, err, want)
		}
	}
	flush(t, e)
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", filepath.Base(name), mode)
		}
	}
}

func TestEmbeddedRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := filepath.Join(dir, "open.db")
	openAt(t, open, time.Now)
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		open:    "another program has it open",
		garbage: "remove it and start again",
		filepath.Join(dir, "missing", "shortlived.db"): "no such file",
	} {
		e, err := Embedded(path, time.Now)
		if err == nil {
			e.Close()
			t.Errorf("%s: no error", path)
			continue
		}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A file of another version of the program starts empty.
// A file that was closed in order and has not been written to since keeps a second program
// out as well.
func TestInUseBeforeTheFirstWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shortlived.db")
	for range 3 {
		first, err := Embedded(path, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Embedded(path, time.Now)
		if !errors.Is(err, ErrInUse) {
			t.Errorf("a second program: %v", err)
		}
		if err == nil {
			if err := second.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOtherSchemaIsEmptied(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shortlived.db")
	e := openAt(t, path, time.Now)
	flush(t, e)
	if _, err := e.writer.file.conn.ExecContext(t.Context(), `PRAGMA user_version = 99; ALTER TABLE records RENAME COLUMN value TO other`); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = openAt(t, path, time.Now)
	if _, err := e.Get(t.Context(), "flush"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a record of another version: %v", err)
	}
	flush(t, e)
}

func TestOneRowPerRecordAndGroup(t *testing.T) {
	t.Parallel()
	w := &writer{current: newGroup(), ready: make(chan struct{}, 1)}
	r := &entry{key: "a"}
	for range 3 {
		if _, _, err := w.put(r); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.current.entries); n != 1 {
		t.Errorf("three changes are %d rows", n)
	}
	w.take()
	w.put(r)
	if n := len(w.current.entries); n != 1 {
		t.Errorf("a change after that makes %d rows of the next group", n)
	}
}

// While the disk is full, writes say so, Create too; when there is room again
// a repeated Swap succeeds and nothing that is in memory is missing in the file.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shortlived.db")
	e := openAt(t, path, time.Now)
	ctx, expires := t.Context(), time.Now().Add(time.Hour)
	flush(t, e)
	pages := func(n int) {
		t.Helper()
		if _, err := e.writer.file.conn.ExecContext(context.Background(), fmt.Sprintf(`PRAGMA max_page_count = %d`, n)); err != nil {
			t.Fatal(err)
		}
	}
	pages(10)
	big := make([]byte, 1<<20)
	if err := e.Create(ctx, "a", big, expires); err != nil {
		t.Fatalf("Create does not know yet: %v", err)
	}
	if err := e.Swap(ctx, "a", 1, []byte("small"), expires); err != nil {
		t.Logf("the Swap shared the group that failed: %v", err)
	}
	if err := e.Create(ctx, "b", big, expires); err != nil {
		t.Logf("a Create that knew: %v", err)
	}
	if err := e.Swap(ctx, "b", 1, append(big, 1), expires); err == nil {
		t.Error("Swap succeeds on a full disk")
	}
	if err := e.Create(ctx, "c", big, expires); err == nil {
		t.Error("Create succeeds after a group has failed")
	}
	pages(10000)
	if err := e.Swap(ctx, "b", 1, append(big, 1), expires); err != nil {
		t.Errorf("repeated Swap with room on the disk: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = openAt(t, path, time.Now)
	for key, version := range map[string]int64{"a": 2, "b": 2, "c": 1} {
		if r, err := e.Get(ctx, key); err != nil || r.Version != version {
			t.Errorf("%s is at version %d, %v; want %d", key, r.Version, err, version)
		}
	}
}

// What Close cannot write, it says.
func TestCloseOnFullDisk(t *testing.T) {
	t.Parallel()
	e := openAt(t, filepath.Join(t.TempDir(), "shortlived.db"), time.Now)
	flush(t, e)
	if _, err := e.writer.file.conn.ExecContext(t.Context(), `PRAGMA max_page_count = 3`); err != nil {
		t.Fatal(err)
	}
	if err := e.Create(t.Context(), "a", make([]byte, 1<<20), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err == nil {
		t.Error("Close loses a record without a word")
	}
}
