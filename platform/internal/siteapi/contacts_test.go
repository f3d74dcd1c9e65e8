package siteapi_test

import (
	"database/sql"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// with is a corp token and more of the query.
func with(token string, more ...string) url.Values {
	query := url.Values{"access_token": {token}}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return query
}

// ids are the values of one field in a list of an answer, sorted.
func ids(f map[string]any, list, field string) string {
	var all []string
	items, _ := f[list].([]any)
	for _, item := range items {
		s, _ := item.(map[string]any)[field].(string)
		all = append(all, s)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func sorted(list ...string) string {
	slices.Sort(list)
	return strings.Join(list, " ")
}

// Everything an installed suite can ask of contacts, within its range: departments 2 and 3,
// and Cui of department 4. Nothing that was not meant for it is in any answer.
func TestContactsOfInstalled(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	token := e.installed(e.instA)
	an, bo, cui, dan := e.open(0, "an"), e.open(0, "bo"), e.open(0, "cui"), e.open(0, "dan")
	ask := func(path string, more ...string) map[string]any {
		t.Helper()
		got, f := e.get(path, with(token, more...))
		if got != 0 {
			t.Errorf("%s %v: %v", path, more, f)
		}
		for _, secret := range []string{"本名", "工程师", "138", "研发", "平台", "销售", dan, e.corps[0].id} {
			if text := shown(t, f); strings.Contains(text, secret) {
				t.Errorf("%s shows %s: %s", path, secret, text)
			}
		}
		return f
	}
	delete := func(f map[string]any) string {
		for _, name := range []string{"errcode", "errmsg"} {
			f[name] = nil
		}
		return shown(t, f)
	}
	// Of An's departments the one in range; the main one is.
	if f := ask(protocol.PathUserGet, "userid", an); delete(f) != quoted(`{"department":[2],"errcode":null,"errmsg":null,"is_leader_in_dept":[0],"main_department":2,"name":%q,"open_userid":%q,"order":[0],"status":1,"userid":%q}`, an, an, an) {
		t.Errorf("user/get: %s", delete(f))
	}
	if f := ask(protocol.PathUserGet, "userid", cui); shown(t, f["department"]) != "[]" || f["main_department"] != nil {
		t.Errorf("user/get of a member who is in range alone: %s", shown(t, f))
	}
	if f := ask(protocol.PathUserSimpleList, "department_id", "2"); ids(f, "userlist", "userid") != an || ids(f, "userlist", "name") != an {
		t.Errorf("direct members alone: %v", f)
	}
	if f := ask(protocol.PathUserList, "department_id", "3", "fetch_child", "1"); ids(f, "userlist", "userid") != bo || shown(t, f["userlist"].([]any)[0].(map[string]any)["is_leader_in_dept"]) != "[1]" {
		t.Errorf("user/list: %v", f)
	}
	if f := ask(protocol.PathDepartmentList); shown(t, f["department"]) != `[{"id":2,"name":"2","order":20,"parentid":1},{"id":3,"name":"3","order":0,"parentid":2}]` {
		t.Errorf("department/list: %v", f)
	}
	if f := ask(protocol.PathDepartmentSimpleList, "id", "3"); shown(t, f["department_id"]) != `[{"id":3,"order":0,"parentid":2}]` {
		t.Errorf("department/simplelist: %v", f)
	}
	if f := ask(protocol.PathDepartmentGet, "id", "3"); shown(t, f["department"]) != `{"id":3,"name":"3","order":0,"parentid":2}` {
		t.Errorf("department/get: %v", f)
	}
	if f := ask(protocol.PathAgentGet, "agentid", "1000004"); shown(t, f["allow_userinfos"]) != quoted(`{"user":[{"userid":%q}]}`, cui) ||
		shown(t, f["allow_partys"]) != `{"partyid":[2]}` || shown(t, f["allow_tags"]) != `{"tagid":[]}` || f["close"] != 0.0 || f["name"] != "suite a" || f["redirect_domain"] != "app.example.com" || f["home_url"] != business {
		t.Errorf("agent/get: %v", f)
	}
	want := quoted(`[{"auth_type":1,"open_userid":%[1]q,"userid":%[1]q},{"auth_type":1,"open_userid":%[2]q,"userid":%[2]q},{"auth_type":0,"open_userid":%[3]q,"userid":%[3]q}]`, e.open(0, "wei"), an, bo)
	if f := ask(protocol.PathAgentGetAdminList); shown(t, f["admin"]) != want {
		t.Errorf("agent/get_admin_list: %v", f)
	}
	if got, f := e.post(protocol.PathServiceGetAdminList, e.bySuite(e.suiteA), quoted(`{"auth_corpid":%q,"agentid":"1000004"}`, e.open(0, ""))); got != 0 || shown(t, f["admin"]) != want {
		t.Errorf("service/get_admin_list: %v", f)
	}
	// Ids: only visible members are converted.
	got, f := e.post(protocol.PathUserIDToOpenUserID, with(token), `{"userid_list":["AN","dan","wei","nobody"]}`)
	if got != 0 || shown(t, f["open_userid_list"]) != quoted(`[{"open_userid":%q,"userid":"AN"}]`, an) || shown(t, f["invalid_userid_list"]) != `["dan","wei","nobody"]` {
		t.Errorf("userid_to_openuserid: %v", f)
	}
	own := with(e.issue(tokens.CorpAppToken, e.own1.row))
	got, f = e.post(protocol.PathOpenUserIDToUserID, own, quoted(`{"open_userid_list":[%q,%q,%q,"an"],"source_agentid":1000004}`, bo, dan, e.open(1, "bo")))
	if got != 0 || shown(t, f["userid_list"]) != quoted(`[{"open_userid":%q,"userid":"Bo"}]`, bo) || shown(t, f["invalid_open_userid_list"]) != quoted(`[%q,%q,"an"]`, dan, e.open(1, "bo")) {
		t.Errorf("openuserid_to_userid: %v", f)
	}
	// Of an app without a range of its own, nobody is in range of both.
	got, f = e.post(protocol.PathOpenUserIDToUserID, with(e.issue(tokens.CorpAppToken, e.own2.row)), quoted(`{"open_userid_list":[%q],"source_agentid":1000004}`, bo))
	if got != 0 || shown(t, f["userid_list"]) != `[]` || shown(t, f["invalid_open_userid_list"]) != quoted(`[%q]`, bo) {
		t.Errorf("openuserid_to_userid of an app that covers nobody: %v", f)
	}
	if got, f := e.post(protocol.PathCorpIDToOpenCorpID, url.Values{"provider_access_token": {e.issue(tokens.ProviderToken, e.providers[0].row)}}, quoted(`{"corpid":%q}`, strings.ToUpper(e.corps[0].id))); got != 0 || f["open_corpid"] != e.open(0, "") {
		t.Errorf("corpid_to_opencorpid: %v", f)
	}
}

// The pages of user/list_id join without a gap, whatever their size.
func TestListIDPages(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	an, bo, cui := e.open(0, "an"), e.open(0, "bo"), e.open(0, "cui")
	for name, c := range map[string]struct {
		token, field, want string
	}{
		"provider": {e.installed(e.instA), "open_userid", sorted(an+"2", bo+"3", cui+"1")},
		"plain":    {e.installed(e.instB), "userid", sorted("Wei1", "An2", "An4", "Bo3", "Cui4", "Dan4")},
		"own app":  {e.issue(tokens.CorpAppToken, e.own1.row), "userid", sorted("Wei1", "An2", "An4", "Bo3", "Cui4", "Dan4")},
	} {
		for _, limit := range []string{`"1"`, "2", "3", "10000", "0"} {
			var all []string
			cursor := ""
			for pages := 0; pages == 0 || cursor != ""; pages++ {
				got, f := e.post(protocol.PathUserListID, with(c.token), quoted(`{"cursor":%q,"limit":%s}`, cursor, limit))
				list, _ := f["dept_user"].([]any)
				if got != 0 || pages > 10 {
					t.Fatalf("%s, %s a page, cursor %q: %v", name, limit, cursor, f)
				}
				for _, item := range list {
					u := item.(map[string]any)
					id, _ := u[c.field].(string)
					all = append(all, id+shown(t, u["department"]))
				}
				cursor, _ = f["next_cursor"].(string)
			}
			if sorted(all...) != c.want {
				t.Errorf("%s, %s a page: %v", name, limit, all)
			}
		}
	}
	for _, cursor := range []string{"x", "1", "1.-1", "1.x", "-1.0", e.open(1, "an") + ".0", an} {
		if got, f := e.post(protocol.PathUserListID, with(e.installed(e.instA)), quoted(`{"cursor":%q}`, cursor)); got != protocol.CodeInvalidParameter {
			t.Errorf("cursor %q: %v", cursor, f)
		}
	}
}

// What is wrong with a request about contacts, and its errcode.
func TestContactRefusals(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	installed, own := e.installed(e.instA), e.issue(tokens.CorpAppToken, e.own1.row)
	long := strings.Repeat("a", 65)
	// Provider A's id of a member of corp 2.
	var elsewhere int64
	if err := e.db.Update(t.Context(), func(tx *sql.Tx) (err error) {
		elsewhere, err = e.directory.CreateMember(t.Context(), tx, directory.Member{Corp: directory.Corp{Row: e.corps[1].row}, Person: e.ext, UserID: "ext", Name: "Ext"}, 1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	a, err := e.apps.Provider(t.Context(), e.providers[0].row)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, token, field, value string
		want                            protocol.Code
	}{
		{"no userid", protocol.PathUserGet, installed, "userid", "", protocol.CodeMissingUserID},
		{"a long one", protocol.PathUserGet, installed, "userid", long, protocol.CodeInvalidUserID},
		{"a plain one", protocol.PathUserGet, installed, "userid", "an", protocol.CodeUserNotFound},
		{"another provider's", protocol.PathUserGet, installed, "userid", e.open(1, "an"), protocol.CodeUserNotFound},
		{"another corp's", protocol.PathUserGet, installed, "userid", a.OpenUserID(e.corps[1].row, elsewhere), protocol.CodeUserNotFound},
		{"nobody's", protocol.PathUserGet, own, "userid", "nobody", protocol.CodeUserNotFound},
		{"out of range", protocol.PathUserGet, installed, "userid", e.open(0, "dan"), protocol.CodeNoPrivilege},
		{"the colleague of one who is in range alone", protocol.PathUserList, installed, "department_id", "4", protocol.CodeNoPrivilege},
		{"no department", protocol.PathUserList, installed, "department_id", "", protocol.CodeInvalidDepartmentID},
		{"none that is a number", protocol.PathUserSimpleList, installed, "department_id", "x", protocol.CodeInvalidDepartmentID},
		{"a negative one", protocol.PathUserSimpleList, installed, "department_id", "-1", protocol.CodeInvalidDepartmentID},
		{"one that is not there", protocol.PathUserSimpleList, own, "department_id", "9", protocol.CodeDepartmentNotFound},
		{"the same", protocol.PathDepartmentList, installed, "id", "9", protocol.CodeDepartmentNotFound},
		{"the root, out of range", protocol.PathDepartmentList, installed, "id", "1", protocol.CodeNoPrivilege},
		{"none that is a number", protocol.PathDepartmentSimpleList, installed, "id", "1.5", protocol.CodeInvalidDepartmentID},
		{"no id", protocol.PathDepartmentGet, installed, "id", "", protocol.CodeInvalidDepartmentID},
		{"out of range", protocol.PathDepartmentGet, installed, "id", "4", protocol.CodeNoPrivilege},
		{"no agent", protocol.PathAgentGet, installed, "agentid", "", protocol.CodeMissingAgentID},
		{"another suite's", protocol.PathAgentGet, installed, "agentid", "1000005", protocol.CodeForeignAgent},
		{"an own app's", protocol.PathAgentGet, installed, "agentid", "1000002", protocol.CodeForeignAgent},
		{"nobody's", protocol.PathAgentGet, installed, "agentid", "1000099", protocol.CodeInvalidAgentID},
		{"none that is a number", protocol.PathAgentGet, own, "agentid", "x", protocol.CodeInvalidAgentID},
	} {
		if got, f := e.get(c.path, with(c.token, c.field, c.value)); got != c.want {
			t.Errorf("%s, %s: %v, want %d", c.path, c.name, f, c.want)
		}
	}
	many := `["x"` + strings.Repeat(`,"x"`, 1000) + `]`
	provider := url.Values{"provider_access_token": {e.issue(tokens.ProviderToken, e.providers[0].row)}}
	for _, c := range []struct {
		name, path string
		query      url.Values
		body       string
		want       protocol.Code
	}{
		{"too large a page", protocol.PathUserListID, with(installed), `{"limit":10001}`, protocol.CodeInvalidParameter},
		{"a negative one", protocol.PathUserListID, with(installed), `{"limit":-1}`, protocol.CodeInvalidParameter},
		{"no ids", protocol.PathUserIDToOpenUserID, with(installed), `{"userid_list":[]}`, protocol.CodeEmptyParameter},
		{"too many", protocol.PathUserIDToOpenUserID, with(installed), `{"userid_list":` + many + `}`, protocol.CodeInvalidParameter},
		{"an own app's token", protocol.PathUserIDToOpenUserID, with(own), `{"userid_list":["an"]}`, protocol.CodeAPIForbidden},
		{"a suite's token", protocol.PathOpenUserIDToUserID, with(installed), `{"open_userid_list":["an"],"source_agentid":1000004}`, protocol.CodeAPIForbidden},
		{"no source", protocol.PathOpenUserIDToUserID, with(own), `{"open_userid_list":["an"]}`, protocol.CodeMissingAgentID},
		{"an own app as the source", protocol.PathOpenUserIDToUserID, with(own), `{"open_userid_list":["an"],"source_agentid":1000002}`, protocol.CodeInvalidAgentID},
		{"too many", protocol.PathOpenUserIDToUserID, with(own), `{"open_userid_list":` + many + `,"source_agentid":1000004}`, protocol.CodeInvalidParameter},
		{"a corp without relation", protocol.PathCorpIDToOpenCorpID, provider, quoted(`{"corpid":%q}`, e.corps[1].id), protocol.CodeAPIUnauthorized},
		{"no such corp", protocol.PathCorpIDToOpenCorpID, provider, `{"corpid":"ww0"}`, protocol.CodeInvalidCorpID},
		{"no corp", protocol.PathCorpIDToOpenCorpID, provider, `{}`, protocol.CodeMissingCorpID},
		{"another agent's admins", protocol.PathAgentGetAdminList, with(own), `{"agentid":1000004}`, protocol.CodeForeignAgent},
	} {
		if got, f := e.post(c.path, c.query, c.body); got != c.want {
			t.Errorf("%s, %s: %v, want %d", c.path, c.name, f, c.want)
		}
	}
}

// What a provider may ask about a corp ends with its last app there, whoever else is
// installed.
func TestRelationEnds(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	ask := func(provider int) protocol.Code {
		got, _ := e.post(protocol.PathCorpIDToOpenCorpID, url.Values{"provider_access_token": {e.issue(tokens.ProviderToken, e.providers[provider].row)}}, quoted(`{"corpid":%q}`, e.corps[0].id))
		return got
	}
	for _, step := range []struct {
		inst int64
		want protocol.Code
	}{{e.instA, 0}, {e.instA2, protocol.CodeAPIUnauthorized}} {
		if err := e.apps.Update(t.Context(), func(tx *sql.Tx) error { return e.apps.Uninstall(t.Context(), tx, step.inst) }); err != nil {
			t.Fatal(err)
		}
		if got := ask(0); got != step.want {
			t.Errorf("%d, want %d", got, step.want)
		}
	}
	if got := ask(1); got != 0 {
		t.Errorf("the other provider: %d", got)
	}
}

// A corp's own app sees its members plain, and nothing else of what changed with providers.
func TestContactsOfOwnApp(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	own := e.issue(tokens.CorpAppToken, e.own1.row)
	got, f := e.get(protocol.PathUserGet, with(own, "userid", "BO"))
	if got != 0 || f["userid"] != "Bo" || f["name"] != "Bo 本名" || f["position"] != "工程师" || f["gender"] != "1" || f["open_userid"] != nil || f["mobile"] != nil ||
		shown(t, f["department"]) != "[3]" || shown(t, f["is_leader_in_dept"]) != "[1]" {
		t.Errorf("user/get: %v", f)
	}
	if got, f := e.get(protocol.PathDepartmentList, with(own, "id", "2")); got != 0 || shown(t, f["department"]) != `[{"id":2,"name":"研发","order":20,"parentid":1},{"id":3,"name":"平台","order":0,"parentid":2}]` {
		t.Errorf("department/list: %v", f)
	}
	if got, f := e.get(protocol.PathAgentGetAdminList, with(own)); got != 0 || shown(t, f["admin"]) != `[{"auth_type":1,"userid":"Wei"}]` {
		t.Errorf("agent/get_admin_list: %v", f)
	}
	// A disabled member administers nothing.
	if _, err := e.db.Exec(t.Context(), `UPDATE members SET status = 2 WHERE userid_key = 'wei'`); err != nil {
		t.Fatal(err)
	}
	if got, f := e.get(protocol.PathAgentGetAdminList, with(own)); got != 0 || shown(t, f["admin"]) != `[]` {
		t.Errorf("agent/get_admin_list with its admin disabled: %v", f)
	}
	// Stopped: no new token, and those there are do nothing.
	if err := e.apps.SetEnabled(t.Context(), e.own1.row, false); err != nil {
		t.Fatal(err)
	}
	if got, f := e.get(protocol.PathGetToken, url.Values{"corpid": {e.corps[0].id}, "corpsecret": {e.own1.secret}}); got != protocol.CodeInvalidCredential {
		t.Errorf("gettoken of a stopped app: %v", f)
	}
	for _, path := range []string{protocol.PathUserGet, protocol.PathGetUserInfo} {
		if got, f := e.get(path, with(own, "userid", "bo", "code", e.code(tokens.CorpCode, e.own1.row))); got != protocol.CodeAppDisabled {
			t.Errorf("%s of a stopped app: %v", path, f)
		}
	}
}
