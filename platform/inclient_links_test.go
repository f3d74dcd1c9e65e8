package platform_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

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
