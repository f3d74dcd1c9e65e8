package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

func testSpendOnce(t *testing.T, open Open) {
	db := fresh(t, open)
	for round := range 3 {
		code := strconv.Itoa(round)
		var wg sync.WaitGroup
		results := make(chan error, 1000)
		begin := make(chan struct{})
		for i := range 1000 {
			wg.Go(func() {
				<-begin
				_, err := db.Exec(context.Background(), spend, code, int64(i))
				results <- err
			})
		}
		close(begin)
		wg.Wait()
		close(results)
		won, duplicate := 0, 0
		for err := range results {
			switch {
			case err == nil:
				won++
			case store.IsDuplicate(err):
				duplicate++
			default:
				t.Error(err)
			}
		}
		if won != 1 || duplicate != 999 {
			t.Fatalf("%d spent the code, %d were told that it is spent", won, duplicate)
		}
	}
}

// Statements that fail share a group with others, which must all succeed.
func testNeighbours(t *testing.T, open Open) {
	bad := map[string]func(db *store.DB, i int) error{
		"duplicate": func(db *store.DB, i int) error {
			_, err := db.Exec(context.Background(), spend, "taken", int64(i))
			return err
		},
		"check": func(db *store.DB, i int) error {
			_, err := db.Exec(context.Background(), spend, "negative"+strconv.Itoa(i), int64(-1))
			return err
		},
		"syntax": func(db *store.DB, i int) error {
			_, err := db.Exec(context.Background(), `INSERT INTO storetest_codes nonsense`)
			return err
		},
		"argument missing": func(db *store.DB, i int) error {
			_, err := db.Exec(context.Background(), spend, "short")
			return err
		},
		"argument of a foreign type": func(db *store.DB, i int) error {
			_, err := db.Exec(context.Background(), spend, "odd", struct{}{})
			return err
		},
	}
	for name, fail := range bad {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := fresh(t, open)
			if _, err := db.Exec(t.Context(), spend, "taken", int64(0)); err != nil {
				t.Fatal(err)
			}
			release := holdWriter(t, db)
			var wg sync.WaitGroup
			for i := range 50 {
				wg.Go(func() {
					if n, err := db.Exec(context.Background(), spend, "good"+strconv.Itoa(i), int64(i)); err != nil || n != 1 {
						t.Errorf("a good neighbour: %d rows, %v", n, err)
					}
				})
				if i%5 == 0 {
					wg.Go(func() {
						err := fail(db, i)
						if err == nil {
							t.Error("a bad statement succeeds")
						}
						if store.IsDuplicate(err) != (name == "duplicate") {
							t.Errorf("IsDuplicate(%v) is %v", err, store.IsDuplicate(err))
						}
					})
				}
			}
			waitQueued(t, db, 60)
			release()
			wg.Wait()
			if n := number(t, db, count); n != 51 {
				t.Errorf("%d rows, want 51", n)
			}
		})
	}
}

func testCancelled(t *testing.T, open Open) {
	db := fresh(t, open)
	release := holdWriter(t, db)

	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan error)
	const callers = 20
	for i := range callers {
		go func() {
			_, err := db.Exec(ctx, spend, "given up "+strconv.Itoa(i), int64(i))
			gone <- err
		}()
	}
	waitQueued(t, db, callers)
	cancel()
	for range callers {
		select {
		case err := <-gone:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("a write whose caller went away: %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("a cancelled write does not return while the writer is busy")
		}
	}
	if _, err := db.Exec(ctx, spend, "never begun", int64(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a write with a context that has ended: %v", err)
	}
	if err := db.Update(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("an update with a context that has ended: %v", err)
	}
	release()

	// Nobody gets the answer of one who went away.
	for i := range 100 {
		_, err := db.Exec(t.Context(), spend, "after", int64(i))
		if (err == nil) != (i == 0) || (err != nil && !store.IsDuplicate(err)) {
			t.Fatalf("write %d after the cancelled ones: %v", i, err)
		}
	}
	if n := number(t, db, isSpent, "never begun"); n != 0 {
		t.Error("a write whose context had ended before it began was done")
	}
}

func testClose(t *testing.T, open Open) {
	dir := t.TempDir()
	db, err := openWithTable(dir, open)
	if err != nil {
		t.Fatal(err)
	}
	release := holdWriter(t, db)
	const queued = 100
	answers := make(chan error, queued)
	for i := range queued {
		go func() {
			_, err := db.Exec(context.Background(), spend, fmt.Sprint(i), int64(i))
			answers <- err
		}()
	}
	waitQueued(t, db, queued)
	go release()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range queued {
		if err := <-answers; err != nil {
			t.Errorf("a write that was queued before Close: %v", err)
		}
	}
	if _, err := db.Exec(t.Context(), spend, "late", int64(1)); !errors.Is(err, store.ErrClosed) {
		t.Errorf("a write after Close: %v", err)
	}
	if err := db.Update(t.Context(), nil); !errors.Is(err, store.ErrClosed) {
		t.Errorf("an update after Close: %v", err)
	}
	if db, err = openWithTable(dir, open); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n := number(t, db, count); n != queued {
		t.Errorf("%d rows after opening again, want %d", n, queued)
	}
}
