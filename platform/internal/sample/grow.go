package sample

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// growth is what grow works on.
type growth struct {
	*Maker
	tx    *sql.Tx
	rows  map[string]int64 // of corps
	suite map[bool]int64   // rows; true: the second provider's
	made  map[string]int64 // persons made here, by account
}

// grow adds what the first version of the sample lacked. Whatever stands in the way, because
// the sandbox's people have made it, is left as it is.
func (m *Maker) grow(ctx context.Context, tx *sql.Tx) error {
	g := &growth{m, tx, map[string]int64{}, map[bool]int64{}, map[string]int64{}}
	for _, step := range []func(context.Context) error{g.corps, g.people, g.provider, g.install, g.admins} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// one reads a row's number; 0: there is none.
func (g *growth) one(ctx context.Context, query string, args ...any) (int64, error) {
	var row int64
	err := g.tx.QueryRowContext(ctx, query, args...).Scan(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return row, err
}

func (g *growth) corps(ctx context.Context) (err error) {
	for _, c := range moreCorps {
		if g.rows[c.key], err = g.Directory.CreateCorp(ctx, g.tx, directory.Corp{CorpID: g.id(c.key), Name: c.name, NumberMatch: true}); err != nil {
			return err
		}
		for _, d := range c.departments {
			if err := g.Directory.CreateDepartment(ctx, g.tx, g.rows[c.key], d); err != nil {
				return err
			}
		}
	}
	for _, key := range []string{galaxy, hills, provider} {
		if g.rows[key], err = g.one(ctx, `SELECT id FROM corps WHERE corpid_key = $1`, g.id(key)); err != nil {
			return err
		}
	}
	return nil
}

func (g *growth) people(ctx context.Context) error {
	hash := directory.HashPassword(Password)
	for _, p := range morePeople {
		person, err := g.one(ctx, `SELECT id FROM persons WHERE account_key = $1`, p.account)
		if err != nil {
			return err
		}
		if person != 0 {
			continue // somebody has taken the account: who that is, we do not know
		}
		if person, err = g.Directory.CreatePerson(ctx, g.tx, directory.Person{Name: p.name, Account: p.account}, hash); err != nil {
			return err
		}
		g.made[p.account] = person
		for _, in := range p.in {
			_, err := g.Directory.AddMemberIn(ctx, g.tx, g.rows[in.corp], directory.NewMember{Person: person, MemberEdit: directory.MemberEdit{
				UserID: in.userid, Name: p.name, Position: in.position, Gender: p.gender, Departments: []int64{in.department}}})
			if err != nil && !directory.Refused(err) {
				return err
			}
		}
	}
	if operator := g.made["suqing"]; operator != 0 {
		return g.Directory.AddOperator(ctx, g.tx, operator)
	}
	return nil
}

func (g *growth) member(ctx context.Context, corp, userid string) (int64, error) {
	return g.one(ctx, `SELECT id FROM members WHERE corp_id = $1 AND userid_key = $2`, g.rows[corp], userid)
}

// provider makes the second provider and finds both suites.
func (g *growth) provider(ctx context.Context) (err error) {
	if g.suite[false], err = g.one(ctx, `SELECT id FROM apps WHERE corp_id = $1 AND kind = 'suite' ORDER BY id LIMIT 1`, g.rows[provider]); err != nil {
		return err
	}
	if err := g.Apps.CreateProvider(ctx, g.tx, apps.NewProvider{CorpRow: g.rows[second], Brand: SecondBrand,
		Secret: g.secret("provider secret 2")}); err != nil {
		return err
	}
	if _, err := g.Apps.CreateApp(ctx, g.tx, apps.NewApp{Kind: apps.LoginSuite, CorpRow: g.rows[second],
		SuiteID: g.id("login suite 2"), Name: "登录授权", Secret: g.secret("login suite secret 2")}); err != nil {
		return err
	}
	g.suite[true], err = g.Apps.CreateApp(ctx, g.tx, apps.NewApp{Kind: apps.Suite, CorpRow: g.rows[second],
		SuiteID: g.id("suite 2"), Name: SecondBrand, Secret: g.secret("suite secret 2")})
	return err
}

// install installs the suites. An installation that is there stays; one without a range gets
// its own, one whose permanent code nobody has fetched gets one that the sample knows.
func (g *growth) install(ctx context.Context) error {
	for _, in := range installedBy {
		corp, suite := g.rows[in.corp], g.suite[in.second]
		var members []int64
		for _, userid := range in.members {
			if row, err := g.member(ctx, in.corp, userid); err != nil {
				return err
			} else if row != 0 {
				members = append(members, row)
			}
		}
		row, err := g.one(ctx, `SELECT id FROM installations WHERE app_id = $1 AND corp_id = $2`, suite, corp)
		if err != nil {
			return err
		}
		if row != 0 {
			err = g.cover(ctx, row, in, members)
		} else if in.corp == north || in.second { // the others were installed once: somebody has removed them
			row, err = g.Apps.Install(ctx, g.tx, apps.NewInstallation{App: suite, Corp: corp, Departments: in.departments,
				Members: members, PlainIDs: in.plain})
		}
		if err != nil {
			return err
		}
		if row != 0 && !in.second {
			if err := g.Apps.SetPermanentCode(ctx, g.tx, row, g.permanentCode(g.id(in.corp))); err != nil {
				return err
			}
		}
	}
	return nil
}

// cover gives an installation its range where it has none.
func (g *growth) cover(ctx context.Context, row int64, in installedIn, members []int64) error {
	named, err := g.one(ctx, `SELECT COUNT(*) FROM covered WHERE holder = $1`, row)
	if err != nil || named > 0 {
		return err
	}
	var departments []int64
	for _, number := range in.departments {
		there, err := g.one(ctx, `SELECT number FROM departments WHERE corp_id = $1 AND number = $2`, g.rows[in.corp], number)
		if err != nil {
			return err
		}
		if there != 0 {
			departments = append(departments, number)
		}
	}
	return g.Apps.SetRange(ctx, g.tx, row, departments, members)
}

func (g *growth) admins(ctx context.Context) error {
	for _, a := range admins {
		n := directory.NewAdmin{Corp: g.rows[a.corp], Kind: a.kind, Departments: a.departments, Apps: map[int64]bool{}}
		var err error
		if n.Person = g.made[a.account]; a.userid != "" {
			if n.Member, err = g.member(ctx, a.corp, a.userid); err != nil {
				return err
			}
		}
		if n.Person == 0 && n.Member == 0 {
			continue
		}
		for query, manages := range a.holders() {
			holder, err := g.one(ctx, query, n.Corp, g.suite[false])
			if err != nil {
				return err
			}
			if holder != 0 {
				n.Apps[holder] = manages
			}
		}
		_, err = g.Directory.AddAdminIn(ctx, g.tx, n)
		taken := errors.Is(err, directory.ErrAlreadyAdmin) || errors.Is(err, directory.ErrCreatorStays) || errors.Is(err, directory.ErrNoDepartment)
		if err != nil && !taken {
			return err
		}
	}
	return nil
}

// holders are the queries for the apps a sub-admin looks after, and whether it manages them.
func (a adminOf) holders() map[string]bool {
	list := map[string]bool{}
	if a.manages {
		list[`SELECT id FROM installations WHERE corp_id = $1 AND app_id = $2`] = true
	}
	if a.uses {
		list[`SELECT id FROM apps WHERE corp_id = $1 AND kind = 'corp_app' AND $2 <> 0 ORDER BY agentid LIMIT 1`] = false
	}
	return list
}
