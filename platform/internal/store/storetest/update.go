package storetest

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
)

func testUpdate(t *testing.T, open Open) {
	db := fresh(t, open)
	insert := func(tx *sql.Tx, id string) {
		if _, err := tx.Exec(spend, id, int64(1)); err != nil {
			t.Error(err)
		}
	}
	mine := errors.New("mine")

	if err := db.Update(t.Context(), func(tx *sql.Tx) error {
		insert(tx, "kept 1")
		insert(tx, "kept 2")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	told := 0
	tell := func() { told++ }
	if err := db.Update(t.Context(), func(*sql.Tx) error {
		db.Committed(tell)
		db.Committed(tell)
		return nil
	}); err != nil || told != 2 {
		t.Errorf("told %d times of 2 that an update is on disk, %v", told, err)
	}
	if err := db.Update(t.Context(), func(tx *sql.Tx) error {
		insert(tx, "undone")
		db.Committed(tell)
		return mine
	}); err != mine || told != 2 {
		t.Errorf("Update changes the error it was given to %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a panic does not reach the caller")
			}
		}()
		db.Update(t.Context(), func(tx *sql.Tx) error {
			insert(tx, "undone")
			panic("boom")
		})
	}()
	ctx, cancel := context.WithCancel(t.Context())
	if err := db.Update(ctx, func(tx *sql.Tx) error {
		insert(tx, "undone")
		cancel()
		return nil
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ended inside Update: %v", err)
	}
	if n := number(t, db, count); n != 2 {
		t.Errorf("%d rows, want the two of the update that succeeded", n)
	}
}

// Read, add one, write: nothing is lost among updates and hot writes.
func testUpdateIsAlone(t *testing.T, open Open) {
	db := fresh(t, open)
	if _, err := db.Exec(t.Context(), spend, "counter", int64(0)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				err := db.Update(context.Background(), func(tx *sql.Tx) error {
					var n int64
					if err := tx.QueryRow(`SELECT spent FROM storetest_codes WHERE id = 'counter'`).Scan(&n); err != nil {
						return err
					}
					_, err := tx.Exec(`UPDATE storetest_codes SET spent = $1 WHERE id = 'counter'`, n+1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range 20 {
				if _, err := db.Exec(context.Background(), `UPDATE storetest_codes SET spent = spent + 1 WHERE id = 'counter'`); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := number(t, db, `SELECT spent FROM storetest_codes WHERE id = 'counter'`); n != 320 {
		t.Errorf("counted %d of 320", n)
	}
}

// A statement that its context breaks off in the middle must leave the
// store's only writer whole.
func testUpdateCancelledStatement(t *testing.T, open Open) {
	db := fresh(t, open)
	for i := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Update(ctx, func(tx *sql.Tx) error {
			if _, err := tx.Exec(spend, "undone", int64(1)); err != nil {
				return err
			}
			go cancel()
			var n int64
			return tx.QueryRowContext(ctx, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT COUNT(*) FROM n`).Scan(&n)
		})
		cancel()
		if err == nil {
			t.Fatal("a broken-off statement succeeds")
		}
		if _, err := db.Exec(t.Context(), spend, string(rune('a'+i)), int64(1)); err != nil {
			t.Fatalf("the writer is broken after a cancelled statement: %v", err)
		}
	}
	if n := number(t, db, isSpent, "undone"); n != 0 {
		t.Error("a broken-off update has left something")
	}
}
