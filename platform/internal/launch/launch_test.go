package launch

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

func newService(t *testing.T) (*Service, *time.Time) {
	t.Helper()
	now := time.UnixMilli(1_790_000_000_000)
	clock := func() time.Time { return now }
	store, err := shortlived.Embedded(filepath.Join(t.TempDir(), "shortlived.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return &Service{Store: store, Now: clock}, &now
}

func (s *Service) check(t *testing.T, session string, app, want int64) {
	t.Helper()
	member, ok, err := s.Look(t.Context(), session, app)
	if err != nil || member != want || ok != (want != 0) {
		t.Errorf("app %d in session %q: %d, %v, %v; want %d", app, session, member, ok, err, want)
	}
}

// A launch vouches for one app in one session, and for two minutes.
func TestLaunch(t *testing.T) {
	s, now := newService(t)
	s.check(t, "a", 1, 0)
	if err := s.Start(t.Context(), "a", 1, 7); err != nil {
		t.Fatal(err)
	}
	s.check(t, "a", 1, 7)
	s.check(t, "a", 1, 7) // a page that asks again is answered again
	s.check(t, "a", 2, 0)
	s.check(t, "b", 1, 0)
	s.check(t, "", 1, 0)
	*now = now.Add(Life - time.Millisecond)
	s.check(t, "a", 1, 7)
	*now = now.Add(time.Millisecond)
	s.check(t, "a", 1, 0)
}

// A newer launch replaces the older, whether that one is over or not.
func TestLaunchAgain(t *testing.T) {
	s, now := newService(t)
	for i, wait := range []time.Duration{0, time.Second, time.Hour} {
		*now = now.Add(wait)
		if err := s.Start(t.Context(), "a", 1, int64(7+i)); err != nil {
			t.Fatal(err)
		}
		s.check(t, "a", 1, int64(7+i))
	}
	*now = now.Add(-time.Hour) // a sandbox's clock that was ahead
	s.check(t, "a", 1, 0)
}

// Taps that come at once all succeed.
func TestLaunchesAtOnce(t *testing.T) {
	s, _ := newService(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := s.Start(t.Context(), "a", 1, 7); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.check(t, "a", 1, 7)
}
