package scripts

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// inClientCode is a code of the sample member inside the client, as if it had agreed to all
// that a page of that kind asks.
func inClientCode(t *testing.T, d *sandbox.Demo, kind, app string) string {
	t.Helper()
	code, _ := d.Control("POST", "/codes", map[string]string{"kind": kind, "app": app,
		"member": d.Member(), "redirect_uri": d.Env["HUFU_REDIRECT_URI"]}).Fields(t)["code"].(string)
	if code == "" {
		t.Fatalf("no code of kind %s", kind)
	}
	return code
}

// asked is one way in which clients ask who came in, and how they read it.
type asked struct {
	client, path, query string // query without the code
	kind, app           string // of the code
	reads               map[string]string
}

// TestUserTicketShapes holds that a code of the sign-in inside the client brings a user_ticket
// where details were agreed to, that every client of the field reads it, old call or new, and
// that each detail call takes the ticket of either.
func TestUserTicketShapes(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	p := newProvided(t, d)
	suite, own := d.Env["HUFU_SUITE_ID"], d.Env["HUFU_CORPID"]+"/"+d.Env["HUFU_AGENTID"]
	var (
		ticket = map[string]string{"user_ticket": "text", "expires_in": "=7200"}
		none   = map[string]string{"user_ticket": "absent", "expires_in": "absent"}
		lower  = map[string]string{"corpid": "=" + d.Env["HUFU_OPEN_CORPID"], "userid": "=" + d.Env["HUFU_OPEN_USERID"], "open_userid": "text", "CorpId": "absent"}
		camel  = map[string]string{"CorpId": "=" + d.Env["HUFU_OPEN_CORPID"], "UserId": "=" + d.Env["HUFU_OPEN_USERID"], "open_userid": "text", "corpid": "absent"}
		mine   = map[string]string{"userid": "=" + d.Env["HUFU_MEMBER"]}
		old    = map[string]string{"UserId": "=" + d.Env["HUFU_MEMBER"]}
	)
	tickets := map[string]string{} // by the path that brought it
	for _, a := range []asked{
		{"as documented (91121)", userInfo3rd, "suite_access_token=" + p.suite, "oauth", suite, both(lower, none)},
		{"as documented (91121)", userInfo3rd, "suite_access_token=" + p.suite, "oauth_private", suite, both(lower, ticket)},
		{"overtrue/socialite, node-socialite, PowerWeChat", oldUserInfo3rd, "suite_access_token=" + p.suite, "oauth_private", suite, both(camel, ticket)},
		{"access_token, of old", oldUserInfo3rd, "access_token=" + p.suite, "oauth", suite, both(camel, none)},
		{"silenceper/wechat GetUserInfo (91023)", userInfo, "access_token=" + p.own, "corp_private", own, both(mine, map[string]string{"user_ticket": "text"})},
		{"silenceper/wechat UserFromCode", oldUserInfo, "access_token=" + p.own, "corp_private", own, both(old, map[string]string{"user_ticket": "text"})},
	} {
		name := fmt.Sprintf("%s %s, %s", a.client, a.path, a.kind)
		fields := hold(t, name, sandbox.Send(t, "GET", d.Env["HUFU_API"]+a.path+"?"+a.query+"&code="+inClientCode(t, d, a.kind, a.app), nil))
		read(t, name, fields, a.reads)
		if text, _ := fields["user_ticket"].(string); text != "" {
			tickets[a.path] = text
			if len(text) > 512 || url.QueryEscape(text) != text {
				t.Errorf("%s: the ticket is no word of at most 512 letters: %s", name, text)
			}
		}
	}

	detail3rd := map[string]string{"corpid": "=" + d.Env["HUFU_OPEN_CORPID"], "userid": "=" + d.Env["HUFU_OPEN_USERID"],
		"name": "=" + d.Env["HUFU_OPEN_USERID"], "gender": "text", "avatar": "text", "mobile": "absent"}
	detail := map[string]string{"userid": "=" + d.Env["HUFU_MEMBER"], "gender": "text", "avatar": "text", "mobile": "text", "email": "text"}
	for i, c := range []called{
		{"overtrue/socialite", "POST", service + "auth/getuserdetail3rd", "suite_access_token=" + p.suite, tickets[userInfo3rd], detail3rd},
		{"a ticket of the old call", "POST", service + "auth/getuserdetail3rd", "suite_access_token=" + p.suite, tickets[oldUserInfo3rd], detail3rd},
		{"node-socialite", "POST", service + "getuserdetail3rd", "suite_access_token=" + p.suite, tickets[oldUserInfo3rd], both(detail3rd, map[string]string{"mobile": "text", "email": "text"})},
		{"a ticket of the new call", "POST", service + "getuserdetail3rd", "access_token=" + p.suite, tickets[userInfo3rd], both(detail3rd, map[string]string{"mobile": "text"})},
		{"silenceper/wechat GetUserDetail", "POST", "/cgi-bin/auth/getuserdetail", "access_token=" + p.own, tickets[userInfo], detail},
		{"a ticket of the old call", "POST", "/cgi-bin/auth/getuserdetail", "access_token=" + p.own, tickets[oldUserInfo], detail},
		{"the old call", "POST", "/cgi-bin/user/getuserdetail", "access_token=" + p.own, tickets[userInfo], detail},
		{"once more: a ticket is not spent", "POST", "/cgi-bin/user/getuserdetail", "access_token=" + p.own, tickets[userInfo], detail},
	} {
		name := c.path + ", " + c.name
		fields := hold(t, name, sandbox.Send(t, c.method, d.Env["HUFU_API"]+c.path+"?"+c.query, `{"user_ticket":"`+c.body+`"}`,
			"Content-Type", contentTypes[i%len(contentTypes)]))
		read(t, name, fields, c.reads)
	}

	for _, c := range []struct {
		name, path, query, body string
		errcode                 float64
	}{
		{"no ticket", service + "auth/getuserdetail3rd", "suite_access_token=" + p.suite, `{}`, 84090},
		{"an invented ticket", service + "auth/getuserdetail3rd", "suite_access_token=" + p.suite, `{"user_ticket":"x"}`, 84015},
		{"the ticket of the corp app", service + "auth/getuserdetail3rd", "suite_access_token=" + p.suite, `{"user_ticket":"` + tickets[userInfo] + `"}`, 84015},
		{"the ticket of the suite", "/cgi-bin/auth/getuserdetail", "access_token=" + p.own, `{"user_ticket":"` + tickets[userInfo3rd] + `"}`, 84015},
		{"the login suite's token", service + "auth/getuserdetail3rd", "suite_access_token=" + d.SuiteToken(), `{"user_ticket":"` + tickets[userInfo3rd] + `"}`, 0},
		{"no token", service + "auth/getuserdetail3rd", "", `{"user_ticket":"` + tickets[userInfo3rd] + `"}`, 0},
	} {
		fields := hold(t, c.name, sandbox.Send(t, "POST", d.Env["HUFU_API"]+c.path+"?"+c.query, c.body))
		if fields["errcode"] == 0.0 || c.errcode != 0 && fields["errcode"] != c.errcode || fields["errmsg"] == "" {
			t.Errorf("%s, %s: %v, want %v", c.path, c.name, fields, c.errcode)
		}
	}
	if a := d.Control("POST", "/clock", map[string]string{"advance": "3h"}); a.Status != 200 {
		t.Fatalf("clock: %d %s", a.Status, a.Body)
	}
	fields := sandbox.Send(t, "POST", d.Env["HUFU_API"]+"/cgi-bin/auth/getuserdetail?access_token="+d.CorpToken(), `{"user_ticket":"`+tickets[userInfo]+`"}`).Fields(t)
	if fields["errcode"] != 84014.0 {
		t.Errorf("a ticket of three hours ago: %v", fields)
	}
}

// read expects a success whose fields are what a client reads.
func read(t *testing.T, name string, fields map[string]any, reads map[string]string) {
	t.Helper()
	if fields["errcode"] != 0.0 || fields["errmsg"] != "ok" {
		t.Errorf("%s: %v", name, fields)
	}
	for path, want := range reads {
		if got := kindAt(fields, path, want); got != want {
			t.Errorf("%s: %s is %s, want %s: %v", name, path, got, want, fields)
		}
	}
}
