package credentials_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
)

func TestPasskeySignsIn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	m := e.enrolled("wwa", "lin")
	d := newDevice()
	if has, err := e.HasPasskey(ctx, m.Person); err != nil || has {
		t.Fatalf("before: %v, %v", has, err)
	}
	e.register(m.Person, d)
	if has, err := e.HasPasskey(ctx, m.Person); err != nil || !has {
		t.Fatalf("after: %v, %v", has, err)
	}
	for _, asked := range []int64{0, m.Person, 0} {
		e.clock.move(time.Minute)
		c, err := e.BeginAssertion(ctx, "sign-in", asked)
		if err != nil {
			t.Fatal(err)
		}
		if person, err := e.FinishAssertion(ctx, "sign-in", c.ID, d.answer(t, c)); err != nil || person != m.Person {
			t.Fatalf("asked of %d: %d, %v", asked, person, err)
		}
	}
	keys, err := e.Passkeys(ctx, m.Person)
	if err != nil || len(keys) != 1 || keys[0].Name != "key" || !keys[0].Used.Equal(e.clock.now()) {
		t.Errorf("%+v, %v", keys, err)
	}
}

// What a browser sends back is good once, for what it was asked, from the phone's origin, with
// the person verified.
func TestPasskeyRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	lin, other := e.enrolled("wwa", "lin"), e.enrolled("wwb", "other")
	d, foreign := newDevice(), newDevice()
	e.register(lin.Person, d)
	e.register(other.Person, foreign)

	begin := func(person int64) credentials.Ceremony {
		t.Helper()
		c, err := e.BeginAssertion(ctx, "sign-in", person)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	used := begin(0)
	if _, err := e.FinishAssertion(ctx, "sign-in", used.ID, d.answer(t, used)); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() (purpose, id, answer string){
		"wrong origin": func() (string, string, string) {
			c, evil := begin(0), *d
			evil.rp.Origin = "https://id.example.com.evil.example"
			return "sign-in", c.ID, evil.answer(t, c)
		},
		"the console's origin": func() (string, string, string) {
			c, console := begin(0), *d
			console.rp.Origin = "https://console.id.example.com"
			return "sign-in", c.ID, console.answer(t, c)
		},
		"http in place of https": func() (string, string, string) {
			c, plain := begin(0), *d
			plain.rp.Origin = "http://id.example.com"
			return "sign-in", c.ID, plain.answer(t, c)
		},
		"wrong RP ID": func() (string, string, string) {
			c, evil := begin(0), *d
			evil.rp.ID = "example.com"
			return "sign-in", c.ID, evil.answer(t, c)
		},
		"no user verification": func() (string, string, string) {
			c, lax := begin(0), *d
			lax.Options.UserNotVerified = true
			return "sign-in", c.ID, lax.answer(t, c)
		},
		"no user presence": func() (string, string, string) {
			c, lax := begin(0), *d
			lax.Options.UserNotPresent = true
			return "sign-in", c.ID, lax.answer(t, c)
		},
		"another person's passkey": func() (string, string, string) {
			c := begin(lin.Person)
			return "sign-in", c.ID, foreign.answer(t, c)
		},
		"another person's user handle": func() (string, string, string) {
			c, mixed := begin(0), *d
			mixed.Options.UserHandle = foreign.Options.UserHandle
			return "sign-in", c.ID, mixed.answer(t, c)
		},
		"no user handle": func() (string, string, string) {
			c, mute := begin(0), *d
			mute.Options.UserHandle = nil
			return "sign-in", c.ID, mute.answer(t, c)
		},
		"an unknown passkey": func() (string, string, string) {
			c, stranger := begin(0), newDevice()
			stranger.Options.UserHandle = d.Options.UserHandle
			return "sign-in", c.ID, stranger.answer(t, c)
		},
		"another key under a known id": func() (string, string, string) {
			c, forged := begin(0), newDevice()
			forged.key.ID, forged.Options.UserHandle, forged.key.Counter = d.key.ID, d.Options.UserHandle, 1000
			return "sign-in", c.ID, forged.answer(t, c)
		},
		"another challenge": func() (string, string, string) {
			return "sign-in", begin(0).ID, d.answer(t, begin(0))
		},
		"another purpose": func() (string, string, string) {
			c := begin(0)
			return "enter x", c.ID, d.answer(t, c)
		},
		"a counter that went back": func() (string, string, string) {
			c, clone := begin(0), *d
			clone.key.Counter = 0
			return "sign-in", c.ID, clone.answer(t, c)
		},
		"a challenge that is too old": func() (string, string, string) {
			c := begin(0)
			e.clock.move(5 * time.Minute)
			return "sign-in", c.ID, d.answer(t, c)
		},
		"no challenge":             func() (string, string, string) { return "sign-in", "", d.answer(t, begin(0)) },
		"an unknown challenge":     func() (string, string, string) { return "sign-in", strings.Repeat("A", 22), d.answer(t, begin(0)) },
		"no JSON":                  func() (string, string, string) { return "sign-in", begin(0).ID, "x" },
		"an empty answer":          func() (string, string, string) { return "sign-in", begin(0).ID, "{}" },
		"the answer to a creation": func() (string, string, string) { c := begin(0); return "sign-in", c.ID, newDevice().madeUp(t, e) },
	} {
		purpose, id, answer := try()
		if person, err := e.FinishAssertion(ctx, purpose, id, answer); !errors.Is(err, credentials.ErrRefused) {
			t.Errorf("%s: person %d, %v; want ErrRefused", name, person, err)
		}
	}

	// Replayed: once it was good.
	d.key.Counter += 1000 // the counter alone would refuse what follows
	c := begin(0)
	answer := d.answer(t, c)
	if _, err := e.FinishAssertion(ctx, "sign-in", c.ID, answer); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{c.ID, begin(0).ID} {
		if _, err := e.FinishAssertion(ctx, "sign-in", id, answer); !errors.Is(err, credentials.ErrRefused) {
			t.Errorf("replayed: %v", err)
		}
	}
	// A wrong answer spends the challenge: there is no second guess.
	c = begin(0)
	if _, err := e.FinishAssertion(ctx, "sign-in", c.ID, "x"); !errors.Is(err, credentials.ErrRefused) {
		t.Error(err)
	}
	if _, err := e.FinishAssertion(ctx, "sign-in", c.ID, d.answer(t, c)); !errors.Is(err, credentials.ErrRefused) {
		t.Errorf("a second guess: %v", err)
	}
	c = begin(other.Person)
	if _, err := e.FinishAssertion(ctx, "sign-in", c.ID, d.answer(t, c)); !errors.Is(err, credentials.ErrOtherPerson) {
		t.Errorf("of another person: %v", err)
	}
}

// madeUp is an answer to a challenge for a new passkey.
func (d *device) madeUp(t *testing.T, e *env) string {
	t.Helper()
	c, err := e.BeginRegistration(t.Context(), "p", 0, "a", "n")
	if err != nil {
		t.Fatal(err)
	}
	return d.make(t, c)
}

func TestRegistrationRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	lin, other := e.enrolled("wwa", "lin"), e.enrolled("wwb", "other")
	for name, try := range map[string]func(d *device, c credentials.Ceremony) (person int64, purpose, answer string){
		"wrong origin": func(d *device, c credentials.Ceremony) (int64, string, string) {
			d.rp.Origin = "https://evil.example"
			return lin.Person, "add", d.make(t, c)
		},
		"no user verification": func(d *device, c credentials.Ceremony) (int64, string, string) {
			d.Options.UserNotVerified = true
			return lin.Person, "add", d.make(t, c)
		},
		"another person's session": func(d *device, c credentials.Ceremony) (int64, string, string) {
			return other.Person, "add", d.make(t, c)
		},
		"another purpose": func(d *device, c credentials.Ceremony) (int64, string, string) {
			return lin.Person, "enrol 1", d.make(t, c)
		},
		"no JSON": func(*device, credentials.Ceremony) (int64, string, string) { return lin.Person, "add", "" },
	} {
		c, err := e.BeginRegistration(ctx, "add", lin.Person, "a", "n")
		if err != nil {
			t.Fatal(err)
		}
		person, purpose, answer := try(newDevice(), c)
		if _, err := e.FinishRegistration(ctx, purpose, person, c.ID, answer); !errors.Is(err, credentials.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// One passkey is one person's, once.
	d := newDevice()
	e.register(lin.Person, d)
	c, err := e.BeginRegistration(ctx, "add", other.Person, "a", "n")
	if err != nil {
		t.Fatal(err)
	}
	key, err := e.FinishRegistration(ctx, "add", other.Person, c.ID, d.make(t, c))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.AddPasskey(ctx, other.Person, "", key); !errors.Is(err, credentials.ErrPasskeyTaken) {
		t.Errorf("one passkey for two persons: %v", err)
	}
}

func TestPasskeysOfAPerson(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	lin, other := e.enrolled("wwa", "lin"), e.enrolled("wwb", "other")
	for range credentials.MaxPasskeys {
		e.register(lin.Person, newDevice())
	}
	if _, err := e.BeginRegistration(ctx, "p", lin.Person, "a", "n"); !errors.Is(err, credentials.ErrTooMany) {
		t.Errorf("one more is begun: %v", err)
	}
	keys, err := e.Passkeys(ctx, lin.Person)
	if err != nil || len(keys) != credentials.MaxPasskeys {
		t.Fatalf("%d, %v", len(keys), err)
	}
	for what, err := range map[string]error{
		"rename": e.RenamePasskey(ctx, other.Person, keys[0].ID, "mine"), "remove": e.RemovePasskey(ctx, other.Person, keys[0].ID),
	} {
		if !errors.Is(err, credentials.ErrNoPasskey) {
			t.Errorf("%s another person's: %v", what, err)
		}
	}
	if err := e.RenamePasskey(ctx, lin.Person, keys[0].ID, "  my\n"+strings.Repeat("机", 60)); err != nil {
		t.Fatal(err)
	}
	if keys, _ := e.Passkeys(ctx, lin.Person); keys[0].Name != "my "+strings.Repeat("机", credentials.MaxName-3) {
		t.Errorf("named %q", keys[0].Name)
	}
	for _, k := range keys { // the password is left
		if err := e.RemovePasskey(ctx, lin.Person, k.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLastCredentialStays(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	m, d := e.member("wwa", "lin"), newDevice()
	c, err := e.BeginRegistration(ctx, "p", 0, "lin", "n")
	if err != nil {
		t.Fatal(err)
	}
	key, err := e.FinishRegistration(ctx, "p", 0, c.ID, d.make(t, c))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.SetUp(ctx, e.memberLink(m), credentials.Choice{Account: "lin", Passkey: &key}); err != nil {
		t.Fatal(err)
	}
	keys, err := e.Passkeys(ctx, m.Person)
	if err != nil || len(keys) != 1 {
		t.Fatalf("%v, %v", keys, err)
	}
	if err := e.RemovePasskey(ctx, m.Person, keys[0].ID); !errors.Is(err, credentials.ErrLastCredential) {
		t.Errorf("the last one goes: %v", err)
	}
	if keys, _ := e.Passkeys(ctx, m.Person); len(keys) != 1 {
		t.Error("the last one is gone")
	}
	if err := e.SetPassword(ctx, m.Person, password); err != nil {
		t.Fatal(err)
	}
	if err := e.RemovePasskey(ctx, m.Person, keys[0].ID); err != nil {
		t.Errorf("beside a password: %v", err)
	}
}

func TestWherePasskeysWork(t *testing.T) {
	t.Parallel()
	for origin, want := range map[string]bool{
		"https://id.example.com": true, "https://id.example.com:8443": true, "http://localhost:8790": true, "http://phone.localhost:8790": true,
		"http://id.example.com": false, "http://127.0.0.1:8790": false, "http://192.168.1.5:8790": false, "https://192.168.1.5": false,
		"https://[::1]:8443": false, "http://localhost.example.com": false,
	} {
		if s, err := credentials.New(nil, nil, origin, time.Now); err != nil || s.PasskeysWork() != want {
			t.Errorf("%s: %v, not %v", origin, err, want)
		}
	}
	e := newEnvAt(t, "http://192.168.1.5:8790")
	if _, err := e.BeginAssertion(t.Context(), "p", 0); !errors.Is(err, credentials.ErrNoPasskeys) {
		t.Error(err)
	}
	if _, err := e.FinishAssertion(t.Context(), "p", strings.Repeat("A", 22), "{}"); !errors.Is(err, credentials.ErrNoPasskeys) {
		t.Error(err)
	}
}
