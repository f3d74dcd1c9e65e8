package login

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// Outcomes are bounded in number and in time; an exchange that runs is never
// dropped.
func TestOutcomesAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	f := newFlights(func() time.Time { return now })
	begun, finish := make(chan struct{}), make(chan struct{})
	running := make(chan outcome)
	go func() {
		running <- f.do(context.Background(), digest("running"), func() outcome {
			close(begun)
			<-finish
			return outcome{session: Session{ID: "kept"}}
		})
	}()
	<-begun
	for i := range 2 * maxOutcomes {
		f.do(context.Background(), digest(fmt.Sprint(i)), func() outcome { return outcome{} })
	}
	if len(f.byState) > maxOutcomes || f.order.Len() != len(f.byState) {
		t.Errorf("%d outcomes kept, want at most %d", len(f.byState), maxOutcomes)
	}
	if _, first := f.join(digest("running")); first {
		t.Error("an exchange that runs was forgotten")
	}
	close(finish)
	if out := <-running; out.session.ID != "kept" {
		t.Errorf("outcome %+v", out)
	}
	now = now.Add(outcomeLife + time.Second)
	f.do(context.Background(), digest("late"), func() outcome { return outcome{} })
	if len(f.byState) != 1 {
		t.Errorf("%d outcomes after their time, want 1", len(f.byState))
	}
}
