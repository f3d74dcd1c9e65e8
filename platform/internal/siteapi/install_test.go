package siteapi_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// bySuite is the query of a suite's call.
func (e *env) bySuite(s holder) url.Values {
	return url.Values{"suite_access_token": {e.issue(tokens.SuiteToken, s.row)}}
}

func quoted(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func authCode(code string) string { return quoted(`{"auth_code":%q}`, code) }

// shown is the JSON of some fields of an answer.
func shown(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// One install, from the pre_auth_code to the uninstall, in both versions.
func TestInstall(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	query := e.bySuite(e.suiteA)

	// As node-easywechat-like clients ask, with a stray token.
	stray := url.Values{"suite_access_token": query["suite_access_token"], "provider_access_token": {e.issue(tokens.ProviderToken, e.providers[0].row)}}
	got, f := e.get(protocol.PathGetPreAuthCode, stray)
	pre, _ := f["pre_auth_code"].(string)
	if got != 0 || f["expires_in"] != 1200.0 || len(pre) < 64 || len(pre) > 512 {
		t.Fatalf("pre_auth_code: %v", f)
	}
	if _, again := e.get(protocol.PathGetPreAuthCode, query); again["pre_auth_code"] == pre {
		t.Error("two installs begin with one pre_auth_code")
	}
	for _, info := range []string{`{"auth_type":1}`, `{"appid":[1,2,3],"auth_type":"0"}`, `{}`} {
		if got, f := e.post(protocol.PathSetSessionInfo, query, quoted(`{"pre_auth_code":%q,"session_info":%s,"suite_id":"x"}`, pre, info)); got != 0 || f["errmsg"] != "ok" {
			t.Errorf("session info %s: %v", info, f)
		}
	}

	code := e.install(e.suiteA, e.instA)
	got, f = e.post(protocol.PathGetPermanentCode, query, authCode(code))
	permanent, _ := f["permanent_code"].(string)
	token, _ := f["access_token"].(string)
	if got != 0 || permanent == "" || token == "" || f["expires_in"] != 7200.0 || f["state"] != "state1" {
		t.Fatalf("permanent code: %v", f)
	}
	corp, wei, cui := e.open(0, ""), e.open(0, "wei"), e.open(0, "cui")
	wantAgent := quoted(`{"agent":[{"agentid":1000004,"auth_from_thirdapp":false,"auth_mode":0,"is_customized_app":false,"name":"suite a",`+
		`"privilege":{"allow_party":[2],"allow_tag":[],"allow_user":[%q],"extra_party":[],"extra_tag":[],"extra_user":[],"level":1},"round_logo_url":"","square_logo_url":""}]}`, cui)
	wantCorp := quoted(`{"corp_full_name":"corp 1","corp_name":"corp 1","corp_type":"unverified","corpid":%q,"subject_type":1}`, corp)
	wantUser := quoted(`{"name":%q,"open_userid":%q,"userid":%q}`, wei, wei, wei)
	if shown(t, f["auth_info"]) != wantAgent || shown(t, f["auth_corp_info"]) != wantCorp || shown(t, f["auth_user_info"]) != wantUser {
		t.Errorf("what was installed:\n%s", shown(t, f))
	}
	if got, f := e.post(protocol.PathGetPermanentCode, query, authCode(code)); got != protocol.CodeInvalidAuthCode || !strings.HasPrefix(f["errmsg"].(string), " invalid auth_code") {
		t.Errorf("the code again: %v", f)
	}

	authorization := quoted(`{"auth_corpid":%q,"permanent_code":%q}`, corp, permanent)
	if got, f := e.post(protocol.PathGetAuthInfo, stray, authorization); got != 0 || shown(t, f["auth_info"]) != wantAgent || shown(t, f["auth_corp_info"]) != wantCorp || f["permanent_code"] != nil {
		t.Errorf("auth info: %v", f)
	}
	if got, f := e.post(protocol.PathGetAuthInfoV2, query, authorization); got != 0 || shown(t, f["auth_corp_info"].(map[string]any)["corp_ex_name"]) != `{"name_list":[]}` {
		t.Errorf("auth info v2: %v", f)
	}
	if got, f := e.post(protocol.PathGetCorpToken, query, authorization); got != 0 || f["access_token"] != token {
		t.Errorf("corp token: the same while valid: %v", f)
	}
	byToken := url.Values{"access_token": {token}, "department_id": {"2"}}
	if got, f := e.get(protocol.PathUserSimpleList, byToken); got != 0 {
		t.Errorf("the token of get_permanent_code: %v", f)
	}

	// A new permanent code ends the one before, and its tokens.
	got, f = e.post(protocol.PathGetPermanentCodeV2, query, authCode(e.install(e.suiteA, e.instA)))
	renewed, _ := f["permanent_code"].(string)
	if got != 0 || renewed == "" || renewed == permanent || f["access_token"] != nil || f["auth_info"] != nil ||
		shown(t, f["auth_corp_info"]) != quoted(`{"corp_name":"corp 1","corpid":%q}`, corp) || shown(t, f["auth_user_info"]) != wantUser || f["state"] != "state1" {
		t.Errorf("v2: %v", f)
	}
	if got, f := e.post(protocol.PathGetCorpToken, query, authorization); got != protocol.CodeInvalidPermanentCode {
		t.Errorf("the permanent code before: %v", f)
	}
	if got, f := e.get(protocol.PathUserSimpleList, byToken); got != protocol.CodeInvalidAccessToken {
		t.Errorf("the token before: %v", f)
	}
	authorization = quoted(`{"auth_corpid":%q,"permanent_code":%q}`, corp, renewed)
	_, f = e.post(protocol.PathGetCorpToken, query, authorization)
	byToken.Set("access_token", f["access_token"].(string))

	// Uninstalled: nothing of it lives, and a code that was on its way finds nothing.
	onItsWay := e.install(e.suiteA, e.instA)
	if err := e.apps.Update(t.Context(), func(tx *sql.Tx) error { return e.apps.Uninstall(t.Context(), tx, e.instA) }); err != nil {
		t.Fatal(err)
	}
	if got, f := e.post(protocol.PathGetCorpToken, query, authorization); got != protocol.CodeInvalidPermanentCode {
		t.Errorf("corp token after the uninstall: %v", f)
	}
	if got, f := e.get(protocol.PathUserSimpleList, byToken); got != protocol.CodeInvalidAuthorization {
		t.Errorf("contacts after the uninstall: %v", f)
	}
	if got, f := e.post(protocol.PathGetPermanentCode, query, authCode(onItsWay)); got != protocol.CodeInvalidAuthCode {
		t.Errorf("an install code after the uninstall: %v", f)
	}
}

// What is wrong with a request of an install, and its errcode.
func TestInstallRefusals(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	permanent, err := e.apps.GrantPermanentCode(t.Context(), e.instA)
	if err != nil {
		t.Fatal(err)
	}
	query, corp := e.bySuite(e.suiteA), e.open(0, "")
	old := e.tokens.MintCode(tokens.PreAuthCode, "old", tokens.Code{App: e.suiteA.row, At: e.clock.Now().Add(-20 * time.Minute)})
	expired := e.tokens.MintCode(tokens.InstallCode, "old", tokens.Code{App: e.suiteA.row, Corp: e.corps[0].row, Installation: e.instA, At: e.clock.Now().Add(-10 * time.Minute)})
	session := func(code string) string { return quoted(`{"pre_auth_code":%q,"session_info":{"auth_type":0}}`, code) }
	auth := func(corp, code string) string { return quoted(`{"auth_corpid":%q,"permanent_code":%q}`, corp, code) }
	admins := func(corp string, agent int) string { return quoted(`{"auth_corpid":%q,"agentid":%d}`, corp, agent) }
	for _, c := range []struct {
		name, path, body string
		want             protocol.Code
	}{
		{"no pre_auth_code", protocol.PathSetSessionInfo, `{}`, protocol.CodeInvalidPreAuthCode},
		{"unknown", protocol.PathSetSessionInfo, session("x"), protocol.CodeInvalidPreAuthCode},
		{"of another suite", protocol.PathSetSessionInfo, session(e.code(tokens.PreAuthCode, e.suiteA2.row)), protocol.CodeInvalidPreAuthCode},
		{"old", protocol.PathSetSessionInfo, session(old), protocol.CodePreAuthCodeExpired},
		{"auth_type", protocol.PathSetSessionInfo, quoted(`{"pre_auth_code":%q,"session_info":{"auth_type":2}}`, e.code(tokens.PreAuthCode, e.suiteA.row)), protocol.CodeInvalidParameter},
		{"no JSON", protocol.PathSetSessionInfo, `pre_auth_code=x`, protocol.CodeInvalidParameter},

		{"no code", protocol.PathGetPermanentCode, `{}`, protocol.CodeMissingAuthCode},
		{"short", protocol.PathGetPermanentCode, authCode(strings.Repeat("a", 63)), protocol.CodeInvalidParameter},
		{"long", protocol.PathGetPermanentCode, authCode(strings.Repeat("a", 513)), protocol.CodeInvalidParameter},
		{"unknown", protocol.PathGetPermanentCode, authCode(strings.Repeat("a", 64)), protocol.CodeInvalidAuthCode},
		{"expired", protocol.PathGetPermanentCodeV2, authCode(expired), protocol.CodeInvalidAuthCode},
		{"a scan code", protocol.PathGetPermanentCode, authCode(e.code(tokens.LoginCode, e.suiteA.row)), protocol.CodeInvalidAuthCode},
		{"a scan code, v2", protocol.PathGetPermanentCodeV2, authCode(e.code(tokens.LoginCode, e.suiteA.row)), protocol.CodeInvalidAuthCode},
		{"a jump's code", protocol.PathGetPermanentCode, authCode(e.jump(e.suiteA, "wei")), protocol.CodeInvalidAuthCode},
		{"a pre_auth_code", protocol.PathGetPermanentCode, authCode(e.code(tokens.PreAuthCode, e.suiteA.row)), protocol.CodeInvalidAuthCode},
		{"another suite's", protocol.PathGetPermanentCode, authCode(e.install(e.suiteA2, e.instA2)), protocol.CodeInvalidAuthCode},

		{"no corp", protocol.PathGetAuthInfo, quoted(`{"permanent_code":%q}`, permanent), protocol.CodeMissingAuthCorpID},
		{"no permanent code", protocol.PathGetAuthInfo, quoted(`{"auth_corpid":%q}`, corp), protocol.CodeMissingPermanentCode},
		{"another permanent code", protocol.PathGetAuthInfo, auth(corp, "x"), protocol.CodeInvalidPermanentCode},
		{"another provider's corpid", protocol.PathGetAuthInfoV2, auth(e.open(1, ""), permanent), protocol.CodeInvalidOpenCorpID},
		{"a changed corpid", protocol.PathGetCorpToken, auth(changed(corp), permanent), protocol.CodeInvalidOpenCorpID},
		{"a plain corpid", protocol.PathGetCorpToken, auth(e.corps[0].id, permanent), protocol.CodeInvalidCorpID},
		{"an unknown corpid", protocol.PathGetCorpToken, auth("ww0000000000000000", permanent), protocol.CodeInvalidCorpID},
		{"a corp that installed nothing", protocol.PathGetCorpToken, auth(e.openCorp(0, 1), permanent), protocol.CodeInvalidPermanentCode},

		{"admins of no corp", protocol.PathServiceGetAdminList, admins("", 1000004), protocol.CodeMissingAuthCorpID},
		{"of no agent", protocol.PathServiceGetAdminList, admins(corp, 0), protocol.CodeMissingAgentID},
		{"of another agent", protocol.PathServiceGetAdminList, admins(corp, 1000005), protocol.CodeInvalidAgentID},
		{"of a corp that installed nothing", protocol.PathServiceGetAdminList, admins(e.openCorp(0, 1), 1000004), protocol.CodeInvalidAuthorization},
	} {
		if got, f := e.post(c.path, query, c.body); got != c.want {
			t.Errorf("%s, %s: %v, want %d", c.path, c.name, f, c.want)
		}
	}
	_, f := e.post(protocol.PathGetPermanentCode, query, authCode("short"))
	if msg, _ := f["errmsg"].(string); !strings.HasPrefix(msg, "auth_code exceed min length 64. Invalid input invalid Request Parameter, hint: [") {
		t.Errorf("the text of a short code: %q", msg)
	}
	// And the reverse: an install's code is nobody's sign-in.
	install := e.install(e.suiteA, e.instA)
	for _, path := range []string{protocol.PathGetUserInfo3rd, protocol.PathOldGetUserInfo3rd} {
		if got, f := e.get(path, url.Values{"suite_access_token": {e.issue(tokens.SuiteToken, e.loginA.row)}, "code": {install}}); got != protocol.CodeInvalidCode {
			t.Errorf("an install code at %s: %v", path, f)
		}
	}
	if got, f := e.post(protocol.PathGetPermanentCode, query, authCode(install)); got != 0 {
		t.Errorf("and it was burned: %v", f)
	}
	// The login suite is not installed.
	if got, f := e.get(protocol.PathGetPreAuthCode, e.bySuite(e.loginA)); got != protocol.CodeAPIForbidden {
		t.Errorf("pre_auth_code of a login suite: %v", f)
	}
}

// changed is an id with one character another.
func changed(id string) string {
	c := byte('A')
	if id[10] == c {
		c = 'B'
	}
	return id[:10] + string(c) + id[11:]
}

// openCorp is what provider A, or B, sees of corp 1 or 2 (0 or 1).
func (e *env) openCorp(provider, corp int) string {
	e.t.Helper()
	p, err := e.apps.Provider(e.t.Context(), e.providers[provider].row)
	if err != nil {
		e.t.Fatal(err)
	}
	return p.CorpIDFor(e.corps[corp].row)
}

// A provider that installed before ids were encrypted sees plain ones, and may send either
// corpid.
func TestPlainIDs(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	permanent, err := e.apps.GrantPermanentCode(t.Context(), e.instB)
	if err != nil {
		t.Fatal(err)
	}
	for _, corp := range []string{strings.ToUpper(e.corps[0].id), e.open(1, "")} {
		got, f := e.post(protocol.PathGetAuthInfo, e.bySuite(e.suiteB), quoted(`{"auth_corpid":%q,"permanent_code":%q}`, corp, permanent))
		if got != 0 || f["auth_corp_info"].(map[string]any)["corpid"] != e.corps[0].id {
			t.Errorf("%s: %v", corp, f)
		}
	}
	byB := url.Values{"access_token": {e.installed(e.instB)}, "userid": {"AN"}}
	got, f := e.get(protocol.PathUserGet, byB)
	if got != 0 || f["userid"] != "An" || f["name"] != "An" || f["open_userid"] != e.open(1, "an") {
		t.Errorf("a member, plain: %v", f)
	}
	byB.Set("userid", e.open(1, "an"))
	if got, f := e.get(protocol.PathUserGet, byB); got != protocol.CodeUserNotFound {
		t.Errorf("a member by an encrypted id where plain ones are due: %v", f)
	}
}

// Neither half of get_permanent_code happens without the other.
func TestPermanentCodeIsWhole(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	query, code := e.bySuite(e.suiteA), e.install(e.suiteA, e.instA)
	if _, err := e.db.Exec(t.Context(), `CREATE TRIGGER broken BEFORE UPDATE ON installations BEGIN SELECT RAISE(FAIL, 'broken'); END`); err != nil {
		t.Fatal(err)
	}
	if got, f := e.post(protocol.PathGetPermanentCode, query, authCode(code)); got != protocol.CodeSystemBusy || f["permanent_code"] != nil {
		t.Errorf("while the store fails: %v", f)
	}
	if _, err := e.db.Exec(t.Context(), `DROP TRIGGER broken`); err != nil {
		t.Fatal(err)
	}
	if got, f := e.post(protocol.PathGetPermanentCode, query, authCode(code)); got != 0 {
		t.Errorf("afterwards: %v", f)
	}
}

// A provider with an IP allow list: its secrets and tokens are good from there alone, and a
// refusal spends nothing.
func TestAllowList(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	permanent, err := e.apps.GrantPermanentCode(t.Context(), e.instA)
	if err != nil {
		t.Fatal(err)
	}
	suite, corpToken := e.bySuite(e.suiteA), url.Values{"access_token": {e.installed(e.instA)}}
	provider := url.Values{"access_token": {e.issue(tokens.ProviderToken, e.providers[0].row)}, "provider_access_token": {e.issue(tokens.ProviderToken, e.providers[0].row)}}
	login, install, jump := e.code(tokens.LoginCode, e.loginA.row), e.install(e.suiteA, e.instA), e.jump(e.suiteA, "wei")
	loginQuery := e.bySuite(e.loginA)
	loginQuery.Set("code", login)
	allow := func(list ...string) {
		t.Helper()
		var prefixes []netip.Prefix
		for _, text := range list {
			prefixes = append(prefixes, netip.MustParsePrefix(text))
		}
		if err := e.apps.SetNetworks(context.Background(), e.providers[0].row, prefixes); err != nil {
			t.Fatal(err)
		}
	}
	type call struct {
		path  string
		query url.Values
		body  string
	}
	authorization := quoted(`{"auth_corpid":%q,"permanent_code":%q,"agentid":1000004}`, e.open(0, ""), permanent)
	all := []call{
		{protocol.PathGetProviderToken, nil, quoted(`{"corpid":%q,"provider_secret":"secret of provider a"}`, e.providers[0].id)},
		{protocol.PathGetSuiteToken, nil, quoted(`{"suite_id":%q,"suite_secret":"secret of suite a","suite_ticket":%q}`, e.suiteA.id, e.tokens.Ticket(e.suiteA.row))},
		{protocol.PathGetUserInfo3rd, loginQuery, ""}, {protocol.PathGetLoginInfo, provider, authCode(jump)},
		{protocol.PathCorpIDToOpenCorpID, provider, quoted(`{"corpid":%q}`, e.corps[0].id)},
		{protocol.PathGetPreAuthCode, suite, ""}, {protocol.PathGetAuthInfo, suite, authorization}, {protocol.PathGetCorpToken, suite, authorization},
		{protocol.PathServiceGetAdminList, suite, authorization},
		{protocol.PathDepartmentList, corpToken, ""}, {protocol.PathUserListID, corpToken, "{}"}, {protocol.PathAgentGetAdminList, corpToken, ""},
		{protocol.PathGetPermanentCode, suite, authCode(install)}, // last: it ends the corp token
	}
	allow("203.0.113.0/24", "2001:db8::/32")
	for _, c := range all {
		got, f := e.post(c.path, c.query, c.body)
		if msg, _ := f["errmsg"].(string); got != protocol.CodeIPNotAllowed || !strings.HasPrefix(msg, "not allow to access from your ip, hint: [") || !strings.Contains(msg, "from ip: 127.0.0.1,") {
			t.Errorf("%s from elsewhere: %v", c.path, f)
		}
	}
	allow("203.0.113.0/24", "127.0.0.0/8")
	for _, c := range all {
		if got, f := e.post(c.path, c.query, c.body); got != 0 {
			t.Errorf("%s from there: %v", c.path, f)
		}
	}
	// Another provider's list is nobody else's.
	allow("203.0.113.1/32")
	if got, f := e.get(protocol.PathUserGet, url.Values{"access_token": {e.issue(tokens.CorpAppToken, e.own1.row)}, "userid": {"wei"}}); got != 0 {
		t.Errorf("a corp's own app: %v", f)
	}
}
