package credentials_test

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

func choice(account string) credentials.Choice {
	return credentials.Choice{Account: account, Password: password}
}

func TestEnrol(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	m := e.member("wwa", "lin")
	if m.Status != directory.NotEnrolled {
		t.Fatalf("a new member: %+v", m)
	}
	secret := e.memberLink(m)
	open, err := e.Open(ctx, secret)
	if err != nil || open.Company != "Company wwa" || open.Name != "Name of lin" || open.Reset || open.Member != m.Row || open.Person != m.Person ||
		!open.Expires.Equal(e.clock.now().Add(72*time.Hour)) {
		t.Fatalf("%+v, %v", open, err)
	}
	p, err := e.SetUp(ctx, secret, choice("Lin.X"))
	if err != nil || p.Row != m.Person || p.Account != "Lin.X" {
		t.Fatalf("%+v, %v", p, err)
	}
	if got := e.again(m.Row); got.Status != directory.Active || got.Person != m.Person {
		t.Errorf("enrolled: %+v", got)
	}
	if p, err := e.Directory.CheckPassword(ctx, "lin.x", password); err != nil || p.Row != m.Person {
		t.Errorf("the password: %+v, %v", p, err)
	}
}

// Links that do nothing, whoever tries.
func TestLinkOver(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	joiner := e.enrolled("wwb", "joiner")
	keep := e.signIn(joiner.Person)
	check := func(what, secret string, want error) {
		t.Helper()
		if _, err := e.Open(ctx, secret); !errors.Is(err, want) {
			t.Errorf("%s: open: %v, want %v", what, err, want)
		}
		if _, err := e.SetUp(ctx, secret, choice("who")); !errors.Is(err, want) {
			t.Errorf("%s: set up: %v, want %v", what, err, want)
		}
		if err := e.Join(ctx, secret, joiner.Person, keep); !errors.Is(err, want) {
			t.Errorf("%s: join: %v, want %v", what, err, want)
		}
	}
	check("unknown", strings.Repeat("A", 43), credentials.ErrNoLink)
	check("empty", "", credentials.ErrNoLink)

	m := e.member("wwa", "lin")
	first := e.memberLink(m)
	second := e.memberLink(m)
	check("replaced by a newer one", first, credentials.ErrNoLink)
	if _, err := e.SetUp(ctx, second, choice("lin")); err != nil {
		t.Fatal(err)
	}
	check("used", second, credentials.ErrUsed)

	late := e.memberLink(e.member("wwa", "late"))
	e.clock.move(credentials.LinkLife)
	check("expired", late, credentials.ErrExpired)
}

func TestChoiceRefused(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	e.enrolled("wwb", "taken")
	m := e.member("wwa", "lin")
	secret := e.memberLink(m)
	for _, try := range []struct {
		name string
		c    credentials.Choice
		want error
	}{
		{"no account", choice(""), credentials.ErrAccountForm},
		{"short account", choice("ab"), credentials.ErrAccountForm},
		{"long account", choice(strings.Repeat("a", 65)), credentials.ErrAccountForm},
		{"space in the account", choice("a b c"), credentials.ErrAccountForm},
		{"placeholder as account", choice("#1234"), credentials.ErrAccountForm},
		{"Chinese account", choice("林晓林"), credentials.ErrAccountForm},
		{"Cyrillic look-alike", choice("tаken"), credentials.ErrAccountForm},
		{"another's account", choice("taken"), credentials.ErrAccountTaken},
		{"another's account in capitals", choice("TAKEN"), credentials.ErrAccountTaken},
		{"neither password nor passkey", credentials.Choice{Account: "lin"}, credentials.ErrNothing},
		{"short password", credentials.Choice{Account: "lin", Password: "123456789"}, credentials.ErrPasswordShort},
		{"long password", credentials.Choice{Account: "lin", Password: strings.Repeat("x", 257)}, credentials.ErrPasswordLong},
		{"the account as password", credentials.Choice{Account: "lin-xiao-xiao", Password: "LIN-xiao-xiao"}, credentials.ErrPasswordName},
	} {
		if _, err := e.SetUp(ctx, secret, try.c); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", try.name, err, try.want)
		}
	}
	// None of them has used the link up, or changed anything.
	if got := e.again(m.Row); got.Status != directory.NotEnrolled {
		t.Errorf("%+v", got)
	}
	for _, good := range []string{"a.b", strings.Repeat("a", 64), "Lin_Xiao-1@x.cn"} {
		if err := credentials.CheckAccount(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	if _, err := e.SetUp(ctx, secret, credentials.Choice{Account: "lin", Password: strings.Repeat("虎", 10)}); err != nil {
		t.Errorf("ten characters: %v", err)
	}
}

// Joining a second company keeps the account, and ends every other session of it.
func TestJoin(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	mine, stranger := e.enrolled("wwb", "lin"), e.enrolled("wwb", "stranger")
	keep, _, theirs := e.signIn(mine.Person), e.signIn(mine.Person), e.signIn(stranger.Person)
	m := e.member("wwa", "lin")
	placeholder := m.Person
	secret := e.memberLink(m)
	if err := e.Join(ctx, secret, mine.Person, keep); err != nil {
		t.Fatal(err)
	}
	if got := e.again(m.Row); got.Person != mine.Person || got.Status != directory.Active {
		t.Errorf("joined: %+v", got)
	}
	if _, err := e.Directory.Person(ctx, placeholder); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the placeholder stays: %v", err)
	}
	if got := e.sessions(mine.Person); !slices.Equal(got, []string{keep}) {
		t.Errorf("sessions left: %v", got)
	}
	if got := e.sessions(stranger.Person); !slices.Equal(got, []string{theirs}) {
		t.Errorf("a stranger's sessions: %v", got)
	}
	if err := e.Join(ctx, secret, stranger.Person, theirs); !errors.Is(err, credentials.ErrUsed) {
		t.Errorf("used again: %v", err)
	}
	// Twice a member of one company: no.
	again := e.memberLink(e.member("wwa", "lin2"))
	if err := e.Join(ctx, again, mine.Person, keep); !errors.Is(err, credentials.ErrAlready) {
		t.Errorf("twice in one company: %v", err)
	}
	if _, err := e.Open(ctx, again); err != nil {
		t.Errorf("a refused join has used the link up: %v", err)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	m, other := e.enrolled("wwa", "lin"), e.enrolled("wwb", "other")
	old := newDevice()
	e.register(m.Person, old)
	e.signIn(m.Person)
	secret := e.memberLink(m)
	if open, err := e.Open(ctx, secret); err != nil || !open.Reset || open.Account != "lin" {
		t.Fatalf("%+v, %v", open, err)
	}
	// Nobody takes over a membership with it.
	if err := e.Join(ctx, secret, other.Person, e.signIn(other.Person)); !errors.Is(err, credentials.ErrIsReset) {
		t.Errorf("joined with a reset: %v", err)
	}
	if _, err := e.SetUp(ctx, secret, credentials.Choice{Account: "lin", Password: "another password"}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Directory.CheckPassword(ctx, "lin", password); !errors.Is(err, directory.ErrWrongPassword) {
		t.Errorf("the old password: %v", err)
	}
	if has, err := e.HasPasskey(ctx, m.Person); err != nil || has {
		t.Errorf("the old passkey: %v, %v", has, err)
	}
	c, err := e.BeginAssertion(ctx, "p", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.FinishAssertion(ctx, "p", c.ID, old.answer(t, c)); !errors.Is(err, credentials.ErrRefused) {
		t.Errorf("the old passkey signs in: %v", err)
	}
	if got := e.sessions(m.Person); len(got) != 0 {
		t.Errorf("sessions left: %v", got)
	}
	if got := e.again(m.Row); got.Person != m.Person || got.Status != directory.Active {
		t.Errorf("%+v", got)
	}
}

// Abuse case 16: company A enrols or resets a person who is something elsewhere too.
func TestAbuse16(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, makeElse := range map[string]func(e *env, m directory.Member){
		"member of B": func(e *env, m directory.Member) {
			if err := e.Join(ctx, e.memberLink(e.member("wwb", "x")), m.Person, ""); err != nil {
				t.Fatal(err)
			}
		},
		"disabled member of B": func(e *env, m directory.Member) {
			x := e.member("wwb", "x")
			if err := e.Join(ctx, e.memberLink(x), m.Person, ""); err != nil {
				t.Fatal(err)
			}
			if err := e.Directory.SetStatus(ctx, e.corp["wwb"].Row, x.Row, directory.Disabled); err != nil {
				t.Fatal(err)
			}
		},
		"external admin of B": func(e *env, m directory.Member) {
			if _, err := e.Directory.AddAdmin(ctx, directory.NewAdmin{Corp: e.corp["wwb"].Row, Person: m.Person, Kind: directory.External}); err != nil {
				t.Fatal(err)
			}
		},
		"operator": func(e *env, m directory.Member) {
			e.tx(func(tx *sql.Tx) error { return e.Directory.AddOperator(ctx, tx, m.Person) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			m := e.enrolled("wwa", "lin")
			if err := e.MayEnrol(ctx, m.Row); err != nil {
				t.Fatalf("in one company alone: %v", err)
			}
			before := e.memberLink(m) // a link that was made in time
			makeElse(e, m)
			here := e.signIn(m.Person)
			if err := e.MayEnrol(ctx, m.Row); !errors.Is(err, credentials.ErrOtherMembership) {
				t.Errorf("may enrol: %v", err)
			}
			if err := e.DB.Update(ctx, func(tx *sql.Tx) error {
				_, err := e.NewLink(ctx, tx, credentials.Link{Kind: credentials.LinkMember, Member: m.Row})
				return err
			}); !errors.Is(err, credentials.ErrOtherMembership) {
				t.Errorf("a new link: %v", err)
			}
			if _, err := e.SetUp(ctx, before, choice("stolen")); !errors.Is(err, credentials.ErrOtherMembership) {
				t.Errorf("a link from before: %v", err)
			}
			if _, err := e.Directory.CheckPassword(ctx, "lin", password); err != nil {
				t.Errorf("the person's password is gone: %v", err)
			}
			if got := e.sessions(m.Person); !slices.Equal(got, []string{here}) {
				t.Errorf("the person was signed out: %v", got)
			}
		})
	}
}

func TestFirstOperator(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	setup := func() string {
		t.Helper()
		secret, err := e.SetupLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	first, second := setup(), setup()
	if _, err := e.Open(ctx, first); !errors.Is(err, credentials.ErrNoLink) {
		t.Errorf("the link of an earlier start: %v", err)
	}
	c := choice("root-user")
	c.Name = "林晓"
	p, err := e.SetUp(ctx, second, c)
	if err != nil || p.Name != "林晓" {
		t.Fatalf("%+v, %v", p, err)
	}
	if is, err := e.Directory.IsOperator(ctx, p.Row); err != nil || !is {
		t.Errorf("no operator: %v, %v", is, err)
	}
	if _, err := e.SetupLink(ctx); !errors.Is(err, credentials.ErrDone) {
		t.Errorf("after the first: %v", err)
	}
	if _, err := e.SetUp(ctx, second, choice("another")); !errors.Is(err, credentials.ErrUsed) {
		t.Errorf("used again: %v", err)
	}
	// An operator invites a colleague, who has an account.
	colleague := e.enrolled("wwa", "colleague")
	invite := e.link(credentials.Link{Kind: credentials.LinkOperator, MadeBy: p.Row})
	if err := e.Join(ctx, invite, colleague.Person, ""); err != nil {
		t.Fatal(err)
	}
	if is, err := e.Directory.IsOperator(ctx, colleague.Person); err != nil || !is {
		t.Errorf("the colleague: %v, %v", is, err)
	}
	if err := e.Join(ctx, e.link(credentials.Link{Kind: credentials.LinkOperator, MadeBy: p.Row}), p.Row, ""); !errors.Is(err, credentials.ErrAlready) {
		t.Errorf("twice an operator: %v", err)
	}
}

// A setup link that two browsers hold makes one operator.
func TestSetupLinkAfterAnOperator(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	secret, err := e.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	m := e.enrolled("wwa", "lin")
	e.tx(func(tx *sql.Tx) error { return e.Directory.AddOperator(ctx, tx, m.Person) })
	if _, err := e.SetUp(ctx, secret, choice("another")); !errors.Is(err, credentials.ErrUsed) {
		t.Errorf("set up: %v", err)
	}
	if _, err := e.Directory.PersonByAccount(ctx, "another"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("a person was left: %v", err)
	}
}

func TestExternalAdmin(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := newEnv(t)
	invite := func() (int64, string) {
		t.Helper()
		var person int64
		e.tx(func(tx *sql.Tx) (err error) {
			if person, err = e.Directory.CreatePlaceholder(ctx, tx, "External"); err != nil {
				return err
			}
			_, err = e.Directory.AddAdminIn(ctx, tx, directory.NewAdmin{Corp: e.corp["wwa"].Row, Person: person, Kind: directory.External})
			return err
		})
		return person, e.link(credentials.Link{Kind: credentials.LinkAdmin, Corp: e.corp["wwa"].Row, Person: person})
	}
	person, secret := invite()
	if open, err := e.Open(ctx, secret); err != nil || open.Name != "External" || open.Company != "Company wwa" {
		t.Errorf("%+v, %v", open, err)
	}
	if p, err := e.SetUp(ctx, secret, choice("external")); err != nil || p.Row != person {
		t.Fatalf("%+v, %v", p, err)
	}
	if a, err := e.Directory.AdminOf(ctx, e.corp["wwa"].Row, person); err != nil || a.Kind != directory.External {
		t.Errorf("%+v, %v", a, err)
	}
	colleague := e.enrolled("wwb", "colleague")
	second, secret := invite()
	if err := e.Join(ctx, secret, colleague.Person, ""); err != nil {
		t.Fatal(err)
	}
	if a, err := e.Directory.AdminOf(ctx, e.corp["wwa"].Row, colleague.Person); err != nil || a.Kind != directory.External {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := e.Directory.Person(ctx, second); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the placeholder stays: %v", err)
	}
	_, secret = invite()
	if err := e.Join(ctx, secret, colleague.Person, ""); !errors.Is(err, credentials.ErrAlready) {
		t.Errorf("twice: %v", err)
	}
}

func TestLinksWithoutTheirSubject(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	for _, l := range []credentials.Link{{}, {Kind: credentials.LinkMember}, {Kind: credentials.LinkMember, Member: 99},
		{Kind: credentials.LinkAdmin, Corp: 1}, {Kind: credentials.LinkOperator, Person: 1}, {Kind: "x", Member: 1}} {
		if err := e.DB.Update(t.Context(), func(tx *sql.Tx) error {
			_, err := e.NewLink(t.Context(), tx, l)
			return err
		}); err == nil {
			t.Errorf("%+v was made", l)
		}
	}
	if err := e.MayEnrol(t.Context(), 99); !errors.Is(err, directory.ErrNotFound) {
		t.Error(err)
	}
}
