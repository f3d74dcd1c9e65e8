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

	"github.com/hufu-sso/hufu/platform"
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

// Abuse case 18: an authorize link that does not come from a whole window on the app's way, an
// app that is not installed, a member out of range. It asks, or refuses; nothing is agreed to
// and no code exists.
func TestAbuse18(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	w.site.CorpHomeURL = platformtest.Origin + "/own"
	w.SetSite(w.site)
	const forbidden = "error: error.forbidden"
	suite := inClientLink(s.SuiteID)
	zhangwei, galaxy := w.memberRow(s.CorpID, "zhangwei"), s.CorpID
	agreed := func() *platformtest.Console { // a phone of one company's member who has agreed before
		c := w.phone(s.MemberPerson)
		if a := w.authorize(c, suite, from("")...); outcomeOf(a) == "asks" {
			codeIn(t, w.decide(c, a, "confirm"))
		}
		return c
	}
	launched := func() *platformtest.Console { // a phone whose member has not agreed, but opened the app
		c := w.phone(w.person("sunyue"))
		w.open(c, s.SuiteRow, w.memberRow(galaxy, "sunyue"))
		return c
	}
	plain := func() *platformtest.Console { return w.phone(w.person("zhaolei")) } // neither
	lixi := func() *platformtest.Console { return w.phone(w.person("lixi")) }     // of two companies that have it
	own := inClientLink(s.CorpID, "agentid", strconv.FormatInt(s.AgentID, 10))
	site := from(platformtest.Origin)
	with := func(header []string, more ...string) []string { return append(append([]string{}, header...), more...) }

	for _, c := range []struct {
		name   string
		phone  func() *platformtest.Console
		query  url.Values
		header []string
		want   string
	}{
		// What is silent, so that the rest of the table says something.
		{"agreed, from the app's page", agreed, suite, site, "code"},
		{"agreed, from the phone", agreed, suite, from(w.Origins().Phone), "code"},
		{"agreed, typed or scanned", agreed, suite, typed, "code"},
		{"launched", launched, suite, from(""), "code"},

		{"a foreign page", agreed, suite, from("https://evil.example"), "asks"},
		{"no Referer", agreed, suite, from(""), "asks"},
		{"the app's host with another port", agreed, suite, from("http://127.0.0.1:3001"), "asks"},
		{"the app's host with another scheme", agreed, suite, from("https://127.0.0.1:3000"), "asks"},
		{"the app's origin before an @", agreed, suite, from(platformtest.Origin + "@evil.example"), "asks"},
		{"the app's origin in a path", agreed, suite, from("https://evil.example/" + platformtest.Origin), "asks"},
		{"a host that begins like it", agreed, suite, from(platformtest.Origin + ".evil.example"), "asks"},
		{"an opaque origin", agreed, suite, with(from(""), "Referer", "null"), "asks"},
		{"no Sec-Fetch headers", agreed, suite, []string{"Referer", platformtest.Origin + "/"}, "asks"},
		{"no Sec-Fetch-Mode", agreed, suite, []string{"Sec-Fetch-Dest", "document", "Referer", platformtest.Origin + "/"}, "asks"},
		{"not a navigation", agreed, suite, with(site, "Sec-Fetch-Mode", "no-cors"), "asks"},
		{"nobody agreed", plain, suite, site, "asks"},
		{"nobody agreed, typed", plain, suite, typed, "asks"},

		{"an iframe", launched, suite, with(site, "Sec-Fetch-Dest", "iframe"), "refused: frame"},
		{"a frame", launched, suite, with(site, "Sec-Fetch-Dest", "frame"), "refused: frame"},
		{"an embed", launched, suite, with(site, "Sec-Fetch-Dest", "embed"), "refused: frame"},
		{"an object", launched, suite, with(site, "Sec-Fetch-Dest", "object"), "refused: frame"},
		{"an image", launched, suite, with(site, "Sec-Fetch-Dest", "image"), forbidden},
		{"a script", launched, suite, with(site, "Sec-Fetch-Dest", "script"), forbidden},
		{"fetch", launched, suite, with(site, "Sec-Fetch-Dest", "empty", "Sec-Fetch-Mode", "cors"), forbidden},
		{"prefetch", launched, suite, with(site, "Sec-Purpose", "prefetch"), forbidden},
		{"prerender", launched, suite, with(site, "Sec-Purpose", "prefetch;prerender"), forbidden},
		{"prefetch of old", launched, suite, with(site, "Purpose", "prefetch"), forbidden},
		{"prefetch of Firefox", launched, suite, with(site, "X-Moz", "prefetch"), forbidden},

		{"a launch of another app", func() *platformtest.Console {
			c := plain()
			w.open(c, s.AgentRow, w.memberRow(galaxy, "zhaolei"))
			return c
		}, suite, site, "asks"},
		{"a launch on another phone", func() *platformtest.Console { launched(); return plain() }, suite, site, "asks"},
		{"a launch, but details are asked for", launched, inClientLink(s.SuiteID, "scope", "snsapi_privateinfo"), site, "asks"},
		{"agreed, but details are asked for", agreed, inClientLink(s.SuiteID, "scope", "snsapi_userinfo"), site, "asks"},
		{"two companies", lixi, suite, site, "chooses"},
		{"two companies, the choice in the link", lixi, inClientLink(s.SuiteID, "as", w.memberRow(galaxy, "lixi")), site, "asks"},
		{"another's choice in the link", plain, inClientLink(s.SuiteID, "as", zhangwei), site, "asks"},
		{"own app, nobody agreed", plain, own, site, "asks"},
		{"own app of another company", func() *platformtest.Console { return w.phone(w.person("heqing")) }, own, site, "refused: no_member"},
		{"the suite by a corp that the person is not in", func() *platformtest.Console { return w.phone(w.person("heqing")) },
			inClientLink(galaxy, "agentid", strconv.FormatInt(s.InstalledAgent, 10)), site, "refused: no_member"},
		{"in no company", func() *platformtest.Console { return w.phone(s.OperatorPerson) }, suite, site, "refused: no_company"},
		{"nobody signed in", w.Browser, suite, site, "outside"},
	} {
		phone := c.phone()
		if c.want != "code" {
			w.changesNothing(c.name, func() {
				if got := outcomeOf(w.authorize(phone, c.query, c.header...)); got != c.want {
					t.Errorf("%s: %s, want %s", c.name, got, c.want)
				}
			})
		} else if got := outcomeOf(w.authorize(phone, c.query, c.header...)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}

	// HEAD begins nothing, and the answer is taken from our own page alone.
	phone := w.phone(w.person("zhoujie"))
	asks := w.authorize(phone, suite, site...)
	var v inClientView
	asks.Decode(t, &v)
	answer := w.Origins().Phone + v.DecideURL
	yes := url.Values{"decision": {"confirm"}, "csrf": {phone.CSRF}}
	w.changesNothing("answers of others", func() {
		for name, a := range map[string]platformtest.Page{
			"HEAD":                    phone.Send("HEAD", w.Origins().Phone+protocol.PathAuthorize+"?"+suite.Encode(), nil, site...),
			"cross-site":              phone.Send("POST", answer, yes, "Sec-Fetch-Site", "cross-site"),
			"from the app's page":     phone.Send("POST", answer, yes, "Origin", platformtest.Origin),
			"without csrf":            phone.Send("POST", answer, url.Values{"decision": {"confirm"}}),
			"with another's csrf":     phone.Send("POST", answer, url.Values{"decision": {"confirm"}, "csrf": {plain().CSRF}}),
			"without an answer":       phone.Send("POST", answer, url.Values{"csrf": {phone.CSRF}}),
			"as somebody else":        phone.Send("POST", strings.Replace(answer, w.memberRow(galaxy, "zhoujie"), zhangwei, 1), yes),
			"by nobody who signed in": w.Browser().Send("POST", answer, yes),
		} {
			if strings.Contains(a.To(), "code=") {
				t.Errorf("%s: %d to %q", name, a.Status, a.To())
			}
		}
	})
	if got := outcomeOf(phone.Send("POST", answer, yes)); got != "code" {
		t.Errorf("the page itself: %s", got)
	}
}

// changesNothing fails when consents or sign-ins come about.
func (w *world) changesNothing(what string, do func()) {
	w.t.Helper()
	count := func() string {
		return w.text(`SELECT (SELECT COUNT(*) FROM consents) || ' consents, ' || (SELECT COUNT(*) FROM spent_codes) || ' codes spent'`)
	}
	before := count()
	do()
	if after := count(); after != before {
		w.t.Errorf("%s: %s before, %s after", what, before, after)
	}
}

// What ends the silence of a link that was silent a moment ago.
func TestAbuse18Since(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		launch bool
		since  func(*world)
		want   string
	}{
		"nothing, launched":       {true, func(*world) {}, "code"},
		"nothing, agreed":         {false, func(*world) {}, "code"},
		"a launch of two minutes": {true, func(w *world) { w.Advance(2 * time.Minute) }, "asks"},
		"the consent is withdrawn": {false, func(w *world) {
			phone := w.phone(w.Sample.MemberPerson)
			w.see(phone.Post("/phone/account/site/withdraw", url.Values{"site": {w.memberRow(w.Sample.CorpID, "zhangwei") + "." + strconv.FormatInt(w.Sample.SuiteRow, 10)}}))
		}, "asks"},
		"uninstalled, launched": {true, uninstallSample, "refused: no_install"},
		"uninstalled, agreed":   {false, uninstallSample, "refused: no_install"},
		"out of range":          {true, narrowSample, "refused: range"},
		"out of range, agreed":  {false, narrowSample, "refused: range"},
		"the member is disabled": {true, func(w *world) {
			w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/contacts/members/"+w.memberRow(w.Sample.CorpID, "zhangwei")+"/disable", nil))
		}, "refused: no_company"},
		"the domain is another's": {true, func(w *world) {
			w.SetSite(platform.SampleSite{Origin: "http://127.0.0.1:3999"})
		}, "error: login.error.development"},
		"signed out": {true, nil, "outside"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.Sample
			phone := w.phone(s.MemberPerson)
			if c.launch {
				w.open(phone, s.SuiteRow, w.memberRow(s.CorpID, "zhangwei"))
			} else {
				codeIn(t, w.decide(phone, w.authorize(phone, inClientLink(s.SuiteID)), "confirm"))
			}
			if c.since != nil {
				c.since(w)
			} else {
				phone.Post("/phone/sign-out", nil)
			}
			header := from(platformtest.Origin)
			if c.launch {
				header = from("")
			}
			if got := outcomeOf(w.authorize(phone, inClientLink(s.SuiteID), header...)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func uninstallSample(w *world) {
	w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/apps/"+w.own["agent"]+"/uninstall", nil))
}

// narrowSample leaves one other member in the sample suite's visible range.
func narrowSample(w *world) {
	w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/apps/"+w.own["agent"]+"/range", url.Values{"member": {"wangfang"}, "do": {"save"}}))
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

// What a link can be, and what is wrong with one; a refusal comes back without a code.
func TestInClientLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	agent, installed := strconv.FormatInt(s.AgentID, 10), strconv.FormatInt(s.InstalledAgent, 10)
	phone := w.phone(s.MemberPerson)
	for name, c := range map[string]struct {
		query url.Values
		want  string
	}{
		"a suite":                              {inClientLink(s.SuiteID), "asks"},
		"a suite in capitals":                  {inClientLink(strings.ToUpper(s.SuiteID)), "asks"},
		"a suite with a stray agentid":         {inClientLink(s.SuiteID, "agentid", "1"), "asks"},
		"a corp with its own app's agentid":    {inClientLink(s.CorpID, "agentid", agent), "asks"},
		"a corp with an installed suite's":     {inClientLink(s.CorpID, "agentid", installed), "asks"},
		"a corp alone":                         {inClientLink(s.CorpID), "asks"},
		"a corp alone, with details":           {inClientLink(s.CorpID, "scope", "snsapi_privateinfo"), "asks"},
		"undefined for nothing":                {inClientLink(s.CorpID, "agentid", "undefined", "state", "null"), "asks"},
		"no scope":                             {inClientLink(s.SuiteID, "scope", ""), "asks"},
		"no state":                             {inClientLink(s.SuiteID, "state", ""), "asks"},
		"a long state":                         {inClientLink(s.SuiteID, "state", strings.Repeat("x", 1024)), "asks"},
		"a redirect_uri with query":            {inClientLink(s.SuiteID, "redirect_uri", inClientCallback+"?a=1&code=x"), "asks"},
		"no appid":                             {inClientLink(""), "error: inclient.error.appid"},
		"an unknown appid":                     {inClientLink("ww0"), "error: inclient.error.appid"},
		"the login suite":                      {inClientLink(s.LoginSuiteID), "error: inclient.error.login_suite"},
		"an unknown agentid":                   {inClientLink(s.CorpID, "agentid", "7"), "error: inclient.error.agentid"},
		"an agentid that is none":              {inClientLink(s.CorpID, "agentid", "x"), "error: inclient.error.agentid"},
		"no response_type":                     {inClientLink(s.SuiteID, "response_type", ""), "error: inclient.error.response_type"},
		"another response_type":                {inClientLink(s.SuiteID, "response_type", "token"), "error: inclient.error.response_type"},
		"an unknown scope":                     {inClientLink(s.SuiteID, "scope", "snsapi_login"), "error: inclient.error.scope"},
		"a scope in capitals":                  {inClientLink(s.SuiteID, "scope", "SNSAPI_BASE"), "error: inclient.error.scope"},
		"no redirect_uri":                      {inClientLink(s.SuiteID, "redirect_uri", ""), "error: login.error.empty"},
		"a corp alone, no redirect_uri":        {inClientLink(s.CorpID, "redirect_uri", ""), "error: login.error.empty"},
		"a redirect_uri that nobody trusts":    {inClientLink(s.SuiteID, "redirect_uri", "https://evil.example/"), "error: login.error.not_listed"},
		"a corp alone, a foreign redirect":     {inClientLink(s.CorpID, "redirect_uri", "https://evil.example/"), "error: inclient.error.nobody_trusts"},
		"a corp alone, a malformed redirect":   {inClientLink(s.CorpID, "redirect_uri", "https://evil.example\\@x"), "error: login.error.malformed"},
		"a redirect_uri encoded twice":         {inClientLink(s.SuiteID, "redirect_uri", url.QueryEscape(inClientCallback)), "error: login.error.double_encoded"},
		"a state that is too long":             {inClientLink(s.SuiteID, "state", strings.Repeat("x", 1025)), "error: error.bad_request"},
		"a challenge without method":           {inClientLink(s.SuiteID, "code_challenge", strings.Repeat("x", 43)), "error: error.bad_request"},
		"a method without challenge":           {inClientLink(s.SuiteID, "code_challenge_method", "S256"), "error: error.bad_request"},
		"details, without the permission":      {inClientLink(s.Second.SuiteID, "scope", "snsapi_privateinfo", "redirect_uri", "https://x.example/"), "error: login.error.none_trusted"},
		"a suite that the company has not got": {inClientLink(s.Second.SuiteID), "error: login.error.development"},
	} {
		if got := outcomeOf(w.authorize(phone, c.query, typed...)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}

	// Where a code may come back to, and how.
	for uri, want := range map[string]string{
		inClientCallback:                      inClientCallback + "?code=C&state=s1#",
		inClientCallback + "?a=1&code=x#frag": inClientCallback + "?a=1&code=C&state=s1#frag",
		platformtest.Origin + "/?state=evil":  platformtest.Origin + "/?code=C&state=s1#",
	} {
		asks := w.authorize(phone, inClientLink(s.SuiteID, "redirect_uri", uri))
		back := w.decide(phone, asks, "refuse")
		if to := strings.NewReplacer("code=C&", "").Replace(want); back.Status != http.StatusSeeOther || back.To() != to {
			t.Errorf("refused, %s: %d to %q, want %q", uri, back.Status, back.To(), to)
		}
		back = w.decide(phone, asks, "confirm")
		u, err := url.Parse(back.To())
		if err != nil || strings.Replace(back.To(), u.Query().Get("code"), "C", 1) != want {
			t.Errorf("%s: %d to %q, want %q", uri, back.Status, back.To(), want)
		}
	}

	// Several own apps that trust one address need the agentid.
	other := w.text(fmt.Sprintf(`SELECT MAX(id) FROM apps WHERE corp_id = %d AND kind = 'corp_app' AND id <> %d`, s.CorpRow, s.AgentRow))
	if _, err := w.db.Exec(t.Context(), `INSERT INTO app_addresses (app_id, kind, value) VALUES ($1, 'development', $2)`, other, platformtest.Origin); err != nil {
		t.Fatal(err)
	}
	w.Restart()
	if got := outcomeOf(w.authorize(phone, inClientLink(s.CorpID), typed...)); got != "error: inclient.error.several" {
		t.Errorf("several own apps: %s", got)
	}
}

// The PKCE extension, as on the login page.
func TestInClientPKCE(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B
	phone := w.phone(s.MemberPerson)
	token := suiteTokenOf(w, s.SuiteID, s.SuiteSecret)
	asks := w.authorize(phone, inClientLink(s.SuiteID, "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method", "S256"))
	code := codeIn(t, w.decide(phone, asks, "confirm"))
	for given, want := range map[string]protocol.Code{"": protocol.CodeInvalidCode, verifier[1:]: protocol.CodeInvalidCode} {
		if a := api(t, w.Platform, protocol.PathGetUserInfo3rd, "suite_access_token", token, "code", code, "code_verifier", given); a.code(t) != want {
			t.Errorf("verifier %q: %s", given, a.body)
		}
	}
	if a := api(t, w.Platform, protocol.PathGetUserInfo3rd, "suite_access_token", token, "code", code, "code_verifier", verifier); a.code(t) != 0 {
		t.Errorf("%s", a.body)
	}
}

// On WeCom's own host names, and on the login page's origin, the browser is sent to the phone's.
func TestInClientOtherHosts(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, host := range []string{"open.weixin.qq.com", "open.weixin.qq.com:8443", "open.work.weixin.qq.com"} {
		r, err := http.NewRequest("GET", p.URL()+protocol.PathAuthorize+"?appid=ww0&state=%23", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		a := p.Browser().Do(r)
		if want := p.Origins().Phone + protocol.PathAuthorize + "?appid=ww0&state=%23"; a.Status != http.StatusFound || a.To() != want || a.Header.Get("Referrer-Policy") != "origin" {
			t.Errorf("%s: %d to %q", host, a.Status, a.To())
		}
	}
	plain := platformtest.Start(t, platformtest.Options{Plain: true})
	b := plain.Browser()
	setup, err := plain.SetupURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.Enrol(setup[strings.LastIndex(setup, "/")+1:], "boss", "a long enough password")
	if a := b.Get(plain.Origins().Login + protocol.PathAuthorize + "?appid=ww0"); a.To() != plain.Origins().Phone+protocol.PathAuthorize+"?appid=ww0" {
		t.Errorf("the login page's origin: %d to %q", a.Status, a.To())
	}
	for name, origin := range map[string]string{"consoles": plain.Origins().Console, "API": plain.Origins().API} {
		if a := b.Get(origin + protocol.PathAuthorize + "?appid=ww0"); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d to %q", name, a.Status, a.To())
		}
	}
}

// A person who is signed out comes back to the same question after signing in.
func TestInClientSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browser := w.Browser()
	link := inClientLink(w.Sample.SuiteID, "state", "a b+c/%#中", "lang", "en")
	a := w.authorize(browser, link, from(platformtest.Origin)...)
	var v inClientView
	a.Decode(t, &v)
	u, err := url.Parse(v.SignInURL)
	if err != nil || u.Path != "/phone/sign-in" {
		t.Fatalf("%s", a.Body)
	}
	to := browser.Send("POST", "/phone/sign-in", url.Values{"person": {strconv.FormatInt(w.Sample.MemberPerson, 10)}, "next": {u.Query().Get("next")}}).To()
	back, err := url.Parse(to)
	if err != nil || back.Path != protocol.PathAuthorize {
		t.Fatalf("after the sign-in: %q", to)
	}
	// The browser navigated by a form of ours: that is no page of the app's, so it asks.
	a = browser.Get(w.Origins().Phone+to, "Sec-Fetch-Dest", "document", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "same-origin")
	if got := outcomeOf(a); got != "asks" {
		t.Fatalf("after the sign-in: %s", got)
	}
	var home struct {
		CSRF string `json:"csrf"`
	}
	browser.Get("/phone").Decode(t, &home)
	browser.CSRF = home.CSRF
	done, err := url.Parse(w.decide(browser, a, "confirm").To())
	if err != nil || done.Query().Get("state") != "a b+c/%#中" || done.Query().Get("code") == "" {
		t.Errorf("back at the site: %v", done)
	}
}

// The control port makes the codes of sign-ins inside the client without pages.
func TestControlInClientCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	member, suite := s.CorpID+"/"+s.Member, suiteTokenOf(w, s.SuiteID, s.SuiteSecret)
	own := api(t, w.Platform, protocol.PathGetToken, "corpid", s.CorpID, "corpsecret", s.CorpSecret).text("access_token")
	allow := func(on string) {
		t.Helper()
		w.see(w.provider.Post("/provider/"+s.ProviderCorpID+"/suites/"+s.SuiteID+"/sensitive", url.Values{"on": {on}}))
	}
	refused := func(kind, app, member string, want int) {
		t.Helper()
		if got := w.Control("POST", "/codes", map[string]string{"kind": kind, "app": app, "member": member, "redirect_uri": inClientCallback}, nil); got != want {
			t.Errorf("%s of %s for %s: %d, want %d", kind, app, member, got, want)
		}
	}
	allow("0")
	refused("oauth_private", s.SuiteID, member, http.StatusConflict)
	allow("1")
	for kind, ticket := range map[string]bool{"oauth": false, "oauth_private": true} {
		a := exchange(t, w.Platform, suite, codeFor(t, w.Platform, kind, s.SuiteID, member))
		if a.text("userid") != s.OpenUserID || (a.text("user_ticket") != "") != ticket {
			t.Errorf("%s: %s", kind, a.body)
		}
	}
	for kind, ticket := range map[string]bool{"oauth": false, "corp_private": true} {
		a := api(t, w.Platform, protocol.PathGetUserInfo, "access_token", own, "code", codeFor(t, w.Platform, kind, corpApp(w.Platform), member))
		if a.text("userid") != s.Member || (a.text("user_ticket") != "") != ticket {
			t.Errorf("%s: %s", kind, a.body)
		}
	}
	refused("oauth", s.LoginSuiteID, member, http.StatusBadRequest)
	refused("corp_private", s.SuiteID, member, http.StatusBadRequest)
	refused("oauth", corpApp(w.Platform), w.hillsCorp+"/linxi", http.StatusForbidden)
	refused("oauth", s.Second.SuiteID, w.hillsCorp+"/nobody", http.StatusNotFound)
	narrowSample(w)
	refused("oauth", s.SuiteID, member, http.StatusForbidden)
	uninstallSample(w)
	refused("oauth", s.SuiteID, member, http.StatusConflict)
}

// Abuse case 25 inside the client: what a link, a question or a ticket carries is in no log and
// in no table.
func TestAbuse25InClient(t *testing.T) {
	t.Parallel()
	var log recorder
	h := &hoard{t: t, what: map[string]string{}}
	w := newWorldWith(t, platformtest.Options{Log: &log})
	s := w.Sample
	w.see(w.provider.Post("/provider/"+s.ProviderCorpID+"/suites/"+s.SuiteID+"/sensitive", url.Values{"on": {"1"}}))
	phone := w.phone(s.MemberPerson)
	h.keep("csrf token", phone.CSRF)
	h.cookies("the phone", phone.Cookies(w.Origins().Phone))
	link := inClientLink(s.SuiteID, "scope", "snsapi_privateinfo", "state", h.keep("state", "canary-state-in-client"),
		"redirect_uri", inClientCallback+"?token="+h.keep("query of redirect_uri", "canary-redirect-in-client"))
	w.authorize(w.Browser(), link, typed...)
	w.authorize(phone, inClientLink(h.keep("unknown appid", "canary-appid-in-client")), typed...)
	asks := w.authorize(phone, link, "Referer", "https://x.example/?"+h.keep("Referer", "canary-referer-in-client"))
	w.decide(phone, asks, "refuse")
	back, err := url.Parse(w.decide(phone, asks, "confirm", "mobile").To())
	if err != nil {
		t.Fatal(err)
	}
	code := h.keep("code", back.Query().Get("code"))
	token := h.keep("suite token", suiteTokenOf(w, s.SuiteID, s.SuiteSecret))
	id := exchange(t, w.Platform, token, code)
	ticket := h.keep("user_ticket", id.text("user_ticket"))
	for _, text := range []string{ticket, h.keep("made-up ticket", "canary-ticket-in-client")} {
		send(t, "POST", w.URL()+protocol.PathOldGetUserDetail3rd+"?access_token="+token, jsonOf("user_ticket", text))
	}
	var list json.RawMessage
	w.Control("GET", "/requests", nil, &list)
	h.absent("the list of requests", string(list))
	h.store(w)
	w.Stop()
	h.absent("the log", log.String())
	if !strings.Contains(log.String(), protocol.PathAuthorize) || !strings.Contains(log.String(), protocol.PathOldGetUserDetail3rd) {
		t.Error("the log lacks what it should hold")
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
