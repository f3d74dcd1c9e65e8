package platform_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// view opens a login link and answers the view of the page, with its settings.
func view(t testing.TB, p *platformtest.Platform, query url.Values, header ...string) (answer, map[string]any) {
	t.Helper()
	a := send(t, "GET", p.URL()+protocol.PathLogin+"?"+query.Encode(), "", append([]string{"Accept", "application/json"}, header...)...)
	settings, _ := a.fields["settings"].(map[string]any)
	return a, settings
}

// with is a link with some parameters changed; "-" takes one away.
func with(link url.Values, changes ...string) url.Values {
	out := url.Values{}
	for name, v := range link {
		out[name] = v
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "-" {
			out.Del(changes[i])
			continue
		}
		out.Set(changes[i], changes[i+1])
	}
	return out
}

// Every default and odd value of the link's parameters (login-component.md 1).
func TestLinkParameters(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	service := p.ServiceLink(platformtest.Origin+"/cb", "s")
	agent := fmt.Sprint(p.Sample.AgentID)
	corp := with(service, "login_type", "CorpApp", "appid", p.Sample.CorpID, "agentid", agent)
	for _, c := range []struct {
		name  string
		query url.Values
		field string // of settings, or of the view with a slash in front
		want  any
	}{
		{"login_type absent", with(service, "login_type", "-"), "appid", p.Sample.LoginSuiteID},
		{"login_type undefined", with(service, "login_type", "undefined"), "appid", p.Sample.LoginSuiteID},
		{"login_type absent beside an agentid", with(corp, "login_type", "-"), "appid", p.Sample.CorpID},
		{"agentid undefined decides nothing", with(service, "login_type", "-", "agentid", "undefined"), "appid", p.Sample.LoginSuiteID},
		{"agentid null decides nothing", with(service, "login_type", "null", "agentid", "null"), "appid", p.Sample.LoginSuiteID},
		{"agentid beside a ServiceApp", with(service, "agentid", "x"), "appid", p.Sample.LoginSuiteID},
		{"the agent's name", corp, "/brand", "星河报表"},
		{"the provider's name", service, "/brand", "青禾协作"},
		{"appid in capitals", with(service, "appid", strings.ToUpper(p.Sample.LoginSuiteID)), "/brand", "青禾协作"},

		{"redirect_type absent", service, "redirect_type", "top"},
		{"redirect_type top", with(service, "redirect_type", "top"), "redirect_type", "top"},
		{"redirect_type callback", with(service, "redirect_type", "callback"), "redirect_type", "callback"},
		{"redirect_type self", with(service, "redirect_type", "self"), "redirect_type", "self"},
		{"redirect_type junk", with(service, "redirect_type", "<script>"), "redirect_type", "top"},
		{"redirect_type in capitals", with(service, "redirect_type", "CALLBACK"), "redirect_type", "top"},
		{"redirect_type undefined", with(service, "redirect_type", "undefined"), "redirect_type", "top"},

		{"color_scheme absent", service, "/color_scheme", "light"},
		{"color_scheme dark", with(service, "color_scheme", "dark"), "/color_scheme", "dark"},
		{"color_scheme auto", with(service, "color_scheme", "auto"), "/color_scheme", "auto"},
		{"color_scheme junk", with(service, "color_scheme", "pink"), "/color_scheme", "light"},
		{"color_scheme undefined", with(service, "color_scheme", "undefined"), "/color_scheme", "light"},

		{"state", with(service, "state", `a b&c="登录"+/<`), "state", `a b&c="登录"+/<`},
		{"state absent", with(service, "state", "-"), "state", ""},
		{"state undefined", with(service, "state", "undefined"), "state", ""},
		{"state null", with(service, "state", "null"), "state", ""},
		{"state of 1024 bytes", with(service, "state", strings.Repeat("s", 1024)), "state", strings.Repeat("s", 1024)},

		{"panel_size junk", with(service, "panel_size", "gigantic"), "redirect_type", "top"},
		{"an unknown version", with(service, "version", "99.0"), "/embedded", true},
		{"no version", service, "/embedded", false},
		{"unknown parameters", with(service, "href", "x", "style", "y", "a,b", "true", "web_key", "x"), "state", "s"},
		{"target origin", with(service, "redirect_uri", platformtest.Origin+"/a/b?c=d#e"), "target_origin", platformtest.Origin},
		{"the QR's life", service, "expires_in", 300.0},
	} {
		a, settings := view(t, p, c.query)
		got, there := settings[c.field]
		if field, ok := strings.CutPrefix(c.field, "/"); ok {
			got, there = a.fields[field]
		}
		if a.status != http.StatusOK || !there || got != c.want || settings["web_key"] == nil || settings["web_key"] == "x" {
			t.Errorf("%s: %d %s %v, want %v: %.200s", c.name, a.status, c.field, got, c.want, a.body)
		}
	}
	for lang, want := range map[string]string{"zh": "zh", "en": "en", "zh_CN": "zh", "": "zh", "fr": "zh", "undefined": "zh"} {
		if a := send(t, "GET", p.URL()+protocol.PathLogin+"?"+with(service, "lang", lang).Encode(), ""); a.header.Get("Content-Language") != want {
			t.Errorf("lang %q: %q", lang, a.header.Get("Content-Language"))
		}
	}
	// Of lang's two ways, the link's wins over the browser's.
	for lang, want := range map[string]string{"-": "en", "zh": "zh", "null": "en"} {
		if a := send(t, "GET", p.URL()+protocol.PathLogin+"?"+with(service, "lang", lang).Encode(), "", "Accept-Language", "en-GB,en;q=0.9"); a.header.Get("Content-Language") != want {
			t.Errorf("lang %q in an English browser: %q", lang, a.header.Get("Content-Language"))
		}
	}
	// A state that would make addresses no server takes is refused in words.
	if a, s := view(t, p, with(service, "state", strings.Repeat("s", 1025))); a.status != http.StatusBadRequest || s != nil {
		t.Errorf("a state of 1025 bytes: %d %.200s", a.status, a.body)
	}
}

// Each code of the error page (protocol.md 1.5); an error page has no keys and begins no
// attempt, and anybody may frame it.
func TestLinkErrors(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	service := p.ServiceLink(platformtest.Origin+"/cb", "canary-state")
	agent := fmt.Sprint(p.Sample.AgentID)
	corp := with(service, "login_type", "CorpApp", "appid", p.Sample.CorpID, "agentid", agent)
	for _, c := range []struct {
		name  string
		query url.Values
		want  int
	}{
		{"nothing at all", url.Values{}, -31027},
		{"redirect_uri of another domain", with(service, "redirect_uri", "https://evil.example/"), -31020},
		{"redirect_uri of another domain, own app", with(corp, "redirect_uri", "https://evil.example/"), -31039},
		{"redirect_uri absent", with(service, "redirect_uri", "-"), -31035},
		{"redirect_uri empty", with(service, "redirect_uri", ""), -31035},
		{"redirect_uri undefined", with(corp, "redirect_uri", "undefined"), -31035},
		{"redirect_uri null", with(service, "redirect_uri", "null"), -31035},
		{"appid absent", with(service, "appid", "-"), -31027},
		{"appid undefined", with(service, "appid", "undefined"), -31027},
		{"appid unknown", with(service, "appid", "ww0000000000000000"), -31027},
		{"appid unknown, own app", with(corp, "appid", "ww0000000000000000"), -31027},
		{"an array of appids", with(service, "appid", p.Sample.LoginSuiteID+","+p.Sample.LoginSuiteID), -31027},
		{"agentid absent", with(corp, "agentid", "-"), -31028},
		{"agentid null", with(corp, "agentid", "null"), -31028},
		{"agentid no number", with(corp, "agentid", "1e3"), -31028},
		{"agentid unknown", with(corp, "agentid", "1"), -31028},
		{"agentid huge", with(corp, "agentid", strings.Repeat("9", 40)), -31028},
		{"a corp that is no provider", with(service, "appid", p.Sample.CorpID), -31034},
		{"an ordinary suite", with(service, "appid", p.Sample.SuiteID), -31037},
		{"the provider's corpid", with(service, "appid", p.Sample.ProviderCorpID), -31037},
		{"login_type unknown", with(service, "login_type", "Service"), -31040},
		{"login_type in another case", with(service, "login_type", "serviceapp"), -31040},
		// The first thing that is wrong is named.
		{"appid before redirect_uri", with(service, "appid", "x", "redirect_uri", "https://evil.example/"), -31027},
		{"login_type before appid", with(service, "login_type", "x", "appid", "x"), -31040},
	} {
		a, settings := view(t, p, c.query)
		fail, _ := settings["error"].(map[string]any)
		if a.status != http.StatusOK || a.fields["errCode"] != float64(c.want) || fail["errCode"] != float64(c.want) ||
			fail["errMsg"] != protocol.PageCode(c.want).Text() {
			t.Errorf("%s: %d %.300s, want %d", c.name, a.status, a.body, c.want)
		}
		for _, name := range []string{"web_key", "sessionSignature", "qrcode", "target_origin", "trusted_origins"} {
			if _, there := settings[name]; there {
				t.Errorf("%s: the error page tells %s", c.name, name)
			}
		}
		html := send(t, "GET", p.URL()+protocol.PathLogin+"?"+c.query.Encode(), "")
		if html.status != http.StatusOK || strings.Contains(html.body, "canary-state") && !strings.Contains(html.body, "lang=") || strings.Contains(html.body, "/q/") ||
			!strings.Contains(html.body, fmt.Sprint(c.want)) {
			t.Errorf("%s: %d, the page holds state or QR code, or lacks the code", c.name, html.status)
		}
		if csp := html.header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors *") {
			t.Errorf("%s: %s", c.name, csp)
		}
	}
	if list := attempts(t, p); len(list) != 0 {
		t.Errorf("%d attempts began", len(list))
	}
}

// Who may frame a good page: the app's own origins, each with its scheme.
func TestFrameAncestors(t *testing.T) {
	t.Parallel()
	site := platform.SampleSite{Origin: "http://localhost:3000", Trust: []string{"app.example.com", "mail.example.com:8443"}}
	for development, want := range map[bool]string{
		true:  "frame-ancestors http://localhost:3000 https://app.example.com https://mail.example.com:8443",
		false: "frame-ancestors https://app.example.com https://mail.example.com:8443",
	} {
		p := platformtest.Start(t, platformtest.Options{Site: site, Config: func(c *platform.Config) { c.NoDevelopment = !development }})
		a := send(t, "GET", p.URL()+protocol.PathLogin+"?"+p.ServiceLink("https://app.example.com/cb", "s").Encode(), "")
		csp := a.header.Get("Content-Security-Policy")
		if !strings.HasSuffix(csp, want) {
			t.Errorf("development %v: %s", development, csp)
		}
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s lacks %s", csp, part)
			}
		}
		for name, value := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
			"Cross-Origin-Resource-Policy": "cross-origin", "X-Frame-Options": ""} {
			if a.header.Get(name) != value {
				t.Errorf("%s: %q", name, a.header.Get(name))
			}
		}
		// The phone is never framed.
		ph := send(t, "GET", p.URL()+"/phone/sign-in", "")
		if csp := ph.header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors 'none'") || ph.header.Get("Cross-Origin-Opener-Policy") != "same-origin" {
			t.Errorf("the phone: %v", ph.header)
		}
	}
}

// A panel in a stranger's page is told so, and begins nothing; a Referer never helps
// anybody in, and one that is missing or nobody's shuts nobody out.
func TestUntrustedParent(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	link := p.ServiceLink(platformtest.Origin+"/cb", "s")
	for _, c := range []struct {
		name, dest, referer string
		refused             bool
	}{
		{"a stranger's frame", "iframe", "https://evil.example/page", true},
		{"a stranger's old frame", "frame", "https://evil.example/", true},
		{"the site's host on another port", "iframe", "http://127.0.0.1:3001/", true},
		{"the site's host with https", "iframe", "https://127.0.0.1:3000/", true},
		{"a name that begins like the site's", "iframe", "http://127.0.0.1.evil.example:3000/", true},
		{"a user name that looks like the site", "iframe", "http://127.0.0.1:3000@evil.example/", true},
		{"the site's frame", "iframe", platformtest.Origin + "/login", false},
		{"a frame without Referer", "iframe", "", false},
		{"a stranger's link", "document", "https://evil.example/", false},
		{"a browser that says nothing", "", "https://evil.example/", false},
		{"our own page reloaded", "iframe", p.URL() + "/wwlogin/sso/login", false},
	} {
		before := len(attempts(t, p))
		var header []string
		if c.dest != "" {
			header = append(header, "Sec-Fetch-Dest", c.dest)
		}
		if c.referer != "" {
			header = append(header, "Referer", c.referer)
		}
		a, settings := view(t, p, link, header...)
		began := len(attempts(t, p)) - before
		if a.status != http.StatusOK || (a.fields["errCode"] == float64(protocol.PageOriginRefused)) != c.refused || (began == 0) != c.refused {
			t.Errorf("%s: %d, %d began: %.200s", c.name, a.status, began, a.body)
		}
		if _, there := settings["web_key"]; there == c.refused {
			t.Errorf("%s: keys %v", c.name, there)
		}
		html := send(t, "GET", p.URL()+protocol.PathLogin+"?"+link.Encode(), "", header...)
		want := "frame-ancestors " + platformtest.Origin
		if c.refused {
			want = "frame-ancestors *"
		}
		if csp := html.header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, want) {
			t.Errorf("%s: %s", c.name, csp)
		}
	}
}

// HEAD begins nothing, and says what GET would.
func TestHeadOfLogin(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, query := range []url.Values{p.ServiceLink(platformtest.Origin+"/cb", "s"), {}} {
		if a := send(t, "HEAD", p.URL()+protocol.PathLogin+"?"+query.Encode(), ""); a.status != http.StatusOK || a.body != "" {
			t.Errorf("%d %q", a.status, a.body)
		}
	}
	if list := attempts(t, p); len(list) != 0 {
		t.Errorf("%d attempts began", len(list))
	}
}

// An image or a script of a stranger's page begins nothing; a client that is no browser, and
// a frame, do.
func TestOnlyDocumentsBegin(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	query := p.ServiceLink(platformtest.Origin+"/cb", "s")
	for _, dest := range []string{"image", "script", "style", "empty", "embed", "object", "audio"} {
		if page := p.OpenLogin(query, "Sec-Fetch-Dest", dest); page.Status != http.StatusForbidden {
			t.Errorf("%s: %d", dest, page.Status)
		}
	}
	if list := attempts(t, p); len(list) != 0 {
		t.Errorf("%d attempts began", len(list))
	}
	for _, dest := range []string{"document", "iframe", "frame"} {
		if page := p.OpenLogin(query, "Sec-Fetch-Dest", dest); page.Status != http.StatusOK || page.WebKey == "" {
			t.Errorf("%s: %d", dest, page.Status)
		}
	}
}

// The redirect of an app that asks for it says how long the code lives.
func TestExpiresInURL(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{false, true} {
		p := platformtest.Start(t, platformtest.Options{Site: platform.SampleSite{ExpiresIn: on}})
		page := p.OpenLogin(p.ServiceLink(platformtest.Origin+"/cb", "s"))
		p.Control("POST", "/confirm", map[string]string{"qr": page.QR(), "member": p.Sample.CorpID + "/" + p.Sample.Member}, nil)
		u, err := url.Parse(page.Wait(protocol.QRNever).RedirectURL)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("expires_in"); got != map[bool]string{false: "", true: "299"}[on] && got != map[bool]string{false: "", true: "300"}[on] {
			t.Errorf("asked %v: expires_in %q in %s", on, got, u.Redacted())
		}
	}
}

// One address begins so many sign-ins a minute; another's are its own, and an IPv6 network
// counts as one.
func TestBeginLimit(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{AttemptsPerMinute: 3, Config: fromAddresses})
	begin := func(from string) answer {
		a, _ := view(t, p, p.ServiceLink(platformtest.Origin+"/cb", "s"), "X-Forwarded-For", from)
		return a
	}
	addresses := []string{"192.0.2.1", "192.0.2.1", "192.0.2.1"}
	for _, from := range addresses {
		if a := begin(from); a.status != http.StatusOK {
			t.Fatalf("%s: %d", from, a.status)
		}
	}
	if a := begin("192.0.2.1"); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || a.fields["settings"] != nil {
		t.Errorf("the fourth: %d %.200s", a.status, a.body)
	}
	if a := begin("6.6.6.6, 192.0.2.1"); a.status != http.StatusTooManyRequests {
		t.Errorf("a made-up entry in front: %d", a.status)
	}
	if a := begin("192.0.2.2"); a.status != http.StatusOK {
		t.Errorf("another address: %d", a.status)
	}
	for i := range 3 {
		if a := begin(fmt.Sprintf("2001:db8::%d", i)); a.status != http.StatusOK {
			t.Errorf("IPv6 %d: %d", i, a.status)
		}
	}
	if a := begin("2001:db8:0:0:ffff::9"); a.status != http.StatusTooManyRequests {
		t.Errorf("the same /64: %d", a.status)
	}
	if a := begin("2001:db8:0:1::1"); a.status != http.StatusOK {
		t.Errorf("another /64: %d", a.status)
	}
	// What is refused for another reason counts for nothing.
	if list := attempts(t, p); len(list) != 8 {
		t.Errorf("%d attempts began", len(list))
	}
	p.Advance(2 * time.Minute)
	if a := begin("192.0.2.1"); a.status != http.StatusOK {
		t.Errorf("two minutes later: %d", a.status)
	}
}

// How long things live: a QR code five minutes, the one before the newest as long, an
// attempt thirty minutes over all renewals, a scan two minutes.
func TestLifetimes(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	renew := func(page *platformtest.LoginPage) string {
		t.Helper()
		var out protocol.RenewAnswer
		a := send(t, "POST", p.URL()+protocol.PathLoginRenew, jsonOf("webKey", page.WebKey), "Authorization", page.Signature)
		if err := protocol.Decode([]byte(a.body), &out); err != nil {
			t.Fatal(err)
		}
		if out.Data.QR == nil {
			return ""
		}
		_, key, _ := strings.Cut(out.Data.QR.URL, "/q/")
		return key
	}
	look := func(key string) string {
		var o outcome
		phone.Get("/q/"+key, &o)
		return o.Reason
	}

	page := openPage(t, p)
	first := page.QRKey
	p.Advance(4 * time.Minute)
	second := renew(page)
	third := renew(page)
	if second == "" || third == "" || first == second || second == third {
		t.Fatalf("renewed: %q, %q, %q", first, second, third)
	}
	for key, want := range map[string]string{first: "expired", second: "", third: ""} {
		if got := look(key); got != want {
			t.Errorf("of the last three QR codes: %q, want %q", got, want)
		}
	}
	p.Advance(5 * time.Minute)
	if got := look(third); got != "expired" {
		t.Errorf("a QR code of five minutes: %q", got)
	}
	if w := stateNow(page); w.Status != protocol.QRNever {
		t.Errorf("its page: %+v", w)
	}
	for range 5 {
		if renew(page) == "" {
			t.Error("cannot be renewed within half an hour")
		}
		p.Advance(4 * time.Minute)
	}
	last := renew(page)
	p.Advance(time.Minute + time.Second)
	if got := look(last); got == "" {
		t.Error("a QR code outlives its attempt")
	}
	if renew(page) != "" {
		t.Error("renewed after half an hour")
	}
	if w := stateNow(page); w.Status != protocol.QRErr || w.Reason != "expired" {
		t.Errorf("after half an hour: %+v", w)
	}

	slow := openPage(t, p)
	scan(phone, slow)
	if renew(slow) != "" {
		t.Error("renewed after the scan")
	}
	p.Advance(2 * time.Minute)
	if o := confirm(phone, slow, ""); o.Reason != "slow" {
		t.Errorf("confirmed after two minutes: %+v", o)
	}
	if w := slow.Wait(protocol.QRScanning); w.Status != protocol.QRTimeout || w.AuthCode != "" {
		t.Errorf("the page sees %+v", w)
	}

	late := openPage(t, p)
	scan(phone, late)
	confirm(phone, late, "")
	p.Advance(5 * time.Minute)
	if w := late.Wait(protocol.QRScanning); w.AuthCode != "" {
		t.Errorf("five minutes after the confirmation: %+v", w)
	}
}
