package handoff_test

import (
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

func newService(t *testing.T) (*handoff.Service, *movable) {
	t.Helper()
	clock := &movable{t: time.UnixMilli(1_790_000_000_000)}
	store, err := shortlived.Embedded(filepath.Join(t.TempDir(), "shortlived.db"), clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return &handoff.Service{Store: store, Now: clock.now}, clock
}

func begin(t *testing.T, s *handoff.Service, r handoff.Request) (id, secret string) {
	t.Helper()
	id, secret, err := s.Begin(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return id, secret
}

func gone(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, handoff.ErrGone) {
		t.Errorf("%s: %v, want ErrGone", what, err)
	}
}

var enter = handoff.Request{Purpose: handoff.Enter, Return: "/admin/", Label: "x.y"}

func TestHandoff(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, _ := newService(t)
	id, secret := begin(t, s, enter)
	if r, err := s.Look(ctx, id); err != nil || r != enter {
		t.Fatalf("%+v, %v", r, err)
	}
	_, err := s.Collect(ctx, id, secret, "")
	gone(t, "collected before anybody was proved", err)
	ticket, err := s.Done(ctx, id, 7, handoff.ByPasskey)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Done(ctx, id, 8, handoff.ByPasskey)
	gone(t, "proved twice", err)
	_, err = s.Look(ctx, id)
	gone(t, "looked at after the proof", err)

	// Ticket theft: who began and sent the link to a victim has the secret, the victim's
	// browser the ticket; neither has both.
	other, otherSecret := begin(t, s, enter)
	otherTicket, err := s.Done(ctx, other, 9, handoff.ByPassword)
	if err != nil {
		t.Fatal(err)
	}
	for what, try := range map[string][3]string{
		"the attacker's secret alone": {id, secret, ""}, "the victim's ticket alone": {id, "", ticket},
		"a ticket of another handoff": {id, secret, otherTicket}, "a secret of another handoff": {id, otherSecret, ticket},
		"both in each other's place": {id, ticket, secret}, "another id": {other, secret, ticket}, "no id": {"", secret, ticket},
		"the secret as ticket": {id, secret, secret},
	} {
		_, err := s.Collect(ctx, try[0], try[1], try[2])
		gone(t, what, err)
	}

	got, err := s.Collect(ctx, id, secret, ticket)
	if err != nil || got.Person != 7 || got.How != handoff.ByPasskey || got.Request != enter {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = s.Collect(ctx, id, secret, ticket)
	gone(t, "collected twice", err)
}

func TestProveIsForOnePerson(t *testing.T) {
	t.Parallel()
	s, _ := newService(t)
	if _, _, err := s.Begin(t.Context(), handoff.Request{Purpose: handoff.Prove}); err == nil {
		t.Error("a proof of nobody was begun")
	}
	id, _ := begin(t, s, handoff.Request{Purpose: handoff.Prove, Person: 7})
	_, err := s.Done(t.Context(), id, 8, handoff.ByPasskey)
	gone(t, "another person", err)
	if _, err := s.Done(t.Context(), id, 7, handoff.ByPasskey); err != nil {
		t.Error(err)
	}
}

func TestHandoffExpires(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, clock := newService(t)
	id, _ := begin(t, s, enter)
	late, secret := begin(t, s, enter)
	clock.move(handoff.Life - time.Millisecond)
	ticket, err := s.Done(ctx, late, 7, handoff.ByPasskey)
	if err != nil {
		t.Fatal(err)
	}
	clock.move(time.Millisecond)
	_, err = s.Look(ctx, id)
	gone(t, "look", err)
	_, err = s.Done(ctx, id, 7, handoff.ByPasskey)
	gone(t, "done", err)
	_, err = s.Collect(ctx, late, secret, ticket)
	gone(t, "collect", err)
}

// Of many who collect at once, one succeeds.
func TestCollectOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, _ := newService(t)
	id, secret := begin(t, s, enter)
	ticket, err := s.Done(ctx, id, 7, handoff.ByPasskey)
	if err != nil {
		t.Fatal(err)
	}
	var good atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			switch _, err := s.Collect(ctx, id, secret, ticket); {
			case err == nil:
				good.Add(1)
			case !errors.Is(err, handoff.ErrGone):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if good.Load() != 1 {
		t.Errorf("collected %d times", good.Load())
	}
}

// movable is a clock that stands still until it is moved.
type movable struct {
	mu sync.Mutex // guards t
	t  time.Time
}

func (m *movable) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t
}

func (m *movable) move(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t = m.t.Add(d)
}
