package platform_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

const inClientCallback = platformtest.Origin + "/callback"

// inClientLink is the query of a link to a sign-in inside the client, with more set or, where
// empty, left out.
func inClientLink(appid string, more ...string) url.Values {
	q := url.Values{protocol.ParamAppID: {appid}, protocol.ParamRedirectURI: {inClientCallback}, protocol.ParamResponseType: {"code"},
		protocol.ParamScope: {protocol.ScopeBase}, protocol.ParamState: {"s1"}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
		if more[i+1] == "" {
			q.Del(more[i])
		}
	}
	return q
}

// from are the headers of a browser that navigates its whole window from a page of an origin;
// empty: from one that says nothing of itself.
func from(origin string) []string {
	h := []string{"Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "cross-site"}
	if origin != "" {
		h = append(h, "Referer", origin+"/")
	}
	return h
}

var typed = []string{"Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "none"}

// authorize follows a link to a sign-in inside the client.
func (w *world) authorize(c *platformtest.Console, query url.Values, header ...string) platformtest.Page {
	w.t.Helper()
	return c.Get(w.Origins().Phone+protocol.PathAuthorize+"?"+query.Encode(), header...)
}

// inClientView is what the pages' JSON has in it.
type inClientView struct {
	DecideURL string `json:"decide_url"`
	SignInURL string `json:"sign_in_url"`
	Companies []any  `json:"companies"`
	Reason    string `json:"reason"`
	Error     string `json:"error"`
	Details   []struct{ Name, Value string }
	Missing   []string
}

// outcome says what came of a link: "code", "asks", "chooses", "outside", "refused: …",
// "error: …", or the bare status.
func outcomeOf(a platformtest.Page) string {
	to, err := url.Parse(a.To())
	var v inClientView
	switch {
	case err == nil && to.Query().Get("code") != "":
		return "code"
	case json.Unmarshal([]byte(a.Body), &v) != nil:
	case v.DecideURL != "":
		return "asks"
	case v.SignInURL != "":
		return "outside"
	case v.Reason != "":
		return "refused: " + v.Reason
	case v.Error != "":
		return "error: " + v.Error
	case len(v.Companies) > 0:
		return "chooses"
	}
	return strconv.Itoa(a.Status)
}

// codeIn is the code that a redirect back to the sample site carries.
func codeIn(t testing.TB, a platformtest.Page) string {
	t.Helper()
	u, err := url.Parse(a.To())
	if err != nil || !strings.HasPrefix(a.To(), inClientCallback+"?") || u.Query().Get("code") == "" {
		t.Fatalf("%d to %q: %.300s", a.Status, a.To(), a.Body)
	}
	return u.Query().Get("code")
}

// decide answers the page that asks.
func (w *world) decide(c *platformtest.Console, a platformtest.Page, decision string, details ...string) platformtest.Page {
	w.t.Helper()
	var v inClientView
	a.Decode(w.t, &v)
	return c.Post(w.Origins().Phone+v.DecideURL, url.Values{"decision": {decision}, "detail": details})
}

func (w *world) person(account string) int64 {
	return w.number(`SELECT id FROM persons WHERE account = '` + account + `'`)
}

// open opens an app from the workbench.
func (w *world) open(c *platformtest.Console, app int64, member string) platformtest.Page {
	w.t.Helper()
	a := c.Post("/phone/workbench/open", url.Values{"app": {strconv.FormatInt(app, 10)}, "as": {member}})
	if a.Status != http.StatusSeeOther {
		w.t.Fatalf("open from the workbench: %d %.300s", a.Status, a.Body)
	}
	return a
}

// An app that was opened from the workbench learns who came with one request and no page; the
// consent is on record, and the sign-in in the log. So does the corp's own app.
func TestInClientFromWorkbench(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	phone := w.phone(s.MemberPerson)
	if to := w.open(phone, s.SuiteRow, w.memberRow(s.CorpID, "zhangwei")).To(); !strings.HasPrefix(to, platformtest.Origin) {
		t.Errorf("the home page is %q", to)
	}
	// With the page of a stranger in between: the launch is what counts.
	a := w.authorize(phone, inClientLink(s.SuiteID), from("https://evil.example")...)
	code := codeIn(t, a)
	if want := inClientCallback + "?code=" + code + "&state=s1#"; a.Status != http.StatusFound || a.To() != want {
		t.Errorf("%d to %q, want %q", a.Status, a.To(), want)
	}
	got := exchange(t, w.Platform, suiteTokenOf(w, s.SuiteID, s.SuiteSecret), code)
	if got.text("corpid") != s.OpenCorpID || got.text("userid") != s.OpenUserID || got.text("open_userid") != s.OpenUserID || got.text("user_ticket") != "" {
		t.Errorf("%s", got.body)
	}
	if again := exchange(t, w.Platform, suiteTokenOf(w, s.SuiteID, s.SuiteSecret), code); again.code(t) != protocol.CodeInvalidCode {
		t.Errorf("the same code again: %s", again.body)
	}
	if n := w.number(fmt.Sprintf(`SELECT COUNT(*) FROM consents WHERE app_id = %d AND person_id = %d`, s.SuiteRow, s.MemberPerson)); n != 1 {
		t.Errorf("%d consents on record", n)
	}
	var account struct {
		Sites []struct{ Opened bool } `json:"sites"`
	}
	if phone.Get("/phone/account").Decode(t, &account); len(account.Sites) != 1 || !account.Sites[0].Opened {
		t.Errorf("the account: %+v", account)
	}
	eventually(t, "the log", func() bool {
		return w.number(fmt.Sprintf(`SELECT COUNT(*) FROM audit_entries WHERE action = 'signed_in' AND app_id = %d AND actor = %d AND target = 'zhangwei'
			AND detail LIKE 'in-client: snsapi_base, opened from the workbench%%'`, s.SuiteRow, s.MemberPerson)) == 1
	})
	if n := w.number(fmt.Sprintf(`SELECT COUNT(*) FROM familiar WHERE person_id = %d`, s.MemberPerson)); n != 0 {
		t.Errorf("%d things became familiar", n)
	}

	// The next time no launch is needed, from the app's own page.
	if got := outcomeOf(w.authorize(w.phone(s.MemberPerson), inClientLink(s.SuiteID), from(platformtest.Origin)...)); got != "code" {
		t.Errorf("from the app's own page, agreed before: %s", got)
	}
}

// eventually waits for what is written behind an answer.
func eventually(t testing.TB, what string, there func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !there(); {
		if time.Now().After(end) {
			t.Fatalf("%s: not there", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A person of two companies is known as the one chosen; a launch is a choice.
func TestInClientTwoCompanies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	suite := inClientLink(s.SuiteID)
	token := suiteTokenOf(w, s.SuiteID, s.SuiteSecret)
	corps := map[string]string{}
	for corp, userid := range map[string]string{s.CorpID: "lixi", w.hillsCorp: "linxi"} {
		phone := w.phone(w.person("lixi"))
		w.open(phone, s.SuiteRow, w.memberRow(corp, userid))
		corps[corp] = exchange(t, w.Platform, token, codeIn(t, w.authorize(phone, suite, from("")...))).text("corpid")
	}
	if corps[s.CorpID] != s.OpenCorpID || corps[w.hillsCorp] == s.OpenCorpID || corps[w.hillsCorp] == "" {
		t.Errorf("launched: %v", corps)
	}
	// Agreed as both, she is asked as which all the same.
	phone := w.phone(w.person("lixi"))
	a := w.authorize(phone, suite, from(platformtest.Origin)...)
	var choose struct {
		Companies []struct{ Company, URL string }
	}
	a.Decode(t, &choose)
	if len(choose.Companies) != 2 {
		t.Fatalf("%s", a.Body)
	}
	for _, c := range choose.Companies {
		asks := phone.Get(w.Origins().Phone+c.URL, from("")...)
		if got := exchange(t, w.Platform, token, codeIn(t, w.decide(phone, asks, "confirm"))).text("corpid"); (got == s.OpenCorpID) != (c.Company == "星河制造") {
			t.Errorf("%s: known as of %s", c.Company, got)
		}
	}
}

// What a member agrees to show is what the user_ticket opens, whichever calls are used; the
// suite needs the permission for it.
func TestInClientDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	link := inClientLink(s.SuiteID, "scope", "snsapi_privateinfo")
	suite := "/provider/" + s.ProviderCorpID + "/suites/" + s.SuiteID
	allow := func(on string) { t.Helper(); w.see(w.provider.Post(suite+"/sensitive", url.Values{"on": {on}})) }
	phone := w.phone(s.MemberPerson)
	allow("0")
	if got := outcomeOf(w.authorize(phone, link, typed...)); got != "error: inclient.error.permission" {
		t.Errorf("without the permission: %s", got)
	}
	allow("1")
	if page := w.creator.Get("/admin/"+s.CorpID+"/market/"+s.SuiteID+"/install", "Accept", "text/html"); page.Status == http.StatusOK && !strings.Contains(page.Body, "成员敏感信息授权") {
		t.Error("the install page does not say so")
	}
	if page := w.creator.Get("/admin/" + s.CorpID + "/apps/" + w.own["agent"]); !strings.Contains(page.Body, `"sensitive":true`) {
		t.Errorf("the page of the installation does not say so: %d %.300s", page.Status, page.Body)
	}

	token := suiteTokenOf(w, s.SuiteID, s.SuiteSecret)
	mobile := w.text(`SELECT mobile FROM members WHERE id = ` + w.memberRow(s.CorpID, "zhangwei"))
	if mobile == "" {
		t.Fatal("the sample member has no mobile")
	}
	old := func(path, body string) answer {
		return send(t, "POST", w.URL()+path+"?access_token="+token+"&suite_access_token="+token, body)
	}
	for _, c := range []struct {
		ticked         []string
		gender, mobile bool
	}{{nil, false, false}, {[]string{"mobile"}, false, true}, {[]string{"gender", "mobile", "name", "x"}, true, true}} {
		a := w.authorize(phone, link, from(platformtest.Origin)...)
		var v inClientView
		a.Decode(t, &v)
		if len(v.Details)+len(v.Missing) != 5 { // gender, mobile, email; avatar and QR code of a suite
			t.Errorf("asked for %v, missing %v", v.Details, v.Missing)
		}
		id := exchange(t, w.Platform, token, codeIn(t, w.decide(phone, a, "confirm", c.ticked...)))
		if id.text("userid") != s.OpenUserID || id.text("user_ticket") == "" {
			t.Fatalf("%s", id.body)
		}
		for _, path := range []string{protocol.PathGetUserDetail3rd, protocol.PathOldGetUserDetail3rd} {
			d := old(path, jsonOf("user_ticket", id.text("user_ticket")))
			wantMobile := map[bool]string{true: mobile}[c.mobile && path == protocol.PathOldGetUserDetail3rd]
			if d.text("userid") != s.OpenUserID || d.text("name") != s.OpenUserID || (d.text("gender") != "0") != c.gender || d.text("mobile") != wantMobile {
				t.Errorf("%v, %s: %s", c.ticked, path, d.body)
			}
			if picture, err := http.Get(d.text("avatar")); err != nil || picture.StatusCode != http.StatusOK || picture.Header.Get("Content-Type") != "image/png" {
				t.Errorf("the picture at %q: %v", d.text("avatar"), err)
			}
		}
	}

	// The company's own app needs no permission.
	own := inClientLink(s.CorpID, "agentid", strconv.FormatInt(s.AgentID, 10), "scope", "snsapi_privateinfo")
	code := codeIn(t, w.decide(phone, w.authorize(phone, own), "confirm", "mobile"))
	app := api(t, w.Platform, protocol.PathGetToken, "corpid", s.CorpID, "corpsecret", s.CorpSecret).text("access_token")
	id := api(t, w.Platform, protocol.PathOldGetUserInfo, "access_token", app, "code", code)
	d := send(t, "POST", w.URL()+protocol.PathGetUserDetail+"?access_token="+app, jsonOf("user_ticket", id.text("user_ticket")))
	if id.text("UserId") != "zhangwei" || d.text("userid") != "zhangwei" || d.text("mobile") != mobile || d.text("email") != "" {
		t.Errorf("own app: %s %s", id.body, d.body)
	}
}

// A page that sends the browser round and round is stopped: each code stands in the log.
func TestInClientTooMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	phone := w.phone(s.MemberPerson)
	w.open(phone, s.SuiteRow, w.memberRow(s.CorpID, "zhangwei"))
	for range 60 {
		codeIn(t, w.authorize(phone, inClientLink(s.SuiteID), from(platformtest.Origin)...))
	}
	if a := w.authorize(phone, inClientLink(s.SuiteID), from(platformtest.Origin)...); a.Status != http.StatusTooManyRequests {
		t.Errorf("the 61st within a minute: %d to %q", a.Status, a.To())
	}
	other := w.phone(s.MemberPerson)
	if got := outcomeOf(w.authorize(other, inClientLink(s.SuiteID), from(platformtest.Origin)...)); got != "code" {
		t.Errorf("on another phone: %s", got)
	}
}
