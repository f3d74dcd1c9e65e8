package sample

import (
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// TestDetails: whoever is named can be asked for mobile, email and gender, by the first
// provider's suite alone.
func TestDetails(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	d, ctx := m.ensure(t), t.Context()
	if n := count(t, m, `SELECT COUNT(*) FROM members WHERE mobile = '' OR email = '' OR gender = 0`); n != 0 {
		t.Errorf("%d members lack something", n)
	}
	member, err := m.Directory.MemberByUserID(ctx, d.CorpRow, d.Member)
	if err != nil || !strings.HasPrefix(member.Mobile, "100") || member.Email != d.Member+"@xinghe.example" || member.Position == "" {
		t.Errorf("%+v, %v", member, err)
	}
	for suite, want := range map[string]bool{d.SuiteID: true, d.LoginSuiteID: false, d.Second.SuiteID: false} {
		if app, err := m.Apps.Suite(ctx, suite); err != nil || app.Sensitive != want {
			t.Errorf("%s: %+v, %v", suite, app, err)
		}
	}
	// Once: what the sandbox's people decide stays.
	if err := m.Apps.SetSensitive(ctx, d.SuiteRow, false); err != nil {
		t.Fatal(err)
	}
	m.ensure(t)
	if app, err := m.Apps.App(ctx, d.SuiteRow); err != nil || app.Sensitive {
		t.Errorf("given again: %v", err)
	}
}

// TestDetailsOfOlderSandbox: what its people have written about members stays, and nobody
// stands in the way.
func TestDetailsOfOlderSandbox(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	m.older(t)
	ctx := t.Context()
	corp, err := m.Directory.CorpByCorpID(ctx, m.id(galaxy))
	if err != nil {
		t.Fatal(err)
	}
	member := func(userid string) directory.Member {
		t.Helper()
		found, err := m.Directory.MemberByUserID(ctx, corp.Row, userid)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// One has a mobile, one has got the first of the numbers, one is gone, one is renamed.
	own := directory.MemberEdit{UserID: "zhangwei", Name: "张伟", Mobile: "13800000001", Departments: []int64{2}, Leads: []int64{2}}
	_, err = m.Directory.UpdateMember(ctx, corp.Row, member("zhangwei").Row, own)
	must(err)
	_, err = m.Directory.AddMember(ctx, corp.Row, directory.NewMember{MemberEdit: directory.MemberEdit{UserID: "new", Name: "新来的",
		Mobile: fictional(2), Departments: []int64{1}}})
	must(err)
	must(m.Directory.RemoveMember(ctx, corp.Row, member("zhoujie").Row))
	_, err = m.Directory.UpdateMember(ctx, corp.Row, member("zhaolei").Row, directory.MemberEdit{UserID: "leo", Name: "赵磊", Departments: []int64{4}, Leads: []int64{4}})
	must(err)

	m.ensure(t)
	if got := member("zhangwei"); got.Mobile != own.Mobile || got.Email != "" {
		t.Errorf("%+v", got)
	}
	if got := member("wangfang"); got.Mobile != "" || got.Email != "" || got.Gender != 2 {
		t.Errorf("another has the number: %+v", got)
	}
	if got := member("leo"); got.Mobile != "" {
		t.Errorf("renamed: %+v", got)
	}
	if got := member("lixi"); got.Mobile == "" || got.Email != "lixi@xinghe.example" || got.Position != "市场经理" || got.Name != "林溪" {
		t.Errorf("%+v", got)
	}
}
