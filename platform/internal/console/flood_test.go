package console_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	. "github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/limits"
)

// A stranger begins as many ways by the phone's pages as sign-ins, and no more: each is kept
// for minutes.
func TestEnterIsLimited(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	p.Console.Begun = limits.New(p.Clock.Now, 4, time.Minute)
	d := open(t, p.Browser(), "") // the first
	for n := range 5 {
		got := d.b.Post("/console/enter", url.Values{"csrf": {d.csrf}})
		if want := n < 3; want != (got.Code == http.StatusSeeOther) || !want && got.Code != http.StatusTooManyRequests {
			t.Errorf("the %d. time: %d", n+1, got.Code)
		}
	}
}

// So does who is signed in begin proofs.
func TestProveIsLimited(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	p.Console.Begun = limits.New(p.Clock.Now, 3, time.Minute)
	b, other := p.As(System, false), p.As(Operator, false)
	for n := range 5 {
		got := b.Post("/console/prove", url.Values{"csrf": {b.CSRF()}})
		if want := n < 3; want != (got.Code == http.StatusSeeOther) || !want && got.Code != http.StatusTooManyRequests {
			t.Errorf("the %d. time: %d", n+1, got.Code)
		}
	}
	if got := other.Post("/console/prove", url.Values{"csrf": {other.CSRF()}}); got.Code != http.StatusSeeOther {
		t.Errorf("somebody else: %d", got.Code)
	}
}
