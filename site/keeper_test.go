package site

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// However many wait, one fetch runs; each waiter obeys its own context, and
// the one who began it may leave without harm to the others.
func TestOneRefreshInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fetches := 0
		release := make(chan struct{})
		k := &keeper{now: time.Now, fetch: func(ctx context.Context) (string, protocol.Int, error) {
			fetches++
			select {
			case <-release:
				return fmt.Sprint("token", fetches), 7200, nil
			case <-ctx.Done():
				return "", 0, ctx.Err()
			}
		}}
		firstCtx, leave := context.WithCancel(t.Context())
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		type result struct {
			token string
			err   error
		}
		ask := func(ctx context.Context) <-chan result {
			out := make(chan result, 1)
			go func() {
				token, err := k.get(ctx, "")
				out <- result{token, err}
			}()
			synctest.Wait()
			return out
		}
		first := ask(firstCtx)
		second := ask(impatient)
		var rest []<-chan result
		for range 100 {
			rest = append(rest, ask(t.Context()))
		}

		leave()
		if r := <-first; !errors.Is(r.err, context.Canceled) {
			t.Errorf("the first caller: %+v", r)
		}
		if r := <-second; !errors.Is(r.err, context.DeadlineExceeded) {
			t.Errorf("the impatient caller: %+v", r)
		}
		close(release)
		for _, c := range rest {
			if r := <-c; r.token != "token1" || r.err != nil {
				t.Fatalf("a waiter: %+v", r)
			}
		}
		if fetches != 1 {
			t.Errorf("%d fetches", fetches)
		}
	})
}

// Many calls that are turned down at once with the same token share one new one.
func TestRefusedTogether(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	fetches := 0
	k := &keeper{now: time.Now, fetch: func(context.Context) (string, protocol.Int, error) {
		mu.Lock()
		defer mu.Unlock()
		fetches++
		return fmt.Sprint("token", fetches), 7200, nil
	}}
	var all sync.WaitGroup
	if _, err := k.get(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		all.Go(func() {
			if token, err := k.get(t.Context(), "token1"); token != "token2" || err != nil {
				t.Errorf("%s %v", token, err)
			}
		})
	}
	all.Wait()
	if fetches != 2 {
		t.Errorf("%d fetches", fetches)
	}
}

// A token is used until shortly before it expires; a failed fetch is not kept.
func TestTokenLife(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	fetches, life := 0, protocol.Int(7200)
	var failure error
	k := &keeper{now: func() time.Time { return now }, fetch: func(context.Context) (string, protocol.Int, error) {
		fetches++
		return "token", life, failure
	}}
	step := func(name string, d time.Duration, wantFetches int, wantErr error) {
		t.Helper()
		now = now.Add(d)
		if _, err := k.get(t.Context(), ""); !errors.Is(err, wantErr) || fetches != wantFetches {
			t.Errorf("%s: %d fetches, want %d, err %v", name, fetches, wantFetches, err)
		}
	}
	step("first", 0, 1, nil)
	step("just before the margin", 7189*time.Second, 1, nil)
	failure = protocol.CodeSystemBusy
	step("expired, fetch fails", time.Second, 2, protocol.CodeSystemBusy)
	failure = nil
	step("tried again", 0, 3, nil)

	life = 1 << 62
	step("absurd life", 7200*time.Second, 4, nil)
	step("is cut to a day", 23*time.Hour, 4, nil)
	step("and then over", time.Hour, 5, nil)
	life = -5
	step("negative life", 24*time.Hour, 6, nil)
	step("is no life", 0, 7, nil)
}

func TestEndedContextFetchesNothing(t *testing.T) {
	t.Parallel()
	k := &keeper{now: time.Now, fetch: func(context.Context) (string, protocol.Int, error) {
		t.Error("fetched")
		return "", 0, nil
	}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.get(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
