package login_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

// console is the provider's side of the jump: a login suite that knows codes, a
// provider that knows codes, and who administers the suite.
type console struct {
	codes   map[string]site.Identity  // getuserinfo3rd
	infos   map[string]site.LoginInfo // get_login_info
	admins  []protocol.Admin
	failure error // of Exchange
	oldOff  bool  // of LoginInfo: the old login is switched off
	lookup  error // of Admins
	asked   atomic.Int32
}

func (c *console) Exchange(_ context.Context, code string, _ ...site.ExchangeOption) (site.Identity, error) {
	c.asked.Add(1)
	if c.failure != nil {
		return site.Identity{}, c.failure
	}
	id, ok := c.codes[code]
	if !ok {
		return site.Identity{}, protocol.Failure{ErrCode: protocol.CodeInvalidCode}
	}
	delete(c.codes, code)
	return id, nil
}

func (c *console) LoginInfo(_ context.Context, code string) (site.LoginInfo, error) {
	c.asked.Add(1)
	if c.oldOff {
		return site.LoginInfo{}, protocol.Failure{ErrCode: protocol.CodeAPIForbidden}
	}
	info, ok := c.infos[code]
	if !ok {
		return site.LoginInfo{}, protocol.Failure{ErrCode: protocol.CodeInvalidAuthCode}
	}
	delete(c.infos, code)
	return info, nil
}

func (c *console) AgentID(context.Context, string) (int64, error) { return 1000009, c.lookup }
func (c *console) Admins(context.Context, string) ([]protocol.Admin, error) {
	return c.admins, c.lookup
}

var boss = site.Identity{CorpID: "wpAAAA", UserID: "woBOSS", OpenUserID: "woBOSS"}

const adminPath = "/admin-entry"

// withEntry puts an admin entry beside the site's sign-in.
func withEntry(t *testing.T, s *website, c *console, change func(*login.AdminConfig)) *login.AdminEntry {
	t.Helper()
	sessions, err := login.NewSessions(login.SessionConfig{Origin: s.URL, Keys: testKeys, Now: s.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	s.restart(t, func(config *login.Config) { config.Sessions = sessions })
	config := login.AdminConfig{URL: s.URL + adminPath, SuiteID: "wwinstalled", Sessions: sessions, Suite: c, Provider: c,
		Installed: c, Home: "/me", Keys: testKeys, Now: s.clock.Now}
	if change != nil {
		change(&config)
	}
	entry, err := login.NewAdminEntry(config)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	mux := http.NewServeMux()
	entry.Mount(mux)
	mux.Handle("/", s.mux)
	s.mux = mux
	return entry
}

func newConsole() *console {
	return &console{
		codes: map[string]site.Identity{"good": boss, "second": boss, "openid": {OpenID: "oX"}, "plain": {CorpID: "wpAAAA", UserID: "woPLAIN"}},
		infos: map[string]site.LoginInfo{
			"creator":   {Identity: boss, UserType: protocol.UserTypeCreator},
			"internal":  {Identity: boss, UserType: protocol.UserTypeInternalAdmin},
			"external":  {Identity: boss, UserType: protocol.UserTypeExternalAdmin},
			"stranger":  {Identity: site.Identity{CorpID: "wpAAAA"}, UserType: protocol.UserTypeExternalAdmin},
			"sub":       {Identity: boss, UserType: protocol.UserTypeSubAdmin, Agents: []protocol.LoginAgent{{AgentID: 1000009, AuthType: 1}}},
			"sub-uses":  {Identity: boss, UserType: protocol.UserTypeSubAdmin, Agents: []protocol.LoginAgent{{AgentID: 1000009, AuthType: 0}}},
			"sub-other": {Identity: boss, UserType: protocol.UserTypeSubAdmin, Agents: []protocol.LoginAgent{{AgentID: 1000007, AuthType: 1}}},
			"member":    {Identity: boss, UserType: protocol.UserTypeMember},
		},
		admins: []protocol.Admin{{UserID: "woBOSS", OpenUserID: "woBOSS", AuthType: protocol.AuthTypeManage}},
	}
}

var hidden = regexp.MustCompile(`name="(arrival|current)" value="([^"]*)"`)

// form is what the arrival's page would post.
func form(page answer, choice string) string {
	values := url.Values{"choice": {choice}}
	for _, m := range hidden.FindAllStringSubmatch(page.body, -1) {
		values.Set(m[1], m[2])
	}
	return values.Encode()
}

func (b *browser) choose(page answer, choice string, header ...string) answer {
	b.t.Helper()
	return b.post(adminPath, "application/x-www-form-urlencoded", form(page, choice), header...)
}

// arrive takes the jump and returns the page it leads to.
func (b *browser) arrive(code string) answer {
	b.t.Helper()
	a := b.get(adminPath + "?auth_code=" + code)
	if a.status != http.StatusSeeOther || a.location != adminPath {
		b.t.Fatalf("the jump answered %d to %q: %s", a.status, a.location, a.body)
	}
	return b.get(a.location)
}

func TestAdminEntry(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	var told login.Session
	withEntry(t, s, newConsole(), func(c *login.AdminConfig) {
		c.Describe = func(_ context.Context, s login.Session) (string, string) { return "星河科技", "" }
		c.OnSignIn = func(_ context.Context, s login.Session) error { told = s; return nil }
	})
	b := s.browser(t)
	page := b.arrive("good")
	for _, want := range []string{"星河科技", "woBOSS", `lang="zh"`, "应用管理员", "还没有人登录"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q:\n%s", want, page.body)
		}
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || page.header.Get("Cache-Control") != "no-store" ||
		page.header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("headers %v", page.header)
	}
	if en := b.get(adminPath + "?lang=en"); !strings.Contains(en.body, "Enter as an administrator") || strings.Contains(en.body, "{{") {
		t.Errorf("English: %s", en.body)
	}
	if _, ok := b.session(); ok {
		t.Fatal("a session began before the person agreed")
	}
	if a := b.choose(page, "enter", "Origin", s.URL); a.status != http.StatusSeeOther || a.location != "/me" {
		t.Fatalf("enter: %d %s", a.status, a.body)
	}
	session, ok := b.session()
	if !ok || !session.Admin || session.AppID != "wwinstalled" || session.CorpID != "wpAAAA" || session.UserID != "woBOSS" || session.ID == "" || session.ID != told.ID {
		t.Errorf("session %+v, told %+v", session, told)
	}
}

func TestAdminLeaves(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	withEntry(t, s, newConsole(), nil)
	b := s.browser(t)
	page := b.arrive("good")
	if a := b.choose(page, "leave"); a.status != http.StatusSeeOther || a.location != "/me" {
		t.Errorf("leave: %d", a.status)
	}
	if a := b.choose(page, "enter"); a.status != http.StatusBadRequest {
		t.Errorf("enter after leave: %d", a.status)
	}
	if _, ok := b.session(); ok {
		t.Error("a session began")
	}
}

// Abuse case 14 of the security rules: admin entry by an attacker's link,
// prefetch, cross-origin POST, over another tenant's session: nothing begins.
func TestAbuse14(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	c := newConsole()
	withEntry(t, s, c, nil)

	b := s.browser(t)
	link := b.begin("/login?return=/me")
	s.api.allow("own", link, `"corpid":"wpOTHER","userid":"woVICTIM","open_userid":"woVICTIM"`)
	mustLand(b, callback("own", link), "sign-in")
	before, _ := b.session()

	for name, header := range map[string][]string{
		"prefetch":          {"Sec-Purpose", "prefetch"},
		"prerender":         {"Sec-Purpose", "prefetch;prerender"},
		"old prefetch":      {"Purpose", "prefetch"},
		"Safari's preview":  {"X-Purpose", "preview"},
		"Firefox of old":    {"X-Moz", "prefetch"},
		"image":             {"Sec-Fetch-Dest", "image", "Sec-Fetch-Mode", "no-cors"},
		"frame":             {"Sec-Fetch-Dest", "iframe", "Sec-Fetch-Mode", "navigate"},
		"script's own call": {"Sec-Fetch-Dest", "empty", "Sec-Fetch-Mode", "cors"},
	} {
		r, _ := http.NewRequest(http.MethodGet, s.URL+adminPath+"?auth_code=good", nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		if a := b.do(r); a.status != http.StatusServiceUnavailable || len(a.header.Values("Set-Cookie")) != 0 || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", name, a.status, a.header)
		}
	}
	head, _ := http.NewRequest(http.MethodHead, s.URL+adminPath+"?auth_code=good", nil)
	if a := b.do(head); a.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %d", a.status)
	}
	if c.asked.Load() != 0 {
		t.Fatal("a code was exchanged ahead of the person")
	}

	// The attacker's own code, opened in the victim's browser.
	page := b.arrive("good")
	for _, want := range []string{"woVICTIM", "wpOTHER", "不属于上面的企业"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not warn: %q is missing", want)
		}
	}
	if now, _ := b.session(); now != before {
		t.Errorf("the link changed the session: %+v", now)
	}
	for name, header := range map[string][]string{
		"foreign origin": {"Origin", "https://evil.example"},
		"null origin":    {"Origin", "null"},
		"cross-site":     {"Sec-Fetch-Site", "cross-site"},
		"same site":      {"Sec-Fetch-Site", "same-site", "Origin", "http://other." + strings.TrimPrefix(s.URL, "http://")},
	} {
		if a := b.choose(page, "enter", header...); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	// A blind post of the right origin that has not seen the page.
	if a := b.post(adminPath, "application/x-www-form-urlencoded", "choice=enter"); a.status != http.StatusBadRequest {
		t.Errorf("blind post: %d", a.status)
	}
	if now, _ := b.session(); now != before {
		t.Errorf("a foreign post changed the session: %+v", now)
	}
	// Another browser that got hold of the used link, or of the page.
	other := s.browser(t)
	if a := other.get(adminPath + "?auth_code=good"); a.status != http.StatusBadRequest || len(a.header.Values("Set-Cookie")) != 0 {
		t.Errorf("used code in another browser: %d", a.status)
	}
	if a := other.choose(page, "enter"); a.status != http.StatusBadRequest {
		t.Errorf("the page's form in another browser: %d", a.status)
	}
	if asked := c.asked.Load(); asked != 1 {
		t.Errorf("%d exchanges, want 1", asked)
	}
	// The page was made while another session stood: it has to be read again.
	b.post("/login/sign-out", "application/x-www-form-urlencoded", "", "Origin", s.URL)
	if a := b.choose(page, "enter"); a.location != adminPath {
		t.Errorf("enter with a page of the session before: %d %q", a.status, a.location)
	}
	if _, ok := b.session(); ok {
		t.Fatal("a session began")
	}
	again := b.get(adminPath)
	if a := b.choose(again, "enter", "Sec-Fetch-Site", "same-origin", "Origin", s.URL); a.status != http.StatusSeeOther {
		t.Fatalf("enter: %d", a.status)
	}
	if now, ok := b.session(); !ok || now.UserID != "woBOSS" || now.ID == before.ID {
		t.Errorf("session %+v", now)
	}
}

// A copied arrival enters once, and not for long.
func TestArrivalIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	withEntry(t, s, newConsole(), nil)
	b := s.browser(t)
	page := b.arrive("good")
	if a := b.get(adminPath + "?auth_code=good"); a.location != adminPath {
		t.Errorf("reload of the jump: %d %q", a.status, a.location)
	}
	copied := s.browser(t)
	u, _ := url.Parse(s.URL)
	copied.http.Jar.SetCookies(u, b.cookies())
	if a := b.choose(page, "enter"); a.location != "/me" {
		t.Fatalf("enter: %d", a.status)
	}
	if a := copied.choose(page, "enter"); a.status != http.StatusBadRequest {
		t.Errorf("replayed arrival: %d", a.status)
	}
	late := s.browser(t)
	page = late.arrive("second")
	s.clock.advance(5*time.Minute + time.Second)
	if a := late.choose(page, "enter"); a.status != http.StatusBadRequest {
		t.Errorf("late: %d", a.status)
	}
	if a := late.get(adminPath); a.status != http.StatusBadRequest || !strings.Contains(a.body, "没有等待确认的登录") {
		t.Errorf("late page: %d", a.status)
	}
}

func TestAdminRights(t *testing.T) {
	t.Parallel()
	oldOnly := func(c *login.AdminConfig) { c.Suite = nil }
	newOnly := func(c *login.AdminConfig) { c.Provider = nil }
	off := func(c *console) { c.failure = site.ErrNoTicket }
	bothOff := func(suite error) func(*console) { return func(c *console) { c.failure, c.oldOff = suite, true } }
	for name, row := range map[string]struct {
		code    string
		config  func(*login.AdminConfig)
		console func(*console)
		want    int
		words   string // of the page
	}{
		"in the list":                        {code: "good", words: "应用管理员"},
		"in the list under the open_userid":  {code: "good", console: func(c *console) { c.admins[0].UserID = "boss" }, words: "应用管理员"},
		"not in the list":                    {code: "plain", want: 403, words: "你不是这个应用的管理员"},
		"in another case":                    {code: "good", console: func(c *console) { c.admins[0] = protocol.Admin{UserID: "WOBOSS", AuthType: 1} }, want: 403, words: "你不是这个应用的管理员"},
		"may only use the app":               {code: "good", console: func(c *console) { c.admins[0].AuthType = protocol.AuthTypeUse }, want: 403, words: "你不是这个应用的管理员"},
		"an admin without any id":            {code: "good", console: func(c *console) { c.admins[0] = protocol.Admin{AuthType: 1} }, want: 403, words: "你不是这个应用的管理员"},
		"openid only":                        {code: "openid", config: newOnly, want: 403, words: "外部管理员"},
		"not installed":                      {code: "good", console: func(c *console) { c.lookup = site.ErrNotInstalled }, want: 403, words: "没有这家企业的授权记录"},
		"withdrawn":                          {code: "good", console: func(c *console) { c.lookup = protocol.Failure{ErrCode: 40084} }, want: 403, words: "没有这家企业的授权记录"},
		"list away":                          {code: "good", console: func(c *console) { c.lookup = errors.New("down") }, want: 502, words: "无法确认你的管理权限"},
		"unknown code":                       {code: "made-up", want: 400, words: "授权码不能使用"},
		"unknown code, old way":              {code: "made-up", config: oldOnly, want: 400, words: "授权码不能使用"},
		"two codes":                          {code: "a&auth_code=b", want: 400, words: "不完整"},
		"a line break in the code":           {code: "good%0A", want: 400, words: "授权码不能使用"},
		"domain mismatch is not gone around": {code: "creator", console: func(c *console) { c.failure = protocol.Failure{ErrCode: 50001} }, want: 403, words: "域名"},
		"busy is not gone around":            {code: "creator", console: func(c *console) { c.failure = protocol.Failure{ErrCode: -1} }, want: 502, words: "暂时无法完成登录"},
		"creator":                            {code: "creator", console: off, words: "创建者"},
		"creator, login suite answers no":    {code: "creator", console: func(c *console) { c.failure = protocol.Failure{ErrCode: 40029} }, words: "创建者"},
		"creator, old way":                   {code: "creator", config: oldOnly, words: "创建者"},
		"both ways are off":                  {code: "creator", console: bothOff(protocol.Failure{ErrCode: 50003}), want: 503, words: "登录授权已停用"},
		"old way is off, no ticket":          {code: "creator", console: bothOff(site.ErrNoTicket), want: 503, words: "suite_ticket"},
		"old way is off, unknown code":       {code: "made-up", console: bothOff(nil), want: 400, words: "授权码不能使用"},
		"old way alone, and it is off":       {code: "creator", config: oldOnly, console: bothOff(nil), want: 503, words: "登录授权已停用"},
		"creator of a company without it":    {code: "creator", config: oldOnly, console: func(c *console) { c.lookup = site.ErrNotInstalled }, want: 403, words: "没有这家企业的授权记录"},
		"creator, nobody can tell":           {code: "creator", config: oldOnly, console: func(c *console) { c.lookup = errors.New("down") }, want: 502, words: "无法确认你的管理权限"},
		"creator, nobody to ask":             {code: "creator", config: func(c *login.AdminConfig) { c.Suite, c.Installed = nil, nil }, words: "创建者"},
		"system admin":                       {code: "internal", config: oldOnly, words: "系统管理员"},
		"external admin who is a member":     {code: "external", config: oldOnly, words: "外部管理员"},
		"external admin without a userid":    {code: "stranger", config: oldOnly, want: 403, words: "无法把你与其他人区分开"},
		"sub-admin of this app":              {code: "sub", config: oldOnly, words: "分级管理员"},
		"sub-admin who only uses it":         {code: "sub-uses", config: oldOnly, want: 403, words: "你不是这个应用的管理员"},
		"sub-admin of another app":           {code: "sub-other", config: oldOnly, want: 403, words: "你不是这个应用的管理员"},
		"sub-admin, nothing known":           {code: "sub", config: func(c *login.AdminConfig) { c.Suite, c.Installed = nil, nil }, want: 403, words: "你不是这个应用的管理员"},
		"member":                             {code: "member", config: oldOnly, want: 403, words: "你不是这个应用的管理员"},
	} {
		s := newWebsite(t, nil)
		c := newConsole()
		if row.console != nil {
			row.console(c)
		}
		withEntry(t, s, c, row.config)
		b := s.browser(t)
		a := b.get(adminPath + "?auth_code=" + row.code)
		if row.want == 0 {
			if a.status != http.StatusSeeOther {
				t.Errorf("%s: %d %s", name, a.status, a.body)
				continue
			}
			row.want, a = http.StatusOK, b.get(a.location)
		}
		if a.status != row.want || !strings.Contains(a.body, row.words) {
			t.Errorf("%s: %d\n%s", name, a.status, a.body)
		}
		if row.want != http.StatusOK && strings.Contains(fmt.Sprint(a.header.Values("Set-Cookie"), a.body), row.code) {
			t.Errorf("%s: the code is in the answer", name)
		}
		if _, ok := b.session(); ok {
			t.Errorf("%s: a session began", name)
		}
	}
}

// Restart keeps nobody: the code is spent, an ordinary sign-in begins.
func TestAdminRestart(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	c := newConsole()
	withEntry(t, s, c, func(config *login.AdminConfig) { config.Mode, config.Installed = login.AdminRestart, nil })
	b := s.browser(t)
	for _, code := range []string{"good", "made-up"} {
		a := b.get(adminPath + "?auth_code=" + code)
		if a.status != http.StatusSeeOther || a.location != "/login" || len(a.header.Values("Set-Cookie")) != 0 {
			t.Errorf("%s: %d %q", code, a.status, a.location)
		}
	}
	if _, left := c.codes["good"]; left {
		t.Error("the code was not spent")
	}
	if a := b.get(adminPath); a.status != http.StatusBadRequest {
		t.Errorf("page: %d", a.status)
	}
	if a := b.post(adminPath, "application/x-www-form-urlencoded", "choice=enter&arrival="); a.status != http.StatusBadRequest {
		t.Errorf("post: %d", a.status)
	}
}

func TestAdminOnSignIn(t *testing.T) {
	t.Parallel()
	s := newWebsite(t, nil)
	withEntry(t, s, newConsole(), func(c *login.AdminConfig) {
		c.OnSignIn = func(context.Context, login.Session) error { return login.ErrNotAllowed }
	})
	b := s.browser(t)
	if a := b.choose(b.arrive("good"), "enter"); a.status != http.StatusForbidden {
		t.Errorf("%d", a.status)
	}
	if _, ok := b.session(); ok {
		t.Error("a session began")
	}
}

func TestAdminConfig(t *testing.T) {
	t.Parallel()
	sessions, err := login.NewSessions(login.SessionConfig{Origin: "https://app.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	c := newConsole()
	good := login.AdminConfig{URL: "https://app.example.com/admin", SuiteID: "ww1", Sessions: sessions, Suite: c, Installed: c}
	if _, err := login.NewAdminEntry(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*login.AdminConfig){
		"no URL":           func(c *login.AdminConfig) { c.URL = "" },
		"no suite id":      func(c *login.AdminConfig) { c.SuiteID = "" },
		"no sessions":      func(c *login.AdminConfig) { c.Sessions = nil },
		"no way":           func(c *login.AdminConfig) { c.Suite = nil },
		"nobody to ask":    func(c *login.AdminConfig) { c.Installed = nil },
		"another origin":   func(c *login.AdminConfig) { c.URL = "https://www.example.com/admin" },
		"http":             func(c *login.AdminConfig) { c.URL = "http://app.example.com/admin" },
		"a query":          func(c *login.AdminConfig) { c.URL += "?a=b" },
		"unknown mode":     func(c *login.AdminConfig) { c.Mode = "silent" },
		"foreign restart":  func(c *login.AdminConfig) { c.Restart = "//evil.example" },
		"unknown language": func(c *login.AdminConfig) { c.Lang = "fr" },
		"short key":        func(c *login.AdminConfig) { c.Keys = [][]byte{{1}} },
	} {
		bad := good
		change(&bad)
		if _, err := login.NewAdminEntry(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
