package desktop_test

import (
	"database/sql"
	"strconv"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// A whole sign-in: what is shown, the number always, the consent on record, the log's words.
func TestConfirm(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	// The corp does without the number; a desktop client never does.
	if _, err := b.DB.Exec(t.Context(), `UPDATE corps SET number_match = FALSE`); err != nil {
		t.Fatal(err)
	}
	d, p := b.deskOf(consoletest.Member), b.open(b.suite)
	c := d.claimed(p)
	want := protocol.DesktopClaimed{Attempt: c.Attempt, App: b.suite.SuiteID, RedirectOrigin: "https://site.example",
		Asker: protocol.DesktopAsker{Brand: "Hills", Domain: "site.example"},
		Place: protocol.DesktopPlace{Browser: "Chrome 142 · Windows", Address: "192.0.2.10", SameNetwork: true}, ExpiresIn: c.ExpiresIn}
	choice := protocol.DesktopChoice{As: strconv.FormatInt(b.MemberRow[consoletest.Member], 10), Company: b.Galaxy.Name, Name: consoletest.Member,
		Share: protocol.ShareEncrypted}
	if len(c.Choices) != 1 || c.Choices[0] != choice {
		t.Errorf("choices %+v", c.Choices)
	}
	choices := c.Choices
	if c.Choices = nil; c.Asker != want.Asker || c.Place != want.Place || c.App != want.App || c.RedirectOrigin != want.RedirectOrigin ||
		c.Admins || len(c.Attempt) != 32 || c.ExpiresIn < 110 || c.ExpiresIn > 120 {
		t.Errorf("%+v, want %+v", c, want)
	}
	c.Choices = choices
	a := b.attempt(p)
	if a.State(b.Clock.Now()) != attempt.Scanned || !a.ByClient || a.Name != "" || a.Number == 0 || a.Person != b.Person[consoletest.Member] {
		t.Errorf("claimed: %+v", a)
	}
	if again := d.claimed(p); again.Attempt != c.Attempt {
		t.Errorf("claimed again: %+v", again)
	}
	if _, got := d.decide(d.decision(p, c, protocol.DesktopConfirm, choice.As, "")); got.reason != protocol.DesktopNumberMissing {
		t.Errorf("without the number: %s", got.raw)
	}
	if n := b.count(`SELECT COUNT(*) FROM consents`); n != 0 {
		t.Errorf("%d consents before the confirmation", n)
	}
	outcome, got := d.yes(p, c)
	if d.want("confirm", got, ""); outcome != protocol.DesktopConfirmed {
		t.Errorf("%s", got.raw)
	}
	a = b.attempt(p)
	if a.State(b.Clock.Now()) != attempt.Confirmed || a.Member != b.MemberRow[consoletest.Member] || a.Corp != b.Galaxy.Row {
		t.Errorf("confirmed: %+v", a)
	}
	if n := b.count(`SELECT COUNT(*) FROM consents WHERE person_id = $1 AND member_id = $2 AND app_id = $3`, a.Person, a.Member, a.App); n != 1 {
		t.Errorf("%d consents", n)
	}
	if outcome, got := d.yes(p, c); outcome != protocol.DesktopConfirmed {
		t.Errorf("the answer that got lost, again: %s", got.raw)
	}
	if err := b.Audit.Record(t.Context(), audit.Entry{Action: audit.AdminAdded}); err != nil { // what is written soon is written before
		t.Fatal(err)
	}
	list, _, err := b.Audit.Entries(t.Context(), audit.Query{Corp: b.Galaxy.Row, Actions: []audit.Action{audit.SignedIn}, Limit: 9})
	if err != nil || len(list) != 1 || list[0].Detail != audit.ByDesktop+"Chrome 142 · Windows" || list[0].Target == "" {
		t.Errorf("the log: %+v %v", list, err)
	}
	// From the same browser there is nothing strange any more; from another there is.
	if c := d.claimed(b.open(b.suite)); c.Place.NewBrowser || c.Place.NewPlace {
		t.Errorf("%+v", c.Place)
	}
	if c := d.claimed(b.open(b.suite, func(r *attempt.Request) { r.Browser = "Firefox/144.0 Linux" })); !c.Place.NewBrowser {
		t.Errorf("%+v", c.Place)
	}
}

// Refusing and reporting end it; neither writes a consent.
func TestRefuse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deskOf(consoletest.Member)
	for what, test := range map[string]struct {
		outcome string
		state   attempt.State
	}{protocol.DesktopRefuse: {protocol.DesktopRefused, attempt.Refused}, protocol.DesktopReport: {protocol.DesktopReported, attempt.Cancelled}} {
		p := b.open(b.suite)
		c := d.claimed(p)
		for range 2 { // the second time as if the first answer got lost
			if outcome, got := d.decide(d.decision(p, c, what, "", "")); outcome != test.outcome {
				t.Errorf("%s: %s", what, got.raw)
			}
		}
		if got := b.attempt(p).State(b.Clock.Now()); got != test.state {
			t.Errorf("%s: now %s", what, got)
		}
		if outcome, got := d.yes(p, c); outcome != test.outcome {
			t.Errorf("%s, then yes: %s", what, got.raw)
		}
	}
	if n := b.count(`SELECT COUNT(*) FROM consents`); n != 0 {
		t.Errorf("%d consents", n)
	}
	list, _, err := b.Audit.Entries(t.Context(), audit.Query{Corp: b.Galaxy.Row, Actions: []audit.Action{audit.SignInReported}, Limit: 9})
	if err != nil || len(list) != 1 {
		t.Errorf("told the company: %+v %v", list, err)
	}
	p := b.open(b.suite)
	c := d.claimed(p)
	if _, got := d.decide(d.decision(p, c, "perhaps", "", "")); got.reason != protocol.DesktopMalformed {
		t.Errorf("another decision: %s", got.raw)
	}
}

// The statement must say all that was decided, and be signed by the device itself.
func TestStatement(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, other := b.deskOf(consoletest.Member), b.deskOf(consoletest.Member)
	p := b.open(b.suite)
	c, elsewhere := d.claimed(p), d.claimed(b.open(b.suite))
	for name, change := range map[string]func(*protocol.DesktopStatement){
		"another platform": func(s *protocol.DesktopStatement) { s.Platform = "https://evil.example" },
		"another attempt":  func(s *protocol.DesktopStatement) { s.Attempt = elsewhere.Attempt },
		"another key":      func(s *protocol.DesktopStatement) { s.ClientKey = p.QRKey },
		"another app":      func(s *protocol.DesktopStatement) { s.App = "wwother" },
		"another origin":   func(s *protocol.DesktopStatement) { s.RedirectOrigin = "https://evil.example" },
		"another member":   func(s *protocol.DesktopStatement) { s.As = "1" },
		"no member":        func(s *protocol.DesktopStatement) { s.As = "" },
		"another decision": func(s *protocol.DesktopStatement) { s.Decision = protocol.DesktopRefuse },
		"another time":     func(s *protocol.DesktopStatement) { s.Time++ },
	} {
		_, got := d.decide(d.decision(p, c, protocol.DesktopConfirm, c.Choices[0].As, d.number(p)), change)
		d.want(name, got, protocol.DesktopStatementWrong)
	}
	for name, signature := range map[string]string{"none": "", "of nothing": text(make([]byte, 64)), "no text": "!", "short": text(make([]byte, 63))} {
		m := d.decision(p, c, protocol.DesktopConfirm, c.Choices[0].As, d.number(p))
		m.StatementSignature = signature
		d.want(name, d.call(protocol.PathDesktopDecide, m.DesktopDecide, nil), protocol.DesktopStatementWrong)
	}
	// Signed by another device of the same person, in a call of this one.
	forged := &desk{bench: b, key: other.key, id: d.id, from: d.from}
	m := forged.decision(p, c, protocol.DesktopConfirm, c.Choices[0].As, d.number(p))
	forged.decide(m) // signs the statement; the call itself is refused
	d.want("another device's", d.call(protocol.PathDesktopDecide, m.DesktopDecide, nil), protocol.DesktopStatementWrong)
	if got := b.attempt(p).State(b.Clock.Now()); got != attempt.Scanned {
		t.Errorf("after all this: %s", got)
	}
	// A choice that is signed and none of the person's is not replaced by the one there is.
	for _, as := range []string{"", "0", strconv.FormatInt(b.MemberRow[consoletest.System], 10), "admin-" + strconv.FormatInt(b.Galaxy.Row, 10)} {
		_, got := d.decide(d.decision(p, c, protocol.DesktopConfirm, as, d.number(p)))
		d.want("as "+as, got, protocol.DesktopChoiceMissing)
	}
	_, got := d.yes(p, c)
	d.want("the right one", got, "")
}

// Abuse case 7 with desktop clients: one sign-in, many who would like to answer it.
func TestAbuse7(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first, second, theirs := b.deskOf(consoletest.Member), b.deskOf(consoletest.Member), b.deskOf(consoletest.System)
	phone := attempt.Phone{Session: "phone", Person: b.Person[consoletest.Member], Address: browserAt}
	p := b.open(b.suite)
	c := first.claimed(p)
	for who, d := range map[string]*desk{"another device of the person": second, "another person's device": theirs} {
		_, got := d.claim(p)
		d.want(who+" claims", got, protocol.DesktopTaken)
		for _, what := range []string{protocol.DesktopRefuse, protocol.DesktopReport} {
			_, got = d.decide(d.decision(p, c, what, "", ""))
			d.want(who+": "+what, got, protocol.DesktopTaken)
		}
	}
	_, got := second.yes(p, c)
	second.want("another device confirms", got, protocol.DesktopTaken)
	if _, err := b.Attempts.Scan(t.Context(), p.QRKey, phone); err != attempt.ErrTaken {
		t.Errorf("a phone scans: %v", err)
	}
	// A photographer of the page has no number.
	_, got = first.decide(first.decision(p, c, protocol.DesktopConfirm, c.Choices[0].As, "00"))
	first.want("without the number", got, protocol.DesktopNumberWrong)
	if got := b.attempt(p).State(b.Clock.Now()); got != attempt.Refused {
		t.Errorf("now %s", got)
	}
	// A phone was first.
	p = b.open(b.suite)
	if _, err := b.Attempts.Scan(t.Context(), p.QRKey, phone); err != nil {
		t.Fatal(err)
	}
	_, got = first.claim(p)
	first.want("after a phone", got, protocol.DesktopTaken)
	// The key in the QR code, the page's own and a made-up one claim nothing; nor does an old one.
	p = b.open(b.suite)
	for _, key := range []string{p.QRKey, p.WebKey, p.Signature, "", "AAAAAAAAAAAAAAAAAAAAAA"} {
		_, got := first.claim(page{client: key})
		first.want("key "+key, got, protocol.DesktopGone)
		_, got = first.decide(first.decision(page{client: key}, c, protocol.DesktopRefuse, "", ""))
		first.want("decide by key "+key, got, protocol.DesktopGone)
	}
	b.Clock.Advance(attempt.ClientLife)
	_, got = first.claim(p)
	first.want("two minutes later", got, protocol.DesktopGone)
}

// Abuse case 8 with desktop clients: three wrong numbers in ten minutes.
func TestAbuse8(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, elsewhere := b.deskOf(consoletest.Member), b.deskOf(consoletest.Member)
	elsewhere.from = "198.51.100.1:5000"
	late := b.open(b.suite)
	c := d.claimed(late)
	for range 3 {
		p := b.open(b.suite)
		c := d.claimed(p)
		_, got := d.decide(d.decision(p, c, protocol.DesktopConfirm, c.Choices[0].As, "00"))
		d.want("a wrong number", got, protocol.DesktopNumberWrong)
	}
	_, got := d.yes(late, c)
	d.want("the right number of another", got, protocol.DesktopBlocked)
	_, got = elsewhere.claim(b.open(b.suite))
	elsewhere.want("the person's other device", got, protocol.DesktopBlocked)
	if n := b.count(`SELECT COUNT(*) FROM consents`); n != 0 {
		t.Errorf("%d consents", n)
	}
	list, _, err := b.Audit.Entries(t.Context(), audit.Query{Corp: b.Galaxy.Row, Actions: []audit.Action{audit.WrongNumber}, Limit: 9})
	if err != nil || len(list) != 3 {
		t.Errorf("told the company: %+v %v", list, err)
	}
	b.Clock.Advance(10*time.Minute + time.Second)
	p := b.open(b.suite)
	_, got = d.yes(p, d.claimed(p))
	d.want("ten minutes later", got, "")
}

// Who may not answer is told so before anything is pinned, and the sign-in is left to others.
func TestNotAllowed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	outside, err := b.Directory.AddMember(t.Context(), b.Galaxy.Row, directory.NewMember{MemberEdit: directory.MemberEdit{
		UserID: "outside", Name: "outside", Departments: []int64{1}}})
	if err != nil {
		t.Fatal(err)
	}
	if outside, err = b.credentialled(outside); err != nil {
		t.Fatal(err)
	}
	b.Person["outside"], b.MemberRow["outside"] = outside.Person, outside.Row
	b.tx(func(tx *sql.Tx) error { // of galaxy's members only one
		return b.Apps.SetRange(t.Context(), tx, b.own.Row, nil, []int64{b.MemberRow[consoletest.Member]})
	})
	admins := func(r *attempt.Request) { r.Admins = true }
	for _, test := range []struct {
		name, person string
		app          *apps.App
		change       func(*attempt.Request)
		reason       string
		choices      int
	}{
		{"a member in the range", consoletest.Member, b.own, nil, "", 1},
		{"a member out of the range", "outside", b.own, nil, protocol.DesktopNotAllowed, 0},
		{"a disabled member, own app", consoletest.Disabled, b.own, nil, protocol.DesktopNotAllowed, 0},
		{"of another company, own app", consoletest.ForeignAdmin, b.own, nil, protocol.DesktopNotAllowed, 0},
		{"an external admin, own app", consoletest.External, b.own, nil, protocol.DesktopNotAllowed, 0},
		{"a member, any site", "outside", b.suite, nil, "", 1},
		{"a disabled member, any site", consoletest.Disabled, b.suite, nil, protocol.DesktopNotAllowed, 0},
		{"in no company", consoletest.Operator, b.suite, nil, protocol.DesktopNotAllowed, 0},
		{"no admin", consoletest.Member, b.suite, admins, protocol.DesktopAdminsOnly, 0},
		{"a disabled admin", consoletest.Disabled, b.suite, admins, protocol.DesktopAdminsOnly, 0},
		{"an admin", consoletest.System, b.suite, admins, "", 1},
		{"a sub-admin", consoletest.Sub, b.suite, admins, "", 1},
		{"an external admin", consoletest.External, b.suite, admins, "", 1},
	} {
		change := test.change
		if change == nil {
			change = func(*attempt.Request) {}
		}
		d, p := b.deskOf(test.person), b.open(test.app, change)
		c, got := d.claim(p)
		d.want(test.name, got, test.reason)
		if len(c.Choices) != test.choices || c.Admins != (test.change != nil && test.reason == "") {
			t.Errorf("%s: %+v", test.name, c)
		}
		if test.reason != "" {
			if a := b.attempt(p); a.Step != attempt.Created {
				t.Errorf("%s: pinned: %+v", test.name, a)
			}
			continue
		}
		outcome, got := d.yes(p, c)
		if a := b.attempt(p); outcome != protocol.DesktopConfirmed || a.Member != b.MemberRow[test.person] || a.Corp != b.Galaxy.Row {
			t.Errorf("%s: %s %+v", test.name, got.raw, a)
		}
		if test.app == b.own && (c.App != b.Galaxy.CorpID+"/"+strconv.FormatInt(b.own.AgentID, 10) || c.Choices[0].Share != protocol.ShareOwn ||
			c.Choices[0].UserID == "" || !c.Asker.Own) {
			t.Errorf("%s: %+v", test.name, c)
		}
		if test.person == consoletest.External && c.Choices[0] != (protocol.DesktopChoice{As: "admin-" + strconv.FormatInt(b.Galaxy.Row, 10),
			Company: b.Galaxy.Name, Name: consoletest.External, Share: protocol.ShareAdmin}) {
			t.Errorf("%s: %+v", test.name, c.Choices[0])
		}
	}
}

// credentialled makes a member active, as a link does.
func (b *bench) credentialled(m directory.Member) (directory.Member, error) {
	err := b.DB.Update(b.t.Context(), func(tx *sql.Tx) error { return b.Directory.Enrol(b.t.Context(), tx, m.Person, m.UserID) })
	if err != nil {
		return m, err
	}
	return b.Directory.Member(b.t.Context(), m.Row)
}

// What a person may is read anew with the answer: a right that ended after the claim is worth
// nothing, nor is a device that was removed.
func TestRightsEnd(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, test := range map[string]struct {
		end    func(b *bench, d *desk) error
		reason string
		admins bool
	}{
		"disabled": {func(b *bench, _ *desk) error {
			return b.Directory.SetStatus(ctx, b.Galaxy.Row, b.MemberRow[consoletest.System], directory.Disabled)
		}, protocol.DesktopNotAllowed, false},
		"removed": {func(b *bench, _ *desk) error {
			return b.Directory.RemoveMember(ctx, b.Galaxy.Row, b.MemberRow[consoletest.System])
		}, protocol.DesktopNotAllowed, false},
		"no admin any more": {func(b *bench, _ *desk) error {
			a, err := b.Directory.AdminOf(ctx, b.Galaxy.Row, b.Person[consoletest.System])
			if err != nil {
				return err
			}
			return b.Directory.RemoveAdmin(ctx, b.Galaxy.Row, a.Row)
		}, protocol.DesktopAdminsOnly, true},
		"device removed": {func(b *bench, d *desk) error {
			id, err := strconv.ParseInt(d.id, 10, 64)
			if err != nil {
				return err
			}
			_, err = b.credentials.RemoveDesktopClient(ctx, b.Person[consoletest.System], id)
			return err
		}, protocol.DesktopUnsigned, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d, p := b.deskOf(consoletest.System), b.open(b.suite, func(r *attempt.Request) { r.Admins = test.admins })
			c := d.claimed(p)
			if err := test.end(b, d); err != nil {
				t.Fatal(err)
			}
			_, got := d.yes(p, c)
			d.want("confirm", got, test.reason)
			if a := b.attempt(p); a.State(b.Clock.Now()) != attempt.Scanned {
				t.Errorf("now %+v", a)
			}
			_, got = d.claim(b.open(b.suite, func(r *attempt.Request) { r.Admins = test.admins }))
			d.want("claim another", got, test.reason)
			if n := b.count(`SELECT COUNT(*) FROM consents`); n != 0 {
				t.Errorf("%d consents", n)
			}
		})
	}
}

// A consent that cannot be written leaves the sign-in unconfirmed.
func TestNoSignInWithoutConsent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, p := b.deskOf(consoletest.Member), b.open(b.suite)
	c := d.claimed(p)
	if _, err := b.DB.Exec(t.Context(), `ALTER TABLE consents RENAME TO consents_gone`); err != nil {
		t.Fatal(err)
	}
	_, got := d.yes(p, c)
	d.want("confirm", got, protocol.DesktopBusy)
	if a := b.attempt(p); a.State(b.Clock.Now()) != attempt.Scanned {
		t.Errorf("now %+v", a)
	}
	if _, err := b.DB.Exec(t.Context(), `ALTER TABLE consents_gone RENAME TO consents`); err != nil {
		t.Fatal(err)
	}
	_, got = d.yes(p, c)
	d.want("once it can be", got, "")
}

// So many claims of one person in a minute, on all their devices together.
func TestClaimsAreLimited(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two, other := b.deskOf(consoletest.Member), b.deskOf(consoletest.Member), b.deskOf(consoletest.System)
	p := b.open(b.suite)
	for i := range 30 {
		d := []*desk{one, two}[i%2]
		if _, got := d.claim(p); got.reason == protocol.DesktopTooMany {
			t.Fatalf("claim %d: %s", i, got.raw)
		}
	}
	for _, d := range []*desk{one, two} {
		_, got := d.claim(p)
		d.want("one more", got, protocol.DesktopTooMany)
	}
	_, got := other.claim(b.open(b.suite))
	other.want("another person", got, "")
}
