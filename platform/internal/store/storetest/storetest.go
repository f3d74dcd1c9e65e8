// Package storetest is the suite that every engine behind package store
// passes. An engine's test is one line:
//
//	func TestStore(t *testing.T) { storetest.Run(t, open) }
//
// The suite breaks things for real: it runs the test binary again as a child
// that spends codes, and kills it with SIGKILL in the middle.
package storetest

import (
	"context"
	"database/sql"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Open opens the store that lives in the folder dir. The suite opens the same
// folder again to see what has lasted.
type Open func(dir string) (*store.DB, error)

// Run runs the suite. The test that calls it does nothing else: it is also
// what the child process runs, found by its name.
func Run(t *testing.T, open Open) {
	if dir := os.Getenv(childDir); dir != "" {
		spendUntilKilled(dir, open) // never returns
	}
	for _, test := range []struct {
		name string
		run  func(t *testing.T, open Open)
	}{
		{"connections are durable", testConnections},
		{"placeholders and types", testPlaceholdersAndTypes},
		{"answered writes are read", testReadYourWrites},
		{"readers cannot write", testReadersCannotWrite},
		{"one of 1000 spends a code", testSpendOnce},
		{"neighbours in a group", testNeighbours},
		{"cancelled while queued", testCancelled},
		{"update", testUpdate},
		{"update is alone", testUpdateIsAlone},
		{"update with a cancelled statement", testUpdateCancelledStatement},
		{"ids", testIDs},
		{"marks", testMarks},
		{"close", testClose},
		{"kill -9", testKill},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open)
		})
	}
}

// fresh opens an empty store with the suite's own table.
func fresh(t *testing.T, open Open) *store.DB {
	t.Helper()
	db, err := openWithTable(t.TempDir(), open)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func openWithTable(dir string, open Open) (*store.DB, error) {
	db, err := open(dir)
	if err != nil {
		return nil, err
	}
	err = db.Update(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`CREATE TABLE IF NOT EXISTS storetest_codes (id TEXT NOT NULL PRIMARY KEY, spent BIGINT NOT NULL CHECK (spent >= 0))`)
		return err
	})
	return db, err
}

const (
	spend   = `INSERT INTO storetest_codes (id, spent) VALUES ($1, $2)`
	isSpent = `SELECT COUNT(*) FROM storetest_codes WHERE id = $1`
	count   = `SELECT COUNT(*) FROM storetest_codes`
)

// number reads one number.
func number(t *testing.T, db *store.DB, query string, args ...any) (n int64) {
	t.Helper()
	if err := db.Query(query).Row(t.Context(), args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// waitQueued returns once n writes are queued behind a held writer.
func waitQueued(t *testing.T, db *store.DB, n int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); db.Queued() < n; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d writes are queued", db.Queued(), n)
		}
	}
}

// holdWriter keeps the store's writer busy until release is called: what is
// written meanwhile queues up and becomes one group.
func holdWriter(t *testing.T, db *store.DB) (release func()) {
	t.Helper()
	held, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Update(context.Background(), func(*sql.Tx) error {
			close(held)
			<-free
			return nil
		})
	}()
	select {
	case <-held:
	case err := <-done:
		t.Fatalf("hold the writer: %v", err)
	case <-time.After(10 * time.Second):
		t.Fatal("an Update does not begin")
	}
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
