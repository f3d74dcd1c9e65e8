package sample

import (
	"context"
	"errors"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// Data is the sample: what a site, or whoever plays a part in the sandbox, needs to know of
// it. What somebody has removed since is zero.
type Data struct {
	ProviderCorpID, ProviderSecret    string
	LoginSuiteID, LoginSuiteSecret    string
	SuiteID, SuiteSecret              string
	CorpID, CorpSecret                string // the company with the corp app
	Member, Admin                     string // userids in CorpID: of no admin, and of a system admin
	OpenCorpID, OpenUserID            string // what the provider sees of CorpID and Member
	LoginSuiteRow, SuiteRow, AgentRow int64
	ProviderRow                       int64

	Creator, SubAdmin string // userids in CorpID

	// Persons, by row: those of Member, Admin, Creator and SubAdmin; an external admin of
	// CorpID, who is no member; an admin of the provider's console; who runs the platform.
	MemberPerson, AdminPerson, CreatorPerson, SubAdminPerson int64
	ExternalPerson, ProviderPerson, OperatorPerson           int64

	// Accounts of those who are in no company, for a sign-in with Password.
	ExternalAccount, OperatorAccount string

	CorpRow         int64
	InstallationRow int64 // of the suite in CorpID
	InstalledAgent  int64 // agentid of the suite in CorpID

	// PermanentCode is that of the suite in CorpID. PermanentCodes has it for each company
	// that has installed the suite, by the corpid that the provider sees. A code that the
	// provider has fetched anew is known to it alone and missing here.
	PermanentCode  string
	PermanentCodes map[string]string

	// Second is the other provider.
	Second Provider
	// CrowdCorpID is the company that Maker.Crowd fills.
	CrowdCorpID string
}

// Provider is a provider with its suites.
type Provider struct {
	CorpID, Secret, Brand          string
	LoginSuiteID, LoginSuiteSecret string
	SuiteID, SuiteSecret           string
	Row, LoginSuiteRow, SuiteRow   int64
}

func (m *Maker) read(ctx context.Context) (Data, error) {
	d := Data{
		ProviderCorpID: m.id(provider), ProviderSecret: m.secret("provider secret"),
		LoginSuiteSecret: m.secret("login suite secret"), SuiteSecret: m.secret("suite secret"),
		CorpID: m.id(galaxy), CorpSecret: m.secret("corp secret"), CrowdCorpID: m.id(north),
		Member: "zhangwei", Admin: "wangfang", Creator: "luojianguo", SubAdmin: "sunyue",
		ExternalAccount: "wutong", OperatorAccount: "suqing", PermanentCodes: map[string]string{},
	}
	first, err := m.readProvider(ctx, provider)
	if err != nil {
		return d, err
	}
	d.ProviderRow, d.LoginSuiteRow, d.SuiteRow = first.Row, first.LoginSuiteRow, first.SuiteRow
	d.LoginSuiteID, d.SuiteID = first.LoginSuiteID, first.SuiteID
	if d.Second, err = m.readProvider(ctx, second); err != nil {
		return d, err
	}
	corp, err := m.Directory.CorpByCorpID(ctx, d.CorpID)
	if err != nil {
		return d, err
	}
	d.CorpRow = corp.Row
	own, err := m.Apps.CorpApp(ctx, corp.Row, AgentID)
	if err == nil {
		d.AgentRow = own.Row
	} else if !errors.Is(err, apps.ErrNotFound) {
		return d, err
	}
	if err := m.readPeople(ctx, &d); err != nil {
		return d, err
	}
	return d, m.readInstallations(ctx, &d)
}

func (m *Maker) readProvider(ctx context.Context, key string) (Provider, error) {
	p := Provider{CorpID: m.id(key)}
	if key == second {
		p.Secret, p.LoginSuiteSecret, p.SuiteSecret = m.secret("provider secret 2"), m.secret("login suite secret 2"), m.secret("suite secret 2")
	}
	made, err := m.Apps.ProviderByCorpID(ctx, p.CorpID)
	if err != nil {
		return p, err
	}
	p.Row, p.Brand = made.CorpRow, made.Brand
	login, err := m.Apps.SuiteOf(ctx, p.Row, apps.LoginSuite)
	suite, err2 := m.Apps.SuiteOf(ctx, p.Row, apps.Suite)
	if err := errors.Join(err, err2); err != nil {
		return p, err
	}
	p.LoginSuiteID, p.LoginSuiteRow, p.SuiteID, p.SuiteRow = login.SuiteID, login.Row, suite.SuiteID, suite.Row
	return p, nil
}

// readPeople finds the persons by their accounts, and what the provider sees of Member.
func (m *Maker) readPeople(ctx context.Context, d *Data) error {
	for account, row := range map[string]*int64{d.Member: &d.MemberPerson, d.Admin: &d.AdminPerson, d.Creator: &d.CreatorPerson,
		d.SubAdmin: &d.SubAdminPerson, d.ExternalAccount: &d.ExternalPerson, "xujing": &d.ProviderPerson,
		d.OperatorAccount: &d.OperatorPerson} {
		p, err := m.Directory.PersonByAccount(ctx, account)
		if err == nil {
			*row = p.Row
		} else if !errors.Is(err, directory.ErrNotFound) {
			return err
		}
	}
	p, err := m.Apps.Provider(ctx, d.ProviderRow)
	if err != nil {
		return err
	}
	d.OpenCorpID = p.CorpIDFor(d.CorpRow)
	member, err := m.Directory.MemberByUserID(ctx, d.CorpRow, d.Member)
	if errors.Is(err, directory.ErrNotFound) {
		return nil
	}
	d.OpenUserID = p.OpenUserID(d.CorpRow, member.Row)
	return err
}

// readInstallations finds where the suite is installed, and which of its permanent codes are
// still those of the sample.
func (m *Maker) readInstallations(ctx context.Context, d *Data) error {
	list, err := m.Apps.InstallationsOfSuite(ctx, d.SuiteRow)
	if err != nil {
		return err
	}
	p, err := m.Apps.Provider(ctx, d.ProviderRow)
	if err != nil {
		return err
	}
	for _, i := range list {
		corp, err := m.Directory.Corp(ctx, i.CorpRow)
		if err != nil {
			return err
		}
		code, known := m.permanentCode(corp.CorpID), false
		if known = i.PermanentCodeIs(code); known {
			shown := p.CorpIDFor(i.CorpRow)
			if plain, err := m.Apps.PlainIDs(ctx, d.ProviderRow, i.CorpRow); err != nil {
				return err
			} else if plain {
				shown = corp.CorpID
			}
			d.PermanentCodes[shown] = code
		}
		if i.CorpRow == d.CorpRow {
			d.InstallationRow, d.InstalledAgent = i.Row, i.AgentID
			if known {
				d.PermanentCode = code
			}
		}
	}
	return nil
}

// permanentCode is that of the suite in a corp, by plain corpid.
func (m *Maker) permanentCode(corpid string) string { return m.secret("permanent code " + corpid) }
