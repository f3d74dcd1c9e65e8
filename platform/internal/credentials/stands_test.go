package credentials_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// admin makes an enrolled member an administrator.
func (e *env) admin(m directory.Member, kind directory.AdminKind) int64 {
	e.t.Helper()
	a := directory.NewAdmin{Corp: m.Corp.Row, Member: m.Row, Kind: kind}
	if kind == directory.Sub {
		a.Departments = []directory.AdminDepartment{{Number: 2, Writable: true}}
	}
	row, err := e.Directory.AddAdmin(e.t.Context(), a)
	if err != nil {
		e.t.Fatal(err)
	}
	return row
}

// departments makes the departments 2, beneath it 3, and beside it 4.
func (e *env) departments(corp string) {
	e.t.Helper()
	for _, d := range []directory.Department{{Number: 2, Parent: 1, Name: "two"}, {Number: 3, Parent: 2, Name: "three"}, {Number: 4, Parent: 1, Name: "four"}} {
		if _, err := e.Directory.AddDepartment(e.t.Context(), e.corp[corp].Row, d); err != nil {
			e.t.Fatal(err)
		}
	}
}

// move puts a member into other departments.
func (e *env) move(m directory.Member, departments ...int64) {
	e.t.Helper()
	if _, err := e.Directory.UpdateMember(e.t.Context(), m.Corp.Row, m.Row,
		directory.MemberEdit{UserID: m.UserID, Name: m.Name, Departments: departments}); err != nil {
		e.t.Fatal(err)
	}
}

// A link that somebody kept is worth no more than what they may do now: it is no way to the
// rights that its person has come by since, and none for an administrator who is none any more.
func TestKeptLink(t *testing.T) {
	t.Parallel()
	type world struct {
		*env
		creator, maker, target directory.Member
		makerRow               int64
	}
	for _, c := range []struct {
		name     string
		maker    directory.AdminKind
		enrolled bool // the target has an account: the link would replace its credentials
		since    func(w *world)
		good     bool
	}{
		{"nothing has changed", directory.Sub, true, func(*world) {}, true},
		{"a sub-admin's, for who is an administrator now", directory.Sub, true, func(w *world) { w.admin(w.target, directory.System) }, false},
		{"a sub-admin's, for a new member who is an administrator now", directory.Sub, false,
			func(w *world) { w.admin(w.target, directory.System) }, false},
		{"a sub-admin's, for who is a sub-admin now", directory.Sub, true, func(w *world) { w.admin(w.target, directory.Sub) }, false},
		{"a system admin's, for who is an administrator now", directory.System, true, func(w *world) { w.admin(w.target, directory.System) }, true},
		{"a system admin's, for who is the creator now", directory.System, true, func(w *world) {
			w.tx(func(tx *sql.Tx) error {
				return w.Directory.HandOverIn(t.Context(), tx, w.target.Corp.Row, w.target.Row)
			})
		}, false},
		{"of an administrator who was removed", directory.System, true, func(w *world) {
			if err := w.Directory.RemoveAdmin(t.Context(), w.target.Corp.Row, w.makerRow); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"of an administrator who was disabled", directory.System, false, func(w *world) {
			if err := w.Directory.SetStatus(t.Context(), w.target.Corp.Row, w.maker.Row, directory.Disabled); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"a sub-admin's, for who has moved within the range", directory.Sub, true, func(w *world) { w.move(w.target, 3) }, true},
		{"a sub-admin's, for who has moved out of the range", directory.Sub, true, func(w *world) { w.move(w.target, 2, 4) }, false},
		{"of a sub-admin who only sees the range now", directory.Sub, true, func(w *world) {
			if err := w.Directory.UpdateAdmin(t.Context(), w.target.Corp.Row, w.makerRow, directory.NewAdmin{Kind: directory.Sub,
				Departments: []directory.AdminDepartment{{Number: 2}}}); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"of a sub-admin who is a system admin now", directory.Sub, true, func(w *world) {
			if err := w.Directory.UpdateAdmin(t.Context(), w.target.Corp.Row, w.makerRow, directory.NewAdmin{Kind: directory.System}); err != nil {
				t.Fatal(err)
			}
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := &world{env: newEnv(t)}
			w.departments("wwa")
			w.creator, w.maker = w.enrolled("wwa", "creator"), w.enrolled("wwa", "maker")
			w.admin(w.creator, directory.Creator)
			w.makerRow = w.admin(w.maker, c.maker)
			w.target = w.member("wwa", "target")
			w.move(w.target, 2)
			if c.enrolled {
				if _, err := w.SetUp(t.Context(), w.memberLink(w.target), choice("target")); err != nil {
					t.Fatal(err)
				}
				w.target = w.again(w.target.Row)
			}
			kept := w.link(credentials.Link{Kind: credentials.LinkMember, Member: w.target.Row, MadeBy: w.maker.Person})
			c.since(w)
			_, opened := w.Open(t.Context(), kept)
			_, err := w.SetUp(t.Context(), kept, credentials.Choice{Account: "taken.over", Password: password})
			if c.good && (opened != nil || err != nil) {
				t.Errorf("refused: %v, %v", opened, err)
			}
			if !c.good && (!errors.Is(opened, credentials.ErrNoLink) || !errors.Is(err, credentials.ErrNoLink)) {
				t.Errorf("opened %v, used %v", opened, err)
			}
		})
	}
}

// An external administrator's link is for members, never for an administrator.
func TestLinkOfExternal(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t), t.Context()
	outside := e.enrolled("wwb", "outside")
	if _, err := e.Directory.AddAdmin(ctx, directory.NewAdmin{Corp: e.corp["wwa"].Row, Person: outside.Person, Kind: directory.External}); err != nil {
		t.Fatal(err)
	}
	worker, system := e.member("wwa", "worker"), e.member("wwa", "system")
	e.admin(system, directory.System)
	for _, m := range []directory.Member{worker, system} {
		secret := e.link(credentials.Link{Kind: credentials.LinkMember, Member: m.Row, MadeBy: outside.Person})
		if _, err := e.Open(ctx, secret); (err == nil) != (m.Row == worker.Row) {
			t.Errorf("%s: %v", m.UserID, err)
		}
	}
}

// An operator's link is for a creator who has no account, and the creator's own for the
// creator; an external administrator's ends with the rights.
func TestKeptLinkOfOthers(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t), t.Context()
	operator := e.enrolled("wwb", "operator")
	e.tx(func(tx *sql.Tx) error { return e.Directory.AddOperator(ctx, tx, operator.Person) })
	creator := e.member("wwa", "creator")
	e.admin(creator, directory.Creator)
	secret := e.link(credentials.Link{Kind: credentials.LinkMember, Member: creator.Row, MadeBy: operator.Person})
	p, err := e.SetUp(ctx, secret, choice("creator"))
	if err != nil {
		t.Fatal(err)
	}
	later := e.link(credentials.Link{Kind: credentials.LinkMember, Member: creator.Row, MadeBy: operator.Person})
	if _, err := e.Open(ctx, later); !errors.Is(err, credentials.ErrNoLink) {
		t.Errorf("an operator's link for a creator with an account: %v", err)
	}
	own := e.link(credentials.Link{Kind: credentials.LinkMember, Member: creator.Row, MadeBy: p.Row})
	if _, err := e.SetUp(ctx, own, choice("creator")); err != nil {
		t.Errorf("the creator's own: %v", err)
	}

	var outside int64
	e.tx(func(tx *sql.Tx) (err error) {
		outside, err = e.Directory.CreatePlaceholder(ctx, tx, "Outside")
		return err
	})
	row, err := e.Directory.AddAdmin(ctx, directory.NewAdmin{Corp: creator.Corp.Row, Person: outside, Kind: directory.External})
	if err != nil {
		t.Fatal(err)
	}
	link := credentials.Link{Kind: credentials.LinkAdmin, Corp: creator.Corp.Row, Person: outside, MadeBy: p.Row}
	if _, err := e.SetUp(ctx, e.link(link), choice("outside")); err != nil {
		t.Fatal(err)
	}
	kept := e.link(link)
	if err := e.Directory.RemoveAdmin(ctx, creator.Corp.Row, row); err != nil {
		t.Fatal(err)
	}
	if _, err := e.SetUp(ctx, kept, choice("outside")); !errors.Is(err, credentials.ErrNoLink) {
		t.Errorf("an external administrator who was removed: %v", err)
	}
}
