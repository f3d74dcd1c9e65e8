package shortlivedtest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// race runs try from 1,000 goroutines at once and counts how many succeed;
// all others must fail with lost.
func race(t *testing.T, lost error, try func(i int) error) (won int64) {
	t.Helper()
	var wg sync.WaitGroup
	var n atomic.Int64
	begin := make(chan struct{})
	for i := range 1000 {
		wg.Go(func() {
			<-begin
			switch err := try(i); {
			case err == nil:
				n.Add(1)
			case !errors.Is(err, lost):
				t.Error(err)
			}
		})
	}
	close(begin)
	wg.Wait()
	return n.Load()
}

func testCreateOnce(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	expires := clock.now().Add(time.Minute)
	won := race(t, shortlived.ErrExists, func(i int) error {
		return e.Create(context.Background(), "a", []byte(strconv.Itoa(i)), expires)
	})
	if won != 1 {
		t.Errorf("%d created it", won)
	}
}

func testSwapOnce(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	expires := clock.now().Add(time.Minute)
	want(t, "Create", e.Create(t.Context(), "a", nil, expires), nil)
	for version := range int64(3) {
		won := race(t, shortlived.ErrConflict, func(i int) error {
			return e.Swap(context.Background(), "a", version+1, []byte(strconv.Itoa(i)), expires)
		})
		if won != 1 {
			t.Errorf("%d swapped version %d", won, version+1)
		}
	}
}

// Read, add one, swap, again on conflict: nothing is lost.
func testCounting(t *testing.T, open Open) {
	e, clock := fresh(t, open)
	expires := clock.now().Add(time.Minute)
	ctx := context.Background()
	want(t, "Create", e.Create(ctx, "a", []byte("0"), expires), nil)
	const callers, each = 8, 25
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for done := 0; done < each; {
				r, err := e.Get(ctx, "a")
				if err != nil {
					t.Error(err)
					return
				}
				n, _, _ := cutNumber(r.Value)
				// The caller's name keeps two callers' values apart.
				value := strconv.Itoa(n+1) + " by " + strconv.Itoa(caller)
				switch err := e.Swap(ctx, "a", r.Version, []byte(value), expires); {
				case err == nil:
					done++
				case !errors.Is(err, shortlived.ErrConflict):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	r, err := e.Get(ctx, "a")
	if n, _, _ := cutNumber(r.Value); err != nil || n != callers*each || r.Version != 1+callers*each {
		t.Errorf("counted %d of %d, version %d, %v", n, callers*each, r.Version, err)
	}
}
