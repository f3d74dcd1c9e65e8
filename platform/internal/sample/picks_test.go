package sample

import (
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// TestPicks: the sample's people come first, each with their roles; whoever cannot sign in is
// none to pick, however large the crowd.
func TestPicks(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	m.Crowd = true
	d := m.ensure(t)
	list, err := m.Directory.Picks(t.Context(), 50)
	if err != nil {
		t.Fatal(err)
	}
	named := len(people) + len(morePeople)
	if len(list) != named+crowdAccounts || list[0].Account != people[0].account {
		t.Fatalf("%d to pick, the first is %+v", len(list), list[0])
	}
	by := map[string]directory.Pick{}
	for _, p := range list {
		by[p.Account] = p
	}
	type role struct {
		name   string
		member bool
		kind   directory.AdminKind
	}
	for account, want := range map[string][]role{
		"zhangwei": {{"星河制造", true, 0}}, "wangfang": {{"星河制造", true, directory.System}},
		"lixi":   {{"星河制造", true, 0}, {"远山文化", true, directory.System}},
		"wutong": {{"星河制造", false, directory.External}}, "chenyizhou": nil, "suqing": nil,
	} {
		var got []role
		for _, c := range by[account].Corps {
			got = append(got, role{c.Name, c.Member, c.Kind})
		}
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] || len(got) > 1 && got[1] != want[1] {
			t.Errorf("%s: %+v, want %+v", account, got, want)
		}
		if by[account].Operator != (by[account].Row == d.OperatorPerson) {
			t.Errorf("%s: %+v", account, by[account])
		}
	}
	member, err := m.Directory.MemberByUserID(t.Context(), d.CorpRow, "zhoujie")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Directory.SetStatus(t.Context(), d.CorpRow, member.Row, directory.Disabled); err != nil {
		t.Fatal(err)
	}
	if list, err = m.Directory.Picks(t.Context(), 6); err != nil || len(list) != 6 || len(list[5].Corps) != 0 || list[5].Account != "zhoujie" {
		t.Errorf("%+v, %v", list, err)
	}
}
