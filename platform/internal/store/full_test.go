package store_test

import (
	"context"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// A full disk makes SQLite take back the whole transaction, neighbours and
// all. They must be written all the same, and only the big one refused.
func TestFullDiskHarmsNoNeighbour(t *testing.T) {
	t.Parallel()
	db := openStore(t, filepath.Join(t.TempDir(), "hufu.db"))
	defer db.Close()
	ctx := context.Background()
	if _, err := db.Exec(ctx, `CREATE TABLE files (id TEXT NOT NULL PRIMARY KEY, body BYTEA)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, `PRAGMA max_page_count = 200`); err != nil {
		t.Fatal(err)
	}
	const insert = `INSERT INTO files (id, body) VALUES ($1, $2)`
	tooBig := make([]byte, 1<<20)

	// Two writes meet in one group often enough when many try for a while.
	var wg sync.WaitGroup
	deadline := time.Now().Add(300 * time.Millisecond)
	for g := range 8 {
		wg.Go(func() {
			for i := 0; time.Now().Before(deadline) && i < 100; i++ {
				body := []byte(nil)
				if g == 0 {
					body = tooBig
				}
				n, err := db.Exec(ctx, insert, strconv.Itoa(g)+"."+strconv.Itoa(i), body)
				if good := err == nil && n == 1; good != (g != 0) {
					t.Errorf("caller %d: %d rows, %v", g, n, err)
					return
				}
				var stored int
				if err := db.Query(`SELECT COUNT(*) FROM files WHERE id = $1`).Row(ctx, strconv.Itoa(g)+"."+strconv.Itoa(i)).Scan(&stored); err != nil || int64(stored) != n {
					t.Errorf("caller %d: answered %d rows, stored %d, %v", g, n, stored, err)
					return
				}
			}
		})
	}
	wg.Wait()
}
