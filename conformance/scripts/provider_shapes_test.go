package scripts

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

const service = "/cgi-bin/service/"

// called is one call of a provider's client that must succeed, and how the client reads the
// answer: a path of names and places in lists, then what is there. "number", "text", "list"
// and "absent" are kinds, "=x" is a value.
type called struct {
	name, method, path, query, body string
	reads                           map[string]string
}

// provided is what a provider's clients are made of, beside credentials.
type provided struct {
	*sandbox.Demo
	suite, provider, corp, own string // tokens
	agent                      string // agentid of the installation
}

// newProvided gets every token the way a provider's site does.
func newProvided(t *testing.T, d *sandbox.Demo) provided {
	t.Helper()
	p := provided{Demo: d, own: d.CorpToken()}
	token := func(path string, query url.Values, body any, name string) string {
		t.Helper()
		fields := sandbox.Send(t, "POST", d.API(service+path, query), body).Fields(t)
		text, _ := fields[name].(string)
		if text == "" {
			t.Fatalf("%s: %v", path, fields)
		}
		return text
	}
	ticket := d.Control("GET", "/suites/"+d.Env["HUFU_SUITE_ID"]+"/ticket", nil).Fields(t)["suite_ticket"]
	p.suite = token("get_suite_token", nil, map[string]any{"suite_id": d.Env["HUFU_SUITE_ID"],
		"suite_secret": d.Env["HUFU_SUITE_SECRET"], "suite_ticket": ticket}, "suite_access_token")
	p.provider = token("get_provider_token", nil, map[string]any{"corpid": d.Env["HUFU_PROVIDER_CORPID"],
		"provider_secret": d.Env["HUFU_PROVIDER_SECRET"]}, "provider_access_token")
	p.corp = token("get_corp_token", url.Values{"suite_access_token": {p.suite}}, p.authorization(""), "access_token")
	var info struct {
		AuthInfo struct{ Agent []struct{ AgentID int } } `json:"auth_info"`
	}
	sandbox.Send(t, "POST", d.API(service+"get_auth_info", url.Values{"suite_access_token": {p.suite}}), p.authorization("")).JSON(t, &info)
	p.agent = strconv.Itoa(info.AuthInfo.Agent[0].AgentID)
	return p
}

func (p provided) authorization(more string) string {
	return `{"auth_corpid":"` + p.Env["HUFU_OPEN_CORPID"] + `","permanent_code":"` + p.Env["HUFU_PERMANENT_CODE"] + `"` + more + `}`
}

// adminCode is a code of the sample admin: of business settings, or of an install.
func (p provided) adminCode(t *testing.T, kind string) string {
	t.Helper()
	return p.Control("POST", "/codes", map[string]string{"kind": kind, "app": p.Env["HUFU_SUITE_ID"],
		"member": p.Env["HUFU_CORPID"] + "/" + p.Env["HUFU_ADMIN"]}).Fields(t)["code"].(string)
}

// What the clients read of each answer.
var (
	readsAgents = map[string]string{"auth_corp_info.corpid": "text", "auth_corp_info.corp_name": "text", "auth_corp_info.corp_type": "text",
		"auth_corp_info.subject_type": "number", "auth_info.agent": "list", "auth_info.agent.0.agentid": "number", "auth_info.agent.0.name": "text",
		"auth_info.agent.0.square_logo_url": "text", "auth_info.agent.0.auth_mode": "number", "auth_info.agent.0.is_customized_app": "=false",
		"auth_info.agent.0.privilege.level": "=1", "auth_info.agent.0.privilege.allow_party.0": "number",
		"auth_info.agent.0.privilege.allow_user": "list", "auth_info.agent.0.privilege.allow_tag": "list",
		"auth_info.agent.0.privilege.extra_party": "list", "auth_info.agent.0.privilege.extra_user": "list", "auth_info.agent.0.privilege.extra_tag": "list"}
	readsPermanent = map[string]string{"permanent_code": "text", "auth_corp_info.corpid": "text", "auth_corp_info.corp_name": "text",
		"auth_user_info.userid": "text", "auth_user_info.open_userid": "text", "auth_user_info.name": "text"}
	readsLogin = map[string]string{"usertype": "=2", "user_info.userid": "text", "user_info.open_userid": "text", "user_info.name": "text",
		"corp_info.corpid": "text", "agent.0.agentid": "number", "agent.0.auth_type": "=1",
		"auth_info.department.0.id": "=1", "auth_info.department.0.writable": "=true"}
	readsAdmins  = map[string]string{"admin.0.userid": "text", "admin.0.open_userid": "text", "admin.0.auth_type": "number"}
	readsUsers   = map[string]string{"userlist.0.userid": "text", "userlist.0.name": "text", "userlist.0.department.0": "=2", "userlist.0.open_userid": "text"}
	readsDepts   = map[string]string{"department.0.id": "number", "department.0.name": "text", "department.0.parentid": "number", "department.0.order": "number"}
	readsListIDs = map[string]string{"next_cursor": "text", "dept_user.0.open_userid": "text", "dept_user.0.department": "number"}
)

// both joins what two tables read.
func both(tables ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, reads := range tables {
		for path, want := range reads {
			all[path] = want
		}
	}
	return all
}

func (p provided) calls(t *testing.T) []called {
	suite, corp, own := "suite_access_token="+p.suite, "access_token="+p.corp, "access_token="+p.own
	preAuth := func() string {
		return sandbox.Send(t, "GET", p.Env["HUFU_API"]+service+"get_pre_auth_code?"+suite, nil).Fields(t)["pre_auth_code"].(string)
	}
	session := func(info string) string { return `{"pre_auth_code":"` + preAuth() + `"` + info + `}` }
	authCode := func(kind, more string) string { return `{"auth_code":"` + p.adminCode(t, kind) + `"` + more + `}` }
	managers := func(agent string) string {
		return `{"auth_corpid":"` + p.Env["HUFU_OPEN_CORPID"] + `","agentid":` + agent + `}`
	}
	token := map[string]string{"access_token": "text", "expires_in": "number"}
	pre := map[string]string{"pre_auth_code": "text", "expires_in": "=1200"}
	one := map[string]string{"userid": "=" + p.Env["HUFU_OPEN_USERID"], "name": "=" + p.Env["HUFU_OPEN_USERID"], "department.0": "=2",
		"mobile": "absent", "email": "absent", "open_userid": "text", "status": "=1", "main_department": "=2"}
	return []called{
		{"node-easywechat", "GET", service + "get_pre_auth_code", suite, "", pre},
		{"both tokens", "GET", service + "get_pre_auth_code", suite + "&provider_access_token=" + p.provider, "", pre},
		{"the provider's token first", "GET", service + "get_pre_auth_code", "provider_access_token=" + p.provider + "&" + suite, "", pre},
		{"by POST", "POST", service + "get_pre_auth_code", suite, "{}", pre},
		{"node-easywechat", "POST", service + "set_session_info", suite, session(`,"session_info":{"auth_type":1}`), nil},
		{"the list of a suite of several apps", "POST", service + "set_session_info", suite, session(`,"session_info":{"appid":[],"auth_type":0}`), nil},
		{"text for numbers", "POST", service + "set_session_info", suite, session(`,"session_info":{"appid":["1"],"auth_type":"1"}`), nil},
		{"PowerWeChat sends no session_info", "POST", service + "set_session_info", suite, session(""), nil},

		{"node-easywechat", "POST", service + "get_auth_info", suite, p.authorization(""), readsAgents},
		{"both tokens", "POST", service + "get_auth_info", suite + "&provider_access_token=" + p.provider, p.authorization(""), readsAgents},
		{"fields of other calls", "POST", service + "get_auth_info", suite, p.authorization(`,"suite_id":"x","appid":"y","secret":"z"`), readsAgents},
		{"v2", "POST", service + "v2/get_auth_info", suite, p.authorization(""), both(readsAgents, map[string]string{"auth_corp_info.corp_ex_name.name_list": "list"})},
		{"node-easywechat", "POST", service + "get_corp_token", suite, p.authorization(""), token},
		{"a stray access_token", "POST", service + "get_corp_token", suite + "&access_token=x", p.authorization(""), token},
		{"node-easywechat sends agentid as text", "POST", service + "get_admin_list", suite, managers(`"` + p.agent + `"`), readsAdmins},
		{"as documented", "POST", service + "get_admin_list", suite, managers(p.agent), readsAdmins},

		{"access_token", "POST", service + "get_login_info", "access_token=" + p.provider, authCode("admin", ""), readsLogin},
		{"provider_access_token", "POST", service + "get_login_info", "provider_access_token=" + p.provider, authCode("admin", ""), readsLogin},
		{"both, the same", "POST", service + "get_login_info", "access_token=" + p.provider + "&provider_access_token=" + p.provider, authCode("admin", ""), readsLogin},
		{"both, the first is the corp's", "POST", service + "get_login_info", corp + "&provider_access_token=" + p.provider, authCode("admin", ""), readsLogin},
		{"both, the second is none", "POST", service + "get_login_info", "access_token=" + p.provider + "&provider_access_token=", authCode("admin", ""), readsLogin},
		{"fields of other calls", "POST", service + "get_login_info", "access_token=" + p.provider, authCode("admin", `,"suite_id":"x","corpid":null`), readsLogin},
		{"a jump's code, by the login suite", "GET", service + "auth/getuserinfo3rd", "suite_access_token=" + p.SuiteToken() + "&code=" + p.adminCode(t, "admin"), "",
			map[string]string{"corpid": "text", "userid": "text", "open_userid": "text", "CorpId": "absent"}},
		{"a jump's code, by the old call", "GET", service + "getuserinfo3rd", "access_token=" + p.SuiteToken() + "&code=" + p.adminCode(t, "admin"), "",
			map[string]string{"CorpId": "text", "UserId": "text", "open_userid": "text", "corpid": "absent"}},

		{"userid as seen", "GET", "/cgi-bin/user/get", corp + "&userid=" + p.Env["HUFU_OPEN_USERID"], "", one},
		{"as documented", "GET", "/cgi-bin/user/simplelist", corp + "&department_id=2", "", readsUsers},
		{"fetch_child, of old", "GET", "/cgi-bin/user/simplelist", corp + "&department_id=2&fetch_child=1&status=0", "", readsUsers},
		{"as documented", "GET", "/cgi-bin/user/list", corp + "&department_id=2", "", both(readsUsers, map[string]string{"userlist.0.status": "=1", "userlist.0.order.0": "number",
			"userlist.0.is_leader_in_dept.0": "number", "userlist.0.main_department": "=2"})},
		{"as documented", "POST", "/cgi-bin/user/list_id", corp, `{"cursor":"","limit":10000}`, readsListIDs},
		{"a limit as text", "POST", "/cgi-bin/user/list_id", corp, `{"limit":"10"}`, readsListIDs},
		{"nothing", "POST", "/cgi-bin/user/list_id", corp, `{}`, readsListIDs},
		{"as documented", "GET", "/cgi-bin/department/list", corp, "", readsDepts},
		{"an empty id", "GET", "/cgi-bin/department/list", corp + "&id=", "", readsDepts},
		{"an id", "GET", "/cgi-bin/department/list", corp + "&id=2", "", both(readsDepts, map[string]string{"department.0.id": "=2", "department.0.name": "=2"})},
		{"as documented", "GET", "/cgi-bin/department/simplelist", corp, "", map[string]string{"department_id.0.id": "number", "department_id.0.parentid": "number", "department_id.0.order": "number"}},
		{"as documented", "GET", "/cgi-bin/department/get", corp + "&id=2", "", map[string]string{"department.id": "=2", "department.name": "=2", "department.parentid": "=1"}},
		{"as documented", "GET", "/cgi-bin/agent/get", corp + "&agentid=" + p.agent, "", map[string]string{"agentid": "=" + p.agent, "name": "text",
			"allow_userinfos.user": "list", "allow_partys.partyid": "list", "allow_tags.tagid": "list", "close": "=0"}},
		{"no body", "POST", "/cgi-bin/agent/get_admin_list", corp, "", readsAdmins},
		{"agentid as text", "POST", "/cgi-bin/agent/get_admin_list", corp, `{"agentid":"` + p.agent + `"}`, readsAdmins},
		{"one known, one not", "POST", "/cgi-bin/batch/userid_to_openuserid", corp, `{"userid_list":["zhangwei","nobody"]}`,
			map[string]string{"open_userid_list.0.userid": "=zhangwei", "open_userid_list.0.open_userid": "=" + p.Env["HUFU_OPEN_USERID"], "invalid_userid_list.0": "=nobody"}},
		{"source_agentid as text", "POST", "/cgi-bin/batch/openuserid_to_userid", own, `{"open_userid_list":["` + p.Env["HUFU_OPEN_USERID"] + `"],"source_agentid":"` + p.agent + `"}`,
			map[string]string{"userid_list.0.userid": "=zhangwei", "invalid_open_userid_list": "list"}},
		{"as documented", "POST", service + "corpid_to_opencorpid", "provider_access_token=" + p.provider, `{"corpid":"` + strings.ToUpper(p.Env["HUFU_CORPID"]) + `"}`,
			map[string]string{"open_corpid": "=" + p.Env["HUFU_OPEN_CORPID"]}},

		// Last, because they replace the permanent code.
		{"node-easywechat", "POST", service + "get_permanent_code", suite, authCode("install", ""), both(readsPermanent, readsAgents, token)},
		{"fields of other calls", "POST", service + "get_permanent_code", suite + "&provider_access_token=x&debug=1", authCode("install", `,"suite_id":1`), both(readsPermanent, readsAgents, token)},
		{"v2", "POST", service + "v2/get_permanent_code", suite, authCode("install", ""), both(readsPermanent, map[string]string{"access_token": "absent", "auth_info": "absent"})},
	}
}

// TestProviderShapes holds that the calls of a provider's clients are answered as the clients
// read the answers, sent by any Content-Type.
func TestProviderShapes(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	for i, c := range newProvided(t, d).calls(t) {
		var body any
		var header []string
		if c.body != "" {
			body, header = c.body, []string{"Content-Type", contentTypes[i%len(contentTypes)]}
		}
		name := fmt.Sprintf("%s %s, %s", c.method, c.path, c.name)
		fields := hold(t, name, sandbox.Send(t, c.method, d.Env["HUFU_API"]+c.path+"?"+c.query, body, header...))
		read(t, name, fields, c.reads)
	}
}

// kindAt says what is at a path: the value where a value is wanted, else its kind.
func kindAt(at any, path, want string) string {
	for step := range strings.SplitSeq(path, ".") {
		switch in := at.(type) {
		case map[string]any:
			at = in[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(in) {
				return "absent"
			}
			at = in[n]
		default:
			return "absent"
		}
	}
	if at == nil {
		return "absent"
	}
	if strings.HasPrefix(want, "=") {
		if text, ok := at.(string); ok {
			return "=" + text
		}
		raw, err := json.Marshal(at)
		if err != nil {
			return err.Error()
		}
		return "=" + string(raw)
	}
	switch at.(type) {
	case float64:
		return "number"
	case string:
		return "text"
	case []any:
		return "list"
	}
	return fmt.Sprintf("%T", at)
}

// TestProviderRefusals holds what the same clients are told when a call cannot succeed: they
// fetch new tokens on some codes and give up on others.
func TestProviderRefusals(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	p := newProvided(t, d)
	suite, corp := "suite_access_token="+p.suite, "access_token="+p.corp
	jump, install := p.adminCode(t, "admin"), p.adminCode(t, "install")
	code := func(text string) string { return `{"auth_code":"` + text + `"}` }
	for _, c := range []struct {
		name, method, path, query, body string
		errcode                         float64
	}{
		{"no token", "GET", service + "get_pre_auth_code", "", "", 41022},
		{"the token as access_token", "GET", service + "get_pre_auth_code", "access_token=" + p.suite, "", 41022},
		{"the provider's token", "GET", service + "get_pre_auth_code", "suite_access_token=" + p.provider, "", 40082},
		{"the login suite's token", "GET", service + "get_pre_auth_code", "suite_access_token=" + p.SuiteToken(), "", 48002},
		{"an invented pre_auth_code", "POST", service + "set_session_info", suite, `{"pre_auth_code":"x","session_info":{}}`, 40077},
		{"a jump's code", "POST", service + "get_permanent_code", suite, code(jump), 40078},
		{"a jump's code, v2", "POST", service + "v2/get_permanent_code", suite, code(jump), 40078},
		{"a short code", "POST", service + "get_permanent_code", suite, code("x"), 40058},
		{"a login code", "POST", service + "get_permanent_code", suite, code(d.LoginCode()), 40078},
		{"an install's code", "POST", service + "get_login_info", "access_token=" + p.provider, code(install), 40029},
		{"the suite's token", "POST", service + "get_login_info", "access_token=" + p.suite, code(jump), 40082},
		{"two tokens, none of them good", "POST", service + "get_login_info", "access_token=" + p.suite + "&provider_access_token=" + p.corp, code(jump), 40082},
		{"no auth_corpid", "POST", service + "get_auth_info", suite, `{"permanent_code":"x"}`, 84054},
		{"auth_corp_id", "POST", service + "get_auth_info", suite, `{"auth_corp_id":"` + d.Env["HUFU_OPEN_CORPID"] + `","permanent_code":"x"}`, 84054},
		{"no permanent code", "POST", service + "get_corp_token", suite, `{"auth_corpid":"` + d.Env["HUFU_OPEN_CORPID"] + `"}`, 41025},
		{"another permanent code", "POST", service + "get_corp_token", suite, `{"auth_corpid":"` + d.Env["HUFU_OPEN_CORPID"] + `","permanent_code":"x"}`, 40084},
		{"the plain corpid", "POST", service + "get_corp_token", suite, `{"auth_corpid":"` + d.Env["HUFU_CORPID"] + `","permanent_code":"` + d.Env["HUFU_PERMANENT_CODE"] + `"}`, 40013},
		{"the plain userid", "GET", "/cgi-bin/user/get", corp + "&userid=zhangwei", "", 60111},
		{"the suite's token", "GET", "/cgi-bin/user/get", "access_token=" + p.suite + "&userid=x", "", 40014},
		{"another agentid", "GET", "/cgi-bin/agent/get", corp + "&agentid=" + d.Env["HUFU_AGENTID"], "", 301002},
		{"no such department", "GET", "/cgi-bin/department/get", corp + "&id=99", "", 60003},
		{"the corp app's token", "POST", "/cgi-bin/batch/userid_to_openuserid", "access_token=" + p.own, `{"userid_list":["zhangwei"]}`, 48002},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		fields := hold(t, c.name, sandbox.Send(t, c.method, d.Env["HUFU_API"]+c.path+"?"+c.query, body))
		if fields["errcode"] != c.errcode || fields["errmsg"] == "" {
			t.Errorf("%s %s, %s: %v, want %v", c.method, c.path, c.name, fields, c.errcode)
		}
	}
	// None of it has burnt a code; each is good once.
	for i, want := range []float64{0, 40029} {
		if fields := sandbox.Send(t, "POST", d.Env["HUFU_API"]+service+"get_login_info?access_token="+p.provider, code(jump)).Fields(t); fields["errcode"] != want {
			t.Errorf("the jump's code, use %d: %v", i+1, fields)
		} else if _, list := fields["agent"].([]any); !list {
			t.Errorf("no agent list: %v", fields)
		}
	}
	for i, want := range []float64{0, 40078} {
		if fields := sandbox.Send(t, "POST", d.Env["HUFU_API"]+service+"get_permanent_code?"+suite, code(install)).Fields(t); fields["errcode"] != want {
			t.Errorf("the install's code, use %d: %v", i+1, fields)
		}
	}
	// A new permanent code has ended the old one and its tokens.
	if fields := sandbox.Send(t, "POST", d.Env["HUFU_API"]+service+"get_auth_info?"+suite, p.authorization("")).Fields(t); fields["errcode"] != 40084.0 {
		t.Errorf("the old permanent code: %v", fields)
	}
	if fields := sandbox.Send(t, "GET", d.Env["HUFU_API"]+"/cgi-bin/department/list?"+corp, nil).Fields(t); fields["errcode"] != 40014.0 {
		t.Errorf("the old corp token: %v", fields)
	}
}
