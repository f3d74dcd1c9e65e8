package platform_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/internal/sample"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

func appToken(t testing.TB, p *platformtest.Platform) string {
	t.Helper()
	a := api(t, p, protocol.PathGetToken, "corpid", p.Sample.CorpID, "corpsecret", p.Sample.CorpSecret)
	if a.code(t) != 0 {
		t.Fatalf("app token: %s", a.body)
	}
	return a.text("access_token")
}

func corpApp(p *platformtest.Platform) string {
	return fmt.Sprintf("%s/%d", p.Sample.CorpID, p.Sample.AgentID)
}

// endpoint is one of the calls that want a token.
type endpoint struct {
	path, name                 string // of the token's parameter
	missing, invalid, expired  protocol.Code
	noParameter, badParameter  protocol.Code
	parameter, parameterIsGood string
	user                       string // the name of userid in the answer
}

var endpoints = []endpoint{
	{protocol.PathGetUserInfo3rd, "suite_access_token", 41022, 40082, 42009, 41008, 40029, "code", "login", "userid"},
	{protocol.PathOldGetUserInfo3rd, "access_token", 41001, 40082, 42009, 41008, 40029, "code", "login", "UserId"},
	{protocol.PathOldGetUserInfo3rd, "suite_access_token", 41001, 40082, 42009, 41008, 40029, "code", "login", "UserId"},
	{protocol.PathGetUserInfo, "access_token", 41001, 40014, 42001, 41008, 40029, "code", "corp", "userid"},
	{protocol.PathOldGetUserInfo, "access_token", 41001, 40014, 42001, 41008, 40029, "code", "corp", "UserId"},
	{protocol.PathUserGet, "access_token", 41001, 40014, 42001, 41009, 60111, "userid", "", "userid"},
}

// The order of checks is token there, token good, parameters; and none of them burns a
// code (protocol.md 11.1).
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	token := map[string]string{"login": p.SuiteToken(), "corp": appToken(t, p), "": appToken(t, p)}
	for _, e := range endpoints {
		t.Run(e.path+"?"+e.name, func(t *testing.T) {
			value := strings.ToUpper(p.Sample.Member)
			switch e.parameterIsGood {
			case "login":
				value = newCode(t, p)
			case "corp":
				value = codeFor(t, p, "corp", corpApp(p), p.Sample.CorpID+"/"+p.Sample.Member)
			}
			good, q := token[e.parameterIsGood], url.QueryEscape
			for _, c := range []struct {
				name, query string
				want        protocol.Code
			}{
				{"nothing", "", e.missing},
				{"token missing", e.parameter + "=" + q(value), e.missing},
				{"token empty", e.name + "=&" + e.parameter + "=" + q(value), e.missing},
				{"token missing, parameter bad", e.parameter + "=x", e.missing},
				{"token bad, parameter missing", e.name + "=x", e.invalid},
				{"token bad", e.name + "=x&" + e.parameter + "=" + q(value), e.invalid},
				{"token of 600 bytes", e.name + "=" + strings.Repeat("A", 600), e.invalid},
				{"token with a line break", e.name + "=" + good + "%0A&" + e.parameter + "=" + q(value), e.invalid},
				{"token with its last character changed", e.name + "=" + changed(good) + "&" + e.parameter + "=" + q(value), e.invalid},
				{"parameter missing", e.name + "=" + good, e.noParameter},
				{"parameter empty", e.name + "=" + good + "&" + e.parameter + "=", e.noParameter},
				{"parameter bad", e.name + "=" + good + "&" + e.parameter + "=x", e.badParameter},
			} {
				a := send(t, "GET", p.URL()+e.path+"?"+c.query, "")
				if a.code(t) != c.want {
					t.Errorf("%s: %s, want %d", c.name, a.body, c.want)
				}
				checkEnvelope(t, c.name, a)
			}
			// A token anywhere but in the query is none.
			a := send(t, "POST", p.URL()+e.path+"?"+e.parameter+"="+q(value), jsonOf(e.name, good),
				"Authorization", "Bearer "+good, e.name, good)
			if a.code(t) != e.missing {
				t.Errorf("token in header and body: %s", a.body)
			}
			// HEAD is refused; it would spend a code and show nothing for it.
			query := e.name + "=" + good + "&" + e.parameter + "=" + q(value)
			if a := send(t, "HEAD", p.URL()+e.path+"?"+query, ""); a.status != 200 || a.header.Get("Error-Code") != "40058" {
				t.Errorf("HEAD: %d %v", a.status, a.header)
			}
			for _, method := range []string{"PUT", "DELETE", "OPTIONS", "PATCH", "get"} {
				if a := send(t, method, p.URL()+e.path+"?"+query, ""); a.code(t) != protocol.CodeInvalidParameter {
					t.Errorf("%s: %s", method, a.body)
				}
			}
			// POST is taken where GET is, whatever the body claims to be.
			a = send(t, "POST", p.URL()+e.path+"?"+query+"&unknown=1", "not what it says", "Content-Type", "application/xml; charset=gb2312")
			if a.code(t) != 0 || a.text(e.user) != seenAs(p, e.parameterIsGood) {
				t.Errorf("all good: %s", a.body)
			}
			checkEnvelope(t, "success", a)
		})
	}
	// Two hours later the tokens have expired; that is told from "never was one".
	p.Advance(2 * time.Hour)
	for _, e := range endpoints {
		if a := api(t, p, e.path, e.name, token[e.parameterIsGood], e.parameter, "x"); a.code(t) != e.expired {
			t.Errorf("%s after two hours: %s, want %d", e.path, a.body, e.expired)
		} else {
			checkEnvelope(t, "expired", a)
		}
	}
}

// seenAs is the sample member's userid as a call shows it.
func seenAs(p *platformtest.Platform, kind string) string {
	if kind == "login" {
		return p.Sample.OpenUserID
	}
	return p.Sample.Member
}

// changed is a text with its last character changed.
func changed(text string) string {
	last := byte('A')
	if text[len(text)-1] == 'A' {
		last = 'E'
	}
	return text[:len(text)-1] + string(last)
}

var hint = regexp.MustCompile(`, hint: \[\d{25}\], from ip: 127\.0\.0\.1, more info at https://open\.work\.weixin\.qq\.com/devtool/query\?e=(-?\d+)$`)

// checkEnvelope holds an answer to protocol.md 11.1 and clients.md.
func checkEnvelope(t testing.TB, name string, a answer) {
	t.Helper()
	code := a.code(t)
	if a.status != 200 || a.header.Get("Content-Type") != "application/json; charset=UTF-8" {
		t.Errorf("%s: status %d, Content-Type %q", name, a.status, a.header.Get("Content-Type"))
	}
	if cc := a.header.Get("Cache-Control"); cc != "no-store" {
		t.Errorf("%s: Cache-Control %q", name, cc)
	}
	msg := a.text("errmsg")
	if code == 0 {
		if msg != "ok" || a.header.Get("Error-Code") != "" && a.header.Get("Error-Code") != "0" {
			t.Errorf("%s: errmsg %q, Error-Code %q", name, msg, a.header.Get("Error-Code"))
		}
		return
	}
	if a.header.Get("Error-Code") != fmt.Sprint(int(code)) || a.header.Get("Error-Msg") != msg {
		t.Errorf("%s: headers %v for %s", name, a.header, a.body)
	}
	switch tail := hint.FindStringSubmatch(msg); code {
	case 41001, 41022, 40014, 40082, 42001, 42009:
		if msg != code.Text() {
			t.Errorf("%s: a token failure says %q", name, msg)
		}
	default:
		if !strings.HasPrefix(msg, code.Text()) || tail == nil || tail[1] != fmt.Sprint(int(code)) {
			t.Errorf("%s: errmsg %q", name, msg)
		}
	}
}

// 50001 where the domain was taken back between the code and its exchange, and it burns
// nothing.
func TestUntrustedAtExchange(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{Site: platform.SampleSite{Origin: "https://app.example.com", Trust: []string{"127.0.0.1"}}})
	token, own := p.SuiteToken(), appToken(t, p)
	make := func(kind, app string) string {
		var out struct{ Code string }
		p.Control("POST", "/codes", map[string]string{"kind": kind, "app": app, "member": p.Sample.CorpID + "/" + p.Sample.Member,
			"redirect_uri": "https://app.example.com/cb"}, &out)
		return out.Code
	}
	login, corp := make("login", p.Sample.LoginSuiteID), make("corp", corpApp(p))
	for _, site := range []platform.SampleSite{{Origin: "https://other.example.com"}, {Origin: "https://app.example.com:8443"},
		{Origin: "https://sub.app.example.com"}} {
		p.SetSite(site)
		if a := exchange(t, p, token, login); a.code(t) != protocol.CodeRedirectURIUnauthorized {
			t.Errorf("%s: %s", site.Origin, a.body)
		}
		if a := api(t, p, protocol.PathGetUserInfo, "access_token", own, "code", corp); a.code(t) != protocol.CodeRedirectURIUnauthorized {
			t.Errorf("%s: %s", site.Origin, a.body)
		}
	}
	p.SetSite(platform.SampleSite{Origin: "https://app.example.com"})
	if a := exchange(t, p, token, login); a.code(t) != 0 {
		t.Errorf("trusted again: %s", a.body)
	}
	if a := api(t, p, protocol.PathGetUserInfo, "access_token", own, "code", corp); a.code(t) != 0 {
		t.Errorf("trusted again: %s", a.body)
	}
}

// signedIn is a phone that was signed in with account and password.
func signedIn(t testing.TB, p *platformtest.Platform, account string) *platformtest.Phone {
	t.Helper()
	ph := p.SignedOutPhone()
	var home struct {
		CSRF string `json:"csrf"`
		Name string `json:"name"`
	}
	ph.Post("/phone/sign-in", url.Values{"account": {account}, "password": {sample.Password}, "next": {"/phone"}}, &home)
	if home.Name == "" {
		t.Fatalf("%s cannot sign in", account)
	}
	ph.CSRF = home.CSRF
	return ph
}

// What the provider and the corp's own app see of whom: encrypted, plain, or an openid.
func TestWhoIsSeen(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	suite, own := p.SuiteToken(), appToken(t, p)
	corpLink := url.Values{protocol.ParamLoginType: {protocol.LoginTypeCorpApp}, protocol.ParamAppID: {p.Sample.CorpID},
		protocol.ParamAgentID: {fmt.Sprint(p.Sample.AgentID)}, protocol.ParamRedirectURI: {platformtest.Origin + "/cb"}}
	serviceLink := p.ServiceLink(platformtest.Origin+"/cb", "s")
	signIn := func(account string, link url.Values) string {
		page, ph := p.OpenLogin(link), signedIn(t, p, account)
		scan(ph, page)
		if o := confirm(ph, page, ""); o.Outcome != "confirmed" {
			t.Fatalf("%s: %+v", account, o)
		}
		return stateNow(page).AuthCode
	}
	encrypted := regexp.MustCompile(`^w[po][A-Za-z0-9_-]{30}$`)
	plainCorp := regexp.MustCompile(`^ww[0-9a-f]{16}$`)

	for _, c := range []struct{ account, userid string }{{"zhangwei", ""}, {"heqing", "heqing"}, {"emma", "Emma"}, {"chenyizhou", ""}} {
		a := exchange(t, p, suite, signIn(c.account, serviceLink))
		old := api(t, p, protocol.PathOldGetUserInfo3rd, "access_token", suite, "code", signIn(c.account, serviceLink))
		if a.code(t) != 0 || old.code(t) != 0 {
			t.Fatalf("%s: %s %s", c.account, a.body, old.body)
		}
		corpid, userid, open, openid := a.text("corpid"), a.text("userid"), a.text("open_userid"), a.text("openid")
		switch c.account {
		case "chenyizhou": // in no company
			if corpid+userid+open != "" || openid == "" || len(openid) > 64 {
				t.Errorf("%s: %s", c.account, a.body)
			}
		case "zhangwei": // of a company with encrypted ids
			if !encrypted.MatchString(corpid) || !encrypted.MatchString(userid) || open != userid || openid != "" ||
				corpid != p.Sample.OpenCorpID || userid != p.Sample.OpenUserID {
				t.Errorf("%s: %s", c.account, a.body)
			}
		default: // of a company that installed long ago
			if !plainCorp.MatchString(corpid) || userid != c.userid || !encrypted.MatchString(open) || openid != "" {
				t.Errorf("%s: %s", c.account, a.body)
			}
		}
		if old.text("CorpId") != corpid || old.text("UserId") != userid || old.text("OpenId") != openid || old.text("open_userid") != open {
			t.Errorf("%s: the old call says %s, the new %s", c.account, old.body, a.body)
		}
		if _, there := old.fields["DeviceId"]; !there || old.text("corpid")+old.text("userid")+old.text("openid") != "" || a.text("CorpId")+a.text("UserId") != "" {
			t.Errorf("%s: names of the old call %s, of the new %s", c.account, old.body, a.body)
		}
	}

	// The corp's own app: its members by their plain userid, anybody else by an openid.
	for account, userid := range map[string]string{"zhangwei": "zhangwei", "lixi": "lixi", "heqing": "", "chenyizhou": ""} {
		a := api(t, p, protocol.PathGetUserInfo, "access_token", own, "code", signIn(account, corpLink))
		old := api(t, p, protocol.PathOldGetUserInfo, "access_token", own, "code", signIn(account, corpLink))
		if a.code(t) != 0 || a.text("userid") != userid || (a.text("openid") == "") != (userid != "") || a.text("corpid") != "" {
			t.Errorf("%s: %s", account, a.body)
		}
		if _, there := old.fields["DeviceId"]; !there || old.text("UserId") != userid || old.text("OpenId") != a.text("openid") {
			t.Errorf("%s, old: %s", account, old.body)
		}
	}
}

// user/get answers within the visible range, and matches a userid without case.
func TestUserGet(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	token := appToken(t, p)
	for _, c := range []struct {
		userid string
		want   protocol.Code
	}{
		{"zhangwei", 0}, {"ZhangWei", 0}, {"wangfang", 0},
		{"nobody", protocol.CodeUserNotFound}, {"heqing", protocol.CodeUserNotFound}, // of another corp
		{p.Sample.OpenUserID, protocol.CodeUserNotFound},
		{strings.Repeat("a", 64), protocol.CodeUserNotFound}, {strings.Repeat("a", 65), protocol.CodeInvalidUserID},
		{"zhangwei ", protocol.CodeUserNotFound}, {"zhang%", protocol.CodeUserNotFound}, {"' OR 1=1 --", protocol.CodeUserNotFound},
		{"\x00", protocol.CodeUserNotFound}, {"\xff\xfe", protocol.CodeUserNotFound},
	} {
		a := api(t, p, protocol.PathUserGet, "access_token", token, "userid", c.userid)
		if a.code(t) != c.want {
			t.Errorf("%q: %s, want %d", c.userid, a.body, c.want)
		}
		if c.want != 0 {
			continue
		}
		gender, isText := a.fields["gender"].(string)
		if a.text("userid") != strings.ToLower(c.userid) || !isText || gender == "" || a.fields["status"] != float64(1) || a.text("mobile")+a.text("email") != "" {
			t.Errorf("%q: %s", c.userid, a.body)
		}
	}
}

// An API that does not exist is 404 with an empty body.
func TestUnknownAPI(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, path := range []string{"/cgi-bin/", "/cgi-bin/x", protocol.PathUserGet + "/", "/cgi-bin/message/send"} {
		if a := send(t, "GET", p.URL()+path, ""); a.status != 404 || a.body != "" {
			t.Errorf("%s: %d %q", path, a.status, a.body)
		}
	}
}
