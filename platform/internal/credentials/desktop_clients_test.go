package credentials_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
)

// addClient adds a desktop client with a key of its own.
func (e *env) addClient(person int64, name string) credentials.DesktopClient {
	e.t.Helper()
	key, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		e.t.Fatal(err)
	}
	c, err := e.AddDesktopClient(e.t.Context(), credentials.DesktopClient{Person: person, Key: key, Name: name, Address: "192.0.2.1"})
	if err != nil {
		e.t.Fatal(err)
	}
	return c
}

func (e *env) clients(person int64) (names []string) {
	e.t.Helper()
	list, err := e.DesktopClients(e.t.Context(), person)
	if err != nil {
		e.t.Fatal(err)
	}
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names
}

func TestDesktopClients(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	mine, other := e.enrolled("wwa", "lin").Person, e.enrolled("wwb", "other").Person
	c := e.addClient(mine, "desk · Linux")
	got, err := e.DesktopClient(ctx, c.ID)
	if err != nil || got.Person != mine || !got.Key.Equal(c.Key) || got.Name != "desk · Linux" || got.Address != "192.0.2.1" ||
		!got.Created.Equal(c.Created) || !got.Used.IsZero() {
		t.Fatalf("%+v %v", got, err)
	}
	// A key is one person's, and one client's.
	for _, person := range []int64{mine, other} {
		if _, err := e.AddDesktopClient(ctx, credentials.DesktopClient{Person: person, Key: c.Key, Name: "again"}); !errors.Is(err, credentials.ErrKeyTaken) {
			t.Errorf("the same key again: %v", err)
		}
	}
	e.clock.move(time.Hour)
	e.UsedDesktopClient(got)
	first := e.clock.now()
	used := func() time.Time {
		// What is written soon is written before this is.
		if _, err := e.DB.Exec(ctx, `UPDATE persons SET name = name`); err != nil {
			t.Fatal(err)
		}
		got, err = e.DesktopClient(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.Used
	}
	if !used().Equal(first) {
		t.Errorf("used %v, want %v", got.Used, first)
	}
	e.clock.move(time.Minute)
	if e.UsedDesktopClient(got); !used().Equal(first) {
		t.Errorf("written again after a minute: %v", got.Used)
	}
	e.clock.move(time.Hour)
	if e.UsedDesktopClient(got); !used().Equal(e.clock.now()) {
		t.Errorf("not written after an hour: %v", got.Used)
	}
	// Nobody removes another's.
	if _, err := e.RemoveDesktopClient(ctx, other, c.ID); !errors.Is(err, credentials.ErrNoDesktopClient) {
		t.Errorf("another person's: %v", err)
	}
	if removed, err := e.RemoveDesktopClient(ctx, mine, c.ID); err != nil || removed.Name != c.Name {
		t.Errorf("%+v %v", removed, err)
	}
	if _, err := e.DesktopClient(ctx, c.ID); !errors.Is(err, credentials.ErrNoDesktopClient) {
		t.Errorf("removed: %v", err)
	}
}

// One more than there may be takes the place of the one that was used longest ago; a new one
// counts as used.
func TestDesktopClientsAreBounded(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	mine, other := e.enrolled("wwa", "lin").Person, e.enrolled("wwb", "other").Person
	e.addClient(other, "theirs")
	oldest := e.addClient(mine, "oldest, still used")
	for i := range credentials.MaxDesktopClients - 1 {
		e.clock.move(time.Hour)
		e.addClient(mine, fmt.Sprint(i))
	}
	e.UsedDesktopClient(oldest)
	if _, err := e.DB.Exec(t.Context(), `UPDATE persons SET name = name`); err != nil { // what is written soon is written before
		t.Fatal(err)
	}
	e.clock.move(time.Hour)
	e.addClient(mine, "newest")
	names := e.clients(mine)
	if len(names) != credentials.MaxDesktopClients || names[0] != "newest" || names[len(names)-1] != "oldest, still used" || names[len(names)-2] != "1" {
		t.Errorf("left: %v", names)
	}
	if got := e.clients(other); len(got) != 1 {
		t.Errorf("another person's: %v", got)
	}
}

// Where credentials change hands, or a second company is joined, no desktop client stays.
func TestDesktopClientsEnd(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	lin, wang, stays := e.enrolled("wwa", "lin"), e.enrolled("wwa", "wang"), e.enrolled("wwa", "stays")
	for _, p := range []int64{lin.Person, wang.Person, stays.Person} {
		e.addClient(p, "desk")
	}
	if _, err := e.SetUp(ctx, e.memberLink(lin), credentials.Choice{Account: "lin", Password: "another password"}); err != nil {
		t.Fatal(err)
	}
	if err := e.Join(ctx, e.memberLink(e.member("wwb", "wang")), wang.Person, e.signIn(wang.Person)); err != nil {
		t.Fatal(err)
	}
	if a, b, c := e.clients(lin.Person), e.clients(wang.Person), e.clients(stays.Person); len(a) != 0 || len(b) != 0 || len(c) != 1 {
		t.Errorf("left after a reset %v, after joining %v, of another person %v", a, b, c)
	}
}

// A desktop client that comes in while the credentials change hands, by a phone that the old ones
// have just signed in, does not stay either.
func TestDesktopClientMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	lin := e.enrolled("wwa", "lin")
	if _, err := e.DB.Exec(ctx, `CREATE TRIGGER meanwhile AFTER UPDATE OF password_hash ON persons BEGIN
		INSERT INTO desktop_clients (id, person_id, public_key, name, address, created_at, used_at) VALUES (1, NEW.id, x'01', '', '', 0, 0); END`); err != nil {
		t.Fatal(err)
	}
	if _, err := e.SetUp(ctx, e.memberLink(lin), credentials.Choice{Account: "lin", Password: "another password"}); err != nil {
		t.Fatal(err)
	}
	if left := e.clients(lin.Person); len(left) != 0 {
		t.Errorf("left after a reset: %v", left)
	}
}
