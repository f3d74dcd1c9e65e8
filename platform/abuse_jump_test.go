package platform_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// withBusiness has the sample suite's 业务设置URL on the sample site.
func withBusiness(w *world) *world {
	w.site.BusinessURL = platformtest.Origin + "/settings?from=console"
	w.SetSite(w.site)
	return w
}

func (w *world) jumpPath() string {
	return "/admin/" + w.Sample.CorpID + "/apps/" + w.own["agent"] + "/business"
}

// jump goes from the console to the site, and answers the code that comes along.
func (w *world) jump(c *platformtest.Console) string {
	w.t.Helper()
	a := c.Post(w.jumpPath(), nil)
	u, err := url.Parse(a.To())
	if err != nil || a.Status != http.StatusSeeOther || u.Query().Get("auth_code") == "" {
		w.t.Fatalf("jump: %d to %q: %.300s", a.Status, a.To(), a.Body)
	}
	return u.Query().Get("auth_code")
}

// Abuse case 15: whoever may not jump, or was not on our page, gets no code.
func TestAbuse15(t *testing.T) {
	t.Parallel()
	w := withBusiness(newWorld(t))
	path := w.jumpPath()
	w.jump(w.creator) // the case itself works
	as := func(account string) *platformtest.Console {
		c := w.Browser()
		w.pick(c, account)
		// Where there is a console to read it from; without one it is refused before.
		if account != "zhangwei" && account != "suqing" {
			c.ReadCSRF()
		}
		return c
	}
	csrf := url.Values{"csrf": {w.creator.CSRF}}
	foreign := strings.Replace(path, w.Sample.CorpID, w.hillsCorp, 1)
	for name, a := range map[string]platformtest.Page{
		"GET":                               w.creator.Get(path + "?" + csrf.Encode()),
		"GET as prefetch":                   w.creator.Get(path, "Sec-Purpose", "prefetch"),
		"HEAD":                              w.creator.Send("HEAD", path, nil),
		"PUT":                               w.creator.Send("PUT", path, csrf),
		"cross-site":                        w.creator.Send("POST", path, csrf, "Sec-Fetch-Site", "cross-site"),
		"same-site":                         w.creator.Send("POST", path, csrf, "Sec-Fetch-Site", "same-site"),
		"another origin":                    w.creator.Send("POST", path, csrf, "Origin", "https://evil.example"),
		"an opaque origin":                  w.creator.Send("POST", path, csrf, "Origin", "null"),
		"a port beside":                     w.creator.Send("POST", path, csrf, "Origin", "http://localhost:1"),
		"text/plain":                        w.creator.Send("POST", path, csrf, "Content-Type", "text/plain"),
		"no csrf":                           w.creator.Send("POST", path, url.Values{}),
		"another's csrf":                    w.creator.Send("POST", path, url.Values{"csrf": {w.hills.CSRF}}),
		"nobody":                            w.Browser().Send("POST", path, csrf),
		"no admin":                          as("zhangwei").Post(path, nil),
		"the operator":                      as("suqing").Post(path, nil),
		"sub-admin of other apps":           as("zhoujie").Post(path, nil),
		"the provider itself":               as("xujing").Post(path, nil),
		"another company's creator":         as("heqing").Post(path, nil),
		"another company's app":             w.creator.Post(foreign, nil),
		"an app that nobody has":            w.creator.Post("/admin/"+w.Sample.CorpID+"/apps/1/business", nil),
		"an own app":                        w.creator.Post("/admin/"+w.Sample.CorpID+"/apps/"+w.own["own"]+"/business", nil),
		"another's agentid, one's own corp": w.creator.Post("/admin/"+w.Sample.CorpID+"/apps/"+w.foreign["agent"][0]+"/business", nil),
	} {
		if strings.Contains(a.To(), "code") || strings.Contains(a.Body, "auth_code") || a.Status < 300 {
			t.Errorf("%s: %d to %q: %.200s", name, a.Status, a.To(), a.Body)
		}
	}
	if n := w.number(`SELECT COUNT(*) FROM audit_entries WHERE action = 'business_opened'`); n != 1 {
		t.Errorf("%d jumps are written down", n)
	}
}

// A code that was made before the company withdrew the app, or the admin's rights, or the
// provider moved its page or switched the calls off, is worth nothing.
func TestAbuse15Since(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		since            func(*world)
		signIn, oldLogin bool // the calls that still answer
	}{
		"nothing": {func(*world) {}, true, true},
		"the admin became a sub-admin of nothing": {since: func(w *world) {
			w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/admins/"+w.own["admin"], url.Values{"kind": {"4"}, "department": {"2"}}))
		}},
		"the admin is none any more": {since: func(w *world) {
			w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/admins/"+w.own["admin"]+"/remove", nil))
		}},
		"the member is disabled": {since: func(w *world) {
			w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/contacts/members/"+w.text(`SELECT id FROM members WHERE userid = 'wangfang'`)+"/disable", nil))
		}},
		"the page is elsewhere now": {since: func(w *world) {
			w.see(w.provider.Post("/provider/"+w.Sample.ProviderCorpID+"/suites/"+w.Sample.SuiteID+"/business", url.Values{"business": {"https://elsewhere.example/"}}))
		}},
		"uninstalled": {since: func(w *world) {
			w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/apps/"+w.own["agent"]+"/uninstall", nil))
		}},
		"uninstalled and installed again": {since: func(w *world) {
			w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/apps/"+w.own["agent"]+"/uninstall", nil))
			w.see(w.creator.Post("/admin/"+w.Sample.CorpID+"/market/"+w.Sample.SuiteID+"/install", url.Values{"department": {"1"}}))
		}},
		"sign-in is switched off": {since: func(w *world) {
			w.see(w.provider.Post("/provider/"+w.Sample.ProviderCorpID+"/login/switch", url.Values{"on": {"0"}}))
		}, oldLogin: true},
		"the old login is switched off": {since: func(w *world) {
			w.see(w.operator.Post("/operator/providers/"+w.Sample.ProviderCorpID+"/old-login", url.Values{"on": {"0"}}))
		}, signIn: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withBusiness(newWorld(t))
			admin, suite, provider := w.Console(w.Sample.AdminPerson), w.SuiteToken(), providerToken(w)
			one, two := w.jump(admin), w.jump(admin)
			c.since(w)
			if a := exchange(t, w.Platform, suite, one); (a.code(t) == 0) != c.signIn {
				t.Errorf("getuserinfo3rd: %s", a.body)
			}
			if a := loginInfo(w, protocol.QueryAccessToken, provider, two); (a.code(t) == 0) != c.oldLogin {
				t.Errorf("get_login_info: %s", a.body)
			}
		})
	}
}

func providerToken(w *world) string {
	w.t.Helper()
	token := send(w.t, "POST", w.URL()+protocol.PathGetProviderToken, jsonOf("corpid", w.Sample.ProviderCorpID, "provider_secret", w.Sample.ProviderSecret)).text("provider_access_token")
	if token == "" {
		w.t.Fatal("no provider token")
	}
	return token
}

func loginInfo(w *world, name, token, code string) answer {
	w.t.Helper()
	return send(w.t, "POST", w.URL()+protocol.PathGetLoginInfo+"?"+name+"="+token, jsonOf("auth_code", code))
}

// suiteTokenOf gets the token of a suite of either provider.
func suiteTokenOf(w *world, id, secret string) string {
	w.t.Helper()
	a := send(w.t, "POST", w.URL()+protocol.PathGetSuiteToken, jsonOf("suite_id", id, "suite_secret", secret, "suite_ticket", ticket(w.t, w.Platform, id)))
	if a.text("suite_access_token") == "" {
		w.t.Fatalf("suite token: %s", a.body)
	}
	return a.text("suite_access_token")
}

// A code of one kind is worth nothing where another is asked for, and nothing is spent by
// trying; at its own call it is good once, whatever the call is named.
func TestAbuse4Installs(t *testing.T) {
	t.Parallel()
	w := withBusiness(newWorld(t))
	s := w.Sample
	login, suite := w.SuiteToken(), suiteTokenOf(w, s.SuiteID, s.SuiteSecret)
	secondLogin, secondSuite := suiteTokenOf(w, s.Second.LoginSuiteID, s.Second.LoginSuiteSecret), suiteTokenOf(w, s.Second.SuiteID, s.Second.SuiteSecret)
	provider := providerToken(w)
	second := send(t, "POST", w.URL()+protocol.PathGetProviderToken, jsonOf("corpid", s.Second.CorpID, "provider_secret", s.Second.Secret)).text("provider_access_token")

	link := w.installLink()
	link.Set("corp", s.ProviderCorpID)
	link.Set("department", "1")
	a := w.provider.Post("/3rdapp/install", link)
	u, err := url.Parse(a.To())
	if err != nil || a.Status != http.StatusSeeOther || u.Query().Get("auth_code") == "" {
		t.Fatalf("install: %d to %q: %.300s", a.Status, a.To(), a.Body)
	}
	if b := w.provider.Post("/3rdapp/install", link); strings.Contains(b.To(), "auth_code") {
		t.Errorf("the same install link again: %d to %q", b.Status, b.To())
	}
	install, scan, corp := u.Query().Get("auth_code"), newCode(t, w.Platform), codeFor(t, w.Platform, "corp", corpApp(w.Platform), s.CorpID+"/"+s.Member)
	admin, pre := w.jump(w.creator), link.Get("pre_auth_code")

	permanent := func(path, token, code string) answer {
		return send(t, "POST", w.URL()+path+"?"+protocol.QuerySuiteAccessToken+"="+token, jsonOf("auth_code", code))
	}
	person := func(path, token, code string) answer {
		return api(t, w.Platform, path, protocol.QuerySuiteAccessToken, token, protocol.QueryCode, code)
	}
	refused := func(what string, a answer, want ...protocol.Code) {
		t.Helper()
		for _, c := range want {
			if a.code(t) == c {
				return
			}
		}
		t.Errorf("%s: %s, want %v", what, a.body, want)
	}
	for what, code := range map[string]string{"scan": scan, "admin": admin, "pre-auth": pre, "corp": corp} {
		for _, path := range []string{protocol.PathGetPermanentCode, protocol.PathGetPermanentCodeV2} {
			for _, token := range []string{suite, secondSuite} {
				refused(what+" code at "+path, permanent(path, token, code), protocol.CodeInvalidAuthCode)
			}
		}
	}
	for what, code := range map[string]string{"install": install, "pre-auth": pre, "corp": corp} {
		for _, path := range []string{protocol.PathGetUserInfo3rd, protocol.PathOldGetUserInfo3rd} {
			refused(what+" code at "+path, person(path, login, code), protocol.CodeInvalidCode)
		}
		for _, name := range []string{protocol.QueryAccessToken, protocol.QueryProviderAccessToken} {
			refused(what+" code at get_login_info", loginInfo(w, name, provider, code), protocol.CodeInvalidCode, protocol.CodeInvalidAuthCode)
		}
	}
	refused("scan code at get_login_info", loginInfo(w, protocol.QueryAccessToken, provider, scan), protocol.CodeInvalidCode, protocol.CodeInvalidAuthCode)
	refused("another suite's install code", permanent(protocol.PathGetPermanentCode, secondSuite, install), protocol.CodeInvalidAuthCode)
	refused("another provider's admin code", person(protocol.PathGetUserInfo3rd, secondLogin, admin), protocol.CodeInvalidCode)
	refused("another provider's admin code at get_login_info", loginInfo(w, protocol.QueryAccessToken, second, admin), protocol.CodeInvalidCode, protocol.CodeInvalidAuthCode)
	if a := permanent(protocol.PathGetPermanentCode, login, install); a.code(t) == 0 {
		t.Errorf("the login suite's token at get_permanent_code: %s", a.body)
	}
	if a := person(protocol.PathGetUserInfo3rd, suite, scan); a.code(t) == 0 {
		t.Errorf("the installed suite's token at getuserinfo3rd: %s", a.body)
	}

	// None of it has cost anything: each is good at its own call, once.
	first := permanent(protocol.PathGetPermanentCode, suite, install)
	if first.code(t) != 0 || first.text("permanent_code") == "" {
		t.Fatalf("the install code itself: %s", first.body)
	}
	for _, path := range []string{protocol.PathGetPermanentCode, protocol.PathGetPermanentCodeV2} {
		refused("a spent install code", permanent(path, suite, install), protocol.CodeInvalidAuthCode)
	}
	if a := person(protocol.PathGetUserInfo3rd, login, scan); a.code(t) != 0 {
		t.Errorf("the scan code itself: %s", a.body)
	}
	for _, name := range []string{protocol.QueryAccessToken, protocol.QueryProviderAccessToken} {
		code := w.jump(w.creator)
		if a := loginInfo(w, name, provider, code); a.code(t) != 0 {
			t.Errorf("get_login_info with %s: %s", name, a.body)
		}
		refused("an admin code that get_login_info has spent", person(protocol.PathGetUserInfo3rd, login, code), protocol.CodeInvalidCode)
	}
	if a := person(protocol.PathGetUserInfo3rd, login, admin); a.code(t) != 0 {
		t.Errorf("the admin code itself: %s", a.body)
	}
	refused("an admin code that getuserinfo3rd has spent", loginInfo(w, protocol.QueryAccessToken, provider, admin), protocol.CodeInvalidCode, protocol.CodeInvalidAuthCode)

	// After the uninstall its permanent code, the corp's tokens and a code not yet fetched are dead.
	open := first.fields["auth_corp_info"].(map[string]any)["corpid"].(string)
	token := func() answer {
		return send(t, "POST", w.URL()+protocol.PathGetCorpToken+"?"+protocol.QuerySuiteAccessToken+"="+suite,
			jsonOf("auth_corpid", open, "permanent_code", first.text("permanent_code")))
	}
	live := token().text("access_token")
	if a := api(t, w.Platform, protocol.PathDepartmentList, protocol.QueryAccessToken, live); live == "" || a.code(t) != 0 {
		t.Fatalf("before the uninstall: %s", a.body)
	}
	agent := w.text(`SELECT agentid FROM installations WHERE corp_id = ` + fmt.Sprint(s.ProviderRow) + ` AND app_id = ` + fmt.Sprint(s.SuiteRow))
	w.see(w.provider.Post("/admin/"+s.ProviderCorpID+"/apps/"+agent+"/uninstall", nil))
	if a := token(); a.code(t) == 0 {
		t.Errorf("the permanent code after the uninstall: %s", a.body)
	}
	if a := api(t, w.Platform, protocol.PathDepartmentList, protocol.QueryAccessToken, live); a.code(t) == 0 {
		t.Errorf("the corp's token after the uninstall: %s", a.body)
	}
	again := w.installLink()
	again.Set("corp", s.ProviderCorpID)
	again.Set("department", "1")
	u, err = url.Parse(w.provider.Post("/3rdapp/install", again).To())
	if err != nil || u.Query().Get("auth_code") == "" {
		t.Fatalf("install again: %v %v", u, err)
	}
	refused("the first install's code", permanent(protocol.PathGetPermanentCode, suite, install), protocol.CodeInvalidAuthCode)
	agent = w.text(`SELECT agentid FROM installations WHERE corp_id = ` + fmt.Sprint(s.ProviderRow) + ` AND app_id = ` + fmt.Sprint(s.SuiteRow))
	w.see(w.provider.Post("/admin/"+s.ProviderCorpID+"/apps/"+agent+"/uninstall", nil))
	refused("an install code after the uninstall", permanent(protocol.PathGetPermanentCode, suite, u.Query().Get("auth_code")), protocol.CodeInvalidAuthCode)
}

// An install link that a site did not make itself leads nowhere, and shows nothing of the
// company.
func TestForeignInstallLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	good := w.installLink()
	if a := w.provider.Get("/3rdapp/install?" + good.Encode()); a.Status != http.StatusOK {
		t.Fatalf("the link itself: %d %.300s", a.Status, a.Body)
	}
	for name, change := range map[string][]string{
		"no pre_auth_code": {"pre_auth_code", ""}, "made up": {"pre_auth_code", "made-up"}, "another suite's": {"suite_id", s.Second.SuiteID},
		"a scan code": {"pre_auth_code", newCode(t, w.Platform)}, "the login suite": {"suite_id", s.LoginSuiteID},
		"another's redirect": {"redirect_uri", "https://evil.example/"}, "another port": {"redirect_uri", "http://127.0.0.1:3001/"},
		"user info": {"redirect_uri", "http://127.0.0.1:3000@evil.example/"}, "script": {"redirect_uri", "javascript:alert(1)"},
		"state with markup": {"state", "<script>"}, "long state": {"state", strings.Repeat("a", 200)},
	} {
		link := with(good, change...)
		link.Set("corp", s.ProviderCorpID)
		link.Set("department", "1")
		for method, a := range map[string]platformtest.Page{"GET": w.provider.Get("/3rdapp/install?" + link.Encode()), "POST": w.provider.Post("/3rdapp/install", link)} {
			if a.Status != http.StatusBadRequest || strings.Contains(a.Body, "研发部") || a.To() != "" {
				t.Errorf("%s %s: %d to %q %.200s", method, name, a.Status, a.To(), a.Body)
			}
		}
	}
	for name, header := range map[string][]string{"evil Referer": {"Referer", "https://evil.example/x"}} {
		if a := w.provider.Get("/3rdapp/install?"+good.Encode(), header...); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	for _, account := range []string{"sunyue", "wutong", "zhangwei"} {
		c := w.Browser()
		w.pick(c, account)
		for _, corp := range []string{s.CorpID, s.ProviderCorpID} {
			a := c.Get("/3rdapp/install?" + with(good, "corp", corp).Encode())
			if a.Status != http.StatusForbidden {
				t.Errorf("%s for %s: %d %.200s", account, corp, a.Status, a.Body)
			}
		}
	}
	if n := w.number(`SELECT COUNT(*) FROM installations WHERE corp_id = ` + fmt.Sprint(s.ProviderRow)); n != 0 {
		t.Errorf("%d installs", n)
	}
}
