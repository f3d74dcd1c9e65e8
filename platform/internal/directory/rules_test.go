package directory_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// corp makes a corp with departments 2 生产部 (beneath it 4 一车间, beneath that 5 二组) and
// 3 市场部.
func corp(t *testing.T, s *directory.Service) int64 {
	t.Helper()
	var row int64
	if err := s.DB.Update(t.Context(), func(tx *sql.Tx) (err error) {
		row, err = s.CreateCorp(t.Context(), tx, directory.Corp{CorpID: directory.NewCorpID(), Name: "星河制造"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, d := range []directory.Department{{Number: 2, Parent: 1, Name: "生产部"}, {Number: 3, Parent: 1, Name: "市场部"},
		{Number: 4, Parent: 2, Name: "一车间"}, {Number: 5, Parent: 4, Name: "二组"}} {
		if _, err := s.AddDepartment(t.Context(), row, d); err != nil {
			t.Fatal(err)
		}
	}
	return row
}

func edit(userid string, departments ...int64) directory.MemberEdit {
	return directory.MemberEdit{UserID: userid, Name: "某人", Departments: departments}
}

func add(t *testing.T, s *directory.Service, corp int64, e directory.MemberEdit) directory.Member {
	t.Helper()
	m, err := s.AddMember(t.Context(), corp, directory.NewMember{MemberEdit: e})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// says compares an error with what is expected: nil, one of the package's, or "field: rule".
func says(err error, want any) bool {
	switch want := want.(type) {
	case nil:
		return err == nil
	case error:
		return errors.Is(err, want)
	case string:
		e, ok := errors.AsType[*directory.InvalidError](err)
		return ok && e.Field+": "+e.Rule == want
	}
	return false
}

func TestMemberRules(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c := corp(t, s)
	there := edit("ZhangWei", 2)
	there.Mobile, there.Email = "138-0013 8000", "Zhang@Example.com"
	add(t, s, c, there)
	many := []int64{}
	for n := range int64(101) {
		many = append(many, n+1)
	}
	for name, tc := range map[string]struct {
		change func(*directory.MemberEdit)
		want   any
	}{
		"plain":                 {func(e *directory.MemberEdit) {}, nil},
		"every kind of letter":  {func(e *directory.MemberEdit) { e.UserID = "0a.B_c@d-E" }, nil},
		"64 letters":            {func(e *directory.MemberEdit) { e.UserID = strings.Repeat("a", 64) }, nil},
		"65 letters":            {func(e *directory.MemberEdit) { e.UserID = strings.Repeat("a", 65) }, "userid: long"},
		"no userid":             {func(e *directory.MemberEdit) { e.UserID = " " }, "userid: missing"},
		"dot first":             {func(e *directory.MemberEdit) { e.UserID = ".a" }, "userid: form"},
		"space in userid":       {func(e *directory.MemberEdit) { e.UserID = "a b" }, "userid: form"},
		"newline after userid":  {func(e *directory.MemberEdit) { e.UserID = "ab\nc" }, "userid: form"},
		"Chinese userid":        {func(e *directory.MemberEdit) { e.UserID = "张伟" }, "userid: form"},
		"taken in another case": {func(e *directory.MemberEdit) { e.UserID = "zhangwei" }, directory.ErrTaken},
		"no name":               {func(e *directory.MemberEdit) { e.Name = "" }, "name: missing"},
		"64 characters":         {func(e *directory.MemberEdit) { e.Name = strings.Repeat("虎", 64) }, nil},
		"65 characters":         {func(e *directory.MemberEdit) { e.Name = strings.Repeat("虎", 65) }, "name: long"},
		"control in name":       {func(e *directory.MemberEdit) { e.Name = "a\x07b" }, "name: form"},
		"no department":         {func(e *directory.MemberEdit) { e.Departments = nil }, "departments: missing"},
		"101 departments":       {func(e *directory.MemberEdit) { e.Departments = many }, "departments: many"},
		"unknown department":    {func(e *directory.MemberEdit) { e.Departments = []int64{2, 99} }, directory.ErrNoDepartment},
		"mobile taken":          {func(e *directory.MemberEdit) { e.Mobile = "13800138000" }, directory.ErrMobileTaken},
		"mobile of words":       {func(e *directory.MemberEdit) { e.Mobile = "call me" }, "mobile: form"},
		"email taken":           {func(e *directory.MemberEdit) { e.Email = "zhang@example.COM" }, directory.ErrEmailTaken},
		"email of words":        {func(e *directory.MemberEdit) { e.Email = "at home" }, "email: form"},
		"gender 3":              {func(e *directory.MemberEdit) { e.Gender = 3 }, "gender: form"},
	} {
		e := edit("someone", 3)
		tc.change(&e)
		m, err := s.AddMember(t.Context(), c, directory.NewMember{MemberEdit: e})
		if !says(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			if m.Status != directory.NotEnrolled {
				t.Errorf("%s: status %d", name, m.Status)
			}
			if err := s.RemoveMember(t.Context(), c, m.Row); err != nil {
				t.Errorf("%s: remove: %v", name, err)
			}
		}
	}
	if page, err := s.Members(t.Context(), directory.MemberQuery{Corp: c}); err != nil || page.Total != 1 || len(page.Members) != 1 {
		t.Errorf("refused members left something behind: %+v, %v", page, err)
	}
	other := corp(t, s)
	if m := add(t, s, other, there); m.Person == 0 {
		t.Error("no person")
	} else if first, err := s.MemberByUserID(t.Context(), c, "zhangwei"); err != nil || first.Person == m.Person {
		t.Errorf("a userid, mobile and email joined two persons: %v", err)
	}
}

func TestDepartmentRules(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c := corp(t, s)
	add(t, s, c, edit("a", 5))
	for name, tc := range map[string]struct {
		d    directory.Department
		want any
	}{
		"taken name":      {directory.Department{Parent: 1, Name: " 市场部 "}, directory.ErrNameTaken},
		"elsewhere":       {directory.Department{Parent: 2, Name: "市场部"}, nil},
		"colon":           {directory.Department{Parent: 1, Name: "a:b"}, "name: form"},
		"backslash":       {directory.Department{Parent: 1, Name: `a\b`}, "name: form"},
		"no name":         {directory.Department{Parent: 1, Name: " "}, "name: missing"},
		"65":              {directory.Department{Parent: 1, Name: strings.Repeat("虎", 65)}, "name: long"},
		"no parent":       {directory.Department{Parent: 77, Name: "x"}, directory.ErrNoDepartment},
		"number taken":    {directory.Department{Number: 3, Parent: 1, Name: "x"}, directory.ErrTaken},
		"negative order":  {directory.Department{Parent: 1, Name: "y", Position: -1}, "order: form"},
		"too large order": {directory.Department{Parent: 1, Name: "y", Position: 1 << 32}, "order: form"},
	} {
		if d, err := s.AddDepartment(t.Context(), c, tc.d); !says(err, tc.want) {
			t.Errorf("add %s: %v", name, err)
		} else if err == nil && d.Number < 6 {
			t.Errorf("add %s: number %d", name, d.Number)
		}
	}
	for name, tc := range map[string]struct {
		d    directory.Department
		want any
	}{
		"beneath itself":   {directory.Department{Number: 2, Parent: 5, Name: "生产部"}, directory.ErrCycle},
		"into itself":      {directory.Department{Number: 2, Parent: 2, Name: "生产部"}, directory.ErrCycle},
		"the root":         {directory.Department{Number: 1, Parent: 2, Name: "星河制造"}, directory.ErrRoot},
		"a foreign number": {directory.Department{Number: 99, Parent: 1, Name: "x"}, directory.ErrNotFound},
		"root's name":      {directory.Department{Number: 1, Name: "星河集团"}, nil},
	} {
		if err := s.UpdateDepartment(t.Context(), c, tc.d); !says(err, tc.want) {
			t.Errorf("update %s: %v", name, err)
		}
	}
	for number, want := range map[int64]any{1: directory.ErrRoot, 5: directory.ErrNotEmpty, 2: directory.ErrNotEmpty, 99: directory.ErrNotFound, 3: nil} {
		if err := s.RemoveDepartment(t.Context(), c, number); !says(err, want) {
			t.Errorf("remove %d: %v", number, err)
		}
	}
	parent := int64(5)
	for depth := 5; ; depth++ {
		d, err := s.AddDepartment(t.Context(), c, directory.Department{Parent: parent, Name: "深"})
		if errors.Is(err, directory.ErrTooDeep) {
			if depth != directory.MaxDepth+1 {
				t.Errorf("refused at depth %d", depth)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		parent = d.Number
	}
	if err := s.UpdateDepartment(t.Context(), c, directory.Department{Number: 2, Parent: 6, Name: "生产部"}); err == nil {
		t.Error("a move made the tree too deep or a cycle")
	}
}

// Every change is told once, in order, inside its transaction; what the listener refuses has
// not happened.
func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c := corp(t, s)
	var said []string
	var refuse error
	s.Changed = func(_ context.Context, tx *sql.Tx, ch directory.Change) error {
		said = append(said, fmt.Sprintf("%s %s%s %v→%v %v d%d/%d", ch.Type, ch.OldUserID, ">"+ch.Member.UserID, ch.Before, ch.After, ch.Fields,
			ch.Department.Number, ch.OldParent))
		return refuse
	}
	ctx := t.Context()
	m := add(t, s, c, edit("a", 5, 3))
	e := edit("b", 3)
	e.Position = "厂长"
	if _, err := s.UpdateMember(ctx, c, m.Row, e); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateMember(ctx, c, m.Row, e); err != nil { // nothing has changed
		t.Fatal(err)
	}
	steps := []error{
		s.SetStatus(ctx, c, m.Row, directory.Disabled), s.SetStatus(ctx, c, m.Row, directory.Disabled), s.SetStatus(ctx, c, m.Row, directory.Active),
		s.UpdateDepartment(ctx, c, directory.Department{Number: 4, Parent: 3, Name: "一车间", Position: 7}),
		s.RemoveDepartment(ctx, c, 5), s.RemoveMember(ctx, c, m.Row),
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"create_user >a []→[5 3] [] d0/0", "update_user a>b [5 3]→[3] [UserID Position Department] d0/0",
		"update_user >b [3]→[3] [Status] d0/0", "update_user >b [3]→[3] [Status] d0/0",
		"update_party > []→[] [Order ParentId] d4/2", "delete_party > []→[] [] d5/0", "delete_user >b [3]→[] [] d0/0",
	}
	if !slices.Equal(said, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	refuse = errors.New("no")
	if _, err := s.AddMember(ctx, c, directory.NewMember{MemberEdit: edit("z", 3)}); !errors.Is(err, refuse) {
		t.Errorf("%v", err)
	}
	if _, err := s.MemberByUserID(ctx, c, "z"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("a refused change stays: %v", err)
	}
}

// The lists of departments hold exactly who is in or beneath them, after every kind of change.
func TestPlacesAreTrue(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c, ctx := corp(t, s), t.Context()
	a, b := add(t, s, c, edit("A", 5)), add(t, s, c, edit("b", 4, 3))
	d := add(t, s, c, edit("c", 1))
	check := func(when string) {
		t.Helper()
		tree, err := s.Tree(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, dep := range tree {
			beneath, err := s.DepartmentsBelow(ctx, c, dep.Number)
			if err != nil {
				t.Fatal(err)
			}
			want, direct := []string{}, []string{}
			for _, userid := range []string{"A", "b", "B2", "c"} {
				m, err := s.MemberByUserID(ctx, c, userid)
				if err != nil {
					continue
				}
				in, err := s.DepartmentsOf(ctx, m.Row)
				if err != nil {
					t.Fatal(err)
				}
				if slices.ContainsFunc(in, func(n int64) bool { return slices.Contains(beneath, n) }) {
					want = append(want, m.UserID)
				}
				if slices.Contains(in, dep.Number) {
					direct = append(direct, m.UserID)
				}
			}
			for below, want := range map[bool][]string{true: want, false: direct} {
				page, err := s.Members(ctx, directory.MemberQuery{Corp: c, Department: dep.Number, Below: below})
				if err != nil {
					t.Fatal(err)
				}
				got := []string{}
				for _, m := range page.Members {
					got = append(got, m.UserID)
				}
				if !slices.Equal(got, want) || page.Total != len(want) || below && int(dep.Count) != len(want) {
					t.Errorf("%s: department %d (below %v): %v of %d, count %d, want %v", when, dep.Number, below, got, page.Total, dep.Count, want)
				}
			}
		}
	}
	check("at first")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.UpdateDepartment(ctx, c, directory.Department{Number: 4, Parent: 3, Name: "一车间"}))
	check("moved beside")
	must(s.UpdateDepartment(ctx, c, directory.Department{Number: 4, Parent: 1, Name: "一车间"}))
	check("moved up")
	must(s.UpdateDepartment(ctx, c, directory.Department{Number: 3, Parent: 5, Name: "市场部"}))
	check("moved deep")
	_, err := s.UpdateMember(ctx, c, b.Row, edit("B2", 2, 5))
	must(err)
	check("member moved and renamed")
	must(s.SetStatus(ctx, c, a.Row, directory.Disabled))
	page, err := s.Members(ctx, directory.MemberQuery{Corp: c, Status: directory.Disabled})
	if err != nil || len(page.Members) != 1 || page.Members[0].UserID != "A" || page.Total != 1 {
		t.Errorf("disabled: %+v, %v", page, err)
	}
	must(s.RemoveMember(ctx, c, d.Row))
	check("member removed")
}

func TestSearchAndPages(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c, ctx := corp(t, s), t.Context()
	var list []directory.NewMember
	for i := range 1203 {
		e := edit(fmt.Sprintf("user%04d", i), []int64{2, 3, 4, 5}[i%4])
		e.Name, e.Email = fmt.Sprintf("成员%d", i), fmt.Sprintf("User%d@example.com", i)
		list = append(list, directory.NewMember{MemberEdit: e})
	}
	if err := s.DB.Update(ctx, func(tx *sql.Tx) error { _, err := s.AddMembers(ctx, tx, c, list); return err }); err != nil {
		t.Fatal(err)
	}
	other := corp(t, s)
	add(t, s, other, edit("user0001", 2))
	for name, tc := range map[string]struct {
		q       directory.MemberQuery
		total   int
		least   bool
		members int // over all pages
	}{
		"all":              {directory.MemberQuery{}, 1203, false, 1203},
		"beneath":          {directory.MemberQuery{Department: 2, Below: true}, 902, false, 902},
		"in it":            {directory.MemberQuery{Department: 2}, 301, false, 301},
		"search, all":      {directory.MemberQuery{Search: "EXAMPLE.com"}, 1000, true, 1203},
		"search, one":      {directory.MemberQuery{Search: "成员1200"}, 1, false, 1},
		"search, % and _":  {directory.MemberQuery{Search: "%_"}, 0, false, 0},
		"search, none":     {directory.MemberQuery{Search: "qqq"}, 0, false, 0},
		"scope":            {directory.MemberQuery{Scope: []int64{4, 3, 5}}, 902, false, 902},
		"scope, beneath":   {directory.MemberQuery{Scope: []int64{4}, Department: 2, Below: true}, 601, false, 601},
		"scope, inside":    {directory.MemberQuery{Scope: []int64{2}, Department: 5, Below: true}, 300, false, 300},
		"scope, elsewhere": {directory.MemberQuery{Scope: []int64{3}, Department: 2, Below: true}, 0, false, 0},
		"scope of nothing": {directory.MemberQuery{Scope: []int64{}}, 0, false, 0},
		"not enrolled":     {directory.MemberQuery{Status: directory.NotEnrolled, Search: "user000"}, 10, false, 10},
		"active: none is":  {directory.MemberQuery{Status: directory.Active}, 0, false, 0},
	} {
		tc.q.Corp, tc.q.Limit = c, 70
		seen, pages := map[string]bool{}, 0
		for {
			page, err := s.Members(ctx, tc.q)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if page.Total != tc.total || page.AtLeast != tc.least {
				t.Errorf("%s: total %d (at least: %v)", name, page.Total, page.AtLeast)
			}
			for _, m := range page.Members {
				if seen[m.UserID] || m.Corp.Row != c {
					t.Errorf("%s: %s again, or of another corp", name, m.UserID)
				}
				seen[m.UserID] = true
			}
			if pages++; page.Next == "" || pages > 50 {
				break
			}
			tc.q.After = page.Next
		}
		if len(seen) != tc.members {
			t.Errorf("%s: %d members", name, len(seen))
		}
	}
	if _, err := s.Members(ctx, directory.MemberQuery{Corp: c, Department: 99}); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestAdminRules(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c, other, ctx := corp(t, s), corp(t, s), t.Context()
	boss, second, sub := add(t, s, c, edit("boss", 1)), add(t, s, c, edit("second", 1)), add(t, s, c, edit("sub", 2))
	stranger := add(t, s, other, edit("stranger", 1))
	must := func(_ int64, err error) int64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return 0
	}
	must(s.AddAdmin(ctx, directory.NewAdmin{Corp: c, Member: boss.Row, Kind: directory.Creator}))
	secondRow, err := s.AddAdmin(ctx, directory.NewAdmin{Corp: c, Member: second.Row, Kind: directory.System})
	must(0, err)
	must(s.AddAdmin(ctx, directory.NewAdmin{Corp: c, Member: sub.Row, Kind: directory.Sub,
		Departments: []directory.AdminDepartment{{Number: 2, Writable: true}, {Number: 3}}, Apps: map[int64]bool{7: true, 8: false}}))
	for name, tc := range map[string]struct {
		a    directory.NewAdmin
		want any
	}{
		"again":             {directory.NewAdmin{Corp: c, Member: sub.Row, Kind: directory.System}, directory.ErrAlreadyAdmin},
		"second creator":    {directory.NewAdmin{Corp: c, Member: second.Row, Kind: directory.Creator}, directory.ErrCreatorStays},
		"foreign member":    {directory.NewAdmin{Corp: c, Member: stranger.Row, Kind: directory.System}, directory.ErrNotFound},
		"foreign dept":      {directory.NewAdmin{Corp: other, Member: stranger.Row, Kind: directory.Sub, Departments: []directory.AdminDepartment{{Number: 99}}}, directory.ErrNoDepartment},
		"external's member": {directory.NewAdmin{Corp: c, Member: second.Row, Kind: directory.External}, "kind: form"},
		"kind 9":            {directory.NewAdmin{Corp: c, Member: second.Row, Kind: 9}, "kind: form"},
	} {
		if _, err := s.AddAdmin(ctx, tc.a); !says(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err := s.AdminOf(ctx, c, sub.Person)
	if err != nil || a.SeesAll() || !a.Manages(7) || a.Manages(8) || a.Manages(9) || !reflect.DeepEqual(a.Scope(), []int64{2, 3}) ||
		!reflect.DeepEqual(a.Writable(), []int64{2}) || a.UserID != "sub" {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := s.AdminOf(ctx, other, sub.Person); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("an admin elsewhere: %v", err)
	}
	if err := s.SetStatus(ctx, c, sub.Row, directory.Disabled); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AdminOf(ctx, c, sub.Person); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("disabled: %v", err)
	}
	if list, err := s.Admins(ctx, c); err != nil || len(list) != 3 || list[0].Kind != directory.Creator || !list[2].Disabled {
		t.Errorf("%+v, %v", list, err)
	}
	bossAdmin, err := s.AdminOf(ctx, c, boss.Person)
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"disable":  s.SetStatus(ctx, c, boss.Row, directory.Disabled),
		"remove":   s.RemoveMember(ctx, c, boss.Row),
		"unrights": s.RemoveAdmin(ctx, c, bossAdmin.Row),
		"demote":   s.UpdateAdmin(ctx, c, bossAdmin.Row, directory.NewAdmin{Kind: directory.System}),
	} {
		if !errors.Is(err, directory.ErrCreatorStays) {
			t.Errorf("%s the creator: %v", name, err)
		}
	}
	hand := func(to int64) error {
		return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.HandOverIn(ctx, tx, c, to) })
	}
	if err := hand(second.Row); !errors.Is(err, directory.ErrNotActive) {
		t.Errorf("to one who has not enrolled: %v", err)
	}
	enrol := func(person int64, account string) error {
		return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.Enrol(ctx, tx, person, account) })
	}
	if err := errors.Join(enrol(second.Person, "second"), hand(second.Row)); err != nil {
		t.Fatal(err)
	}
	if a, err := s.AdminOf(ctx, c, boss.Person); err != nil || a.Kind != directory.System {
		t.Errorf("the old creator: %+v, %v", a, err)
	}
	if err := s.RemoveAdmin(ctx, c, secondRow); !errors.Is(err, directory.ErrCreatorStays) {
		t.Errorf("the new creator: %v", err)
	}
	if err := s.RemoveAdmin(ctx, other, bossAdmin.Row); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("from another corp: %v", err)
	}
	// A corp without a creator keeps its last system admin.
	lastRow, err := s.AddAdmin(ctx, directory.NewAdmin{Corp: other, Member: stranger.Row, Kind: directory.System})
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"remove": s.RemoveAdmin(ctx, other, lastRow), "disable": s.SetStatus(ctx, other, stranger.Row, directory.Disabled),
		"leave": s.RemoveMember(ctx, other, stranger.Row), "demote": s.UpdateAdmin(ctx, other, lastRow, directory.NewAdmin{Kind: directory.Sub}),
	} {
		if !errors.Is(err, directory.ErrLastAdmin) {
			t.Errorf("%s the last: %v", name, err)
		}
	}
}

// What hangs on a membership goes with it; the person stays, a placeholder does not.
func TestRemoveMember(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c, ctx := corp(t, s), t.Context()
	m, waits := add(t, s, c, edit("a", 2)), add(t, s, c, edit("b", 2))
	if err := s.DB.Update(ctx, func(tx *sql.Tx) error {
		if err := s.Enrol(ctx, tx, m.Person, "a"); err != nil {
			return err
		}
		if _, err := s.AddAdminIn(ctx, tx, directory.NewAdmin{Corp: c, Member: m.Row, Kind: directory.Sub,
			Departments: []directory.AdminDepartment{{Number: 2}}, Apps: map[int64]bool{7: true}}); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO covered (holder, kind, ref) VALUES (7, 'member', $1), (7, 'department', $1)`, m.Row)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.RemoveMember(ctx, c, m.Row), s.RemoveMember(ctx, c, waits.Row)); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM members`: 0, `SELECT COUNT(*) FROM member_places`: 0, `SELECT COUNT(*) FROM member_departments`: 0,
		`SELECT COUNT(*) FROM admins`: 0, `SELECT COUNT(*) FROM admin_apps`: 0, `SELECT COUNT(*) FROM admin_departments`: 0,
		`SELECT COUNT(*) FROM covered`: 1, `SELECT COUNT(*) FROM persons`: 1, `SELECT SUM(members) FROM departments`: 0,
	} {
		var n int
		if err := s.DB.Query(query).Row(ctx).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d, %v", query, n, err)
		}
	}
	again := add(t, s, c, edit("a", 2))
	if again.Row == m.Row || again.Person == m.Person {
		t.Error("a userid brought the old membership back")
	}
}

// In a sandbox a person without credentials may have been picked: who has left something stays
// when the membership goes.
func TestRemovePicked(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c, ctx := corp(t, s), t.Context()
	for i, left := range []string{
		`INSERT INTO devices (id, person_id, part, session, browser, address, created_at) VALUES (1, $1, 'phone', 's', '', '', 0)`,
		`INSERT INTO familiar (person_id, digest, since) VALUES ($1, X'01', 0)`,
		`INSERT INTO desktop_clients (id, person_id, public_key, name, address, created_at, used_at) VALUES (1, $1, X'01', '', '', 0, 0)`,
	} {
		m := add(t, s, c, edit(string(rune('a'+i)), 2))
		if _, err := s.DB.Exec(ctx, left, m.Person); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveMember(ctx, c, m.Row); err != nil {
			t.Errorf("%s: %v", left, err)
		}
		if _, err := s.Person(ctx, m.Person); err != nil {
			t.Errorf("%s: the person is gone: %v", left, err)
		}
	}
}

// A membership that waits is given to who accepts it, with its rights; nothing else is.
func TestMoveMembership(t *testing.T) {
	t.Parallel()
	s := newDirectory(t)
	c, other, ctx := corp(t, s), corp(t, s), t.Context()
	mine, offered, second := add(t, s, other, edit("me", 1)), add(t, s, c, edit("me", 2)), add(t, s, c, edit("me2", 2))
	if _, err := s.AddAdmin(ctx, directory.NewAdmin{Corp: c, Member: offered.Row, Kind: directory.System}); err != nil {
		t.Fatal(err)
	}
	move := func(member, person int64) error {
		return s.DB.Update(ctx, func(tx *sql.Tx) error { return s.MoveMembership(ctx, tx, member, person) })
	}
	if err := s.DB.Update(ctx, func(tx *sql.Tx) error { return s.Enrol(ctx, tx, mine.Person, "me") }); err != nil {
		t.Fatal(err)
	}
	if err := move(offered.Row, mine.Person); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Memberships(ctx, mine.Person); err != nil || len(list) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	if a, err := s.AdminOf(ctx, c, mine.Person); err != nil || a.Kind != directory.System || a.Member != offered.Row {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := s.Person(ctx, offered.Person); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the placeholder stays: %v", err)
	}
	if err := move(second.Row, mine.Person); !errors.Is(err, directory.ErrAlreadyMember) {
		t.Errorf("twice in one corp: %v", err)
	}
	if err := move(mine.Row, second.Person); !errors.Is(err, directory.ErrEnrolled) {
		t.Errorf("a membership was taken from its person: %v", err)
	}
}
