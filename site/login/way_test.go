package login_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

// Browsers as they name themselves.
const (
	wecomIPhone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wxwork/4.1.28 MicroMessenger/7.0.1 Language/zh ColorScheme/Light"
	wecomAndroid = "Mozilla/5.0 (Linux; Android 14; V2307A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 wxwork/4.1.30 ColorScheme/Dark MicroMessenger/7.0.1 NetType/WIFI Language/zh"
	wecomWindows = "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 Safari/537.36 WXWork/4.1.30 (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron WeMail embeddisk"
	iPhone       = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
	iPad         = "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1"
	iPadDesktop  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"
	android      = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
	firefoxPhone = "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0"
	androidTab   = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
	wechat       = "Mozilla/5.0 (Linux; Android 14; V2307A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.49.2600 WeChat/arm64 Weixin NetType/WIFI Language/zh_CN"
	harmonyOld   = "Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00; HMSCore 6.13.0.302) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36"
	harmony      = "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.3.303"
	harmonyTab   = "Mozilla/5.0 (Tablet; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1"
	desktop      = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)

// Ids of the other ways.
const (
	installedID = "wwinstalled"
	providerID  = "wwprovider"
	corpID      = "wwcorp"
)

// Configurations, by which ways they have.
func onlyLink(*login.Config) {}
func linkAndClient(s *website) func(*login.Config) {
	return func(c *login.Config) {
		c.InClient = &login.InClient{Suite: suite(s.api, installedID), AppID: installedID, Host: "http://localhost:1"}
	}
}
func everyWay(s *website) func(*login.Config) {
	return func(c *login.Config) {
		linkAndClient(s)(c)
		c.Old = &login.OldLogin{Provider: provider(s.api), AppID: providerID, Host: "http://localhost:1"}
	}
}
func without(change func(*login.Config), ways ...login.Way) func(*login.Config) {
	return func(c *login.Config) {
		change(c)
		for _, way := range ways {
			switch way {
			case login.ViaLink:
				c.Suite, c.AppID = nil, ""
			case login.ViaClient:
				c.InClient = nil
			case login.ViaOld:
				c.Old = nil
			}
		}
	}
}
func ofCorp(s *website) func(*login.Config) {
	return func(c *login.Config) {
		c.Suite = site.New(site.Config{API: s.api.URL}).CorpApp(corpID, "secret")
		c.AppID, c.AgentID = corpID, "1000002"
		c.InClient, c.Old = &login.InClient{Host: "http://localhost:1"}, &login.OldLogin{Host: "http://localhost:1"}
	}
}

func provider(a *api) *site.Provider {
	return site.New(site.Config{API: a.URL, HTTPClient: a.Client()}).Provider(providerID, "secret-"+providerID)
}

// Where begin leads, by browser, configuration and the person's own choice.
func TestWay(t *testing.T) {
	t.Parallel()
	const link, client, old, app = login.ViaLink, login.ViaClient, login.ViaOld, login.ViaApp
	s := newWebsite(t, nil)
	configs := map[string]func(*login.Config){
		"link":            onlyLink,
		"link+client":     linkAndClient(s),
		"link+client+old": everyWay(s),
		"link+old":        without(everyWay(s), client),
		"client+old":      without(everyWay(s), link),
		"client":          without(everyWay(s), link, old),
		"old":             without(everyWay(s), link, client),
		"corp":            ofCorp(s),
	}
	type row struct {
		agent, via, fetchSite string
		want                  map[string]login.Way
	}
	everywhere := func(way login.Way, but map[string]login.Way) map[string]login.Way {
		want := map[string]login.Way{}
		for name := range configs {
			if want[name] = way; but[name] != "" {
				want[name] = but[name]
			}
		}
		return want
	}
	inClient := everywhere(client, map[string]login.Way{"link": link, "link+old": link, "old": old})
	onPhone := everywhere(app, map[string]login.Way{"link": link, "link+old": link, "old": old})
	onDesk := everywhere(link, map[string]login.Way{"client+old": old, "client": app, "old": old})
	rows := []row{}
	for _, agent := range []string{wecomIPhone, wecomAndroid, wecomWindows} {
		rows = append(rows, row{agent: agent, want: inClient})
	}
	for _, agent := range []string{iPhone, iPad, android, firefoxPhone, wechat, harmonyOld, harmony} {
		rows = append(rows, row{agent: agent, want: onPhone})
	}
	for _, agent := range []string{desktop, iPadDesktop, androidTab, harmonyTab, "", "curl/8.5.0"} {
		rows = append(rows, row{agent: agent, want: onDesk})
	}
	for _, agent := range []string{desktop, iPhone, wecomIPhone} {
		auto := map[string]map[string]login.Way{desktop: onDesk, iPhone: onPhone, wecomIPhone: inClient}[agent]
		chosen := func(way login.Way, has string) map[string]login.Way {
			want := map[string]login.Way{}
			for name := range configs {
				if want[name] = auto[name]; strings.Contains(has, name) {
					want[name] = way
				}
			}
			return want
		}
		rows = append(rows,
			row{agent, "link", "same-origin", everywhere(link, map[string]login.Way{"client+old": auto["client+old"], "client": auto["client"], "old": auto["old"]})},
			row{agent, "client", "same-site", everywhere(client, map[string]login.Way{"link": auto["link"], "link+old": auto["link+old"], "old": auto["old"]})},
			row{agent, "old", "none", everywhere(old, map[string]login.Way{"link": auto["link"], "link+client": auto["link+client"], "client": auto["client"]})},
			row{agent, "old", "", everywhere(old, map[string]login.Way{"link": auto["link"], "link+client": auto["link+client"], "client": auto["client"]})},
			row{agent, "link", "cross-site", chosen("", "")},
			row{agent, "client", "cross-site", chosen("", "")},
			row{agent, "old", "cross-site", chosen("", "")},
			row{agent, "app", "same-origin", chosen("", "")},
			row{agent, "LINK", "same-origin", chosen("", "")},
		)
	}
	for name, config := range configs {
		s.restart(t, config)
		for _, row := range rows {
			b := s.browser(t)
			path := "/login?return=/me&via=" + row.via
			a := b.getAs(row.agent, path, "Sec-Fetch-Site", row.fetchSite, "Referer", s.URL+"/")
			if got := wayOf(a.location); got != row.want[name] {
				t.Errorf("%s, via=%s %s, %.60q leads %q (%d), want %q", name, row.via, row.fetchSite, row.agent, got, a.status, row.want[name])
			}
			r, _ := http.NewRequest(http.MethodGet, s.URL+path, nil)
			r.Header.Set("User-Agent", row.agent)
			r.Header.Set("Sec-Fetch-Site", row.fetchSite)
			if got := s.handler.Way(r); got != row.want[name] {
				t.Errorf("%s, via=%s %s, %.60q: Way says %q, want %q", name, row.via, row.fetchSite, row.agent, got, row.want[name])
			}
			// A way that begins nothing leaves nothing in the browser.
			if (len(b.cookies()) == 0) != (row.want[name] == app) {
				t.Errorf("%s, %.60q: %d cookies", name, row.agent, len(b.cookies()))
			}
		}
	}
}

// wayOf reads the way from where begin leads.
func wayOf(location string) login.Way {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	switch u.Path {
	case protocol.PathLogin:
		return login.ViaLink
	case protocol.PathAuthorize:
		return login.ViaClient
	case protocol.PathOldProviderLogin, protocol.PathOldCorpLogin:
		return login.ViaOld
	case "/login/app":
		return login.ViaApp
	}
	return ""
}

// getAs is get with a User-Agent and more headers; empty ones are left out.
func (b *browser) getAs(agent, path string, header ...string) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.site.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("User-Agent", agent)
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] != "" {
			r.Header.Set(header[i], header[i+1])
		}
	}
	return b.do(r)
}

// What each way's link bears.
func TestLinksOfTheWays(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	finish := s.URL + "/login/finish"
	for name, c := range map[string]struct {
		config func(*login.Config)
		via    string
		path   string
		want   url.Values
		pkce   bool
	}{
		"in-client, suite": {everyWay(s), "client", protocol.PathAuthorize, url.Values{
			"appid": {installedID}, "redirect_uri": {finish}, "response_type": {"code"}, "scope": {"snsapi_base"}}, true},
		"in-client, corp app": {ofCorp(s), "client", protocol.PathAuthorize, url.Values{
			"appid": {corpID}, "agentid": {"1000002"}, "redirect_uri": {finish}, "response_type": {"code"}, "scope": {"snsapi_base"}}, true},
		"old, provider": {everyWay(s), "old", protocol.PathOldProviderLogin, url.Values{
			"appid": {providerID}, "redirect_uri": {finish}, "usertype": {"member"}, "lang": {"en"}}, false},
		"old, corp app": {ofCorp(s), "old", protocol.PathOldCorpLogin, url.Values{
			"appid": {corpID}, "agentid": {"1000002"}, "redirect_uri": {finish}, "lang": {"en"}}, false},
	} {
		s.restart(t, c.config)
		a := s.browser(t).getAs(desktop, "/login?lang=en&via="+c.via, "Referer", s.URL+"/some/page")
		u, err := url.Parse(a.location)
		if err != nil || a.status != http.StatusSeeOther || u.Path != c.path {
			t.Fatalf("%s: %d", name, a.status)
		}
		got := u.Query()
		if (got.Get("code_challenge") != "" && got.Get("code_challenge_method") == "S256") != c.pkce || got.Get("state") == "" {
			t.Errorf("%s: challenge or state: %v", name, got)
		}
		for _, own := range []string{"state", "code_challenge", "code_challenge_method"} {
			got.Del(own)
		}
		if got.Encode() != c.want.Encode() {
			t.Errorf("%s: %s\nwant %s", name, got.Encode(), c.want.Encode())
		}
		if (u.Fragment == "wechat_redirect") != (c.via == "client") || u.Host != "localhost:1" {
			t.Errorf("%s: %s#%s", name, u.Host, u.Fragment)
		}
		if got := a.header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("%s: Referrer-Policy %q; the page must see which site leads there", name, got)
		}
	}
	s.restart(t, everyWay(s))
	if a := s.browser(t).getAs(desktop, "/login"); a.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the login link tells more than it did")
	}
}

// The provider's old page wants a Referer: whoever brings none goes by a page that gives one.
func TestOldLoginWithoutReferer(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	s.restart(t, without(everyWay(s), login.ViaLink, login.ViaClient))
	for referer, direct := range map[string]bool{
		"": false, "https://evil.example/": false, "not a URL%": false, s.URL + "/me?a=b": true, s.URL + "/": true, s.URL: true,
	} {
		b := s.browser(t)
		a := b.getAs(desktop, "/login?return=/me&lang=en", "Referer", referer)
		if direct != (a.status == http.StatusSeeOther) {
			t.Errorf("Referer %q: %d", referer, a.status)
		}
		if direct {
			continue
		}
		link := regexpHref.FindStringSubmatch(a.body)
		if a.status != http.StatusOK || link == nil || a.header.Get("Referrer-Policy") != "strict-origin" || !strings.Contains(a.body, "Open the login page") {
			t.Fatalf("Referer %q: %d %s", referer, a.status, a.body)
		}
		if wayOf(html.UnescapeString(link[1])) != login.ViaOld {
			t.Errorf("Referer %q: leads to %s", referer, link[1])
		}
	}
}

func TestAppPage(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	const query = "?return=%2Fdeep%3Fa%3Db&window=1"
	onWeCom := func(c *login.Config) {
		everyWay(s)(c)
		c.InClient.Host = ""
	}
	var shown *login.AppPage
	page := func(config func(*login.Config)) *login.AppPage {
		t.Helper()
		shown = nil
		s.restart(t, func(c *login.Config) {
			config(c)
			c.AppPage = func(w http.ResponseWriter, r *http.Request, p *login.AppPage) { shown = p }
		})
		s.browser(t).getAs(iPhone, "/login/app"+query)
		return shown
	}
	for name, c := range map[string]struct {
		config func(*login.Config)
		want   login.AppPage
	}{
		"Hufu":            {everyWay(s), login.AppPage{Here: "/login" + query + "&via=client", Scan: "/login" + query + "&via=link"}},
		"WeCom":           {onWeCom, login.AppPage{Scan: "/login" + query + "&via=link"}},
		"no login page":   {without(everyWay(s), login.ViaLink), login.AppPage{Here: "/login" + query + "&via=client", Scan: "/login" + query + "&via=old"}},
		"in-client alone": {without(onWeCom, login.ViaLink, login.ViaOld), login.AppPage{}},
	} {
		c.want.Address = s.URL + "/login?return=%2Fdeep%3Fa%3Db"
		for _, path := range []*string{&c.want.Here, &c.want.Scan} {
			*path = sortedQuery(t, *path)
		}
		if got := page(c.config); got == nil || *got != c.want {
			t.Errorf("%s: %+v\nwant %+v", name, got, c.want)
		}
	}

	s.restart(t, everyWay(s))
	for _, lang := range []string{"zh", "en"} {
		b := s.browser(t)
		a := b.getAs(iPhone, "/login/app?return=/me&lang="+lang)
		for _, text := range []string{"/login?return=%2Fme", "via=client", "via=link", "data-hufu-copy", "<style>:root"} {
			if !strings.Contains(html.UnescapeString(a.body), text) {
				t.Errorf("%s: the page lacks %q", lang, text)
			}
		}
		if a.status != http.StatusOK || len(b.cookies()) != 0 || strings.Contains(a.body, "state=") {
			t.Errorf("%s: the page begins something: %d", lang, a.status)
		}
		csp := a.header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'; script-src 'self'; style-src 'sha256-") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
			t.Errorf("policy %q", csp)
		}
	}
	// A return path of another site is not passed on.
	if a := s.browser(t).getAs(iPhone, "/login/app?return=//evil.example"); strings.Contains(a.body, "evil") {
		t.Error("the page leads to another site")
	}
	// Inside the client there is nothing to say; without Config.InClient neither.
	if a := s.browser(t).getAs(wecomIPhone, "/login/app?return=/me"); a.location != "/login?return=%2Fme" {
		t.Errorf("inside the client: %d to %q", a.status, a.location)
	}
	s.restart(t, nil)
	if a := s.browser(t).getAs(iPhone, "/login/app?return=/me"); a.location != "/login?return=%2Fme" {
		t.Errorf("nothing to open there: %d to %q", a.status, a.location)
	}
}

func sortedQuery(t *testing.T, path string) string {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	if u.RawQuery != "" {
		u.RawQuery = u.Query().Encode()
	}
	return u.String()
}

// The panel's parameters are for who can use a panel.
func TestPanelOnPhones(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	s.restart(t, everyWay(s))
	for _, c := range []struct{ agent, query, want string }{
		{desktop, "", ""},
		{iPhone, "?return=/me&redirect_type=callback", "/login/app?return=%2Fme"},
		{wecomIPhone, "?return=/me", "/login?return=%2Fme&via=client"},
		{iPhone, "?via=link", ""},
		{desktop, "?via=old", "/login?via=old"},
	} {
		b := s.browser(t)
		a := b.getAs(c.agent, "/login/panel"+c.query, "Sec-Fetch-Site", "same-origin")
		var got struct {
			Location string
			Params   *login.PanelParams
		}
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			t.Fatal(err)
		}
		if got.Location != c.want || (got.Params == nil) != (c.want != "") || (len(b.cookies()) == 0) != (c.want != "") {
			t.Errorf("%.40q%s: %s", c.agent, c.query, a.body)
		}
	}
	s.restart(t, without(everyWay(s), login.ViaLink))
	r, _ := http.NewRequest(http.MethodGet, s.URL+"/", nil)
	if p := s.handler.Panel(nil, r, login.PanelOptions{}); p != (login.PanelParams{}) {
		t.Errorf("a panel that leads nowhere: %+v", p)
	}
}

// The app's home page signs in inside the client, from the workbench of a Hufu phone in
// any browser; where the client is WeCom's, only inside it.
func TestAppHome(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	for name, c := range map[string]struct {
		config       func(*login.Config)
		desk, client login.Way
	}{
		"Hufu":           {everyWay(s), login.ViaClient, login.ViaClient},
		"WeCom":          {func(c *login.Config) { everyWay(s)(c); c.InClient.Host = "" }, login.ViaLink, login.ViaClient},
		"without client": {onlyLink, login.ViaLink, login.ViaLink},
	} {
		s.restart(t, c.config)
		home := s.handler.AppHome("/me")
		for agent, want := range map[string]login.Way{desktop: c.desk, wecomIPhone: c.client} {
			b := s.browser(t)
			mux := http.NewServeMux()
			s.handler.Mount(mux)
			mux.Handle("GET /app-home", home)
			mux.Handle("/me", http.NotFoundHandler())
			s.mu.Lock()
			s.mux = mux
			s.mu.Unlock()
			for path, back := range map[string]string{"/app-home": "/me", "/app-home?return=/task/7": "/task/7", "/app-home?return=//evil.example": "/me"} {
				a := b.getAs(agent, path, "Sec-Fetch-Site", "cross-site")
				u, _ := url.Parse(a.location)
				if wayOf(a.location) != want {
					t.Errorf("%s, %.40q: %d to %s", name, agent, a.status, u.Path)
				}
				s.api.allow("code"+path, u.Query(), member)
				if a := b.get(callback("code"+path, u.Query())); a.location != back {
					t.Errorf("%s%s: ends on %q, want %q", name, path, a.location, back)
				}
			}
		}
	}
}

// A site that keeps no session is signed in to a few times, and then a page says so.
func TestInClientDoesNotLoop(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	s.restart(t, func(c *login.Config) {
		everyWay(s)(c)
		sessions, err := login.NewSessions(login.SessionConfig{Origin: s.URL, Keys: testKeys, Now: s.clock.Now, Lifetime: time.Nanosecond})
		if err != nil {
			t.Fatal(err)
		}
		c.Sessions = sessions
	})
	b := s.browser(t)
	path, turns := "/me", 0
	for ; turns < 50; turns++ {
		a := b.getAs(wecomIPhone, path)
		if a.status == http.StatusTooManyRequests {
			if !strings.Contains(a.body, "登录没有保存下来") {
				t.Errorf("the page says %s", a.body)
			}
			break
		}
		if a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", path, a.status)
		}
		if path = a.location; wayOf(path) == login.ViaClient {
			u, _ := url.Parse(path)
			code := fmt.Sprint("code", turns)
			s.api.allow(code, u.Query(), member)
			path = callback(code, u.Query())
		}
		s.clock.advance(200 * time.Millisecond)
	}
	if turns >= 50 || s.api.count() > 5 {
		t.Errorf("%d turns, %d exchanges", turns, s.api.count())
	}
	s.clock.advance(15 * time.Second)
	if a := b.getAs(wecomIPhone, "/login"); wayOf(a.location) != login.ViaClient {
		t.Errorf("later: %d", a.status)
	}
}

// A refusal inside the client is the end: a page, whose links begin nothing by themselves.
func TestRefusedInClient(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	s.restart(t, everyWay(s))
	b := s.browser(t)
	u, _ := url.Parse(b.getAs(wecomIPhone, "/login?return=/me").location)
	for range 2 {
		a := b.getAs(wecomIPhone, "/login/finish?state="+u.Query().Get("state"))
		if a.status != http.StatusOK || a.location != "" || !strings.Contains(a.body, "你没有同意登录") || strings.Contains(a.body, "data-hufu-go") {
			t.Errorf("%d to %q", a.status, a.location)
		}
	}
	if _, ok := b.session(); ok || s.api.count() != 0 {
		t.Error("a refusal made a session or an exchange")
	}
}
