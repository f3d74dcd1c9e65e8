package site_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

const corpToken = `{"errcode":0,"errmsg":"ok","access_token":"canary-corp-token","expires_in":7200}`

func TestInstallOnTheWire(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{
		protocol.PathGetSuiteToken:  {suiteToken},
		protocol.PathGetPreAuthCode: {`{"errcode":0,"errmsg":"ok","pre_auth_code":"canary-pre","expires_in":1200}`},
		protocol.PathSetSessionInfo: {`{"errcode":0,"errmsg":"ok"}`},
		protocol.PathGetPermanentCode: {`{"errcode":0,"errmsg":"ok","access_token":"x","expires_in":7200,"permanent_code":"canary-permanent",
			"auth_corp_info":{"corpid":"wpCORP","corp_name":"星河科技"},"auth_info":{"agent":[{"agentid":"1000009"}]}}`},
		protocol.PathGetAuthInfo:         {`{"errcode":0,"errmsg":"ok","auth_corp_info":{"corpid":"wpCORP"},"auth_info":{"agent":[{"agentid":1000009}]}}`},
		protocol.PathServiceGetAdminList: {`{"errcode":0,"errmsg":"ok","admin":[{"userid":"woA","open_userid":"woA","auth_type":1}]}`},
	})
	suite := site.New(site.Config{API: s.URL}).Suite("ww1", "canary-secret", ticket)
	ctx := t.Context()
	pre, err := suite.PreAuthCode(ctx)
	if err != nil || pre != "canary-pre" {
		t.Fatalf("%q %v", pre, err)
	}
	if err := suite.SetSession(ctx, pre, protocol.AuthTest); err != nil {
		t.Fatal(err)
	}
	code, err := suite.PermanentCode(ctx, "canary-auth-code")
	if err != nil || code.PermanentCode != "canary-permanent" || code.AuthCorpInfo.CorpID != "wpCORP" || code.AuthInfo.Agent[0].AgentID != 1000009 {
		t.Fatalf("%+v %v", code.AuthCorpInfo, err)
	}
	if info, err := suite.AuthInfo(ctx, "wpCORP", code.PermanentCode); err != nil || info.AuthCorpInfo.CorpID != "wpCORP" {
		t.Errorf("%+v %v", info, err)
	}
	if admins, err := suite.AdminList(ctx, "wpCORP", 1000009); err != nil || len(admins) != 1 || admins[0].AuthType != protocol.AuthTypeManage {
		t.Errorf("%+v %v", admins, err)
	}
	query := "?suite_access_token=canary-suite-token"
	want := []string{
		"GET /cgi-bin/service/get_pre_auth_code" + query,
		"POST /cgi-bin/service/set_session_info" + query + ` {"pre_auth_code":"canary-pre","session_info":{"auth_type":1}}`,
		"POST /cgi-bin/service/get_permanent_code" + query + ` {"auth_code":"canary-auth-code"}`,
		"POST /cgi-bin/service/get_auth_info" + query + ` {"auth_corpid":"wpCORP","permanent_code":"canary-permanent"}`,
		"POST /cgi-bin/service/get_admin_list" + query + ` {"auth_corpid":"wpCORP","agentid":1000009}`,
	}
	if got := s.requests()[1:]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestInstalledOnTheWire(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{
		protocol.PathGetSuiteToken:      {suiteToken},
		protocol.PathGetCorpToken:       {corpToken},
		protocol.PathUserGet:            {`{"errcode":0,"errmsg":"ok","userid":"woA","name":"woA","department":[1]}`},
		protocol.PathUserSimpleList:     {`{"errcode":0,"errmsg":"ok","userlist":[{"userid":"woA","name":"woA","department":[1]}]}`},
		protocol.PathUserList:           {`{"errcode":0,"errmsg":"ok","userlist":[{"userid":"woA"},{"userid":"woB"}]}`},
		protocol.PathUserListID:         {`{"errcode":0,"errmsg":"ok","next_cursor":"more","dept_user":[{"open_userid":"woA","department":1}]}`},
		protocol.PathDepartmentList:     {`{"errcode":0,"errmsg":"ok","department":[{"id":1,"name":"1","parentid":0,"order":1}]}`},
		protocol.PathAgentGet:           {`{"errcode":0,"errmsg":"ok","agentid":1000009,"name":"协作"}`},
		protocol.PathUserIDToOpenUserID: {`{"errcode":0,"errmsg":"ok","open_userid_list":[{"userid":"a","open_userid":"woA"}],"invalid_userid_list":["b"]}`},
	})
	corp := site.New(site.Config{API: s.URL}).Suite("ww1", "canary-secret", ticket).Corp("wpCORP", "canary-permanent")
	ctx := t.Context()
	if u, err := corp.User(ctx, "woA"); err != nil || u.UserID != "woA" {
		t.Errorf("%+v %v", u, err)
	}
	if l, err := corp.SimpleUsers(ctx, 1); err != nil || len(l) != 1 {
		t.Errorf("%+v %v", l, err)
	}
	if l, err := corp.Users(ctx, 1); err != nil || len(l) != 2 {
		t.Errorf("%+v %v", l, err)
	}
	if p, err := corp.UserIDs(ctx, "", 0); err != nil || p.NextCursor != "more" || len(p.DeptUser) != 1 {
		t.Errorf("%+v %v", p, err)
	}
	if l, err := corp.Departments(ctx, 0); err != nil || len(l) != 1 || l[0].ID != 1 {
		t.Errorf("%+v %v", l, err)
	}
	if a, err := corp.Agent(ctx, 1000009); err != nil || a.Name != "协作" {
		t.Errorf("%+v %v", a, err)
	}
	if o, err := corp.OpenUserIDs(ctx, []string{"a", "b"}); err != nil || len(o.OpenUserIDList) != 1 || len(o.InvalidUserIDList) != 1 {
		t.Errorf("%+v %v", o, err)
	}
	query := "?access_token=canary-corp-token"
	want := []string{
		`POST /cgi-bin/service/get_corp_token?suite_access_token=canary-suite-token {"auth_corpid":"wpCORP","permanent_code":"canary-permanent"}`,
		"GET /cgi-bin/user/get" + query + "&userid=woA",
		"GET /cgi-bin/user/simplelist" + query + "&department_id=1",
		"GET /cgi-bin/user/list" + query + "&department_id=1",
		"POST /cgi-bin/user/list_id" + query + ` {"cursor":""}`,
		"GET /cgi-bin/department/list" + query,
		"GET /cgi-bin/agent/get" + query + "&agentid=1000009",
		"POST /cgi-bin/batch/userid_to_openuserid" + query + ` {"userid_list":["a","b"]}`,
	}
	if got := s.requests()[1:]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if text := fmt.Sprintf("%v %+v %#v", corp, corp, corp); strings.Contains(text, "canary") {
		t.Errorf("shown: %s", text)
	}
}

// A withdrawn token is replaced once, the suite's and the company's apart; what an
// earlier answer said is not left over.
func TestInstalledRefreshes(t *testing.T) {
	t.Parallel()
	for _, code := range []int{42001, 40014, 40082, 42009} {
		s := serve(t, map[string][]string{
			protocol.PathGetSuiteToken:  {suiteToken},
			protocol.PathGetCorpToken:   {fmt.Sprintf(`{"errcode":%d,"errmsg":"x"}`, code), corpToken},
			protocol.PathUserSimpleList: {fmt.Sprintf(`{"errcode":%d,"errmsg":"x","userlist":[{"userid":"stale"}]}`, code), `{"userlist":[]}`},
		})
		corp := site.New(site.Config{API: s.URL}).Suite("ww1", "s", ticket).Corp("wpCORP", "p")
		if l, err := corp.SimpleUsers(t.Context(), 1); err != nil || len(l) != 0 {
			t.Errorf("%d: %+v %v", code, l, err)
		}
		count := map[string]int{}
		for _, r := range s.requests() {
			path, _, _ := strings.Cut(strings.Fields(r)[1], "?")
			count[path]++
		}
		if count[protocol.PathGetSuiteToken] != 2 || count[protocol.PathGetCorpToken] != 3 || count[protocol.PathUserSimpleList] != 2 {
			t.Errorf("%d: asked %v", code, count)
		}
	}
}

func TestLoginInfoOnTheWire(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]string{
		protocol.PathGetProviderToken: {`{"provider_access_token":"canary-provider-token","expires_in":7200}`},
		protocol.PathGetLoginInfo: {`{"usertype":4,"user_info":{"userid":"woA","open_userid":"woA","name":"woA"},"corp_info":{"corpid":"wpCORP"},
			"agent":[{"agentid":7,"auth_type":0},{"agentid":9,"auth_type":1}],"auth_info":{"department":[{"id":2,"writable":true}]}}`},
		protocol.PathCorpIDToOpenCorpID: {`{"errcode":0,"errmsg":"ok","open_corpid":"wpCORP"}`, `{"errcode":48001,"errmsg":"api unauthorized"}`, `{}`},
	})
	p := site.New(site.Config{API: s.URL}).Provider("wwP", "canary-secret")
	info, err := p.LoginInfo(t.Context(), "canary-code")
	if err != nil || info.Identity != (site.Identity{CorpID: "wpCORP", UserID: "woA", OpenUserID: "woA"}) || info.UserType != protocol.UserTypeSubAdmin ||
		len(info.Departments) != 1 || !info.Admin() || info.Manages(7) || !info.Manages(9) || info.Manages(8) {
		t.Errorf("%+v %v", info, err)
	}
	if got := s.requests()[1]; got != `POST /cgi-bin/service/get_login_info?access_token=canary-provider-token {"auth_code":"canary-code"}` {
		t.Errorf("asked %s", got)
	}
	if id, err := p.OpenCorpID(t.Context(), "wwcorp"); id != "wpCORP" || err != nil {
		t.Errorf("%s %v", id, err)
	}
	if _, err := p.OpenCorpID(t.Context(), "wwnone"); !errors.Is(err, protocol.CodeAPIUnauthorized) {
		t.Error(err)
	}
	if _, err := p.OpenCorpID(t.Context(), "wwnone"); !errors.Is(err, site.ErrAnswer) {
		t.Error(err)
	}
}

// Answers that do not plainly say who came, or what was granted, give nothing.
func TestNothingGrantedBy(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{}`:                           site.ErrIncomplete,
		`{"usertype":1}`:               site.ErrIncomplete,
		`{"corp_info":{"corpid":"c"}}`: site.ErrIncomplete,
		`{"usertype":0,"user_info":{"userid":"u"},"corp_info":{"corpid":"c"}}`:        site.ErrIncomplete,
		`{"usertype":6,"user_info":{"userid":"u"},"corp_info":{"corpid":"c"}}`:        site.ErrIncomplete,
		`{"usertype":-1,"user_info":{"userid":"u"},"corp_info":{"corpid":"c"}}`:       site.ErrIncomplete,
		`{"usertype":5,"corp_info":{"corpid":"c"}}`:                                   site.ErrIncomplete,
		`{"usertype":1,"user_info":{"userid":"u v"},"corp_info":{"corpid":"c"}}`:      site.ErrIncomplete,
		`{"usertype":1,"user_info":{"userid":"u"},"corp_info":{"corpid":"с"}}`:        site.ErrIncomplete,
		`{"errcode":40029,"errmsg":"invalid code","agent":[]}`:                        protocol.CodeInvalidCode,
		`{"errcode":40078,"errmsg":" invalid auth_code","usertype":1,"corp_info":{}}`: protocol.CodeInvalidAuthCode,
		`{"usertype":"admin","user_info":{"userid":"u"},"corp_info":{"corpid":"c"}}`:  site.ErrAnswer,
		`<!doctype html>`: site.ErrAnswer,
	} {
		s := serve(t, map[string][]string{protocol.PathGetProviderToken: {`{"provider_access_token":"T","expires_in":7200}`}, protocol.PathGetLoginInfo: {body}})
		info, err := site.New(site.Config{API: s.URL}).Provider("wwP", "s").LoginInfo(t.Context(), "code")
		if !errors.Is(err, want) || info.CorpID != "" || info.UserType != 0 {
			t.Errorf("%s: %+v %v", body, info, err)
		}
	}
	for _, body := range []string{`{}`, `{"permanent_code":"p"}`, `{"auth_corp_info":{"corpid":"c"}}`, `{"permanent_code":"p","auth_corp_info":{"corpid":"c d"}}`} {
		s := serve(t, map[string][]string{protocol.PathGetSuiteToken: {suiteToken}, protocol.PathGetPermanentCode: {body}, protocol.PathGetPreAuthCode: {body}, protocol.PathGetAuthInfo: {`{}`}})
		suite := site.New(site.Config{API: s.URL}).Suite("ww1", "s", ticket)
		if code, err := suite.PermanentCode(t.Context(), "code"); !errors.Is(err, site.ErrAnswer) || code.PermanentCode != "" {
			t.Errorf("%s: %v", body, err)
		}
		if code, err := suite.PreAuthCode(t.Context()); !errors.Is(err, site.ErrAnswer) || code != "" {
			t.Errorf("pre_auth_code: %v", err)
		}
		if _, err := suite.AuthInfo(t.Context(), "c", "p"); !errors.Is(err, site.ErrAnswer) || site.Withdrawn(err) {
			t.Errorf("auth info: %v", err)
		}
	}
	for _, code := range []string{"", strings.Repeat("x", 513)} {
		c := site.New(site.Config{API: "http://127.0.0.1:1"})
		if _, err := c.Suite("ww1", "s", ticket).PermanentCode(t.Context(), code); !errors.Is(err, protocol.CodeInvalidAuthCode) {
			t.Error(err)
		}
		if _, err := c.Provider("wwP", "s").LoginInfo(t.Context(), code); !errors.Is(err, protocol.CodeInvalidCode) {
			t.Error(err)
		}
	}
}

// What was sent is in no error, even where a platform echoes it.
func TestNoSecretInInstallErrors(t *testing.T) {
	t.Parallel()
	echo := `{"errcode":40058,"errmsg":"bad: canary-permanent canary-auth-code canary-pre-auth canary-suite-token canary-corp-token canary-provider-token"}`
	s := serve(t, map[string][]string{
		protocol.PathGetSuiteToken: {suiteToken}, protocol.PathGetProviderToken: {`{"provider_access_token":"canary-provider-token","expires_in":7200}`},
		protocol.PathGetCorpToken: {echo},
	})
	c := site.New(site.Config{API: s.URL})
	suite := c.Suite("ww1", "canary-secret", ticket)
	checks := map[string]struct {
		answer string
		call   func() error
		own    []string // what this call sent
	}{
		protocol.PathSetSessionInfo:   {echo, func() error { return suite.SetSession(t.Context(), "canary-pre-auth", 0) }, []string{"canary-pre-auth", "canary-suite-token"}},
		protocol.PathGetPermanentCode: {echo, func() error { _, err := suite.PermanentCode(t.Context(), "canary-auth-code"); return err }, []string{"canary-auth-code", "canary-suite-token"}},
		protocol.PathGetAuthInfo:      {echo, func() error { _, err := suite.AuthInfo(t.Context(), "c", "canary-permanent"); return err }, []string{"canary-permanent", "canary-suite-token"}},
		protocol.PathGetCorpToken:     {echo, func() error { _, err := suite.Corp("c", "canary-permanent").Token(t.Context()); return err }, []string{"canary-permanent", "canary-suite-token"}},
		protocol.PathGetLoginInfo:     {echo, func() error { _, err := c.Provider("wwP", "x").LoginInfo(t.Context(), "canary-auth-code"); return err }, []string{"canary-auth-code", "canary-provider-token"}},
	}
	for path, check := range checks {
		s.mu.Lock()
		s.paths[path] = []string{check.answer}
		s.mu.Unlock()
		err := check.call()
		if !errors.Is(err, protocol.CodeInvalidParameter) {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for deep := err; deep != nil; deep = errors.Unwrap(deep) {
			for _, secret := range check.own {
				if text := fmt.Sprintf("%v %+v %#v", deep, deep, deep); strings.Contains(text, secret) {
					t.Errorf("%s: %s", path, text)
				}
			}
		}
	}
}
