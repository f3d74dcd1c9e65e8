package ask_test

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"strconv"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/familiar"
)

type bench struct {
	*consoletest.Platform
	*ask.Service
	suite, own *apps.App
}

func newBench(t *testing.T) *bench {
	t.Helper()
	p := consoletest.New(t, false)
	b := &bench{Platform: p, Service: &ask.Service{Apps: p.Apps, Directory: p.Directory, Audit: p.Audit,
		Consents: &consent.Service{DB: p.DB, Now: p.Clock.Now}, Familiar: &familiar.Service{DB: p.DB, Now: p.Clock.Now}}}
	var err error
	if b.suite, _, err = p.Apps.NewSuite(t.Context(), p.Hills.Row, apps.LoginSuite, "login"); err != nil {
		t.Fatal(err)
	}
	if b.own, _, err = p.Apps.NewCorpApp(t.Context(), p.Galaxy.Row, "own"); err != nil {
		t.Fatal(err)
	}
	return b
}

// join makes a person a member of the provider's company too.
func (b *bench) join(t *testing.T, person, userid string) int64 {
	t.Helper()
	var row int64
	if err := b.DB.Update(t.Context(), func(tx *sql.Tx) (err error) {
		row, err = b.Platform.Directory.CreateMember(t.Context(), tx, directory.Member{Corp: b.Hills, Person: b.Person[person], UserID: userid, Name: userid}, 1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return row
}

// As whom each person may answer, and as whom they do by what the request names.
func TestChoices(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t)
	second := b.join(t, consoletest.Sub, "sub-too")
	row := func(name string) string { return strconv.FormatInt(b.MemberRow[name], 10) }
	external := "admin-" + strconv.FormatInt(b.Galaxy.Row, 10)
	other := strconv.FormatInt(second, 10)
	none := "" // in no company
	for _, test := range []struct {
		name, person string
		app          *apps.App
		admins       bool
		choices      []string
		acts         map[string]string // as whom, by what is named
		err          map[string]error
	}{
		{"a member", consoletest.Member, b.suite, false, []string{row(consoletest.Member)},
			map[string]string{"": row(consoletest.Member), row(consoletest.System): row(consoletest.Member), "x": row(consoletest.Member)}, nil},
		{"of two companies", consoletest.Sub, b.suite, false, []string{row(consoletest.Sub), other},
			map[string]string{row(consoletest.Sub): row(consoletest.Sub), other: other}, map[string]error{"": ask.ErrUndecided, row(consoletest.Member): ask.ErrUndecided}},
		{"of two companies, at the app of one", consoletest.Sub, b.own, false, []string{row(consoletest.Sub)},
			map[string]string{"": row(consoletest.Sub), other: row(consoletest.Sub)}, nil},
		{"disabled", consoletest.Disabled, b.suite, false, nil, map[string]string{"": none, row(consoletest.Disabled): none}, nil},
		{"of another company, at an own app", consoletest.ForeignAdmin, b.own, false, nil,
			map[string]string{"": none, row(consoletest.ForeignAdmin): none}, nil},
		{"a member, admins asked", consoletest.Member, b.suite, true, nil, nil,
			map[string]error{"": ask.ErrNoAdmin, row(consoletest.Member): ask.ErrNoAdmin}},
		{"an admin of one of two companies", consoletest.Sub, b.suite, true, []string{row(consoletest.Sub)},
			map[string]string{"": row(consoletest.Sub), other: row(consoletest.Sub)}, nil},
		{"an external admin", consoletest.External, b.suite, true, []string{external}, map[string]string{"": external, "0": external}, nil},
		{"an external admin, members asked", consoletest.External, b.suite, false, nil, map[string]string{"": none, external: none}, nil},
		{"a disabled admin", consoletest.Disabled, b.suite, true, nil, nil, map[string]error{"": ask.ErrNoAdmin}},
		{"an admin of another company, at an own app", consoletest.ForeignAdmin, b.own, true, nil, nil, map[string]error{"": ask.ErrNoAdmin}},
	} {
		list, err := b.Choices(ctx, b.Person[test.person], test.app, test.admins)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, c := range list {
			got[c.ID] = true
			if c.Outside != (c.ID == external) || c.Outside != (c.Member == 0) || c.Corp.Row == 0 || c.Name == "" || (c.UserID == "") != c.Outside {
				t.Errorf("%s: %+v", test.name, c)
			}
		}
		if len(list) != len(test.choices) {
			t.Errorf("%s: %+v", test.name, list)
		}
		for _, id := range test.choices {
			if !got[id] {
				t.Errorf("%s: no choice %s in %+v", test.name, id, list)
			}
		}
		for as, want := range test.acts {
			if c, err := b.Acting(ctx, b.Person[test.person], test.app, test.admins, as); err != nil || c.ID != want {
				t.Errorf("%s, as %q: %+v %v, want %s", test.name, as, c, err, want)
			}
		}
		for as, want := range test.err {
			if c, err := b.Acting(ctx, b.Person[test.person], test.app, test.admins, as); !errors.Is(err, want) {
				t.Errorf("%s, as %q: %+v %v, want %v", test.name, as, c, err, want)
			}
		}
	}
}

func TestShared(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t)
	member := ask.Choice{ID: "1", Member: b.MemberRow[consoletest.Member], Corp: b.Galaxy}
	for name, test := range map[string]struct {
		app  *apps.App
		as   ask.Choice
		want string
		ids  bool
	}{
		"a member":            {b.suite, member, ask.ShareEncrypted, false},
		"at an own app":       {b.own, member, ask.ShareOwn, true},
		"in no company":       {b.suite, ask.Choice{}, ask.ShareOpenID, false},
		"of another company":  {b.own, ask.Choice{}, ask.ShareOutside, false},
		"an external admin":   {b.suite, ask.Choice{Corp: b.Galaxy, Outside: true}, ask.ShareAdmin, false},
		"external, own app":   {b.own, ask.Choice{Corp: b.Galaxy, Outside: true}, ask.ShareAdmin, false},
		"of a company of old": {b.suite, ask.Choice{ID: "2", Member: 2, Corp: b.Hills}, ask.SharePlain, true},
	} {
		if test.want == ask.SharePlain {
			suite, _, err := b.Platform.Apps.NewSuite(ctx, b.Hills.Row, apps.Suite, "tool")
			if err != nil {
				t.Fatal(err)
			}
			var row int64
			if err := b.DB.Update(ctx, func(tx *sql.Tx) (err error) {
				row, err = b.Platform.Apps.Install(ctx, tx, apps.NewInstallation{App: suite.Row, Corp: b.Hills.Row})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := b.Platform.Apps.SetPlainIDs(ctx, row, true); err != nil {
				t.Fatal(err)
			}
		}
		share, err := b.Shared(ctx, test.app, test.as)
		if err != nil || share != test.want || ask.ShowsIDs(share) != test.ids {
			t.Errorf("%s: %s %v, want %s", name, share, err, test.want)
		}
	}
}

// What is asked of whom, from where; and what a yes leaves behind.
func TestYes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t)
	if got := b.Asker(ctx, b.suite, "https://site.example:8443"); got != (ask.Asker{Brand: "Hills", Domain: "site.example:8443"}) {
		t.Errorf("%+v", got)
	}
	if got := b.Asker(ctx, b.own, "https://own.example"); got != (ask.Asker{Brand: "own", Domain: "own.example", Own: true}) {
		t.Errorf("%+v", got)
	}
	person, here, away := b.Person[consoletest.Member], netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.9")
	const chrome, firefox = "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0", "Mozilla/5.0 (X11; Linux) Firefox/144.0"
	place := func(browser string, from netip.Addr) ask.Place {
		t.Helper()
		p, err := b.Place(ctx, person, browser, from, here)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if got := place(chrome, here); got != (ask.Place{Browser: "Chrome 142 · Windows", Address: "192.0.2.1", SameNetwork: true}) || got.Strange() {
		t.Errorf("before the first sign-in: %+v", got)
	}
	if got := place(chrome, away); got.SameNetwork || got.NewBrowser || !got.NewPlace || !got.Strange() {
		t.Errorf("from elsewhere: %+v", got)
	}
	for _, numbers := range []bool{true, false} {
		corp := b.Galaxy
		corp.NumberMatch = numbers
		yes := ask.Yes{Person: person, App: b.suite, As: ask.Choice{ID: "1", Member: b.MemberRow[consoletest.Member], Corp: corp, UserID: "u"},
			Browser: chrome, From: away, Desktop: numbers}
		d := b.Decision(yes, "42")
		if d.Member != yes.As.Member || d.Corp != corp.Row || d.Number != "42" || d.NumberOff == numbers {
			t.Errorf("%+v", d)
		}
		if err := d.Agree(ctx); err != nil {
			t.Fatal(err)
		}
		if err := b.SignedIn(ctx, yes); err != nil {
			t.Fatal(err)
		}
	}
	if d := b.Decision(ask.Yes{Person: person, App: b.suite}, ""); d.NumberOff {
		t.Error("a person in no company has turned the number off")
	}
	if got := place(chrome, away); got.Strange() {
		t.Errorf("after a sign-in: %+v", got)
	}
	if got := place(firefox, away); !got.NewBrowser || got.NewPlace {
		t.Errorf("another browser: %+v", got)
	}
	var consents int
	if err := b.DB.Query(`SELECT COUNT(*) FROM consents`).Row(ctx).Scan(&consents); err != nil || consents != 1 {
		t.Errorf("%d consents, %v", consents, err)
	}
	b.join(t, consoletest.Member, "member-too")
	if err := b.Reported(ctx, person, b.suite.Row, away); err != nil {
		t.Fatal(err)
	}
	if err := b.WrongNumber(ctx, ask.Yes{Person: person, App: b.suite, As: ask.Choice{Corp: b.Galaxy}}); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, corp := range []int64{b.Galaxy.Row, b.Hills.Row} {
		list, _, err := b.Platform.Audit.Entries(ctx, audit.Query{Corp: corp, Actions: audit.ActionsOf(audit.SignIns), Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			said = append(said, string(e.Action)+" "+e.Detail)
		}
	}
	want := []string{"wrong_number ", "sign_in_reported ", "signed_in Chrome 142 · Windows", "signed_in " + audit.ByDesktop + "Chrome 142 · Windows", "sign_in_reported "}
	if len(said) != len(want) {
		t.Fatalf("%q", said)
	}
	for i := range want {
		if said[i] != want[i] {
			t.Errorf("%q, want %q", said, want)
		}
	}
}
