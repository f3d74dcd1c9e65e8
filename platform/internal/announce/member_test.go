package announce_test

import (
	"database/sql"
	"errors"
	"slices"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// TestRange is the table of what a suite is told when a member changes departments, by where
// the range lies. Department 5 lies four levels beneath 1, 7 elsewhere.
func TestRange(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		departments   []int64 // of the range
		named         bool    // the range names the member
		before, after []int64
		want          string
		shown         []int64 // departments in the event
		main          int64
	}{
		"in to in":                    {departments: []int64{2}, before: []int64{3}, after: []int64{5}, want: protocol.ChangeUpdateUser, shown: []int64{5}, main: 5},
		"in to in, whole company":     {departments: []int64{1}, before: []int64{7}, after: []int64{5, 6}, want: protocol.ChangeUpdateUser, shown: []int64{5, 6}, main: 5},
		"in to out":                   {departments: []int64{2}, before: []int64{5}, after: []int64{7}, want: protocol.ChangeDeleteUser},
		"out to in":                   {departments: []int64{2}, before: []int64{7}, after: []int64{5}, want: protocol.ChangeCreateUser, shown: []int64{5}, main: 5},
		"out to out":                  {departments: []int64{3}, before: []int64{7}, after: []int64{6}},
		"out to out, the parent":      {departments: []int64{5}, before: []int64{4}, after: []int64{3}},
		"in by one of two, stays":     {departments: []int64{2}, before: []int64{7, 5}, after: []int64{5}, want: protocol.ChangeUpdateUser, shown: []int64{5}, main: 5},
		"in by one of two, leaves":    {departments: []int64{2}, before: []int64{5, 7}, after: []int64{7}, want: protocol.ChangeDeleteUser},
		"in by one of two, main out":  {departments: []int64{2}, before: []int64{7}, after: []int64{7, 5}, want: protocol.ChangeCreateUser, shown: []int64{5}},
		"the main one changes":        {departments: []int64{2}, before: []int64{5, 3}, after: []int64{3, 5}, want: protocol.ChangeUpdateUser, shown: []int64{3, 5}, main: 3},
		"beyond the range":            {departments: []int64{5}, before: []int64{5, 6}, after: []int64{5, 7}, want: protocol.ChangeUpdateUser},
		"named, nothing else":         {named: true, before: []int64{7}, after: []int64{5}, want: protocol.ChangeUpdateUser},
		"named, comes into the range": {departments: []int64{2}, named: true, before: []int64{7}, after: []int64{5}, want: protocol.ChangeUpdateUser, shown: []int64{5}, main: 5},
		"no range at all":             {before: []int64{2}, after: []int64{5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			m := b.member("someone", row.before...)
			var named []int64
			if row.named {
				named = []int64{m.Row}
			}
			s := b.suite("a", 0, false, row.departments, named)
			b.run()
			if _, err := b.directory.UpdateMember(t.Context(), b.corp, m.Row, edit("someone", row.after...)); err != nil {
				t.Fatal(err)
			}
			if row.want != "" {
				e := b.next(s)
				corp, userid, open := b.ids(s, m)
				want := protocol.Contact{UserID: userid, OpenUserID: open, Department: row.shown, MainDepartment: row.main}
				if row.want == protocol.ChangeCreateUser {
					want.Name = userid
				}
				if e.InfoType != protocol.EventChangeContact || e.ChangeType != row.want || e.AuthCorpID != corp || !sameContact(e.Contact, want) {
					t.Errorf("told %s of %s: %+v, want %s %+v", e.ChangeType, e.AuthCorpID, e.Contact, row.want, want)
				}
			}
			b.quiet(s)
		})
	}
}

func sameContact(a, b protocol.Contact) bool {
	return a.UserID == b.UserID && a.OpenUserID == b.OpenUserID && a.NewUserID == b.NewUserID && a.Name == b.Name &&
		slices.Equal(a.Department, b.Department) && a.MainDepartment == b.MainDepartment && a.Status == b.Status &&
		a.ID == b.ID && a.ParentID == b.ParentID && (a.Order == nil) == (b.Order == nil) && (a.Order == nil || *a.Order == *b.Order)
}

// TestLife follows a member from beginning to end, for a provider that sees plain ids and one
// that does not.
func TestLife(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	plain, encrypted := b.suite("plain", 0, true, []int64{2}, nil), b.suite("encrypted", 1, false, []int64{1}, nil)
	b.run()
	m := b.member("first", 5)
	expect := func(s *suite, change string, want protocol.Contact) {
		t.Helper()
		e := b.next(s)
		corp, _, open := b.ids(s, m)
		want.OpenUserID = open
		if want.UserID == "" {
			want.UserID = open
		}
		if e.ChangeType != change || e.AuthCorpID != corp || !sameContact(e.Contact, want) {
			t.Errorf("%s was told %s of %s: %+v, want %+v", s.id, e.ChangeType, e.AuthCorpID, e.Contact, want)
		}
	}
	_, _, open := b.ids(encrypted, m)
	expect(plain, protocol.ChangeCreateUser, protocol.Contact{UserID: "first", Name: "first", Department: []int64{5}, MainDepartment: 5})
	expect(encrypted, protocol.ChangeCreateUser, protocol.Contact{Name: open, Department: []int64{5}, MainDepartment: 5})

	change := func(e directory.MemberEdit) {
		t.Helper()
		if _, err := b.directory.UpdateMember(ctx, b.corp, m.Row, e); err != nil {
			t.Fatal(err)
		}
	}
	renamed := edit("first", 5)
	renamed.Name, renamed.Mobile = "姓名 改", "19900000001"
	change(renamed) // not for a third party to see; that it happened is told
	expect(plain, protocol.ChangeUpdateUser, protocol.Contact{UserID: "first"})
	expect(encrypted, protocol.ChangeUpdateUser, protocol.Contact{})

	renamed.UserID = "second"
	change(renamed)
	expect(plain, protocol.ChangeUpdateUser, protocol.Contact{UserID: "first", NewUserID: "second", Name: "second"})
	expect(encrypted, protocol.ChangeUpdateUser, protocol.Contact{})

	b.must(b.directory.SetStatus(ctx, b.corp, m.Row, directory.Disabled))
	expect(plain, protocol.ChangeUpdateUser, protocol.Contact{UserID: "second", Status: 2})
	expect(encrypted, protocol.ChangeUpdateUser, protocol.Contact{Status: 2})

	renamed.UserID, renamed.Departments = "third", []int64{7} // at once renamed and out of the first's range
	change(renamed)
	expect(plain, protocol.ChangeDeleteUser, protocol.Contact{UserID: "second"})
	expect(encrypted, protocol.ChangeUpdateUser, protocol.Contact{Department: []int64{7}, MainDepartment: 7})

	renamed.UserID, renamed.Departments = "fourth", []int64{2}
	change(renamed)
	expect(plain, protocol.ChangeCreateUser, protocol.Contact{UserID: "fourth", Name: "fourth", Department: []int64{2}, MainDepartment: 2})
	expect(encrypted, protocol.ChangeUpdateUser, protocol.Contact{Department: []int64{2}, MainDepartment: 2})

	b.must(b.directory.RemoveMember(ctx, b.corp, m.Row))
	expect(plain, protocol.ChangeDeleteUser, protocol.Contact{UserID: "fourth"})
	expect(encrypted, protocol.ChangeDeleteUser, protocol.Contact{})
	b.quiet(plain)
	b.quiet(encrypted)
}

// TestNamedRemoved removes a member that only the range's list of members covers.
func TestNamedRemoved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m, other := b.member("named", 7), b.member("other", 7)
	s := b.suite("a", 0, false, nil, []int64{m.Row})
	b.run()
	b.must(b.directory.RemoveMember(t.Context(), b.corp, other.Row))
	b.must(b.directory.RemoveMember(t.Context(), b.corp, m.Row))
	_, userid, _ := b.ids(s, m)
	if e := b.next(s); e.ChangeType != protocol.ChangeDeleteUser || e.Contact.UserID != userid {
		t.Errorf("%+v", e)
	}
	b.quiet(s)
}

// TestProviderSees: two suites of one provider see the corp's ids alike, plain where one of
// them was installed before ids were encrypted; another provider's does not.
func TestProviderSees(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	old, young := b.suite("old", 0, true, []int64{1}, nil), b.suite("young", 0, false, []int64{1}, nil)
	other := b.suite("other", 1, false, []int64{1}, nil)
	b.run()
	m := b.member("someone", 2)
	for _, s := range []*suite{old, young} {
		if e := b.next(s); e.AuthCorpID != corpID || e.Contact.UserID != "someone" {
			t.Errorf("%s: %s, %+v", s.id, e.AuthCorpID, e.Contact)
		}
	}
	corp, userid, _ := b.ids(other, m)
	if e := b.next(other); e.AuthCorpID != corp || e.Contact.UserID != userid || corp == corpID {
		t.Errorf("%s, %+v", e.AuthCorpID, e.Contact)
	}
}

// TestTakenBack: a transaction that fails tells nobody, and what was read in it does not serve
// the next.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	s := b.suite("a", 0, false, []int64{2}, nil)
	b.run()
	broken := errors.New("broken")
	err := b.db.Update(ctx, func(tx *sql.Tx) error {
		if err := b.apps.SetRange(ctx, tx, s.holder, []int64{6}, nil); err != nil {
			return err
		}
		if err := b.directory.UpdateDepartmentIn(ctx, tx, b.corp, directory.Department{Number: 7, Parent: 2, Name: "别处"}); err != nil {
			return err
		}
		if _, err := b.directory.AddMemberIn(ctx, tx, b.corp, directory.NewMember{MemberEdit: edit("ghost", 6)}); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	b.member("outside", 7) // as range and tree were
	b.member("inside", 5)
	if e := b.next(s); e.ChangeType != protocol.ChangeCreateUser || !slices.Equal(e.Contact.Department, []int64{5}) {
		t.Errorf("%+v", e)
	}
	b.quiet(s)
}

// TestOneTransaction does many things at once: each is told by how things stood then.
func TestOneTransaction(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	s := b.suite("a", 0, true, []int64{2}, nil)
	b.run()
	add := func(tx *sql.Tx, userid string, department int64) error {
		_, err := b.directory.AddMemberIn(ctx, tx, b.corp, directory.NewMember{MemberEdit: edit(userid, department)})
		return err
	}
	b.update(func(tx *sql.Tx) error {
		return errors.Join(
			add(tx, "in", 5), add(tx, "out", 7),
			b.directory.UpdateDepartmentIn(ctx, tx, b.corp, directory.Department{Number: 7, Parent: 5, Name: "来"}),
			add(tx, "in2", 7),
			b.apps.SetRange(ctx, tx, s.holder, []int64{6}, nil),
			add(tx, "out2", 7), add(tx, "in3", 6),
		)
	})
	want := []string{"create_user in", "create_party 7", "create_user out", "create_user in2", " ", "create_user in3"}
	if got := b.told(s, func(e protocol.Event) string { return idOf(e) }); !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}
