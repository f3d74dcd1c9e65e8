package appcenter

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// link is an install link for a suite, good in every respect; pairs replace parameters.
func (b *bench) link(app *apps.App, pairs ...string) url.Values {
	q := url.Values{"suite_id": {app.SuiteID}, "pre_auth_code": {b.preAuth(app)},
		"redirect_uri": {"https://app.example/done?a=1&auth_code=evil#x"}, "state": {"State42"}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

func (b *bench) preAuth(app *apps.App) string {
	return b.Tokens.MintCode(tokens.PreAuthCode, time.Now().String(), tokens.Code{App: app.Row, At: b.Now()})
}

func (b *bench) open(who string, q url.Values, headers ...string) answer {
	r := httptest.NewRequest(http.MethodGet, origin+"/3rdapp/install?"+q.Encode(), nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(who, r)
}

// confirm sends the page's form.
func (b *bench) confirm(who string, q url.Values, pairs ...string) answer {
	b.t.Helper()
	var all []string
	for name, values := range q {
		all = append(all, name, values[0])
	}
	return b.post(who, "/3rdapp/install", append(all, pairs...)...)
}

func (b *bench) testing(app *apps.App, q url.Values) url.Values {
	b.t.Helper()
	must(b.t, apps.SetSession(b.t.Context(), b.Sessions, q.Get("pre_auth_code"), apps.InstallSession{Test: true}, b.Now().Add(time.Hour)))
	return q
}

func TestSiteInstall(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	q := b.link(b.online)
	toSignIn := b.open("", q)
	if u, err := url.Parse(toSignIn.to); err != nil || toSignIn.status != 303 || u.Path != "/console/sign-in" || u.Query().Get("next") != "/3rdapp/install?"+q.Encode() {
		t.Errorf("signed out: %d %q", toSignIn.status, toSignIn.to)
	}
	page := b.open("creator", q, "Referer", "https://app.example:8443/")
	b.want("asked", page, 200, "报销", "app.example", `name="department" value="3"`, `name="corp" value="`+ours+`"`)
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://app.example;") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("policy %s", policy)
	}
	b.want("searched", b.confirm("creator", q, "corp", ours, "do", "search", "q", "mem"), 200, `value="member"`)
	b.want("nobody", b.confirm("creator", q, "corp", ours, "do", "save"), 422)
	for _, who := range []string{"external", "sub", "member", "foreign"} {
		b.want(who, b.confirm(who, q, "corp", ours, "do", "save", "department", "1"), 403)
	}
	b.want("no csrf", b.confirm("creator", q, "corp", ours, "department", "1", "csrf", "x"), 403)
	b.want("foreign department", b.confirm("creator", q, "corp", ours, "department", "12"), 404)

	done := b.confirm("creator", q, "corp", ours, "do", "save", "department", "3", "test", "1", "agentid", "9")
	u, err := url.Parse(done.to)
	must(t, err)
	text := u.Query().Get("auth_code")
	if got := strings.ReplaceAll(done.to, text, "CODE"); done.status != 303 || got != "https://app.example/done?a=1&auth_code=CODE&expires_in=600&state=State42#x" {
		t.Fatalf("%d %s\n%.500s", done.status, got, done.body)
	}
	if done.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("a referrer is sent")
	}
	i := b.installation(ours)
	b.covers(i.Row, []int64{3}, nil)
	if !i.FromSite || i.Test || i.State != "State42" || i.InstalledBy != b.people["creator"] {
		t.Errorf("%+v", i)
	}
	code, err := b.Tokens.OpenCode(tokens.InstallCode, text)
	if err != nil || code.Installation != i.Row || code.App != b.online.Row || code.Member != b.members["creator"] {
		t.Errorf("%+v %v", code, err)
	}
	if len(b.told) != 0 {
		t.Errorf("told %v: no create_auth for an install begun on the site", b.told)
	}
	if lines := b.audited(); !slices.Equal(lines, []string{"suite_installed 报销"}) {
		t.Errorf("audited %q", lines)
	}

	b.want("installed already", b.confirm("creator", b.link(b.online), "corp", ours, "department", "1"), 409, "已经安装过了")
	uninstalled(b, i, nil)
	b.want("reused", b.confirm("creator", q, "corp", ours, "do", "save", "department", "3"), 400, "已经用过")
}

func TestSiteInstallChecks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login, _, err := b.Apps.NewSuite(t.Context(), b.corps[maker], apps.LoginSuite, "登录授权")
	must(t, err)
	expired := b.preAuth(b.online)
	b.ahead.Store(int64(tokens.PreAuthCode.Life()))
	installCode := b.Tokens.MintCode(tokens.InstallCode, "x", tokens.Code{App: b.online.Row, At: b.Now()})
	for name, c := range map[string]struct {
		q       url.Values
		referer string
		status  int
		says    string
	}{
		"good":                        {b.link(b.online), "", 200, "报销"},
		"good with a referer":         {b.link(b.online), "https://app.example/x", 200, "报销"},
		"from our own page":           {b.link(b.online), origin + "/console/sign-in", 200, "报销"},
		"without state":               {b.link(b.online, "state", ""), "", 200, "报销"},
		"longest state":               {b.link(b.online, "state", strings.Repeat("s", 128)), "", 200, "报销"},
		"other port":                  {b.link(b.online, "redirect_uri", "https://app.example:8443/"), "", 200, "报销"},
		"no suite":                    {b.link(b.online, "suite_id", "ww0000"), "", 400, "ww0000"},
		"empty suite":                 {b.link(b.online, "suite_id", ""), "", 400, "没有这个应用"},
		"the login suite":             {b.link(login), "", 400, "没有这个应用"},
		"foreign pre_auth_code":       {b.link(b.online, "pre_auth_code", b.preAuth(b.offline)), "", 400, "安装链接无效"},
		"made-up pre_auth_code":       {b.link(b.online, "pre_auth_code", "abc"), "", 400, "安装链接无效"},
		"no pre_auth_code":            {b.link(b.online, "pre_auth_code", ""), "", 400, "安装链接无效"},
		"install code":                {b.link(b.online, "pre_auth_code", installCode), "", 400, "安装链接无效"},
		"expired pre_auth_code":       {b.link(b.online, "pre_auth_code", expired), "", 400, "已过期"},
		"foreign redirect host":       {b.link(b.online, "redirect_uri", "https://evil.example/"), "", 400, "安装完成回调域名"},
		"subdomain":                   {b.link(b.online, "redirect_uri", "https://www.app.example/"), "", 400, "安装完成回调域名"},
		"foreign port":                {b.link(b.online, "redirect_uri", "https://app.example:9/"), "", 400, "安装完成回调域名"},
		"http redirect":               {b.link(b.online, "redirect_uri", "http://app.example/"), "", 400, "安装完成回调域名"},
		"development, in production":  {b.link(b.online, "redirect_uri", "http://127.0.0.1:8791/"), "", 400, "安装完成回调域名"},
		"userinfo":                    {b.link(b.online, "redirect_uri", "https://app.example@evil.example/"), "", 400, "格式不对"},
		"script":                      {b.link(b.online, "redirect_uri", "javascript:alert(1)"), "", 400, "格式不对"},
		"twice encoded":               {b.link(b.online, "redirect_uri", "https%3A%2F%2Fapp.example%2F"), "", 400, "格式不对"},
		"no redirect_uri":             {b.link(b.online, "redirect_uri", ""), "", 400, "格式不对"},
		"foreign referer":             {b.link(b.online), "https://evil.example/page?x=1", 400, "https://evil.example"},
		"state with a dash":           {b.link(b.online, "state", "a-b"), "", 400, "字母和数字"},
		"state with markup":           {b.link(b.online, "state", "<b>"), "", 400, "&lt;b&gt;"},
		"state too long":              {b.link(b.online, "state", strings.Repeat("s", 129)), "", 400, "128"},
		"offline suite":               {b.link(b.offline), "", 400, "set_session_info"},
		"offline suite, test allowed": {b.testing(b.offline, b.link(b.offline)), "", 200, "测试授权"},
	} {
		a := b.open("creator", c.q, "Referer", c.referer)
		b.want(name, a, c.status, c.says)
		if c.status == 200 {
			continue
		}
		if strings.Contains(a.body, `<form`) || strings.Contains(a.to, "sign-in") {
			t.Errorf("%s: something was shown", name)
		}
		// Nobody is asked to sign in for a link that cannot be right.
		b.want(name+", signed out", b.open("", c.q, "Referer", c.referer), c.status)
		b.want(name+", sent", b.confirm("creator", c.q, "corp", ours, "do", "save", "department", "1"), map[bool]int{true: 303, false: 400}[name == "foreign referer"])
		if name == "foreign referer" {
			uninstalled(b, b.installation(ours), nil)
		}
	}
	if got := b.open("creator", b.link(b.online), "Referer", "https://evil.example/secret?code=1"); strings.Contains(got.body, "secret") {
		t.Error("the referer's path is shown")
	}
}

// A suite that is not online is installed for a test, and the sandbox's development origins
// count.
func TestSiteInstallOffline(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Sandbox = true
	q := b.testing(b.offline, b.link(b.offline, "redirect_uri", "http://127.0.0.1:8791/done", "state", ""))
	b.want("asked", b.open("creator", q, "Referer", "http://127.0.0.1:8791/"), 200)
	a := b.confirm("creator", q, "corp", ours, "do", "save", "department", "1")
	if !strings.HasPrefix(a.to, "http://127.0.0.1:8791/done?auth_code=") || !strings.HasSuffix(a.to, "&expires_in=600") {
		t.Errorf("%d %q", a.status, a.to)
	}
	i, err := b.Apps.Installation(t.Context(), b.offline.Row, b.corps[ours])
	if err != nil || !i.Test || !i.FromSite {
		t.Errorf("%+v %v", i, err)
	}
	// Each install needs its own.
	b.want("another code", b.open("creator", b.link(b.offline)), 400, "set_session_info")
}

// Where there are several companies, the page asks which; where there is none, it says so.
func TestSiteInstallCompanies(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	q := b.link(b.online)
	for _, who := range []string{"member", "sub", "external"} {
		b.want(who, b.open(who, q), 200, "不是任何企业的创建者或系统管理员")
		b.want(who, b.open(who, b.link(b.online, "corp", ours)), 403)
	}
	must(t, b.DB.Update(t.Context(), func(tx *sql.Tx) error {
		m, err := b.Directory.CreateMember(t.Context(), tx, directory.Member{Corp: directory.Corp{Row: b.corps[theirs]}, Person: b.people["creator"],
			UserID: "second", Name: "second", Status: directory.Active}, 1)
		if err != nil {
			return err
		}
		_, err = b.Directory.AddAdminIn(t.Context(), tx, directory.NewAdmin{Corp: b.corps[theirs], Member: m, Kind: directory.System})
		return err
	}))
	page := b.open("creator", q)
	b.want("which", page, 200, "安装到哪家企业", "corp="+ours, "corp="+theirs)
	if strings.Contains(page.body, `name="department"`) {
		t.Error("a range is asked for before the company")
	}
	b.want("one of them", b.open("creator", b.link(b.online, "corp", theirs)), 200, `name="department" value="12"`, "换一家企业")
	b.want("not theirs", b.open("creator", b.link(b.online, "corp", maker)), 403)
	b.want("no such", b.open("creator", b.link(b.online, "corp", "ww0")), 403)
	b.install(ours)
	b.want("installed in one", b.open("creator", q), 200, "已经安装", "corp="+theirs)
}

// A suite that is not online can be tested by a few companies, and by one more once another
// has uninstalled it.
func TestSiteInstallTestsFull(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	var rows []int64
	must(t, b.DB.Update(ctx, func(tx *sql.Tx) error {
		for range testsMax {
			corp, err := b.Directory.CreateCorp(ctx, tx, directory.Corp{CorpID: directory.NewCorpID(), Name: "试用"})
			if err != nil {
				return err
			}
			row, err := b.Apps.Install(ctx, tx, apps.NewInstallation{App: b.offline.Row, Corp: corp, Test: true})
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	}))
	b.want("full", b.open("creator", b.testing(b.offline, b.link(b.offline))), 400, "10 家企业")
	q := b.testing(b.offline, b.link(b.offline))
	b.want("full at the form", b.confirm("creator", q, "corp", ours, "do", "save", "department", "1"), 400, "10 家企业")
	must(t, b.DB.Update(ctx, func(tx *sql.Tx) error { return b.Apps.Uninstall(ctx, tx, rows[0]) }))
	b.want("room again", b.open("creator", b.testing(b.offline, b.link(b.offline))), 200)
}
