package site_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

func TestUserDetailOnTheWire(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{
		protocol.PathGetSuiteToken: {suiteToken}, protocol.PathGetToken: {appToken},
		protocol.PathGetUserInfo3rd:   {`{"errcode":0,"errmsg":"ok","corpid":"wpCORP","userid":"woUSER","open_userid":"woOPEN","user_ticket":"canary-user-ticket","expires_in":"7200"}`},
		protocol.PathGetUserInfo:      {`{"errcode":0,"errmsg":"ok","userid":"zhangsan","user_ticket":"canary-user-ticket","expires_in":60}`},
		protocol.PathGetUserDetail3rd: {`{"errcode":0,"errmsg":"ok","corpid":"wpCORP","userid":"woUSER","name":"woUSER","gender":1,"avatar":"https://a.example/x","qr_code":"https://q.example/x"}`},
		protocol.PathGetUserDetail:    {`{"errcode":0,"errmsg":"ok","userid":"zhangsan","gender":"2","avatar":"","mobile":"13800000000","email":"a@b.example","biz_mail":"c@d.example","address":"x"}`},
	})
	client := site.New(site.Config{API: s.URL})
	suite, app := client.Suite("ww1", "canary-secret", ticket), client.CorpApp("wwCORP", "canary-secret")

	id, err := suite.Exchange(t.Context(), "code")
	if err != nil || id.UserTicket != "canary-user-ticket" || id.TicketLife != 2*time.Hour {
		t.Errorf("%+v %v", id, err)
	}
	detail, err := suite.UserDetail(t.Context(), id.UserTicket)
	if err != nil || detail.CorpID != "wpCORP" || detail.UserID != "woUSER" || detail.Gender != "1" || detail.Avatar != "https://a.example/x" || detail.QRCode != "https://q.example/x" {
		t.Errorf("%+v %v", detail, err)
	}
	id, err = app.Exchange(t.Context(), "code")
	if err != nil || id.UserTicket != "canary-user-ticket" || id.TicketLife != time.Minute || id.CorpID != "wwCORP" {
		t.Errorf("%+v %v", id, err)
	}
	corp, err := app.UserDetail(t.Context(), id.UserTicket)
	if err != nil || corp.UserID != "zhangsan" || corp.Gender != "2" || corp.Mobile != "13800000000" || corp.BizMail != "c@d.example" || corp.Address != "x" {
		t.Errorf("%+v %v", corp, err)
	}
	asked := strings.Join(s.requests(), "\n")
	for _, want := range []string{
		`POST /cgi-bin/service/auth/getuserdetail3rd?suite_access_token=canary-suite-token {"user_ticket":"canary-user-ticket"}`,
		`POST /cgi-bin/auth/getuserdetail?access_token=canary-app-token {"user_ticket":"canary-user-ticket"}`,
	} {
		if !strings.Contains(asked, want) {
			t.Errorf("not asked: %s\nasked:\n%s", want, asked)
		}
	}
}

// What may go wrong is told by a code, or by ErrAnswer, and holds nothing that was sent.
func TestUserDetailFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer string
		ticket site.UserTicket
		want   error
	}{
		{`{"errcode":84014,"errmsg":"user_ticket expired canary-user-ticket"}`, "canary-user-ticket", protocol.CodeUserTicketExpired},
		{`{"errcode":84015,"errmsg":"invalid user_ticket"}`, "canary-user-ticket", protocol.CodeInvalidUserTicket},
		{`{"errcode":92000,"errmsg":"x"}`, "canary-user-ticket", protocol.CodeNotInVisibleRange},
		{`{"errcode":92001,"errmsg":"x"}`, "canary-user-ticket", protocol.CodeNoSensitiveInfoRight},
		{`{"errcode":0,"errmsg":"ok"}`, "canary-user-ticket", site.ErrAnswer},
		{`<html>canary-user-ticket</html>`, "canary-user-ticket", site.ErrAnswer},
		{`{"errcode":0}`, "", protocol.CodeInvalidUserTicket},
		{`{"errcode":0}`, "canary user-ticket", protocol.CodeInvalidUserTicket},
		{`{"errcode":0}`, site.UserTicket(strings.Repeat("c", 513)), protocol.CodeInvalidUserTicket},
	} {
		s := serve(t, map[string][]string{
			protocol.PathGetSuiteToken: {suiteToken}, protocol.PathGetToken: {appToken},
			protocol.PathGetUserDetail3rd: {c.answer}, protocol.PathGetUserDetail: {c.answer},
		})
		client := site.New(site.Config{API: s.URL})
		detail, err := client.Suite("ww1", "canary-secret", ticket).UserDetail(t.Context(), c.ticket)
		corp, corpErr := client.CorpApp("wwCORP", "canary-secret").UserDetail(t.Context(), c.ticket)
		if !errors.Is(err, c.want) || !errors.Is(corpErr, c.want) || detail.UserID != "" || corp.UserID != "" {
			t.Errorf("%s: %v, %v", c.answer, err, corpErr)
		}
		for _, err := range []error{err, corpErr} {
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "ccccc") {
				t.Errorf("an error shows what was sent: %v", err)
			}
		}
		if bad := !strings.HasPrefix(string(c.ticket), "canary-user"); bad && len(s.requests()) != 0 {
			t.Errorf("%.20s: a text that can be no ticket was sent", string(c.ticket))
		}
	}
}
