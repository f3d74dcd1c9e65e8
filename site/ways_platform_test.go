package site_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// madeCode is a code of a kind of app for the sample's member.
func (s *sandbox) madeCode(kind, app string) string {
	s.t.Helper()
	var made struct{ Code string }
	if status := s.Control("POST", "/codes", map[string]string{"kind": kind, "app": app,
		"member": s.Sample.CorpID + "/" + s.Sample.Member, "redirect_uri": platformtest.Origin + "/finish"}, &made); status != 200 {
		s.t.Fatalf("%s code of %s: %d", kind, app, status)
	}
	return made.Code
}

// Codes of sign-ins inside the client and of the old login, where they belong and nowhere else.
func TestCodesOfTheWaysOnThePlatform(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	ctx, d := t.Context(), s.Sample
	app := s.client.CorpApp(d.CorpID, d.CorpSecret)
	agent := d.CorpID + "/" + strconv.FormatInt(d.AgentID, 10)
	provider := s.client.Provider(d.ProviderCorpID, d.ProviderSecret)
	member := site.Identity{CorpID: d.OpenCorpID, UserID: d.OpenUserID, OpenUserID: d.OpenUserID}

	code := s.madeCode("oauth", d.SuiteID)
	if _, err := s.login.Exchange(ctx, code); !errors.Is(err, protocol.CodeInvalidCode) {
		t.Errorf("an in-client code at the login suite: %v", err)
	}
	if _, err := provider.LoginInfo(ctx, code); !errors.Is(err, protocol.CodeInvalidCode) {
		t.Errorf("an in-client code at get_login_info: %v", err)
	}
	if id, err := s.suite.Exchange(ctx, code); err != nil || id != member {
		t.Errorf("what was refused elsewhere is not spent: %+v %v", id, err)
	}
	if _, err := s.suite.Exchange(ctx, code); !errors.Is(err, protocol.CodeInvalidCode) {
		t.Errorf("spent: %v", err)
	}

	id, err := s.suite.Exchange(ctx, s.madeCode("oauth_private", d.SuiteID))
	if err != nil || id.UserTicket == "" || id.TicketLife != 2*time.Hour {
		t.Fatalf("%+v %v", id, err)
	}
	if detail, err := s.suite.UserDetail(ctx, id.UserTicket); err != nil || detail.UserID != d.OpenUserID || detail.CorpID != d.OpenCorpID {
		t.Errorf("%+v %v", detail, err)
	}
	if _, err := s.login.UserDetail(ctx, id.UserTicket); err == nil {
		t.Error("the login suite read the installed app's ticket")
	}
	if _, err := s.suite.UserDetail(ctx, "made-up"); !errors.Is(err, protocol.CodeInvalidUserTicket) {
		t.Errorf("a made-up ticket: %v", err)
	}

	corp, err := app.Exchange(ctx, s.madeCode("corp_private", agent))
	if err != nil || corp.UserID != d.Member || corp.CorpID != d.CorpID || corp.UserTicket == "" {
		t.Fatalf("%+v %v", corp, err)
	}
	if detail, err := app.UserDetail(ctx, corp.UserTicket); err != nil || detail.UserID != d.Member {
		t.Errorf("%+v %v", detail, err)
	}

	old := s.madeCode("legacy", d.ProviderCorpID)
	if _, err := s.login.Exchange(ctx, old); !errors.Is(err, protocol.CodeInvalidCode) {
		t.Errorf("an old auth_code at getuserinfo3rd: %v", err)
	}
	info, err := provider.LoginInfo(ctx, old)
	if err != nil || info.Identity != member || info.UserType != protocol.UserTypeMember || info.Admin() || info.Manages(d.InstalledAgent) {
		t.Errorf("a member: %+v %v", info, err)
	}
	if _, err := provider.LoginInfo(ctx, old); !errors.Is(err, protocol.CodeInvalidCode) {
		t.Errorf("spent: %v", err)
	}

	s.Advance(2*time.Hour + time.Minute)
	if _, err := s.suite.UserDetail(ctx, id.UserTicket); !errors.Is(err, protocol.CodeUserTicketExpired) {
		t.Errorf("a ticket past its life: %v", err)
	}
}
