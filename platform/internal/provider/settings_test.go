package provider

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
)

func TestBrand(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range []struct{ brand, want string }{
		{"", "请填写"}, {"  ", "请填写"}, {strings.Repeat("云", 31), "太长了"}, {"a\x00b", "无法显示"}, {"a\nb", "无法显示"},
	} {
		b.refused(b.post("creator", "/brand", "brand", c.brand), c.want)
	}
	b.ok(b.post("creator", "/brand", "brand", " 云帆 <b> ", "old_login", "0", "secret_hash", "x"), "/brand")
	p, err := b.Apps.Provider(t.Context(), b.corps[ours])
	if err != nil || p.Brand != "云帆 <b>" || !p.OldLogin || !p.SecretIs("secret "+ours) {
		t.Errorf("%+v, %v", p, err)
	}
	if a := b.get("creator", "/brand"); strings.Contains(a.body, "<b>") || !strings.Contains(a.body, "云帆 &lt;b&gt;") {
		t.Error("the brand name is not escaped")
	}
	if list := b.audited(); !slices.Equal(list, []string{"brand_changed 云帆 <b> "}) {
		t.Errorf("audited: %q", list)
	}
	if other, err := b.Apps.Provider(t.Context(), b.corps[theirs]); err != nil || other.Brand != "brand "+theirs {
		t.Errorf("the other provider: %+v, %v", other, err)
	}
}

// What is no address is refused, with the entry and the reason.
func TestNetworks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for entry, want := range map[string]string{
		"https://203.0.113.7": "不是网址", "203.0.113.*": "通配符", "203.0.113.1-203.0.113.9": "起止范围", "api.example.com": "不能是域名",
		"203.0.113.7:443": "不能带端口", "203.0.113": "不是有效的", "0.0.0.0/0": "所有地址", "::/0": "所有地址", "203.0.113.7/24": "不为 0 的位",
		"0.0.0.0": "没有服务器", "224.0.0.1": "没有服务器", "255.255.255.255": "没有服务器", "203.0.113.256": "不是有效的", "203.0.113.0/33": "不是有效的",
		"fe80::1": "没有服务器",
	} {
		a := b.post("creator+", "/brand/networks", "networks", "198.51.100.1\n"+entry)
		b.refused(a, want)
		if !strings.Contains(problems(a.body), entry) {
			t.Errorf("%s is not named in %q", entry, problems(a.body))
		}
	}
	b.ok(b.post("creator+", "/brand/networks", "networks", " 203.0.113.7，198.51.100.0/24\r\n2001:db8::/32 203.0.113.7 "), "/brand")
	p, err := b.Apps.Provider(t.Context(), b.corps[ours])
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[string]bool{"203.0.113.7": true, "203.0.113.8": false, "198.51.100.9": true, "2001:db8::1": true, "::1": false} {
		if p.Admits(netip.MustParseAddr(addr)) != want {
			t.Errorf("%s let in: %v", addr, !want)
		}
	}
	if a := b.get("creator", "/brand"); !strings.Contains(a.body, "60020") || !strings.Contains(a.body, "198.51.100.0/24") {
		t.Error("the page does not explain 60020 or show the list")
	}
	b.ok(b.post("creator+", "/brand/networks", "networks", ""), "/brand")
	if p, err = b.Apps.Provider(t.Context(), b.corps[ours]); err != nil || len(p.Networks) != 0 {
		t.Errorf("%v, %v", p.Networks, err)
	}
}

// upload posts a picture.
func (b *bench) upload(who, path, csrf string, picture []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if csrf != "" {
		form.WriteField("csrf", csrf)
	}
	if picture != nil {
		part, err := form.CreateFormFile("picture", "../../logo.svg")
		if err != nil {
			b.t.Fatal(err)
		}
		part.Write(picture)
	}
	form.Close()
	r := httptest.NewRequest(http.MethodPost, address(path), &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.do(who, r)
}

func TestLogo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	suite := b.suite(ours, apps.Suite, "suite")
	foreign := b.suite(theirs, apps.Suite, "foreign")
	var good bytes.Buffer
	if err := png.Encode(&good, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	own := "/suites/" + suite.SuiteID
	for _, path := range []string{"/brand", own} {
		csrf := b.csrf("creator")
		if a := b.upload("creator", path+"/logo", "", good.Bytes()); a.status != http.StatusForbidden {
			t.Errorf("%s without csrf: %d", path, a.status)
		}
		b.refused(b.upload("creator", path+"/logo", csrf, nil), "请选择")
		b.refused(b.upload("creator", path+"/logo", csrf, []byte("<svg onload=alert(1)>")), "不是可以识别的")
		b.refused(b.upload("creator", path+"/logo", csrf, make([]byte, apps.MaxLogoBytes+1)), "图片太大")
		b.ok(b.upload("creator", path+"/logo", csrf, good.Bytes()), path)
		if a := b.get("creator", path); !strings.Contains(a.body, `src="/logo/`) {
			t.Errorf("%s does not show the picture", path)
		}
	}
	if a := b.upload("creator", "/suites/"+foreign.SuiteID+"/logo", b.csrf("creator"), good.Bytes()); a.status != http.StatusNotFound {
		t.Errorf("another provider's suite: %d", a.status)
	}
	if b.app(suite.Row).LogoDigest == "" || b.app(foreign.Row).LogoDigest != "" {
		t.Error("the wrong suite has the picture")
	}
}

// secretText is a secret on a page.
func secretOf(t *testing.T, body string) string {
	t.Helper()
	_, rest, ok := strings.Cut(body, `<section class="secret"`)
	_, rest, ok2 := strings.Cut(rest, "<code>")
	secret, _, ok3 := strings.Cut(rest, "</code>")
	if !ok || !ok2 || !ok3 || len(secret) != 43 {
		t.Fatalf("no secret is shown: %q", secret)
	}
	return secret
}

// A secret is shown in the answer that made it, and on no page ever after.
func TestSecretsShownOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var seen []string
	show := func(path string, fields ...string) string {
		t.Helper()
		a := b.post("creator+", path, fields...)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, a.status, problems(a.body))
		}
		seen = append(seen, secretOf(t, a.body))
		return seen[len(seen)-1]
	}
	first := show("/login")
	login, err := b.Apps.LoginSuiteOf(t.Context(), b.corps[ours])
	if err != nil || !login.SecretIs(first) || login.Kind != apps.LoginSuite || !login.Enabled {
		t.Fatalf("%+v, %v", login, err)
	}
	// Sent twice, it stays one.
	b.ok(b.post("creator+", "/login"), "/login")
	second := show("/login/secret")
	if now := b.app(login.Row); !now.SecretIs(second) || now.SecretIs(first) || now.SecretGeneration != login.SecretGeneration+1 {
		t.Error("the secret was not reset")
	}
	provider := show("/general/secret")
	if p, err := b.Apps.Provider(t.Context(), b.corps[ours]); err != nil || !p.SecretIs(provider) || p.SecretIs("secret "+ours) || p.SecretGeneration != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	b.refused(b.post("creator+", "/suites", "name", ""), "请填写")
	made := show("/suites", "name", "云帆报销")
	list, err := b.Apps.SuitesOf(t.Context(), b.corps[ours])
	if err != nil || len(list) != 1 || !list[0].SecretIs(made) || list[0].Online {
		t.Fatalf("%+v, %v", list, err)
	}
	show("/suites/" + list[0].SuiteID + "/secret")
	for _, app := range []*apps.App{login, list[0]} {
		c, err := b.Apps.SuiteCallback(t.Context(), app.Row)
		if err != nil || len(c.EncodingAESKey) != 43 || c.Token == "" {
			t.Fatalf("%+v, %v", c, err)
		}
		seen = append(seen, c.EncodingAESKey)
	}
	for _, path := range pages {
		a := b.get("creator+", strings.Replace(path, "{suite}", list[0].SuiteID, 1))
		for _, secret := range seen {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s shows a secret", path)
			}
		}
	}
	for _, line := range b.audited() {
		for _, secret := range seen {
			if strings.Contains(line, secret) {
				t.Errorf("audited: %q", line)
			}
		}
	}
	if n := len(b.audited()); n != 5 {
		t.Errorf("%d changes audited: %q", n, b.audited())
	}
}

func TestLoginSwitch(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if a := b.post("creator", "/login/switch", "on", "0"); a.status != http.StatusNotFound {
		t.Errorf("before it is set up: %d", a.status)
	}
	login := b.suite(ours, apps.LoginSuite, "login")
	if a := b.post("creator", "/login/switch", "on", "yes"); a.status != http.StatusBadRequest {
		t.Errorf("neither on nor off: %d", a.status)
	}
	for _, on := range []bool{false, true} {
		b.ok(b.post("creator", "/login/switch", "on", map[bool]string{true: "1", false: "0"}[on]), "/login")
		if b.app(login.Row).Enabled != on {
			t.Errorf("switched on: %v", !on)
		}
	}
	if list := b.audited(); len(list) != 2 || !strings.HasPrefix(list[0], "login_disabled") || !strings.HasPrefix(list[1], "login_enabled") {
		t.Errorf("audited: %q", list)
	}
}

// A domain that breaks a rule is named with the rule, and nothing is stored.
func TestDomains(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := b.suite(ours, apps.LoginSuite, "login")
	suite := b.suite(ours, apps.Suite, "suite")
	own := "/suites/" + suite.SuiteID
	rules := map[string]string{"https://www.example.com": "scheme", "*.example.com": "wildcard", "www.example.com/login": "path", "203.0.113.7": "ip",
		"www.example.com:0443": "port", "www.example.com:99999": "port", "localhost": "single", "a@example.com": "user_info", "www..example.com": "host"}
	for entry, rule := range rules {
		for _, path := range []string{"/login/domains", own + "/domains"} {
			_, err := apps.CheckDomain(entry)
			if e, ok := err.(*apps.DomainError); !ok || e.Rule != rule {
				t.Fatalf("%s: %v, want %s", entry, err, rule)
			}
			a := b.post("creator+", path, "domains", "good.example.com\n"+entry)
			b.refused(a, "<code>"+entry+"</code>")
			if !strings.Contains(a.body, "good.example.com") {
				t.Errorf("%s: what was typed is lost", path)
			}
		}
	}
	b.refused(b.post("creator+", own+"/domains", "domains", "good.example.com", "install", "http://x.example.com"), "<code>http://x.example.com</code>")
	b.refused(b.post("creator+", "/login/domains", "domains", many(21)), "最多 20 个")
	if len(b.app(login.Row).Addresses.Trusted)+len(b.app(suite.Row).Addresses.Trusted)+len(b.app(suite.Row).Addresses.Install) != 0 {
		t.Error("a refused form was stored")
	}
	b.ok(b.post("creator+", "/login/development", "development", "http://localhost:3000"), "/login")
	b.ok(b.post("creator+", "/login/domains", "domains", "WWW.Example.com:443 app.example.com:8443\napp.example.com:8443", "install", "x.example.com"), "/login")
	if a := b.app(login.Row).Addresses; !slices.Equal(a.Trusted, []string{"app.example.com:8443", "www.example.com"}) ||
		!slices.Equal(a.Development, []string{"http://localhost:3000"}) || len(a.Install) != 0 {
		t.Errorf("%+v", a)
	}
	b.ok(b.post("creator+", own+"/domains", "domains", "www.example.com", "install", "www.example.com:8443"), own)
	if a := b.app(suite.Row).Addresses; !slices.Equal(a.Trusted, []string{"www.example.com"}) || !slices.Equal(a.Install, []string{"www.example.com:8443"}) {
		t.Errorf("%+v", a)
	}
	for _, origin := range []string{"https://example.com:3000", "http://localhost", "http://localhost:3000/path", "localhost:3000", "javascript:alert(1)"} {
		b.refused(b.post("creator+", "/login/development", "development", origin), "<code>"+origin+"</code>")
	}
	b.Development = false
	if a := b.post("creator+", "/login/development", "development", "http://localhost:3000"); a.status != http.StatusNotFound {
		t.Errorf("development origins outside the sandbox: %d", a.status)
	}
	if a := b.get("creator", "/login"); strings.Contains(a.body, "development") {
		t.Error("the page offers development origins outside the sandbox")
	}
}

func many(n int) string {
	var list []string
	for i := range n {
		list = append(list, strings.Repeat("a", i+1)+".example.com")
	}
	return strings.Join(list, "\n")
}

func TestProfileAndBusiness(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	suite := b.suite(ours, apps.Suite, "suite")
	own := "/suites/" + suite.SuiteID
	b.refused(b.post("creator", own+"/profile", "name", "", "about", "x"), "请填写")
	b.refused(b.post("creator", own+"/profile", "name", "x", "about", strings.Repeat("x", 121)), "太长了")
	b.refused(b.post("creator", own+"/profile", "name", "x", "home", "http://www.example.com/"), `aria-invalid="true"`)
	b.ok(b.post("creator", own+"/profile", "name", "云帆", "about", "一\r\n二", "home", "https://www.example.com/?c=$CORPID$",
		"business", "https://evil.example/", "online", "1"), own)
	b.ok(b.post("creator+", own+"/business", "business", "https://www.example.com/admin?a=1"), own)
	now := b.app(suite.Row)
	if now.Name != "云帆" || now.About != "一\n二" || now.HomeURL != "https://www.example.com/?c=$CORPID$" || now.Online ||
		now.BusinessURL != "https://www.example.com/admin?a=1" {
		t.Errorf("%+v", now)
	}
	for _, bad := range []string{"http://www.example.com/", "https://www.example.com/$CORPID$", "javascript:alert(1)", "https://203.0.113.7/"} {
		b.refused(b.post("creator+", own+"/business", "business", bad), `aria-invalid="true"`)
	}
	// Outside the sandbox an administrator's code goes to a proved domain only.
	b.Development = false
	b.refused(b.post("creator+", own+"/business", "business", "https://other.example.com/admin"), "other.example.com")
	if err := b.Apps.SetDomainProved(t.Context(), b.corps[ours], "other.example.com"); err != nil {
		t.Fatal(err)
	}
	b.ok(b.post("creator+", own+"/business", "business", "https://other.example.com/admin"), own)
	b.ok(b.post("creator+", own+"/business", "business", ""), own)
	if now := b.app(suite.Row); now.BusinessURL != "" || now.HomeURL == "" {
		t.Errorf("%+v", now)
	}
}

// Whether a suite may ask members for details is switched with a fresh proof, and written down.
func TestSensitive(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	suite, login := b.suite(ours, apps.Suite, "suite"), b.suite(ours, apps.LoginSuite, "login")
	page := "/suites/" + suite.SuiteID
	if a := b.post("creator", page+"/sensitive", "on", "1"); a.status != http.StatusForbidden || b.app(suite.Row).Sensitive {
		t.Errorf("without a proof: %d", a.status)
	}
	for _, on := range []string{"1", "0"} {
		b.ok(b.post("creator+", page+"/sensitive", "on", on), page)
		if got := b.app(suite.Row).Sensitive; got != (on == "1") {
			t.Errorf("switched to %s: %v", on, got)
		}
	}
	for _, on := range []string{"", "true", "2"} {
		if a := b.post("creator+", page+"/sensitive", "on", on); a.status != http.StatusBadRequest {
			t.Errorf("%q: %d", on, a.status)
		}
	}
	if a := b.post("creator+", "/suites/"+login.SuiteID+"/sensitive", "on", "1"); a.status != http.StatusNotFound || b.app(login.Row).Sensitive {
		t.Errorf("a login suite: %d", a.status)
	}
	want := []string{"sensitive_on suite " + suite.SuiteID, "sensitive_off suite " + suite.SuiteID}
	if got := b.audited(); !slices.Equal(got, want) {
		t.Errorf("audited %q", got)
	}
}

// A suite goes online by the operator alone.
func TestOnline(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	suite := b.suite(ours, apps.Suite, "suite")
	own := "/suites/" + suite.SuiteID
	b.ok(b.post("creator", own+"/submit", "online", "1"), own+"/online")
	if now := b.app(suite.Row); now.Submitted || now.Online {
		t.Errorf("submitted although it lacks everything: %+v", now)
	}
	if err := b.Apps.SetURLs(t.Context(), suite.Row, apps.URLs{Home: "https://a.example/", Data: "https://a.example/data"}); err != nil {
		t.Fatal(err)
	}
	if err := b.Apps.SetCallback(t.Context(), suite.Row, apps.Callback{URL: "https://a.example/cb", Token: "t", EncodingAESKey: key}); err != nil {
		t.Fatal(err)
	}
	b.ok(b.post("creator", own+"/submit"), own+"/online")
	if now := b.app(suite.Row); !now.Submitted || now.Online {
		t.Errorf("%+v", now)
	}
	b.ok(b.post("creator", own+"/withdraw"), own+"/online")
	if now := b.app(suite.Row); now.Submitted || now.Online {
		t.Errorf("%+v", now)
	}
	if err := b.Apps.SetOnline(t.Context(), suite.Row, true); err != nil {
		t.Fatal(err)
	}
	b.ok(b.post("creator", own+"/submit"), own+"/online")
	b.ok(b.post("creator", own+"/offline"), own+"/online")
	if now := b.app(suite.Row); now.Submitted || now.Online {
		t.Errorf("%+v", now)
	}
}
