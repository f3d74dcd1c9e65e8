package scripts

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

const (
	getProviderToken = "/cgi-bin/service/get_provider_token"
	getSuiteToken    = "/cgi-bin/service/get_suite_token"
	getToken         = "/cgi-bin/gettoken"
	userInfo3rd      = "/cgi-bin/service/auth/getuserinfo3rd"
	oldUserInfo3rd   = "/cgi-bin/service/getuserinfo3rd"
	userInfo         = "/cgi-bin/auth/getuserinfo"
	oldUserInfo      = "/cgi-bin/user/getuserinfo"
	userGet          = "/cgi-bin/user/get"
)

// shape is one way in which a client of the field sends a call that must succeed.
type shape struct {
	name, method, path string
	query              string // raw, as the client joins it
	body               string
	header             []string
	want               []string // names that the answer must have, beside errcode and errmsg
	not                []string // names that it must not have
}

// credentials are what shapes are made of. Codes are made as they are needed.
type credentials struct {
	*sandbox.Demo
	ticket, suite, corp string
}

func (c credentials) providerBody(more string) string {
	return `{"corpid":"` + c.Env["HUFU_PROVIDER_CORPID"] + `","provider_secret":"` + c.Env["HUFU_PROVIDER_SECRET"] + `"` + more + `}`
}

func (c credentials) suiteBody(more string) string {
	return `{"suite_id":"` + c.Env["HUFU_LOGIN_SUITE_ID"] + `","suite_secret":"` + c.Env["HUFU_LOGIN_SUITE_SECRET"] +
		`","suite_ticket":"` + c.ticket + `"` + more + `}`
}

func (c credentials) tokenQuery() string {
	return "corpid=" + c.Env["HUFU_CORPID"] + "&corpsecret=" + c.Env["HUFU_CORPSECRET"]
}

// contentTypes are those that clients send with a JSON body.
var contentTypes = []string{"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8",
	"application/x-www-form-urlencoded", "text/plain", "text/plain;charset=UTF-8", "*/*", "nonsense", ""}

func (c credentials) shapes() []shape {
	var (
		provider = []string{"provider_access_token", "expires_in"}
		suite    = []string{"suite_access_token", "expires_in"}
		corp     = []string{"access_token", "expires_in"}
		lower    = []string{"corpid", "userid", "open_userid"}
		capital  = []string{"CorpId", "UserId", "open_userid"}
		login    = func() string { return "suite_access_token=" + c.suite + "&code=" + c.LoginCode() }
		own      = func() string { return "access_token=" + c.corp + "&code=" + c.CorpCode() }
	)
	list := []shape{
		{"a stray access_token", "POST", getProviderToken, "access_token=x", c.providerBody(""), nil, provider, nil},
		{"a stray access_token", "POST", getSuiteToken, "access_token=", c.suiteBody(""), nil, suite, nil},
		{"fields of other calls", "POST", getSuiteToken, "", c.suiteBody(`,"appid":"x","secret":1,"debug":null`), nil, suite, nil},
		{"fields of other calls", "POST", getProviderToken, "", c.providerBody(`,"suite_id":["x"],"appid":{}`), nil, provider, nil},
		{"spaces and line breaks", "POST", getSuiteToken, "", "\n " + strings.ReplaceAll(c.suiteBody(""), ",", " ,\r\n\t") + "\n", nil, suite, nil},
		{"a byte order mark is not sent, a debug flag is", "POST", getSuiteToken, "debug=1&lang=zh", c.suiteBody(""), nil, suite, nil},
		{"escaped solidus", "POST", getProviderToken, "", strings.ReplaceAll(c.providerBody(""), "w", `\u0077`), nil, provider, nil},
		{"as documented", "GET", getToken, c.tokenQuery(), "", nil, corp, nil},
		{"POST where GET is documented", "POST", getToken, c.tokenQuery(), "", nil, corp, nil},
		{"POST of a form", "POST", getToken, c.tokenQuery(), "a=b", []string{"Content-Type", "application/x-www-form-urlencoded"}, corp, nil},
		{"GET with a body", "GET", getToken, c.tokenQuery(), "{}", []string{"Content-Type", "application/json"}, corp, nil},
		{"other names beside", "GET", getToken, "debug=1&" + c.tokenQuery() + "&agentid=1&_=", "", nil, corp, nil},
		{"as documented", "GET", userInfo3rd, login(), "", nil, lower, []string{"CorpId", "UserId"}},
		{"POST where GET is documented", "POST", userInfo3rd, login(), "{}", nil, lower, nil},
		{"a stray access_token", "GET", userInfo3rd, "access_token=x&" + login(), "", nil, lower, nil},
		{"the old call", "GET", oldUserInfo3rd, login(), "", nil, capital, []string{"corpid", "userid"}},
		{"the old call with the old name", "GET", oldUserInfo3rd, strings.TrimPrefix(login(), "suite_"), "", nil, capital, nil},
		{"the old call by POST", "POST", oldUserInfo3rd, login(), "", nil, capital, nil},
		{"as documented", "GET", userInfo, own(), "", nil, []string{"userid"}, []string{"UserId"}},
		{"the code first", "GET", userInfo, "code=" + c.CorpCode() + "&access_token=" + c.corp, "", nil, []string{"userid"}, nil},
		{"the old call", "GET", oldUserInfo, own(), "", nil, []string{"UserId"}, []string{"userid"}},
		{"the old call with agentid", "GET", oldUserInfo, own() + "&agentid=" + c.Env["HUFU_AGENTID"], "", nil, []string{"UserId"}, nil},
		{"as documented", "GET", userGet, "access_token=" + c.corp + "&userid=" + c.Env["HUFU_MEMBER"], "", nil, []string{"userid", "name", "department"}, nil},
		{"a userid in capitals", "GET", userGet, "access_token=" + c.corp + "&userid=" + strings.ToUpper(c.Env["HUFU_MEMBER"]), "", nil, []string{"userid"}, nil},
	}
	for _, contentType := range contentTypes {
		header := []string{"Content-Type", contentType}
		list = append(list,
			shape{"Content-Type " + contentType, "POST", getSuiteToken, "", c.suiteBody(""), header, suite, nil},
			shape{"Content-Type " + contentType, "POST", getProviderToken, "", c.providerBody(""), header, provider, nil})
	}
	for _, accept := range []string{"", "text/html", "application/json, text/plain, */*", "image/png"} {
		list = append(list, shape{"Accept " + accept, "GET", getToken, c.tokenQuery(), "", []string{"Accept", accept}, corp, nil})
	}
	return list
}

// TestShapes holds that each of the field's ways to ask is answered as its clients read it.
func TestShapes(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	c := credentials{Demo: d, suite: d.SuiteToken(), corp: d.CorpToken()}
	c.ticket = d.Control("GET", "/suites/"+d.Env["HUFU_LOGIN_SUITE_ID"]+"/ticket", nil).Fields(t)["suite_ticket"].(string)
	for _, s := range c.shapes() {
		var body any
		if s.body != "" {
			body = s.body
		}
		a := sandbox.Send(t, s.method, d.Env["HUFU_API"]+s.path+"?"+s.query, body, s.header...)
		name := s.method + " " + s.path + ", " + s.name
		fields := hold(t, name, a)
		if fields["errcode"] != 0.0 || fields["errmsg"] != "ok" {
			t.Errorf("%s: %s", name, a.Body)
		}
		for _, field := range s.want {
			if fields[field] == nil || fields[field] == "" {
				t.Errorf("%s: no %s: %s", name, field, a.Body)
			}
		}
		for _, field := range s.not {
			if _, there := fields[field]; there {
				t.Errorf("%s: %s is there: %s", name, field, a.Body)
			}
		}
	}
}

// hold checks what every answer of the API has: status 200, a body, the very Content-Type,
// numbers that are numbers, and tokens that stand in a URL as they are.
func hold(t *testing.T, name string, a sandbox.Answer) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(a.Body), &fields); err != nil || a.Status != http.StatusOK {
		t.Errorf("%s: status %d, %q", name, a.Status, a.Body)
	}
	if ct := a.Header["Content-Type"]; len(ct) != 1 || ct[0] != "application/json; charset=UTF-8" {
		t.Errorf("%s: Content-Type %q", name, ct)
	}
	for field, value := range fields {
		switch field {
		case "errcode", "expires_in":
			if _, number := value.(float64); !number {
				t.Errorf("%s: %s is no number: %s", name, field, a.Body)
			}
		case "gender":
			if _, text := value.(string); !text {
				t.Errorf("%s: gender is no text: %s", name, a.Body)
			}
		case "access_token", "suite_access_token", "provider_access_token", "suite_ticket", "code":
			if text, _ := value.(string); text == "" || len(text) > 512 || strings.Trim(text, alphabet) != "" {
				t.Errorf("%s: %s has letters that a URL changes: %s", name, field, a.Body)
			}
		}
	}
	if _, there := fields["errcode"]; !there {
		t.Errorf("%s: no errcode: %s", name, a.Body)
	}
	return fields
}

// TestHosts holds that the four host names lead to the same handler, by Host alone.
func TestHosts(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	c := credentials{Demo: d}
	for _, host := range []string{"qyapi.weixin.qq.com", "login.work.weixin.qq.com", "open.work.weixin.qq.com", "open.weixin.qq.com",
		"qyapi.weixin.qq.com:443", "QYAPI.weixin.qq.com", "proxy.example", ""} {
		r, err := http.NewRequest("GET", d.Env["HUFU_API"]+getToken+"?"+c.tokenQuery(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		resp, err := sandbox.Client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if fields := hold(t, host, sandbox.Answer{Status: resp.StatusCode, Header: resp.Header, Body: string(raw)}); fields["access_token"] == nil {
			t.Errorf("%s: %s", host, raw)
		}
	}
}

// TestRefusals holds that a call that cannot succeed is answered in the same shape, and
// burns no code.
func TestRefusals(t *testing.T) {
	t.Parallel()
	d := sandbox.Start(t, sandbox.Options{})
	c := credentials{Demo: d, suite: d.SuiteToken(), corp: d.CorpToken(), ticket: "x"}
	code, corpCode := d.LoginCode(), d.CorpCode()
	esc := url.QueryEscape
	for _, r := range []struct {
		name, method, path, query, body string
		errcode                         float64
	}{
		{"an old ticket", "POST", getSuiteToken, "", c.suiteBody(""), 40085},
		{"no body", "POST", getSuiteToken, "", "", 40058},
		{"broken JSON", "POST", getSuiteToken, "", `{"suite_id":`, 40058},
		{"a form", "POST", getSuiteToken, "", "suite_id=x&suite_secret=y&suite_ticket=z", 40058},
		{"the parameters in the query", "POST", getSuiteToken, "suite_id=x&suite_secret=y&suite_ticket=z", "{}", 0},
		{"a list", "POST", getProviderToken, "", "[]", 40058},
		{"GET", "GET", getSuiteToken, "", "", 40058},
		{"PUT", "PUT", getToken, c.tokenQuery(), "", 40058},
		{"DELETE", "DELETE", userInfo3rd, "suite_access_token=" + c.suite + "&code=" + code, "", 40058},
		{"an unknown provider", "POST", getProviderToken, "", `{"corpid":"ww0","provider_secret":"x"}`, 40013},
		{"a wrong secret", "POST", getProviderToken, "", `{"corpid":"` + d.Env["HUFU_PROVIDER_CORPID"] + `","provider_secret":"x"}`, 0},
		{"a wrong secret", "GET", getToken, "corpid=" + d.Env["HUFU_CORPID"] + "&corpsecret=x", "", 40001},
		{"no secret", "GET", getToken, "corpid=" + d.Env["HUFU_CORPID"], "", 41004},
		{"no token", "GET", userInfo3rd, "code=" + code, "", 0},
		{"a wrong token", "GET", userInfo3rd, "suite_access_token=x&code=" + code, "", 40082},
		{"the corp app's token", "GET", userInfo3rd, "suite_access_token=" + c.corp + "&code=" + code, "", 40082},
		{"the suite's token", "GET", userInfo, "access_token=" + c.suite + "&code=" + corpCode, "", 40014},
		{"the token in the body", "POST", userInfo, "", `{"access_token":"` + c.corp + `","code":"` + corpCode + `"}`, 41001},
		{"no code", "GET", userInfo, "access_token=" + c.corp, "", 0},
		{"an empty code", "GET", userInfo3rd, "suite_access_token=" + c.suite + "&code=", "", 0},
		{"an invented code", "GET", userInfo3rd, "suite_access_token=" + c.suite + "&code=AAAA", "", 40029},
		{"a code with a line break", "GET", userInfo3rd, "suite_access_token=" + c.suite + "&code=" + esc(code+"\n"), "", 40029},
		{"the other kind of code", "GET", userInfo3rd, "suite_access_token=" + c.suite + "&code=" + corpCode, "", 40029},
		{"a broken query", "GET", userInfo3rd, "suite_access_token=%zz&code=%", "", 0},
		{"an unknown member", "GET", userGet, "access_token=" + c.corp + "&userid=nobody", "", 60111},
		{"a long code", "GET", userInfo3rd, "suite_access_token=" + c.suite + "&code=" + strings.Repeat("A", 8000), "", 40029},
	} {
		var body any
		if r.body != "" {
			body = r.body
		}
		a := sandbox.Send(t, r.method, d.Env["HUFU_API"]+r.path+"?"+r.query, body)
		fields := hold(t, r.name, a)
		if fields["errcode"] == 0.0 || r.errcode != 0 && fields["errcode"] != r.errcode || fields["errmsg"] == "" {
			t.Errorf("%s: %s %s: %s; want %v", r.name, r.method, r.path, a.Body, r.errcode)
		}
	}
	for path, query := range map[string]string{userInfo3rd: "suite_access_token=" + c.suite + "&code=" + code,
		oldUserInfo: "access_token=" + c.corp + "&code=" + corpCode} {
		for i, want := range []float64{0, 40029} {
			if fields := sandbox.Send(t, "GET", d.Env["HUFU_API"]+path+"?"+query, nil).Fields(t); fields["errcode"] != want {
				t.Errorf("%s, use %d: %v", path, i+1, fields)
			}
		}
	}
	if a := sandbox.Send(t, "GET", d.Env["HUFU_API"]+"/cgi-bin/nothing", nil); a.Status != http.StatusNotFound {
		t.Errorf("a call that does not exist: %d", a.Status)
	}
}
