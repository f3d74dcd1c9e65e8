package phone

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	var ts turns
	a, b := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	done, err := ts.take(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ts.take(over, a); !errors.Is(err, context.Canceled) {
		t.Errorf("two of one network at once: %v", err)
	}
	other, err := ts.take(t.Context(), b)
	if err != nil {
		t.Fatalf("another network waits: %v", err)
	}
	other()
	done()

	var at, most atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			done, err := ts.take(t.Context(), a)
			if err != nil {
				t.Error(err)
				return
			}
			if n := at.Add(1); n > 1 {
				most.Store(n)
			}
			at.Add(-1)
			done()
		})
	}
	wg.Wait()
	if most.Load() > 0 {
		t.Errorf("%d of one network at once", most.Load())
	}
	if len(ts.waiting) > 0 {
		t.Errorf("%d networks are remembered", len(ts.waiting))
	}
}
