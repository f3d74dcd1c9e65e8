package directory_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// Who administers a company from outside and is its member too is nothing there any more once
// the company has disabled or removed the member.
func TestExternalAdminWhoIsAMember(t *testing.T) {
	t.Parallel()
	s, ctx := newDirectory(t), t.Context()
	c, elsewhere := corp(t, s), corp(t, s)
	var person int64
	if err := s.DB.Update(ctx, func(tx *sql.Tx) (err error) {
		person, err = s.CreatePerson(ctx, tx, directory.Person{Name: "某人", Account: "someone"}, "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	m, err := s.AddMember(ctx, c, directory.NewMember{Person: person, MemberEdit: edit("someone", 3)})
	if err != nil {
		t.Fatal(err)
	}
	creator := add(t, s, c, edit("creator", 1))
	for _, a := range []directory.NewAdmin{{Corp: c, Member: creator.Row, Kind: directory.Creator},
		{Corp: c, Person: person, Kind: directory.External}, {Corp: elsewhere, Person: person, Kind: directory.External}} {
		if _, err := s.AddAdmin(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	corps := func() (rows []int64) {
		t.Helper()
		list, err := s.AdminCorps(ctx, person)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			rows = append(rows, a.Corp.Row)
		}
		return rows
	}
	if _, err := s.AdminOf(ctx, c, person); err != nil || len(corps()) != 2 {
		t.Fatalf("before: %v, %v", err, corps())
	}
	if err := s.SetStatus(ctx, c, m.Row, directory.Disabled); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AdminOf(ctx, c, person); !errors.Is(err, directory.ErrNotFound) || len(corps()) != 1 || corps()[0] != elsewhere {
		t.Errorf("disabled: %v, %v", err, corps())
	}
	if list, err := s.Admins(ctx, c); err != nil || len(list) != 2 {
		t.Errorf("the list leaves out who is disabled: %+v %v", list, err)
	}
	if err := s.RemoveMember(ctx, c, m.Row); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AdminOf(ctx, c, person); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("removed: %v", err)
	}
	if _, err := s.AdminOf(ctx, elsewhere, person); err != nil {
		t.Errorf("in another company: %v", err)
	}
	if _, err := s.AdminOf(ctx, c, creator.Person); err != nil {
		t.Errorf("another administrator: %v", err)
	}
}
