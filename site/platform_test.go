package site_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// sandbox is the real platform and what a provider's site makes of it.
type sandbox struct {
	*platformtest.Platform
	t      *testing.T
	client *site.Client
	suite  *site.Suite // the installed one
	login  *site.Suite
}

func startSandbox(t *testing.T) *sandbox {
	t.Helper()
	s := &sandbox{t: t, Platform: platformtest.Start(t, platformtest.Options{
		Site: platform.SampleSite{Origin: platformtest.Origin, BusinessURL: platformtest.Origin + "/admin-entry"}})}
	s.client = site.New(site.Config{API: s.URL(), Now: s.Now})
	tickets := site.TicketFunc(func(_ context.Context, suiteID string) (string, error) {
		var answer struct {
			Ticket string `json:"suite_ticket"`
		}
		s.Control("GET", "/suites/"+suiteID+"/ticket", nil, &answer)
		return answer.Ticket, nil
	})
	s.suite = s.client.Suite(s.Sample.SuiteID, s.Sample.SuiteSecret, tickets)
	s.login = s.client.Suite(s.Sample.LoginSuiteID, s.Sample.LoginSuiteSecret, tickets)
	return s
}

// code is a code of a kind for the sample's administrator.
func (s *sandbox) code(kind string) string {
	s.t.Helper()
	var made struct{ Code string }
	if status := s.Control("POST", "/codes", map[string]string{
		"kind": kind, "app": s.Sample.SuiteID, "member": s.Sample.CorpID + "/" + s.Sample.Admin}, &made); status != 200 {
		s.t.Fatalf("%s code: %d", kind, status)
	}
	return made.Code
}

// An installation's calls, with the permanent code that the sample has.
func TestInstalledOnThePlatform(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	ctx := t.Context()
	corp := s.suite.Corp(s.Sample.OpenCorpID, s.Sample.PermanentCode)
	member := s.Sample.OpenUserID

	if u, err := corp.User(ctx, member); err != nil || u.UserID != member {
		t.Errorf("User: %+v %v", u.ListedUser, err)
	}
	if _, err := corp.User(ctx, s.Sample.Member); !errors.Is(err, protocol.CodeUserNotFound) {
		t.Errorf("User by a plain userid: %v", err)
	}
	departments, err := corp.Departments(ctx, 0)
	if err != nil || len(departments) == 0 {
		t.Fatalf("Departments: %v %v", departments, err)
	}
	var simple, listed []string
	for _, d := range departments {
		list, err := corp.SimpleUsers(ctx, int64(d.ID))
		if err != nil {
			t.Errorf("SimpleUsers: %v", err)
		}
		for _, u := range list {
			simple = append(simple, u.UserID)
		}
		full, err := corp.Users(ctx, int64(d.ID))
		if err != nil {
			t.Errorf("Users: %v", err)
		}
		for _, u := range full {
			listed = append(listed, u.UserID)
		}
	}
	if !slices.Contains(simple, member) || !slices.Contains(listed, member) {
		t.Errorf("the member is not in %d and %d listed ones", len(simple), len(listed))
	}
	if p, err := corp.UserIDs(ctx, "", 1); err != nil || len(p.DeptUser) != 1 || p.NextCursor == "" {
		t.Errorf("UserIDs: %+v %v", p, err)
	} else if next, err := corp.UserIDs(ctx, p.NextCursor, 1); err != nil || len(next.DeptUser) != 1 || next.DeptUser[0] == p.DeptUser[0] {
		t.Errorf("UserIDs, next page: %+v %v", next, err)
	}
	if a, err := corp.Agent(ctx, s.Sample.InstalledAgent); err != nil || int64(a.AgentID) != s.Sample.InstalledAgent || a.Name == "" {
		t.Errorf("Agent: %+v %v", a, err)
	}
	if o, err := corp.OpenUserIDs(ctx, []string{s.Sample.Member, "nobody"}); err != nil || len(o.OpenUserIDList) != 1 || o.OpenUserIDList[0].OpenUserID != member || len(o.InvalidUserIDList) != 1 {
		t.Errorf("OpenUserIDs: %+v %v", o, err)
	}
	if info, err := s.suite.AuthInfo(ctx, s.Sample.OpenCorpID, s.Sample.PermanentCode); err != nil || len(info.AuthInfo.Agent) != 1 || info.AuthCorpInfo.CorpID != s.Sample.OpenCorpID {
		t.Errorf("AuthInfo: %+v %v", info, err)
	}
	if id, err := s.client.Provider(s.Sample.ProviderCorpID, s.Sample.ProviderSecret).OpenCorpID(ctx, s.Sample.CorpID); err != nil || id != s.Sample.OpenCorpID {
		t.Errorf("OpenCorpID: %q %v", id, err)
	}
	s.Advance(2*time.Hour + time.Minute) // the tokens end; the permanent code does not
	if _, err := corp.User(ctx, member); err != nil {
		t.Errorf("User with new tokens: %v", err)
	}
}

// Another install replaces the permanent code; the old one is dead, and says so.
func TestPermanentCodeOnThePlatform(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	ctx := t.Context()
	old := s.suite.Corp(s.Sample.OpenCorpID, s.Sample.PermanentCode)
	if _, err := old.Token(ctx); err != nil {
		t.Fatal(err)
	}
	code := s.code("install")
	granted, err := s.suite.PermanentCode(ctx, code)
	if err != nil || granted.AuthCorpInfo.CorpID != s.Sample.OpenCorpID || granted.AuthInfo == nil {
		t.Fatalf("%v", err)
	}
	if _, err := s.suite.PermanentCode(ctx, code); !errors.Is(err, protocol.CodeInvalidAuthCode) {
		t.Errorf("used auth_code: %v", err)
	}
	if _, err := s.suite.AuthInfo(ctx, s.Sample.OpenCorpID, s.Sample.PermanentCode); !site.Withdrawn(err) {
		t.Errorf("old permanent code: %v", err)
	}
	if _, err := old.Departments(ctx, 0); !site.Withdrawn(err) {
		t.Errorf("token of the old permanent code: %v", err)
	}
	if _, err := s.suite.Corp(s.Sample.OpenCorpID, granted.PermanentCode).Departments(ctx, 0); err != nil {
		t.Errorf("new permanent code: %v", err)
	}
	pre, err := s.suite.PreAuthCode(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.suite.SetSession(ctx, pre, protocol.AuthTest); err != nil {
		t.Errorf("SetSession: %v", err)
	}
	if err := s.login.SetSession(ctx, pre, protocol.AuthTest); err == nil {
		t.Error("SetSession with another suite's pre_auth_code")
	}
}

// The code of the business settings works by both ways, once over both.
func TestBusinessSettingsOnThePlatform(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	ctx := t.Context()
	provider := s.client.Provider(s.Sample.ProviderCorpID, s.Sample.ProviderSecret)
	code := s.code("admin")
	info, err := provider.LoginInfo(ctx, code)
	if err != nil || info.CorpID != s.Sample.OpenCorpID || info.UserType != protocol.UserTypeInternalAdmin || !info.Manages(s.Sample.InstalledAgent) {
		t.Fatalf("%+v %v", info, err)
	}
	if _, err := s.login.Exchange(ctx, code); !errors.Is(err, protocol.CodeInvalidCode) {
		t.Errorf("spent at get_login_info, then exchanged: %v", err)
	}
	id, err := s.login.Exchange(ctx, s.code("admin"))
	if err != nil || id != info.Identity {
		t.Errorf("%+v %v, want %+v", id, err, info.Identity)
	}
	admins, err := s.suite.AdminList(ctx, id.CorpID, s.Sample.InstalledAgent)
	if err != nil || !slices.ContainsFunc(admins, func(a protocol.Admin) bool { return a.UserID == id.UserID && a.AuthType == protocol.AuthTypeManage }) {
		t.Errorf("AdminList: %+v %v", admins, err)
	}
	second := s.Sample.Second
	if _, err := s.client.Provider(second.CorpID, second.Secret).LoginInfo(ctx, s.code("admin")); !errors.Is(err, protocol.CodeInvalidCode) && !errors.Is(err, protocol.CodeInvalidAuthCode) {
		t.Errorf("code at another provider: %v", err)
	}
	if _, err := s.suite.PermanentCode(ctx, s.code("admin")); !errors.Is(err, protocol.CodeInvalidAuthCode) {
		t.Errorf("code of the business settings for a permanent code: %v", err)
	}
}
