package platform_test

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

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
