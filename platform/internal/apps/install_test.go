package apps_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// world is two companies with a tree of departments, and a suite of a provider.
//
//	1 ─ 2 ─ 3 ─ 4 ─ 5 ─ 6
//	 └─ 7
type world struct {
	*apps.Service
	db      *store.DB
	corp    [2]int64
	member  map[string]int64 // "deep", "side", "root", "both", and the same with "!" in the second corp
	suite   *apps.App
	heard   []string
	failing bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, db := open(t, t.TempDir(), true)
	w := &world{Service: s, db: db, member: map[string]int64{}}
	d := &directory.Service{DB: db, Now: time.Now}
	s.Told = apps.Told{
		Created:   func(_ context.Context, _ *sql.Tx, row int64, code string) error { return w.hear("created " + code) },
		Changed:   func(_ context.Context, _ *sql.Tx, row int64) error { return w.hear("changed") },
		Cancelled: w.hearCancelled,
	}
	w.update(t, func(tx *sql.Tx) error {
		for i := range w.corp {
			row, err := d.CreateCorp(t.Context(), tx, directory.Corp{CorpID: fmt.Sprintf("wwcorp%d", i), Name: "corp"})
			if err != nil {
				return err
			}
			w.corp[i] = row
			for n, parent := range map[int64]int64{2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 1} {
				if err := d.CreateDepartment(t.Context(), tx, row, directory.Department{Number: n, Parent: parent, Name: fmt.Sprint(n), Position: n}); err != nil {
					return err
				}
			}
			for name, in := range map[string][]int64{"root": {1}, "deep": {6}, "side": {7}, "both": {7, 5}} {
				person, err := d.CreatePerson(t.Context(), tx, directory.Person{Name: name, Account: fmt.Sprint(name, i)}, "")
				if err != nil {
					return err
				}
				m, err := d.CreateMember(t.Context(), tx, directory.Member{Corp: directory.Corp{Row: row}, Person: person, UserID: name, Name: name}, in...)
				if err != nil {
					return err
				}
				w.member[name+"!"[:i]] = m
			}
		}
		return nil
	})
	suite, secret, err := s.NewSuite(t.Context(), provider(t, s, "wwaa").CorpRow, apps.Suite, "报销")
	if err != nil || !suite.SecretIs(secret) || suite.Online || suite.Kind != apps.Suite {
		t.Fatalf("%+v, %v", suite, err)
	}
	w.suite = suite
	return w
}

func (w *world) hear(what string) error {
	if w.failing {
		return errors.New("nobody listens")
	}
	w.heard = append(w.heard, what)
	return nil
}

// hearCancelled proves that the row is still there.
func (w *world) hearCancelled(ctx context.Context, tx *sql.Tx, row int64) error {
	var corp int64
	if err := tx.QueryRowContext(ctx, `SELECT corp_id FROM installations WHERE id = $1`, row).Scan(&corp); err != nil {
		return err
	}
	return w.hear("cancelled")
}

func (w *world) update(t *testing.T, fn func(tx *sql.Tx) error) {
	t.Helper()
	if err := w.db.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (w *world) install(t *testing.T, corp int, departments, members []int64) int64 {
	t.Helper()
	var row int64
	w.update(t, func(tx *sql.Tx) (err error) {
		if row, err = w.Install(t.Context(), tx, apps.NewInstallation{App: w.suite.Row, Corp: w.corp[corp],
			Departments: departments, Members: members, InstalledBy: 1, State: "s"}); err != nil {
			return err
		}
		return w.TellCreated(t.Context(), tx, row, "code")
	})
	return row
}

func (w *world) inRange(t *testing.T, holder int64) []string {
	t.Helper()
	var list []string
	for name, row := range w.member {
		in, err := w.InRange(t.Context(), holder, row)
		if err != nil {
			t.Fatal(err)
		}
		if in {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

func (w *world) visible(t *testing.T, holder int64, q apps.VisibleQuery) []string {
	t.Helper()
	members, err := w.VisibleMembers(t.Context(), holder, q)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range members {
		name := m.Name
		if m.Row == w.member[m.Name+"!"] {
			name += "!"
		}
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestRange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	row := w.install(t, 0, []int64{1}, nil)
	set := func(holder int64, departments []int64, members ...int64) {
		t.Helper()
		w.update(t, func(tx *sql.Tx) error { return w.SetRange(t.Context(), tx, holder, departments, members) })
	}
	own, _, err := w.NewCorpApp(t.Context(), w.corp[0], "own")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		departments []int64
		members     []int64
		in          []string
		numbers     []int64
	}{
		{[]int64{1}, nil, []string{"both", "deep", "root", "side"}, []int64{1, 2, 3, 4, 5, 6, 7}},
		{[]int64{2}, nil, []string{"both", "deep"}, []int64{2, 3, 4, 5, 6}},
		{[]int64{6}, nil, []string{"deep"}, []int64{6}},
		{[]int64{7}, nil, []string{"both", "side"}, []int64{7}},
		{[]int64{6, 7}, nil, []string{"both", "deep", "side"}, []int64{6, 7}},
		{nil, []int64{w.member["root"]}, []string{"root"}, nil},
		{[]int64{6}, []int64{w.member["side"]}, []string{"deep", "side"}, []int64{6}},
		{nil, nil, nil, nil},
	} {
		for _, holder := range []int64{row, own.Row} {
			set(holder, c.departments, c.members...)
			if got := w.inRange(t, holder); !slices.Equal(got, c.in) {
				t.Errorf("range %v %v: %v, want %v", c.departments, c.members, got, c.in)
			}
			if got := w.visible(t, holder, apps.VisibleQuery{}); !slices.Equal(got, c.in) {
				t.Errorf("range %v %v: visible %v, want %v", c.departments, c.members, got, c.in)
			}
			visible, err := w.VisibleDepartments(t.Context(), holder)
			if err != nil {
				t.Fatal(err)
			}
			var numbers []int64
			for _, d := range visible {
				numbers = append(numbers, d.Number)
			}
			if !slices.Equal(numbers, c.numbers) {
				t.Errorf("range %v: departments %v, want %v", c.departments, numbers, c.numbers)
			}
			for n := int64(1); n <= 8; n++ {
				in, err := w.InRangeDepartment(t.Context(), holder, w.corp[0], n)
				foreign, err2 := w.InRangeDepartment(t.Context(), holder, w.corp[1], n)
				if err := errors.Join(err, err2); err != nil || in != slices.Contains(c.numbers, n) || foreign {
					t.Errorf("range %v: department %d: %v, of another corp %v, %v", c.departments, n, in, foreign, err)
				}
			}
			departments, members, err := w.Range(t.Context(), holder)
			if err != nil || !slices.Equal(departments, c.departments) || !slices.Equal(members, c.members) {
				t.Errorf("range %v %v reads as %v %v, %v", c.departments, c.members, departments, members, err)
			}
		}
	}
	set(row, []int64{2}, w.member["root"])
	for _, c := range []struct {
		q    apps.VisibleQuery
		want []string
	}{
		{apps.VisibleQuery{Department: 1}, []string{"root"}},
		{apps.VisibleQuery{Department: 1, Below: true}, []string{"both", "deep", "root"}},
		{apps.VisibleQuery{Department: 3}, nil},
		{apps.VisibleQuery{Department: 3, Below: true}, []string{"both", "deep"}},
		{apps.VisibleQuery{Department: 7, Below: true}, []string{"both"}}, // in range by its other department
		{apps.VisibleQuery{Limit: 1}, w.visible(t, row, apps.VisibleQuery{Limit: 1})},
	} {
		if got := w.visible(t, row, c.q); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.q, got, c.want)
		}
	}
	first, err := w.VisibleMembers(t.Context(), row, apps.VisibleQuery{Limit: 1})
	if err != nil || len(first) != 1 {
		t.Fatal(first, err)
	}
	rest, err := w.VisibleMembers(t.Context(), row, apps.VisibleQuery{After: first[0].Row})
	if err != nil || len(rest) != 2 || rest[0].Row <= first[0].Row {
		t.Errorf("after the first: %v, %v", rest, err)
	}
}

// A member who is removed is in no range any more, named or not, and the range still reads.
func TestRangeForgetsTheRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	side := w.member["side"]
	row := w.install(t, 0, []int64{6}, []int64{side})
	for _, query := range []string{`DELETE FROM member_departments WHERE member_id = $1`, `DELETE FROM members WHERE id = $1`} {
		if _, err := w.db.Exec(t.Context(), query, side); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.db.Exec(t.Context(), `DELETE FROM departments WHERE corp_id = $1 AND number = 6`, w.corp[0]); err != nil {
		t.Fatal(err)
	}
	if got := w.inRange(t, row); got != nil {
		t.Errorf("in range: %v", got)
	}
	if departments, members, err := w.Range(t.Context(), row); err != nil || departments != nil || members != nil {
		t.Errorf("%v %v %v", departments, members, err)
	}
}

// A range takes nothing of another corp, and what was there stays.
func TestRangeOfAnotherCorp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	row := w.install(t, 0, []int64{6}, nil)
	if _, err := w.db.Exec(t.Context(), `INSERT INTO departments (id, corp_id, number, parent, name, position) VALUES (1, $1, 99, 1, 'x', 1)`, w.corp[1]); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ departments, members []int64 }{
		{[]int64{99}, nil}, {[]int64{0}, nil}, {nil, []int64{w.member["deep!"]}}, {nil, []int64{12345}},
	} {
		err := w.db.Update(t.Context(), func(tx *sql.Tx) error { return w.SetRange(t.Context(), tx, row, c.departments, c.members) })
		if !errors.Is(err, apps.ErrNotFound) {
			t.Errorf("%v: %v", c, err)
		}
		err = w.db.Update(t.Context(), func(tx *sql.Tx) error {
			_, err := w.Install(t.Context(), tx, apps.NewInstallation{App: w.suite.Row, Corp: w.corp[1], Departments: []int64{6}, Members: []int64{w.member["deep"]}})
			return err
		})
		if !errors.Is(err, apps.ErrNotFound) {
			t.Errorf("install: %v", err)
		}
	}
	err := w.db.Update(t.Context(), func(tx *sql.Tx) error { return w.SetRange(t.Context(), tx, 4711, []int64{1}, nil) })
	if !errors.Is(err, apps.ErrNotFound) {
		t.Errorf("no holder: %v", err)
	}
	if got := w.inRange(t, row); !slices.Equal(got, []string{"deep"}) {
		t.Errorf("in range: %v", got)
	}
}

func TestInstallAndUninstall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	row := w.install(t, 0, []int64{2}, nil)
	i, err := w.Installation(t.Context(), w.suite.Row, w.corp[0])
	if err != nil || i.Row != row || i.App.Row != w.suite.Row || i.AgentID != 1000002 || i.HasPermanentCode || i.State != "s" || i.InstalledBy != 1 {
		t.Fatalf("%+v, %v", i, err)
	}
	own, _, err := w.NewCorpApp(t.Context(), w.corp[0], "own")
	if err != nil || own.AgentID != 1000003 {
		t.Fatalf("%+v, %v", own, err)
	}
	err = w.db.Update(t.Context(), func(tx *sql.Tx) error {
		_, err := w.Install(t.Context(), tx, apps.NewInstallation{App: w.suite.Row, Corp: w.corp[0]})
		return err
	})
	if !errors.Is(err, apps.ErrInstalled) {
		t.Errorf("twice: %v", err)
	}

	code, err := w.GrantPermanentCode(t.Context(), row)
	if err != nil || len(code) != 43 {
		t.Fatalf("%q, %v", code, err)
	}
	i, err = w.InstallationByRow(t.Context(), row)
	if err != nil || !i.PermanentCodeIs(code) || i.PermanentCodeIs("") || i.PermanentCodeIs(code+"x") || i.Generation != 2 {
		t.Errorf("%+v, %v", i, err)
	}
	again, err := w.GrantPermanentCode(t.Context(), row)
	if err != nil || again == code {
		t.Fatal(again, err)
	}
	if i, err = w.InstallationByAgent(t.Context(), w.corp[0], 1000002); err != nil || i.PermanentCodeIs(code) || !i.PermanentCodeIs(again) || i.Generation != 3 {
		t.Errorf("%+v, %v", i, err)
	}
	if _, err := w.db.Exec(t.Context(), `INSERT INTO admins (id, corp_id, person_id, member_id, kind, created_at)
		SELECT 1, corp_id, person_id, id, 4, 1 FROM members LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := w.db.Exec(t.Context(), `INSERT INTO admin_apps (admin_id, holder, manage) SELECT id, $1, TRUE FROM admins`, row); err != nil {
		t.Fatal(err)
	}

	w.failing = true
	if err := w.db.Update(t.Context(), func(tx *sql.Tx) error { return w.Uninstall(t.Context(), tx, row) }); err == nil {
		t.Error("uninstalled although nobody could be told")
	}
	if _, err := w.Installation(t.Context(), w.suite.Row, w.corp[0]); err != nil {
		t.Errorf("taken back: %v", err)
	}
	w.failing = false
	w.update(t, func(tx *sql.Tx) error { return w.Uninstall(t.Context(), tx, row) })
	_, err = w.Installation(t.Context(), w.suite.Row, w.corp[0])
	_, err2 := w.InstallationByRow(t.Context(), row)
	_, err3 := w.InstallationByAgent(t.Context(), w.corp[0], 1000002)
	_, err4 := w.GrantPermanentCode(t.Context(), row)
	err5 := w.db.Update(t.Context(), func(tx *sql.Tx) error { return w.Uninstall(t.Context(), tx, row) })
	for n, err := range []error{err, err2, err3, err4, err5} {
		if !errors.Is(err, apps.ErrNotFound) {
			t.Errorf("%d: %v", n, err)
		}
	}
	if got := w.inRange(t, row); got != nil {
		t.Errorf("in range: %v", got)
	}
	for _, query := range []string{`SELECT COUNT(*) FROM covered WHERE holder = $1`, `SELECT COUNT(*) FROM admin_apps WHERE holder = $1`} {
		var n int
		if err := w.db.Query(query).Row(t.Context(), row).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows are left, %v", query, n, err)
		}
	}
	if want := []string{"created code", "cancelled"}; !slices.Equal(w.heard, want) {
		t.Errorf("heard %q, want %q", w.heard, want)
	}
	w.update(t, func(tx *sql.Tx) error { return w.RemoveCorpApp(t.Context(), tx, own.Row) })
	anew := w.install(t, 0, nil, nil)
	if i, err = w.InstallationByRow(t.Context(), anew); err != nil || anew == row || i.AgentID != 1000004 {
		t.Errorf("%+v, %v: a row or an agentid is given again", i, err)
	}
}

// What is kept in memory is dropped by every write.
func TestInstallationIsReadAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.Installation(t.Context(), w.suite.Row, w.corp[0]); !errors.Is(err, apps.ErrNotFound) {
		t.Fatal(err)
	}
	row := w.install(t, 0, nil, nil)
	read := func() *apps.Installation {
		i, err := w.Installation(t.Context(), w.suite.Row, w.corp[0])
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	if a, b := read(), read(); a != b {
		t.Error("read twice from the store")
	}
	p := provider(t, w.Service, "wwaa")
	if plain, err := w.PlainIDs(t.Context(), p.CorpRow, w.corp[0]); err != nil || plain {
		t.Error(plain, err)
	}
	if err := w.SetPlainIDs(t.Context(), row, true); err != nil {
		t.Fatal(err)
	}
	if plain, err := w.PlainIDs(t.Context(), p.CorpRow, w.corp[0]); err != nil || !plain || !read().PlainIDs {
		t.Error(plain, err)
	}
	if err := w.SetURLs(t.Context(), w.suite.Row, apps.URLs{Business: "https://a.example/b"}); err != nil {
		t.Fatal(err)
	}
	if i := read(); i.App.BusinessURL != "https://a.example/b" {
		t.Errorf("%+v", i.App)
	}
	w.update(t, func(tx *sql.Tx) error { return w.Uninstall(t.Context(), tx, row) })
	if plain, err := w.PlainIDs(t.Context(), p.CorpRow, w.corp[0]); err != nil || plain {
		t.Error("plain ids outlive the installation", err)
	}
}
