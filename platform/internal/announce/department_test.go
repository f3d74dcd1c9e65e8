package announce_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/protocol"
)

// idOf is whom an event is about: a department's id or a member's userid.
func idOf(e protocol.Event) string {
	if e.Contact.ID != 0 {
		return fmt.Sprint(e.Contact.ID)
	}
	return e.Contact.UserID
}

// TestDepartments: made, renamed, moved within the range, removed.
func TestDepartments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	s, apart := b.suite("a", 0, true, []int64{2}, nil), b.suite("b", 1, true, []int64{7}, nil)
	b.member("someone", 5)
	b.run()
	for e := b.next(s); e.ChangeType != protocol.ChangeCreateUser; e = b.next(s) {
		t.Errorf("%+v", e)
	}
	order := func(n int64) *int64 { return &n }
	expect := func(change string, want protocol.Contact) {
		t.Helper()
		if e := b.next(s); e.InfoType != protocol.EventChangeContact || e.ChangeType != change || e.AuthCorpID != corpID || !sameContact(e.Contact, want) {
			t.Errorf("told %s %+v, want %s %+v", e.ChangeType, e.Contact, change, want)
		}
	}
	d, err := b.directory.AddDepartment(ctx, b.corp, directory.Department{Parent: 5, Name: "姓名部", Position: 0})
	b.must(err)
	expect(protocol.ChangeCreateParty, protocol.Contact{ID: d.Number, Name: fmt.Sprint(d.Number), ParentID: 5, Order: order(0)})
	d.Name = "姓名部二"
	b.must(b.directory.UpdateDepartment(ctx, b.corp, d))
	expect(protocol.ChangeUpdateParty, protocol.Contact{ID: d.Number, Name: fmt.Sprint(d.Number)})
	d.Position = 7
	b.must(b.directory.UpdateDepartment(ctx, b.corp, d))
	expect(protocol.ChangeUpdateParty, protocol.Contact{ID: d.Number, Order: order(7)})
	d.Parent, d.Position = 3, 8
	b.must(b.directory.UpdateDepartment(ctx, b.corp, d))
	expect(protocol.ChangeUpdateParty, protocol.Contact{ID: d.Number, ParentID: 3, Order: order(8)})
	// With what lies beneath, and those in it: the one event says it all.
	b.must(b.directory.UpdateDepartment(ctx, b.corp, directory.Department{Number: 4, Parent: 2, Name: "部4"}))
	expect(protocol.ChangeUpdateParty, protocol.Contact{ID: 4, ParentID: 2})
	// What the range names itself may go where it will.
	b.must(b.directory.UpdateDepartment(ctx, b.corp, directory.Department{Number: 2, Parent: 6, Name: "部2"}))
	expect(protocol.ChangeUpdateParty, protocol.Contact{ID: 2, ParentID: 6})
	b.must(b.directory.RemoveDepartment(ctx, b.corp, d.Number))
	expect(protocol.ChangeDeleteParty, protocol.Contact{ID: d.Number})
	out, err := b.directory.AddDepartment(ctx, b.corp, directory.Department{Parent: 6, Name: "外"})
	b.must(err)
	b.must(b.directory.RemoveDepartment(ctx, b.corp, out.Number))
	b.quiet(s)
	b.quiet(apart)
}

// TestCrossing moves departments over the edge of ranges: all that came or went is told, what
// is covered in another way stays.
func TestCrossing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	b.member("in4", 4)
	b.member("in5", 5)
	b.member("both", 5, 2)
	named := b.member("named", 5)
	b.member("elsewhere", 7)
	ranges := map[string]*suite{
		"old home": b.suite("old", 0, true, []int64{2}, []int64{named.Row}), // holds 4 before
		"new home": b.suite("new", 0, true, []int64{6}, []int64{named.Row}), // holds 4 after
		"child":    b.suite("child", 0, true, []int64{2, 5}, nil),           // names 5, beneath 4, itself
		"whole":    b.suite("whole", 0, true, []int64{1}, nil),
		"none":     b.suite("none", 0, true, nil, nil),
	}
	b.run()
	b.must(b.directory.UpdateDepartment(ctx, b.corp, directory.Department{Number: 4, Parent: 7, Name: "部4"}))
	for name, want := range map[string][]string{
		"old home": {"delete_user in4", "delete_user in5", "update_user both", "update_user named", "delete_party 5", "delete_party 4"},
		"new home": {"create_party 4", "create_party 5", "create_user in4", "create_user in5", "create_user both", "update_user named"},
		"child":    {"delete_user in4", "delete_party 4"},
		"whole":    {"update_party 4"},
		"none":     nil,
	} {
		if got := b.told(ranges[name], idOf); !slices.Equal(got, want) {
			t.Errorf("%s was told %q, want %q", name, got, want)
		}
	}
	b.must(b.directory.UpdateDepartment(ctx, b.corp, directory.Department{Number: 4, Parent: 3, Name: "部4"})) // and back
	for name, want := range map[string][]string{
		"old home": {"create_party 4", "create_party 5", "create_user in4", "create_user in5", "update_user both", "update_user named"},
		"new home": {"delete_user in4", "delete_user in5", "delete_user both", "update_user named", "delete_party 5", "delete_party 4"},
		"child":    {"create_party 4", "create_user in4"},
		"whole":    {"update_party 4"},
		"none":     nil,
	} {
		if got := b.told(ranges[name], idOf); !slices.Equal(got, want) {
			t.Errorf("back again, %s was told %q, want %q", name, got, want)
		}
	}
}

// TestReusedNumber: a department that gets the number of a removed one is not covered by what
// covered that, not even within one transaction.
func TestReusedNumber(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	d, err := b.directory.AddDepartment(ctx, b.corp, directory.Department{Parent: 1, Name: "甲"})
	b.must(err)
	s := b.suite("a", 0, true, []int64{d.Number}, nil)
	b.run()
	var again directory.Department
	b.update(func(tx *sql.Tx) error {
		if err := b.directory.RemoveDepartmentIn(ctx, tx, b.corp, d.Number); err != nil {
			return err
		}
		again, err = b.directory.AddDepartmentIn(ctx, tx, b.corp, directory.Department{Parent: 1, Name: "乙"})
		return err
	})
	b.member("someone", again.Number)
	if got := b.told(s, idOf); again.Number != d.Number || !slices.Equal(got, []string{fmt.Sprint("delete_party ", d.Number)}) {
		t.Errorf("number %d again as %d: told %q", d.Number, again.Number, got)
	}
}
