package appcenter

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// jumped opens the code of a jump, or fails.
func (b *bench) jumped(what string, a answer, want string) tokens.Code {
	b.t.Helper()
	u, err := url.Parse(a.to)
	if err != nil || a.status != http.StatusSeeOther {
		b.t.Fatalf("%s: %d to %q\n%.500s", what, a.status, a.to, a.body)
	}
	text := u.Query().Get("auth_code")
	if got := strings.ReplaceAll(a.to, text, "CODE"); got != want {
		b.t.Errorf("%s: to %s, want %s", what, got, want)
	}
	code, err := b.Tokens.OpenCode(tokens.AdminCode, text)
	must(b.t, err)
	for _, kind := range []tokens.Kind{tokens.InstallCode, tokens.LoginCode, tokens.PreAuthCode} {
		if _, err := b.Tokens.OpenCode(kind, text); err == nil {
			b.t.Errorf("%s: an admin code opens as %s", what, kind)
		}
	}
	return code
}

func TestBusiness(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	i := b.install(ours)
	must(t, b.Apps.SetDomainProved(t.Context(), b.corps[maker], "app.example"))
	b.give(i.Row, true)
	path := "/admin/" + ours + "/apps/" + strconv.FormatInt(i.AgentID, 10)
	for who, member := range map[string]int64{"creator": b.members["creator"], "system": b.members["system"], "sub": b.members["sub"], "external": 0} {
		page := b.get(who, path)
		b.want(who, page, 200, `action="`+path+`/business" target="_blank" rel="noopener"`)
		if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https://app.example;") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %s", who, policy)
		}
		a := b.post(who, path+"/business")
		code := b.jumped(who, a, "https://app.example/settings?a=1&state=x&auth_code=CODE#b")
		if code.App != b.online.Row || code.Corp != b.corps[ours] || code.Member != member || code.Person != b.people[who] ||
			code.Origin != "https://app.example" || code.Installation != i.Row {
			t.Errorf("%s: %+v", who, code)
		}
		if got := a.header.Get("Referrer-Policy"); got != "no-referrer" {
			t.Errorf("Referrer-Policy %q", got)
		}
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("Cache-Control %q", got)
		}
	}
	one, two := b.post("creator", path+"/business"), b.post("creator", path+"/business")
	if one.to == two.to {
		t.Error("two jumps, one code")
	}
	lines := b.audited()
	if len(lines) != 6 || lines[0] != "business_opened 报销 app.example" {
		t.Errorf("audited %q", lines)
	}
	if strings.Contains(strings.Join(lines, " "), one.to[len(one.to)-20:]) {
		t.Error("a code in the log")
	}
}

// Abuse case 15: none of these gets a code that anybody could use.
func TestBusinessRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(b *bench, i *apps.Installation, r *http.Request)
		method string
		who    string
		corp   string
		status int
		says   string
	}{
		"by GET":     {method: http.MethodGet, status: 405},
		"cross-site": {spoil: func(_ *bench, _ *apps.Installation, r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, status: 403},
		"same-site":  {spoil: func(_ *bench, _ *apps.Installation, r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, status: 403},
		"another origin": {spoil: func(_ *bench, _ *apps.Installation, r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "https://evil.example")
		}, status: 403},
		"no csrf":            {spoil: func(_ *bench, _ *apps.Installation, r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 }, status: 403},
		"nobody":             {spoil: func(_ *bench, _ *apps.Installation, r *http.Request) { r.Header.Del("Cookie") }, status: 303, says: "/console/sign-in"},
		"a member":           {who: "member", status: 403},
		"a stranger's corp":  {who: "foreign", status: 403},
		"foreign app":        {who: "foreign", corp: theirs, status: 404},
		"sub-admin without":  {who: "stranger", status: 404},
		"sub-admin for use":  {who: "sub", spoil: func(b *bench, i *apps.Installation, _ *http.Request) { b.give(i.Row, false) }, status: 403},
		"sub-admin of other": {who: "sub", spoil: func(b *bench, i *apps.Installation, _ *http.Request) { b.give(i.Row+1, true) }, status: 404},
		"no admin any more":  {who: "system", spoil: dismissed, status: 403},
		"withdrawn install":  {spoil: uninstalled, status: 404},
		"URL missing":        {spoil: business(""), status: 409, says: "服务商没有为这个应用设置业务设置 URL"},
		"http":               {spoil: business("http://app.example/settings"), status: 409, says: "不符合要求"},
		"loopback":           {spoil: business("http://127.0.0.1:8791/settings"), status: 409, says: "不符合要求"},
		"script":             {spoil: business("javascript:alert(1)"), status: 409, says: "不符合要求"},
		"unproved domain":    {spoil: business("https://other.example/settings"), status: 409, says: "域名归属"},
		"unproved port":      {spoil: business("https://app.example:8443/settings"), status: 409, says: "域名归属"},
		"unproved subdomain": {spoil: business("https://www.app.example/"), status: 409, says: "域名归属"},
		"proved by the buyer": {spoil: func(b *bench, i *apps.Installation, r *http.Request) {
			business("https://mine.example/")(b, i, r)
			b.prove(ours, "mine.example")
		}, status: 409, says: "域名归属"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			i := b.install(ours)
			b.prove(maker, "app.example")
			who, corp, method := c.who, c.corp, c.method
			if who == "" {
				who = "creator"
			}
			if corp == "" {
				corp = ours
			}
			path := "/admin/" + corp + "/apps/" + strconv.FormatInt(i.AgentID, 10) + "/business"
			r := b.form(who, path)
			if method != "" {
				r = httptest.NewRequest(method, origin+path, nil)
				r.AddCookie(b.as(who))
			}
			if c.spoil != nil {
				c.spoil(b, i, r)
			}
			a := b.send(r)
			if a.status != c.status || strings.Contains(a.to, "auth_code") || !strings.Contains(a.body+a.to, c.says) {
				t.Errorf("%d to %q\n%.1500s", a.status, a.to, a.body)
			}
			for _, line := range b.audited() {
				if strings.HasPrefix(line, "business_opened") {
					t.Errorf("audited %q", line)
				}
			}
		})
	}
}

func business(text string) func(*bench, *apps.Installation, *http.Request) {
	return func(b *bench, _ *apps.Installation, _ *http.Request) {
		must(b.t, b.Apps.SetURLs(b.t.Context(), b.online.Row, apps.URLs{Business: text}))
	}
}

func (b *bench) prove(corp, domain string) {
	b.t.Helper()
	must(b.t, b.Apps.SetDomainProved(b.t.Context(), b.corps[corp], domain))
}

func uninstalled(b *bench, i *apps.Installation, _ *http.Request) {
	must(b.t, b.DB.Update(b.t.Context(), func(tx *sql.Tx) error { return b.Apps.Uninstall(b.t.Context(), tx, i.Row) }))
}

func dismissed(b *bench, _ *apps.Installation, _ *http.Request) {
	list, err := b.Directory.Admins(b.t.Context(), b.corps[ours])
	must(b.t, err)
	for _, a := range list {
		if a.Member == b.members["system"] {
			must(b.t, b.Directory.RemoveAdmin(b.t.Context(), b.corps[ours], a.Row))
		}
	}
}

// The page says why it cannot be opened, and has no button then.
func TestBusinessWhy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	i := b.install(ours)
	path := "/admin/" + ours + "/apps/" + strconv.FormatInt(i.AgentID, 10)
	for _, c := range []struct{ url, says string }{
		{"", "没有为这个应用设置业务设置 URL"}, {"http://app.example/", "不符合要求"}, {"https://app.example/", "域名归属"},
	} {
		business(c.url)(b, i, nil)
		a := b.get("creator", path)
		b.want(c.url, a, 200, c.says)
		if strings.Contains(a.body, "/business") || strings.Contains(a.header.Get("Content-Security-Policy"), "app.example") {
			t.Errorf("%q: there is a way in", c.url)
		}
	}
	b.prove(maker, "app.example")
	b.give(i.Row, false)
	b.want("for use only", b.get("sub", path), 200, "只有管理这个应用的管理员")
	b.want("not given", b.get("stranger", path), 404)
}

// In the sandbox the site may stand on this machine, without a domain.
func TestBusinessInTheSandbox(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Sandbox = true
	i := b.install(ours)
	business("http://127.0.0.1:8791/admin/entry")(b, i, nil)
	path := "/admin/" + ours + "/apps/" + strconv.FormatInt(i.AgentID, 10) + "/business"
	code := b.jumped("sandbox", b.post("creator", path), "http://127.0.0.1:8791/admin/entry?auth_code=CODE")
	if code.Origin != "http://127.0.0.1:8791" {
		t.Errorf("%+v", code)
	}
	business("http://app.example/")(b, i, nil)
	b.want("http elsewhere", b.post("creator", path), 409)
	b.ahead.Store(int64(tokens.AdminCode.Life() + time.Minute))
	business("https://app.example/?auth_code=old&x=%20y")(b, i, nil)
	b.jumped("an old code in the URL", b.post("creator", path), "https://app.example/?x=%20y&auth_code=CODE")
}

// An operator who has switched proofs of domains off lets business settings be on any.
func TestJumpWithoutDomainCheck(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	i := b.install(ours)
	business("https://other.example/settings")(b, i, nil)
	path := "/admin/" + ours + "/apps/" + strconv.FormatInt(i.AgentID, 10) + "/business"
	if a := b.send(b.form("creator", path)); a.status != http.StatusConflict {
		t.Errorf("an unproved domain: %d", a.status)
	}
	b.Apps.NoDomainCheck = true
	if a := b.send(b.form("creator", path)); a.status != http.StatusSeeOther || !strings.HasPrefix(a.to, "https://other.example/settings?auth_code=") {
		t.Errorf("%d to %q", a.status, a.to)
	}
}
