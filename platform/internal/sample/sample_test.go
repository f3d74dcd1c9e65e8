package sample

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

func newMaker(t *testing.T) *Maker {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(t.Context(), db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	return &Maker{DB: db, Keys: ring, Directory: &directory.Service{DB: db, Now: time.Now}, Apps: apps.New(db, ring, time.Now)}
}

func (m *Maker) ensure(t *testing.T) Data {
	t.Helper()
	d, err := m.Ensure(t.Context(), "品牌")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func count(t *testing.T, m *Maker, query string, args ...any) int {
	t.Helper()
	var n int
	if err := m.DB.Query(query).Row(t.Context(), args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEnsure: nothing in Data is missing, and a second start finds the same.
func TestEnsure(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	m.Directory.Changed = func(context.Context, *sql.Tx, directory.Change) error {
		t.Error("somebody was told of the sample")
		return nil
	}
	m.Apps.Told.Changed = func(context.Context, *sql.Tx, int64) error {
		t.Error("a suite was told of the sample's installs")
		return nil
	}
	d := m.ensure(t)
	if again := m.ensure(t); fmt.Sprint(again) != fmt.Sprint(d) {
		t.Errorf("the second time\n%+v, at first\n%+v", again, d)
	}
	for _, field := range strings.Fields(strings.Trim(fmt.Sprintf("%+v", d), "{}")) {
		if name, value, _ := strings.Cut(field, ":"); value == "" || value == "0" {
			t.Errorf("%s is missing", name)
		}
	}
	if len(d.PermanentCodes) != 3 || d.PermanentCodes[d.OpenCorpID] != d.PermanentCode {
		t.Errorf("permanent codes %v", d.PermanentCodes)
	}
	if d.PermanentCodes[m.id(hills)] == "" {
		t.Error("no permanent code under the plain corpid of a company that installed long ago")
	}
	if d.Second.Brand == "品牌" || d.Second.SuiteID == d.SuiteID || d.Second.CorpID == d.ProviderCorpID {
		t.Errorf("the second provider is the first: %+v", d.Second)
	}
	if n := count(t, m, `SELECT COUNT(*) FROM corps`); n != 5 {
		t.Errorf("%d companies", n)
	}
	if n := count(t, m, `SELECT COUNT(*) FROM members WHERE status <> 1`); n != 0 {
		t.Errorf("%d sample members cannot sign in", n)
	}
	if _, err := m.Directory.CheckPassword(t.Context(), d.OperatorAccount, Password); err != nil {
		t.Error(err)
	}
	if is, err := m.Directory.IsOperator(t.Context(), d.OperatorPerson); err != nil || !is {
		t.Errorf("the operator is none: %v", err)
	}
}

// TestAdmins has every kind of admin in the company with the corp app.
func TestAdmins(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	d, ctx := m.ensure(t), t.Context()
	for person, kind := range map[int64]directory.AdminKind{d.CreatorPerson: directory.Creator, d.AdminPerson: directory.System,
		d.ExternalPerson: directory.External, d.SubAdminPerson: directory.Sub} {
		a, err := m.Directory.AdminOf(ctx, d.CorpRow, person)
		if err != nil || a.Kind != kind || !a.Manages(d.InstallationRow) {
			t.Errorf("kind %d: %+v, %v", kind, a, err)
		}
	}
	sub, err := m.Directory.AdminOf(ctx, d.CorpRow, d.SubAdminPerson)
	if err != nil || !slices.Equal(sub.Departments, []directory.AdminDepartment{{Number: 2, Writable: true}}) || sub.Manages(d.AgentRow) {
		t.Errorf("%+v, %v", sub, err)
	}
	if _, err := m.Directory.AdminOf(ctx, d.CorpRow, d.MemberPerson); err == nil {
		t.Error("the member who stands for those without rights has some")
	}
	if a, err := m.Directory.AdminOf(ctx, d.ProviderRow, d.ProviderPerson); err != nil || a.Kind != directory.Creator {
		t.Errorf("of the provider: %+v, %v", a, err)
	}
	for _, c := range []string{galaxy, hills, north, provider, second} {
		corp, err := m.Directory.CorpByCorpID(ctx, m.id(c))
		if err != nil {
			t.Fatal(err)
		}
		if list, err := m.Directory.Admins(ctx, corp.Row); err != nil || len(list) < 2 || list[0].Kind != directory.Creator {
			t.Errorf("%s: %+v, %v", c, list, err)
		}
	}
}

// TestRanges: a whole company, two departments, named members.
func TestRanges(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	d, ctx := m.ensure(t), t.Context()
	for _, row := range []struct {
		suite                int64
		corp                 string
		departments, members int
		plain                bool
	}{{d.SuiteRow, galaxy, 1, 0, false}, {d.SuiteRow, hills, 2, 0, true}, {d.SuiteRow, north, 0, 3, false}, {d.Second.SuiteRow, galaxy, 1, 1, false}} {
		corp, err := m.Directory.CorpByCorpID(ctx, m.id(row.corp))
		if err != nil {
			t.Fatal(err)
		}
		i, err := m.Apps.Installation(ctx, row.suite, corp.Row)
		if err != nil {
			t.Fatal(err)
		}
		departments, members, err := m.Apps.Range(ctx, i.Row)
		if err != nil || len(departments) != row.departments || len(members) != row.members || i.PlainIDs != row.plain {
			t.Errorf("%s: %v, %v, %+v, %v", row.corp, departments, members, i, err)
		}
	}
}

// older fills a store as the version before did.
func (m *Maker) older(t *testing.T) {
	t.Helper()
	if err := m.once(t.Context(), markFirst, func(ctx context.Context, tx *sql.Tx) error { return m.fill(ctx, tx, "青禾协作") }); err != nil {
		t.Fatal(err)
	}
}

// TestOlderSandbox brings a sandbox of the version before up to date: all that its people
// have done there stays.
func TestOlderSandbox(t *testing.T) {
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
	zhang := member("zhangwei")
	suite, err := m.Apps.Suite(ctx, m.SuiteID())
	if err != nil {
		t.Fatal(err)
	}
	hillsCorp, err := m.Directory.CorpByCorpID(ctx, m.id(hills))
	if err != nil {
		t.Fatal(err)
	}
	var mine int64
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(m.Apps.Update(ctx, func(tx *sql.Tx) error {
		// Somebody else has the account of one to come, another is a member with the userid of one.
		if mine, err = m.Directory.CreatePerson(ctx, tx, directory.Person{Name: "别人", Account: "SuQing"}, ""); err != nil {
			return err
		}
		if _, err := m.Directory.AddMemberIn(ctx, tx, corp.Row, directory.NewMember{MemberEdit: directory.MemberEdit{UserID: "LuoJianguo",
			Name: "另一位", Departments: []int64{1}}}); err != nil {
			return err
		}
		if _, err := m.Directory.AddAdminIn(ctx, tx, directory.NewAdmin{Corp: corp.Row, Member: zhang.Row, Kind: directory.Creator}); err != nil {
			return err
		}
		installation, err := m.Apps.Installation(ctx, suite.Row, hillsCorp.Row)
		if err != nil {
			return err
		}
		return m.Apps.Uninstall(ctx, tx, installation.Row)
	}))
	must(m.Directory.RemoveMember(ctx, corp.Row, member("sunyue").Row))
	installation, err := m.Apps.Installation(ctx, suite.Row, corp.Row)
	must(err)
	code, err := m.Apps.GrantPermanentCode(ctx, installation.Row)
	must(err)
	must(m.Apps.SetBrand(ctx, suite.CorpRow, "自己的品牌"))

	d := m.ensure(t)
	if d.PermanentCode != "" || len(d.PermanentCodes) != 1 {
		t.Errorf("permanent codes %v: the one that was fetched is not ours to know", d.PermanentCodes)
	}
	if now, err := m.Apps.Installation(ctx, suite.Row, corp.Row); err != nil || now.Row != installation.Row || !now.PermanentCodeIs(code) {
		t.Errorf("the permanent code was replaced: %+v, %v", now, err)
	}
	if departments, _, err := m.Apps.Range(ctx, installation.Row); err != nil || !slices.Equal(departments, []int64{1}) {
		t.Errorf("range %v, %v", departments, err)
	}
	if _, err := m.Apps.Installation(ctx, suite.Row, hillsCorp.Row); err == nil {
		t.Error("installed again where it was removed")
	}
	if is, err := m.Directory.IsOperator(ctx, mine); err != nil || is {
		t.Errorf("a stranger with the operator's account runs the platform: %v", err)
	}
	if a, err := m.Directory.AdminOf(ctx, corp.Row, zhang.Person); err != nil || a.Kind != directory.Creator {
		t.Errorf("the creator: %+v, %v", a, err)
	}
	if other := member("luojianguo"); other.Name != "另一位" {
		t.Errorf("a member became %+v", other)
	}
	if _, err := m.Directory.MemberByUserID(ctx, corp.Row, "sunyue"); err == nil {
		t.Error("a removed member is back")
	}
	if p, err := m.Apps.Provider(ctx, suite.CorpRow); err != nil || p.Brand != "自己的品牌" {
		t.Errorf("%+v, %v", p, err)
	}
	if d.Second.SuiteRow == 0 || d.AdminPerson == 0 {
		t.Errorf("%+v", d)
	}
}

// TestRemoved starts with a sample of which people have removed what they could.
func TestRemoved(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	d, ctx := m.ensure(t), t.Context()
	if err := m.Apps.Update(ctx, func(tx *sql.Tx) error {
		if err := m.Apps.RemoveCorpApp(ctx, tx, d.AgentRow); err != nil {
			return err
		}
		return m.Apps.Uninstall(ctx, tx, d.InstallationRow)
	}); err != nil {
		t.Fatal(err)
	}
	member, err := m.Directory.MemberByUserID(ctx, d.CorpRow, d.Member)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Directory.RemoveMember(ctx, d.CorpRow, member.Row); err != nil {
		t.Fatal(err)
	}
	if now := m.ensure(t); now.AgentRow != 0 || now.InstallationRow != 0 || now.OpenUserID != "" || now.PermanentCode != "" || now.OpenCorpID != d.OpenCorpID {
		t.Errorf("%+v", now)
	}
}

// TestCrowd fills one company up, quickly, and once.
func TestCrowd(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	m.ensure(t)
	before := count(t, m, `SELECT COUNT(*) FROM persons`)
	m.Crowd = true
	start := time.Now()
	d := m.ensure(t)
	took := time.Since(start)
	t.Logf("the fill took %v", took)
	corp, err := m.Directory.CorpByCorpID(t.Context(), d.CrowdCorpID)
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, m, `SELECT COUNT(*) FROM members WHERE corp_id = $1`, corp.Row); n != CrowdSize {
		t.Errorf("%d members", n)
	}
	if n := count(t, m, `SELECT COUNT(*) FROM members WHERE corp_id = $1 AND status = 1`, corp.Row); n != crowdAccounts+4 {
		t.Errorf("%d can sign in", n)
	}
	tree, err := m.Directory.Tree(t.Context(), corp.Row)
	if err != nil || tree[0].Count != CrowdSize {
		t.Fatalf("%+v, %v", tree[0], err)
	}
	depth := map[int64]int{}
	deepest := 0
	for _, d := range tree {
		depth[d.Number] = depth[d.Parent] + 1
		deepest = max(deepest, depth[d.Number])
		if d.Count == 0 {
			t.Errorf("nobody is in %s", d.Name)
		}
	}
	if deepest != 6 || len(tree) < 100 {
		t.Errorf("%d departments, %d deep", len(tree), deepest)
	}
	names := count(t, m, `SELECT COUNT(DISTINCT name) FROM members WHERE corp_id = $1`, corp.Row)
	if names < CrowdSize/3 {
		t.Errorf("only %d names", names)
	}
	all := count(t, m, `SELECT COUNT(*) FROM persons`)
	if all-before != CrowdSize-4 {
		t.Errorf("%d persons came", all-before)
	}
	m.ensure(t)
	if n := count(t, m, `SELECT COUNT(*) FROM persons`); n != all {
		t.Errorf("filled twice: %d persons", n)
	}
	if _, err := m.Directory.CheckPassword(t.Context(), "beichen1", Password); err != nil {
		t.Error(err)
	}
}
