package sample

import (
	"context"
	"database/sql"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

type memberOf struct {
	corp       string
	userid     string
	position   string
	department int64
}

type somebody struct {
	account, name string
	gender        int
	in            []memberOf
}

const (
	galaxy   = "galaxy"   // has the corp app; sees encrypted ids
	hills    = "hills"    // installed the suite long ago; plain ids
	provider = "provider" // offers the suites
)

var corps = []struct {
	key, name   string
	departments []directory.Department
}{
	{galaxy, "星河制造", []directory.Department{{Number: 2, Parent: 1, Name: "生产部", Position: 30},
		{Number: 3, Parent: 1, Name: "市场部", Position: 20}, {Number: 4, Parent: 2, Name: "一车间", Position: 10}}},
	{hills, "远山文化", []directory.Department{{Number: 2, Parent: 1, Name: "编辑部", Position: 20},
		{Number: 3, Parent: 1, Name: "发行部", Position: 10}}},
	{provider, "青禾科技", []directory.Department{{Number: 2, Parent: 1, Name: "研发部", Position: 10}}},
}

var people = []somebody{
	{"zhangwei", "张伟", 1, []memberOf{{galaxy, "zhangwei", "厂长", 2}}},
	{"wangfang", "王芳", 2, []memberOf{{galaxy, "wangfang", "系统管理员", 1}}},
	{"lixi", "林溪", 2, []memberOf{{galaxy, "lixi", "市场经理", 3}, {hills, "linxi", "特约编辑", 2}}},
	{"zhaolei", "赵磊", 1, []memberOf{{galaxy, "zhaolei", "班组长", 4}}},
	{"sunyue", "孙悦", 2, []memberOf{{galaxy, "sunyue", "质检员", 4}}},
	{"zhoujie", "周杰", 1, []memberOf{{galaxy, "zhoujie", "采购", 3}}},
	{"heqing", "何清", 2, []memberOf{{hills, "heqing", "主编", 2}}},
	{"gaoyuan", "高远", 1, []memberOf{{hills, "gaoyuan", "发行总监", 3}}},
	{"tangmin", "唐敏", 2, []memberOf{{hills, "tangmin", "校对", 2}}},
	{"emma", "Emma Clarke", 2, []memberOf{{hills, "Emma", "Translator", 2}}},
	{"xujing", "徐静", 2, []memberOf{{provider, "xujing", "产品经理", 1}}},
	{"lubo", "陆博", 1, []memberOf{{provider, "lubo", "工程师", 2}}},
	{"chenyizhou", "陈一舟", 1, nil}, // in no company
}

// fill makes what the first version of the sample had; grow adds the rest.
func (m *Maker) fill(ctx context.Context, tx *sql.Tx, brand string) error {
	rows := map[string]int64{}
	for _, c := range corps {
		row, err := m.Directory.CreateCorp(ctx, tx, directory.Corp{CorpID: m.id(c.key), Name: c.name, NumberMatch: true})
		if err != nil {
			return err
		}
		rows[c.key] = row
		for _, d := range c.departments {
			if err := m.Directory.CreateDepartment(ctx, tx, row, d); err != nil {
				return err
			}
		}
	}
	hash := directory.HashPassword(Password)
	for _, p := range people {
		row, err := m.Directory.CreatePerson(ctx, tx, directory.Person{Name: p.name, Account: p.account}, hash)
		if err != nil {
			return err
		}
		for _, in := range p.in {
			if _, err := m.Directory.CreateMember(ctx, tx, directory.Member{Corp: directory.Corp{Row: rows[in.corp]},
				Person: row, UserID: in.userid, Name: p.name, Position: in.position, Gender: p.gender}, in.department); err != nil {
				return err
			}
		}
	}
	return m.fillApps(ctx, tx, rows, brand)
}

func (m *Maker) fillApps(ctx context.Context, tx *sql.Tx, rows map[string]int64, brand string) error {
	if err := m.Apps.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: rows[provider], Brand: brand,
		Secret: m.secret("provider secret")}); err != nil {
		return err
	}
	if _, err := m.Apps.CreateApp(ctx, tx, apps.NewApp{Kind: apps.LoginSuite, CorpRow: rows[provider],
		SuiteID: m.LoginSuiteID(), Name: "登录授权", Secret: m.secret("login suite secret")}); err != nil {
		return err
	}
	suite, err := m.Apps.CreateApp(ctx, tx, apps.NewApp{Kind: apps.Suite, CorpRow: rows[provider],
		SuiteID: m.SuiteID(), Name: brand, Secret: m.secret("suite secret")})
	if err != nil {
		return err
	}
	for _, in := range []string{galaxy, hills} {
		if _, err := m.Apps.Install(ctx, tx, apps.NewInstallation{App: suite, Corp: rows[in], AgentID: installedAgent,
			PlainIDs: in == hills}); err != nil {
			return err
		}
	}
	own, err := m.Apps.CreateApp(ctx, tx, apps.NewApp{Kind: apps.CorpApp, CorpRow: rows[galaxy],
		AgentID: AgentID, Name: "星河报表", Secret: m.secret("corp secret")})
	if err != nil {
		return err
	}
	return m.Apps.Cover(ctx, tx, own, 1)
}
