package siteapi_test

import (
	"database/sql"
	"net/url"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// login is getuserinfo3rd with the token of login suite A.
func (e *env) login(code string) (protocol.Code, map[string]any) {
	query := e.bySuite(e.loginA)
	query.Set("code", code)
	return e.get(protocol.PathGetUserInfo3rd, query)
}

// loginInfo is get_login_info with the token of provider A.
func (e *env) loginInfo(code string) (protocol.Code, map[string]any) {
	return e.post(protocol.PathGetLoginInfo, url.Values{"access_token": {e.issue(tokens.ProviderToken, e.providers[0].row)}}, authCode(code))
}

// What get_login_info shows of each kind of admin (91125).
func TestLoginInfo(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	user := func(name string) string {
		id := e.open(0, name)
		return quoted(`{"name":%q,"open_userid":%q,"userid":%q}`, id, id, id)
	}
	for name, c := range map[string]struct {
		usertype                      float64
		user, agents, departments, id string
	}{
		"creator":   {1, user("wei"), `[{"agentid":1000004,"auth_type":1},{"agentid":1000005,"auth_type":1}]`, `[{"id":1,"writable":true}]`, "wei"},
		"sub-admin": {4, user("an"), `[{"agentid":1000004,"auth_type":1},{"agentid":1000005,"auth_type":0}]`, `[{"id":2,"writable":true},{"id":4,"writable":false}]`, "an"},
		"external":  {3, `{}`, `[{"agentid":1000004,"auth_type":1},{"agentid":1000005,"auth_type":1}]`, `[{"id":1,"writable":true}]`, ""},
	} {
		got, f := e.loginInfo(e.jump(e.suiteA, c.id))
		info, _ := f["auth_info"].(map[string]any)
		if got != 0 || f["usertype"] != c.usertype || shown(t, f["user_info"]) != c.user || shown(t, f["agent"]) != c.agents ||
			shown(t, info["department"]) != c.departments || shown(t, f["corp_info"]) != quoted(`{"corpid":%q}`, e.open(0, "")) {
			t.Errorf("%s: %s", name, shown(t, f))
		}
	}
	// The provider's token under either name; both given, the one that fits (clients.md).
	good := e.issue(tokens.ProviderToken, e.providers[0].row)
	for _, query := range []url.Values{{"provider_access_token": {good}}, {"access_token": {"x"}, "provider_access_token": {good}},
		{"access_token": {good}, "provider_access_token": {"x"}}, {"access_token": {e.issue(tokens.SuiteToken, e.suiteA.row)}, "provider_access_token": {good}}} {
		if got, f := e.post(protocol.PathGetLoginInfo, query, authCode(e.jump(e.suiteA, "wei"))); got != 0 {
			t.Errorf("%v", f)
		}
	}
	if got, _ := e.post(protocol.PathGetLoginInfo, url.Values{}, authCode("x")); got != protocol.CodeMissingAccessToken {
		t.Errorf("no token: %d", got)
	}
}

// An external admin's sign-in name is nobody's proved email, whatever it looks like: outside
// the sandbox no site is given it as one.
func TestLoginInfoEmail(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	if p, err := e.directory.Person(t.Context(), e.ext); err != nil || p.Account != "ext@example.com" {
		t.Fatalf("%+v %v", p, err)
	}
	for _, c := range []struct {
		sandbox bool
		want    string
	}{{false, `{}`}, {true, `{"email":"ext@example.com"}`}} {
		e.api.Sandbox = c.sandbox
		if got, f := e.loginInfo(e.jump(e.suiteA, "")); got != 0 || shown(t, f["user_info"]) != c.want {
			t.Errorf("sandbox %v: %v", c.sandbox, f)
		}
	}
}

// The same code at getuserinfo3rd, new and old: the admin as any member is shown, and an
// external one as a person in no company.
func TestJumpIsSignIn(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	if got, f := e.login(e.jump(e.suiteA, "an")); got != 0 || f["userid"] != e.open(0, "an") || f["corpid"] != e.open(0, "") || f["openid"] != nil {
		t.Errorf("a member: %v", f)
	}
	if got, f := e.login(e.jump(e.suiteA2, "")); got != 0 || f["openid"] == nil || f["userid"] != nil || f["corpid"] != nil {
		t.Errorf("an external admin: %v", f)
	}
	query := url.Values{"access_token": e.bySuite(e.loginA)["suite_access_token"], "code": {e.jump(e.suiteA, "an")}}
	if got, f := e.get(protocol.PathOldGetUserInfo3rd, query); got != 0 || f["UserId"] != e.open(0, "an") || f["CorpId"] != e.open(0, "") {
		t.Errorf("the old call: %v", f)
	}
	// Who only uses the app has no way in, and no code that is good.
	if got, f := e.login(e.jump(e.suiteA, "bo")); got != protocol.CodeInvalidCode {
		t.Errorf("an admin who uses the app: %v", f)
	}
	// Once over both.
	code := e.jump(e.suiteA, "wei")
	if got, f := e.loginInfo(code); got != 0 {
		t.Fatalf("%v", f)
	}
	if got, f := e.login(code); got != protocol.CodeInvalidCode {
		t.Errorf("spent at get_login_info, then: %v", f)
	}
	code = e.jump(e.suiteA, "wei")
	if got, f := e.login(code); got != 0 {
		t.Fatalf("%v", f)
	}
	if got, f := e.loginInfo(code); got != protocol.CodeInvalidCode || shown(t, f["agent"]) != "[]" {
		t.Errorf("spent at getuserinfo3rd, then: %v", f)
	}
}

// What makes the code of a jump worthless between click and exchange; each refusal leaves it
// unspent for when the thing is mended.
func TestJumpWithdrawn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		withdraw, mend string
		want           protocol.Code
	}{
		"disabled member":      {`UPDATE members SET status = 2 WHERE userid_key = 'an'`, `UPDATE members SET status = 1`, protocol.CodeInvalidCode},
		"no admin of the app":  {`DELETE FROM admin_apps`, ``, protocol.CodeInvalidCode},
		"may use it only":      {`UPDATE admin_apps SET manage = FALSE`, ``, protocol.CodeInvalidCode},
		"no admin at all":      {`DELETE FROM admins WHERE kind = 4`, ``, protocol.CodeInvalidCode},
		"another origin":       {`UPDATE apps SET business_url = 'https://other.example.com/'`, `UPDATE apps SET business_url = 'https://biz.example.com/other'`, protocol.CodeRedirectURIUnauthorized},
		"no business settings": {`UPDATE apps SET business_url = ''`, `UPDATE apps SET business_url = 'https://biz.example.com/'`, protocol.CodeRedirectURIUnauthorized},
		"domain not proved":    {`DELETE FROM domain_proofs`, ``, protocol.CodeRedirectURIUnauthorized},
		"old login off":        {`UPDATE providers SET old_login = FALSE`, `UPDATE providers SET old_login = TRUE`, protocol.CodeAPIForbidden},
		"login suite off":      {`UPDATE apps SET enabled = FALSE WHERE kind = 'login_suite'`, `UPDATE apps SET enabled = TRUE`, protocol.CodeAppDisabled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			code := e.jump(e.suiteA, "an")
			set := func(query string) {
				t.Helper()
				if _, err := e.db.Exec(t.Context(), query); err != nil {
					t.Fatal(err)
				}
				if err := e.apps.SetBrand(t.Context(), e.providers[0].row, "anew"); err != nil { // what is kept is read anew
					t.Fatal(err)
				}
			}
			set(c.withdraw)
			if got, f := e.login(code); name != "old login off" && got != c.want {
				t.Errorf("getuserinfo3rd: %v", f)
			} else if name == "old login off" && got != 0 {
				t.Errorf("the new call stands without the old login: %v", f)
			}
			other := e.jump(e.suiteA, "an")
			got, f := e.loginInfo(other)
			switch {
			case name == "login suite off" && got != 0:
				t.Errorf("the old call stands without the login suite: %v", f)
			case name != "login suite off" && got != c.want:
				t.Errorf("get_login_info: %v", f)
			case got == protocol.CodeInvalidCode && shown(t, f["agent"]) != "[]":
				t.Errorf("a refusal without the empty list: %v", f)
			}
			if c.mend == "" {
				return
			}
			set(c.mend)
			if name == "old login off" {
				code = other
			}
			if got, f := e.login(code); got != 0 {
				t.Errorf("mended: %v", f)
			}
		})
	}
}

// An app that is uninstalled, or installed anew, opens no door to whoever clicked before.
func TestJumpUninstalled(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	bound := func() string {
		m := e.who("wei")
		return e.tokens.MintCode(tokens.AdminCode, "bound", tokens.Code{App: e.suiteA.row, Corp: m.Corp.Row, Member: m.Row, Person: m.Person,
			Installation: e.instA, Origin: business, At: e.clock.Now()})
	}()
	loose := e.jump(e.suiteA, "wei")
	if err := e.apps.Update(t.Context(), func(tx *sql.Tx) error { return e.apps.Uninstall(t.Context(), tx, e.instA) }); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{bound, loose} {
		if got, f := e.login(code); got != protocol.CodeInvalidCode {
			t.Errorf("uninstalled: %v", f)
		}
	}
	if err := e.apps.Update(t.Context(), func(tx *sql.Tx) error {
		_, err := e.apps.Install(t.Context(), tx, apps.NewInstallation{App: e.suiteA.row, Corp: e.corps[0].row, Departments: []int64{1}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got, f := e.login(bound); got != protocol.CodeInvalidCode {
		t.Errorf("installed anew: %v", f)
	}
}
