// Package sample is what the sandbox is filled with: companies and members to sign in as, a
// provider with its suites, and an app of a company's own.
//
// Ids and secrets are derived from the platform's own key, so they are different on every
// machine and the same as long as the data stays.
package sample

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Password is every sample person's password, for whoever wants to see the password form.
const Password = "hufu-sandbox"

// AgentID of the corp app.
const AgentID = 1000002

// installedAgent is the agentid the suite has in the corps that installed it.
const installedAgent = 1000010

// Data is the sample: what a site needs to know of it.
type Data struct {
	ProviderCorpID, ProviderSecret    string
	LoginSuiteID, LoginSuiteSecret    string
	SuiteID, SuiteSecret              string
	CorpID, CorpSecret                string // the company with the corp app
	Member, Admin                     string // userids in CorpID
	OpenCorpID, OpenUserID            string // what the provider sees of CorpID and Member
	LoginSuiteRow, SuiteRow, AgentRow int64
	ProviderRow                       int64
}

// Maker fills a store.
type Maker struct {
	DB        *store.DB
	Keys      *keys.Ring
	Directory *directory.Service
	Apps      *apps.Service
}

// secret derives a secret of 256 bits from the platform's key.
func (m *Maker) secret(name string) string {
	sum := m.digest(name)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (m *Maker) digest(name string) [sha256.Size]byte {
	key := m.Keys.Derive("sample")
	h := hmac.New(sha256.New, key[:])
	h.Write([]byte(name))
	return [sha256.Size]byte(h.Sum(nil))
}

// alphanumeric derives n letters and digits: an EncodingAESKey has no others (90968).
func (m *Maker) alphanumeric(name string, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, 0, n)
	for i := 0; len(b) < n; i++ {
		for _, c := range m.digest(fmt.Sprintf("%s %d", name, i)) {
			// 248 is the largest multiple of 62 in a byte: no letter comes more often.
			if c < 248 && len(b) < n {
				b = append(b, alphabet[int(c)%len(alphabet)])
			}
		}
	}
	return string(b)
}

func (m *Maker) id(name string) string {
	sum := m.digest("id " + name)
	return "ww" + hex.EncodeToString(sum[:8])
}

// LoginSuiteID is the id that the login suite is made with.
func (m *Maker) LoginSuiteID() string { return m.id("login suite") }

// SuiteID is the id that the installed suite is made with.
func (m *Maker) SuiteID() string { return m.id("suite") }

// Callback is the Token and EncodingAESKey of the sample suites' callbacks.
func (m *Maker) Callback() apps.Callback {
	token := m.digest("callback token")
	return apps.Callback{Token: hex.EncodeToString(token[:12]), EncodingAESKey: m.alphanumeric("callback key", 43)}
}

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

// mark is set in the store once the sample is in it.
const mark = "sample"

// Ensure fills the store once and answers what is in it.
func (m *Maker) Ensure(ctx context.Context, brand string) (Data, error) {
	_, there, err := m.DB.Mark(ctx, mark)
	if err != nil {
		return Data{}, err
	}
	if !there {
		err := m.Apps.Update(ctx, func(tx *sql.Tx) error {
			if err := m.fill(ctx, tx, brand); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO marks (name, value) VALUES ($1, '1')`, mark)
			return err
		})
		if err != nil {
			return Data{}, fmt.Errorf("sample data: %w", err)
		}
	}
	return m.read(ctx)
}

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
			Departments: []int64{1}, PlainIDs: in == hills}); err != nil {
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

func (m *Maker) read(ctx context.Context) (Data, error) {
	d := Data{
		ProviderCorpID: m.id(provider), ProviderSecret: m.secret("provider secret"),
		LoginSuiteSecret: m.secret("login suite secret"), SuiteSecret: m.secret("suite secret"),
		CorpID: m.id(galaxy), CorpSecret: m.secret("corp secret"),
		Member: "zhangwei", Admin: "wangfang",
	}
	p, err := m.Apps.ProviderByCorpID(ctx, d.ProviderCorpID)
	if err != nil {
		return d, err
	}
	corp, err := m.Directory.CorpByCorpID(ctx, d.CorpID)
	if err != nil {
		return d, err
	}
	login, err := m.Apps.SuiteOf(ctx, p.CorpRow, apps.LoginSuite)
	suite, err2 := m.Apps.SuiteOf(ctx, p.CorpRow, apps.Suite)
	own, err3 := m.Apps.CorpApp(ctx, corp.Row, AgentID)
	member, err4 := m.Directory.MemberByUserID(ctx, corp.Row, d.Member)
	if err := errors.Join(err, err2, err3, err4); err != nil {
		return d, err
	}
	d.LoginSuiteID, d.SuiteID = login.SuiteID, suite.SuiteID
	d.LoginSuiteRow, d.SuiteRow, d.AgentRow, d.ProviderRow = login.Row, suite.Row, own.Row, p.CorpRow
	d.OpenCorpID, d.OpenUserID = p.CorpIDFor(corp.Row), p.OpenUserID(corp.Row, member.Row)
	return d, nil
}
