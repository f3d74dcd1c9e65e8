package tokens_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// A code says what its member agreed to show, whatever else it carries, and one that says
// nothing of it is none that asked.
func TestCodeDetails(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	for _, challenge := range []string{"", strings.Repeat("c", 43)} {
		for _, origin := range []string{"", "https://a.example"} {
			for _, want := range []tokens.Code{{}, {Private: true}, {Private: true, Details: tokens.Mobile | tokens.Avatar},
				{Private: true, Details: tokens.AllDetails}, {Private: true, Details: tokens.AllDetails | 0x80}} {
				want.App, want.At, want.Challenge, want.Origin = 7, clock.now(), challenge, origin
				got, err := k.OpenCode(tokens.InClientCode, k.MintCode(tokens.InClientCode, "once", want))
				if err != nil || got.Private != want.Private || got.Details != want.Details || got.Challenge != challenge || got.Origin != origin {
					t.Errorf("%+v, %v; want %+v", got, err, want)
				}
			}
		}
	}
	plain := tokens.Code{App: 7, At: clock.now(), Origin: "https://a.example"}
	private := plain
	private.Private = true
	if k.MintCode(tokens.InClientCode, "once", plain) == k.MintCode(tokens.InClientCode, "once", private) {
		t.Error("the same text, asked or not")
	}
}

// The longest code there is stays within the documented length.
func TestLongestPrivateCode(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	text := k.MintCode(tokens.InClientCode, "once", tokens.Code{App: 7, At: clock.now(), Challenge: strings.Repeat("c", 43),
		Private: true, Details: tokens.AllDetails, Origin: "https://" + strings.Repeat("a", 172) + ".example:65535"})
	if len(text) > tokens.MaxText {
		t.Errorf("%d bytes", len(text))
	}
}

func TestUserTicket(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	want := tokens.UserTicketClaims{App: 7, Corp: 1, Member: 2, Person: 3, Details: tokens.Gender | tokens.Email, At: clock.now()}
	text := k.UserTicket(want)
	if len(text) > tokens.MaxText {
		t.Errorf("%d bytes", len(text))
	}
	for range 2 { // it is not spent
		if got, err := k.OpenUserTicket(text); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
	if k.UserTicket(want) != text {
		t.Error("the same claims give another text")
	}
	for name, other := range map[string]func(*tokens.UserTicketClaims){
		"app": func(c *tokens.UserTicketClaims) { c.App++ }, "corp": func(c *tokens.UserTicketClaims) { c.Corp++ },
		"member": func(c *tokens.UserTicketClaims) { c.Member++ }, "person": func(c *tokens.UserTicketClaims) { c.Person++ },
		"details": func(c *tokens.UserTicketClaims) { c.Details = 0 }, "time": func(c *tokens.UserTicketClaims) { c.At = c.At.Add(time.Millisecond) },
	} {
		c := want
		other(&c)
		if k.UserTicket(c) == text {
			t.Errorf("another %s gives the same text", name)
		}
	}
	clock.move(7200*time.Second - time.Millisecond)
	if _, err := k.OpenUserTicket(text); err != nil {
		t.Errorf("just alive: %v", err)
	}
	clock.move(time.Millisecond)
	if _, err := k.OpenUserTicket(text); !errors.Is(err, tokens.ErrExpired) {
		t.Errorf("after two hours: %v", err)
	}
	early := want
	early.At = clock.now().Add(2 * time.Minute)
	if _, err := k.OpenUserTicket(k.UserTicket(early)); !errors.Is(err, tokens.ErrInvalid) {
		t.Errorf("from the future: %v", err)
	}
	for _, spelling := range []string{"", text[1:], text[:len(text)-1], text + "\n", text + "A"} {
		if _, err := k.OpenUserTicket(spelling); !errors.Is(err, tokens.ErrInvalid) {
			t.Errorf("%q: %v", spelling, err)
		}
	}
}
