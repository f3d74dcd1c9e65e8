package once

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"
)

func key(s string) Key { return sha256.Sum256([]byte(s)) }

// Outcomes are bounded in number and in time; a run that goes on is never
// dropped.
func TestOutcomesAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	f := New[string](func() time.Time { return now })
	begun, finish := make(chan struct{}), make(chan struct{})
	running := make(chan string)
	go func() {
		out, _ := f.Do(context.Background(), key("running"), func() (string, bool) {
			close(begun)
			<-finish
			return "kept", true
		})
		running <- out
	}()
	<-begun
	for i := range 2 * Max {
		f.Do(context.Background(), key(fmt.Sprint(i)), func() (string, bool) { return "", true })
	}
	if len(f.byKey) > Max || f.order.Len() != len(f.byKey) {
		t.Errorf("%d outcomes kept, want at most %d", len(f.byKey), Max)
	}
	if _, first := f.join(key("running")); first {
		t.Error("a run that goes on was forgotten")
	}
	close(finish)
	if out := <-running; out != "kept" {
		t.Errorf("outcome %q", out)
	}
	now = now.Add(Life + time.Second)
	f.Do(context.Background(), key("late"), func() (string, bool) { return "", true })
	if len(f.byKey) != 1 {
		t.Errorf("%d outcomes after their time, want 1", len(f.byKey))
	}
}

// What is not to be kept may be tried again, and so may what panicked.
func TestPassingOutcomes(t *testing.T) {
	t.Parallel()
	f := New[int](time.Now)
	runs := 0
	for range 2 {
		f.Do(t.Context(), key("busy"), func() (int, bool) { runs++; return runs, false })
	}
	if runs != 2 {
		t.Errorf("%d runs, want 2", runs)
	}
	begun, release := make(chan struct{}), make(chan struct{})
	waiter := make(chan error)
	go func() {
		defer func() { recover() }()
		f.Do(context.Background(), key("panics"), func() (int, bool) { close(begun); <-release; panic("hook") })
	}()
	<-begun
	go func() {
		_, err := f.Do(context.Background(), key("panics"), func() (int, bool) { return 7, true })
		waiter <- err
	}()
	close(release)
	// The waiter joined the panicking run, or came after it and ran itself.
	if err := <-waiter; err != nil && !errors.Is(err, ErrPanicked) {
		t.Errorf("waiter: %v", err)
	}
}
