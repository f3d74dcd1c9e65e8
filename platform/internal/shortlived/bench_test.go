package shortlived_test

import (
	"context"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

func benchEngine(b *testing.B, path string) *shortlived.Engine {
	b.Helper()
	e, err := shortlived.Embedded(path, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// cpu is what this process has used of the processors, system calls included.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAttempt is what one sign-in asks of the engine: a Create, two
// Swaps, a few Gets; 16 at once.
func BenchmarkAttempt(b *testing.B) {
	e := benchEngine(b, filepath.Join(b.TempDir(), "shortlived.db"))
	defer e.Close()
	ctx := context.Background()
	const callers = 16
	value := make([]byte, 600)
	expires := time.Now().Add(time.Hour)
	var n atomic.Int64
	var wg sync.WaitGroup
	before := cpu(b)
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for {
				i := n.Add(1)
				if i > int64(b.N) {
					return
				}
				key := "attempt/" + strconv.FormatInt(i, 36)
				if err := e.Create(ctx, key, value, expires); err != nil {
					b.Error(err)
				}
				for version := range int64(2) {
					if _, err := e.Get(ctx, key); err != nil {
						b.Error(err)
					}
					if err := e.Swap(ctx, key, version+1, value, expires); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64((cpu(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// BenchmarkEmbedded opens the engine: on no file, and on one with records.
func BenchmarkEmbedded(b *testing.B) {
	for _, records := range []int{0, 1000, 100_000} {
		b.Run(strconv.Itoa(records), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "shortlived.db")
			if records > 0 {
				e := benchEngine(b, path)
				value := make([]byte, 600)
				for i := range records {
					if err := e.Create(b.Context(), "attempt/"+strconv.Itoa(i), value, time.Now().Add(time.Hour)); err != nil {
						b.Fatal(err)
					}
				}
				e.Close()
			}
			b.ResetTimer()
			for range b.N {
				if records == 0 {
					path = filepath.Join(b.TempDir(), "shortlived.db")
				}
				e := benchEngine(b, path)
				b.StopTimer()
				e.Close()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkWatch wakes one of 100,000 waiting keys.
func BenchmarkWatch(b *testing.B) {
	e := benchEngine(b, filepath.Join(b.TempDir(), "shortlived.db"))
	defer e.Close()
	const waiting = 100_000
	woken := 0
	for i := range waiting {
		defer e.Watch(strconv.Itoa(i), func() { woken++ })()
	}
	expires := time.Now().Add(-time.Hour) // so that each Create may replace the last
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := e.Create(b.Context(), strconv.Itoa(i%waiting), nil, expires); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	if woken != b.N {
		b.Errorf("%d of %d wake-ups", woken, b.N)
	}
}
