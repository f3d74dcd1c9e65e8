package store_test

import (
	"context"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

func benchStore(b *testing.B) *store.DB {
	b.Helper()
	db, err := store.Open(context.Background(), filepath.Join(b.TempDir(), "hufu.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if _, err := db.Exec(context.Background(), `CREATE TABLE bench (id BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, value BYTEA NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	return db
}

// cpu is what this process has used of the processors, system calls included.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkExec writes rows, 16 callers at once; budget 30 µs of processor time each.
func BenchmarkExec(b *testing.B) {
	db := benchStore(b)
	ctx := context.Background()
	const callers = 16
	value := make([]byte, 32)
	var wg sync.WaitGroup
	before := cpu(b)
	b.ResetTimer()
	for c := range callers {
		wg.Go(func() {
			for range b.N/callers + min(1, max(0, b.N%callers-c)) {
				if _, err := db.Exec(ctx, `INSERT INTO bench (id, at, value) VALUES ($1, $2, $3)`, db.NewID(), int64(1), value); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64((cpu(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// BenchmarkRow reads one row by its key with a prepared statement.
func BenchmarkRow(b *testing.B) {
	db := benchStore(b)
	ctx, cancel := context.WithCancel(context.Background()) // as a request's is
	defer cancel()
	for i := range int64(1000) {
		if _, err := db.Exec(ctx, `INSERT INTO bench (id, at, value) VALUES ($1, $2, $3)`, i, i, make([]byte, 32)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		var at int64
		var value []byte
		if err := db.Query(`SELECT at, value FROM bench WHERE id = $1`).Row(ctx, int64(i%1000)).Scan(&at, &value); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a store: a fresh one, and one that exists.
func BenchmarkOpen(b *testing.B) {
	open := func(b *testing.B, path string) {
		db, err := store.Open(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		db.Close()
		b.StartTimer()
	}
	b.Run("fresh", func(b *testing.B) {
		for range b.N {
			open(b, filepath.Join(b.TempDir(), "hufu.db"))
		}
	})
	b.Run("existing", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "hufu.db")
		for range b.N {
			open(b, path)
		}
	})
}
