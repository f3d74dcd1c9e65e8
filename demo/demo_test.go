package demo_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/demo"
	"github.com/hufu-sso/hufu/protocol"
)

// A member, through each kind of app, with everything the site says about it.
func TestWhoSignedIn(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	for _, c := range []struct {
		begin string
		me    map[string]string
		says  []string
	}{
		{"/login?return=/me", map[string]string{
			"app": "service", "app_id": s.Sample.LoginSuiteID, "way": "link", "corpid": s.Sample.OpenCorpID, "userid": s.Sample.OpenUserID, "open_userid": s.Sample.OpenUserID,
			"corpid_is": "encrypted", "userid_is": "encrypted",
		}, []string{"这些 id 是密文", s.Sample.OpenCorpID, s.Sample.OpenUserID, "ServiceApp"}},
		{"/corp/login?return=/me", map[string]string{
			"app": "corp", "app_id": s.Sample.CorpID, "way": "link", "corpid": s.Sample.CorpID, "userid": s.Sample.Member, "corpid_is": "plain", "userid_is": "plain",
		}, []string{"自建应用得到明文 id", s.Sample.CorpID, s.Sample.Member, "CorpApp"}},
	} {
		b := s.browser()
		if b.me() != nil {
			t.Fatal("signed in before")
		}
		back := b.decide(b.scan(c.begin), "/confirm", s.member())
		for _, when := range []string{"first", "reload", "Back"} {
			if a := b.get(back); a.status != http.StatusSeeOther || a.location != "/me" {
				t.Errorf("%s, %s: %d to %q", c.begin, when, a.status, a.location)
			}
		}
		if me := b.me(); fmt.Sprint(me) != fmt.Sprint(c.me) {
			t.Errorf("%s: %v\nwant %v", c.begin, me, c.me)
		}
		page := b.get("/me")
		for _, text := range c.says {
			if page.status != http.StatusOK || !strings.Contains(page.body, text) {
				t.Errorf("%s: %d, page does not say %q", c.begin, page.status, text)
			}
		}
		if home := b.get("/"); !strings.Contains(home.body, "你已经登录") {
			t.Error("the home page does not know the session")
		}
		if a := s.browser().get(back); a.status != http.StatusForbidden {
			t.Errorf("%s: the used callback in another browser: %d", c.begin, a.status)
		}
		r, _ := http.NewRequest(http.MethodPost, s.origin+"/sign-out", nil)
		if a := b.do(r, "Origin", "https://evil.example"); a.status != http.StatusForbidden || b.me() == nil {
			t.Errorf("sign-out from another site: %d", a.status)
		}
		r, _ = http.NewRequest(http.MethodPost, s.origin+"/sign-out", nil)
		if a := b.do(r, "Origin", s.origin); a.status != http.StatusSeeOther || b.me() != nil {
			t.Errorf("sign-out: %d", a.status)
		}
	}
}

// A person in no company, and a member of a company that gives plain ids.
func TestOtherKindsOfIDs(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	var list struct {
		People []struct {
			ID        string
			Companies []string
		}
	}
	s.SignedOutPhone().Get("/phone/sign-in", &list)
	none, plain := "", ""
	for _, p := range list.People {
		switch {
		case len(p.Companies) == 0:
			none = p.ID
		case len(p.Companies) == 1 && p.Companies[0] == "远山文化":
			plain = p.ID
		}
	}
	for _, c := range []struct {
		person, field, says string
	}{
		{none, "openid", "没有企业的人"},
		{plain, "userid", "这些 id 是明文"},
	} {
		b := s.browser()
		page := b.scan("/login?return=/me")
		phone := s.Phone(c.person)
		phone.Post("/q/"+page.QRKey+"/scan", nil, nil)
		var done struct{ Outcome string }
		phone.Post("/q/"+page.QRKey+"/decide", url.Values{"decision": {"confirm"}}, &done)
		if done.Outcome != "confirmed" {
			t.Fatalf("%s: phone says %q", c.says, done.Outcome)
		}
		b.get(page.Wait(protocol.QRScanning).RedirectURL)
		if me := b.me(); me[c.field] == "" || c.field == "openid" && me["corpid"] != "" || c.field == "userid" && (me["userid_is"] != "plain" || me["corpid_is"] != "plain") {
			t.Errorf("%s: %v", c.says, me)
		}
		if a := b.get("/me"); !strings.Contains(a.body, c.says) {
			t.Errorf("the page does not say %q", c.says)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	b := s.browser()
	back := b.decide(b.scan("/login?return=/me"), "/refuse", s.member())
	for range 2 {
		a := b.get(back)
		if a.status != http.StatusOK || !strings.Contains(a.body, "你没有同意登录") || strings.Contains(a.body, "登录没有完成") || !strings.Contains(a.body, `href="/login?`) {
			t.Errorf("refused: %d", a.status)
		}
	}
	if b.me() != nil {
		t.Error("signed in all the same")
	}
}

// Before its first ticket the login page says so, and how to get one.
func TestNoTicketYet(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	b := s.browser()
	for _, path := range []string{"/", "/panel"} {
		a := b.get(path)
		for _, text := range []string{"还没有可用的 suite_ticket", "10 分钟", s.ControlURL() + "/push", s.Sample.LoginSuiteID, `data-ticket="/ticket"`} {
			if a.status != http.StatusOK || !strings.Contains(a.body, text) {
				t.Errorf("%s: %d, does not say %q", path, a.status, text)
			}
		}
		if strings.Contains(a.body, `href="/login?`) {
			t.Errorf("%s offers a sign-in that cannot end", path)
		}
	}
	if a := b.get("/ticket"); a.body != "{\"received\":false}\n" {
		t.Errorf("ticket: %s", a.body)
	}
	if a := b.get("/?app=corp"); !strings.Contains(a.body, `href="/corp/login?`) {
		t.Error("the corp app needs no ticket, and is not on offer")
	}
	early := b.scan("/login?return=/me")
	back := b.decide(early, "/confirm", s.member())
	if a := b.get(back); a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "suite_ticket") {
		t.Errorf("a callback before the first ticket: %d", a.status)
	}
	s.connect()
	if a := b.get("/ticket"); a.body != "{\"received\":true}\n" {
		t.Errorf("ticket: %s", a.body)
	}
	if a := b.get(back); a.location != "/me" || b.me() == nil {
		t.Errorf("the same callback once the ticket is there: %d", a.status)
	}
	if a := b.get("/"); strings.Contains(a.body, "data-ticket") || !strings.Contains(a.body, `href="/login?`) {
		t.Error("the login page still waits")
	}
}

// A restart of the site keeps tickets, sessions and sign-ins in progress.
func TestRestart(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	in, under := s.browser(), s.browser()
	in.get(in.decide(in.scan("/login?return=/me"), "/confirm", s.member()))
	back := under.decide(under.scan("/login?return=/me"), "/confirm", s.member())
	s.restartSite()
	if in.me() == nil {
		t.Error("a restart signed the browser out")
	}
	if a := under.get(back); a.location != "/me" || under.me() == nil {
		t.Errorf("a sign-in in progress ended with %d", a.status)
	}
}

// 500 sign-ins against the real platform, each callback delivered twice at once,
// reloaded and gone Back to: zero error pages.
func TestStorm(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	const people = 500
	slots := make(chan struct{}, 16)
	var wait sync.WaitGroup
	for range people {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			b := s.browser()
			link, err := url.Parse(b.get("/login?return=/me").location)
			if err != nil {
				t.Error(err)
				return
			}
			page := s.OpenLogin(link.Query())
			s.Control("POST", "/confirm", map[string]string{"qr": page.QR(), "member": s.member()}, nil)
			back := page.Wait(protocol.QRScanning).RedirectURL
			visit := func(when string) {
				if a := b.get(back); a.status != http.StatusSeeOther || a.location != "/me" {
					t.Errorf("%s: %d", when, a.status)
				}
			}
			var twice sync.WaitGroup
			twice.Go(func() { visit("twice") })
			twice.Go(func() { visit("twice") })
			twice.Wait()
			visit("reload")
			if b.me()["userid"] != s.Sample.OpenUserID {
				t.Error("no session")
			}
			visit("Back")
		})
	}
	wait.Wait()
}

// Every page, in both languages: whole, in the sandbox's colours, without inline
// script or style, and framed by nobody else.
func TestPages(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	in := s.browser()
	in.get(in.decide(in.scan("/login?return=/me"), "/confirm", s.member()))
	inline := regexp.MustCompile(`(?i)<script(>| type="module">)|<style| style="| on[a-z]+="|javascript:`)
	for _, path := range []string{
		"/", "/?app=corp", "/panel", "/panel?app=corp&type=top", "/me", "/window", "/login/finish?state=x", "/nothing",
		"/old-panel", "/login/app?return=/me", "/corp/login/app", "/details/app",
	} {
		for _, lang := range []struct{ tag, banner, brand string }{
			{"zh", "沙箱 · 不是企业微信 · 不要输入真实密码", "青禾协作"},
			{"en", "Sandbox · not WeCom · do not enter a real password", "Qinghe"},
		} {
			mark := "?"
			if strings.Contains(path, "?") {
				mark = "&"
			}
			a := in.get(path + mark + "lang=" + lang.tag)
			if a.status >= 500 || !strings.Contains(a.body, lang.banner) || !strings.Contains(a.body, lang.brand) || !strings.Contains(a.body, "</html>") {
				t.Errorf("%s in %s: %d %.300s", path, lang.tag, a.status, a.body)
			}
			if m := inline.FindString(a.body); m != "" {
				t.Errorf("%s holds %q", path, m)
			}
			if lang.tag == "en" && regexp.MustCompile(`\p{Han}`).MatchString(strings.NewReplacer(">中文<", "", "（虎符）", "", "(虎符)", "", "企业微信", "").Replace(a.body)) {
				t.Errorf("%s in English holds Chinese", path)
			}
			policy := a.header.Get("Content-Security-Policy")
			for _, part := range []string{
				"default-src 'none'", "script-src 'self' " + s.PublicURL(), "frame-src " + s.PublicURL(), "style-src 'self'", "frame-ancestors 'self'",
			} {
				if !strings.Contains(policy, part) || strings.Contains(policy, "unsafe") {
					t.Errorf("%s: policy %q lacks %q", path, policy, part)
				}
			}
			if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: headers %v", path, a.header)
			}
			for _, asset := range regexp.MustCompile(`/(?:static/[a-z0-9]+|login|corp/login|details|corp/details)/[a-z]+\.(?:css|js|svg)`).FindAllString(a.body, -1) {
				if f := in.get(asset); f.status != http.StatusOK || f.header.Get("Content-Type") == "" {
					t.Errorf("%s: %d %s", asset, f.status, f.header.Get("Content-Type"))
				}
			}
		}
	}
	if a := in.get("/nothing"); a.status != http.StatusNotFound {
		t.Errorf("an address that is none: %d", a.status)
	}
	if a := in.get("/static/000000000000/site.css"); a.status != http.StatusNotFound {
		t.Errorf("an old checksum: %d", a.status)
	}
	if a := in.get("/login/finish?state=x&code=CANARY&lang=en"); strings.Contains(a.body, "CANARY") {
		t.Error("a page repeats a code")
	}
}

// Bad input gets a clear error, never a fault.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	b := s.browser()
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/", "", http.StatusMethodNotAllowed},
		{"DELETE", "/me", "", http.StatusMethodNotAllowed},
		{"PUT", demo.PathSuiteCallback, "x", http.StatusMethodNotAllowed},
		{"POST", demo.PathSuiteCallback, "<xml>", http.StatusForbidden},
		{"POST", demo.PathLoginSuiteCallback + "?msg_signature=a&timestamp=b&nonce=c", strings.Repeat("x", 2<<20), http.StatusForbidden},
		{"GET", demo.PathLoginSuiteCallback + "?echostr=x", "", http.StatusForbidden},
		{"GET", "/?app=%00&lang=%ff", "", http.StatusOK},
		{"GET", "/panel?app=../../etc&type=<script>", "", http.StatusOK},
		{"GET", "/login/finish?code=%zz", "", http.StatusBadRequest},
		{"GET", "/login/finish?state=" + strings.Repeat("a", 5000), "", http.StatusForbidden},
		{"POST", demo.PathServiceFinish, strings.Repeat("[", 1<<20), http.StatusBadRequest},
		{"GET", "/static/x/../../config.go", "", http.StatusTemporaryRedirect},
	} {
		r, err := http.NewRequest(c.method, s.origin+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if a := b.do(r); a.status != c.status {
			t.Errorf("%s %.60s: %d, want %d", c.method, c.path, a.status, c.status)
		}
	}
}

// A browser that comes by another name of this machine is sent to the site's own.
func TestOtherHostName(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	r, _ := http.NewRequest(http.MethodGet, s.origin+"/panel?app=corp", nil)
	r.Host = strings.Replace(strings.TrimPrefix(s.origin, "http://"), "127.0.0.1", "localhost", 1)
	if a := s.browser().do(r); a.status != http.StatusTemporaryRedirect || a.location != s.origin+"/panel?app=corp" {
		t.Errorf("%d to %q", a.status, a.location)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	d := s.Sample
	good := demo.Config{
		Origin: s.origin, ProviderCorpID: d.ProviderCorpID,
		LoginSuite: demo.Suite{ID: d.LoginSuiteID, Secret: "a", Token: d.Token, EncodingAESKey: d.EncodingAESKey},
		Suite:      demo.Suite{ID: d.SuiteID, Secret: "a", Token: d.Token, EncodingAESKey: d.EncodingAESKey},
		CorpApp:    demo.CorpApp{CorpID: d.CorpID, AgentID: "1", Secret: "a"},
	}
	if _, err := demo.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*demo.Config){
		"no origin":        func(c *demo.Config) { c.Origin = "" },
		"origin with path": func(c *demo.Config) { c.Origin += "/site" },
		"http elsewhere":   func(c *demo.Config) { c.Origin = "http://192.168.1.2:8791" },
		"no secret":        func(c *demo.Config) { c.LoginSuite.Secret = "" },
		"broken AES key":   func(c *demo.Config) { c.Suite.EncodingAESKey = "short" },
	} {
		c := good
		change(&c)
		if _, err := demo.New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	lan := good
	lan.Origin, lan.InsecureHTTP = "http://192.168.1.2:8791", true
	if _, err := demo.New(lan); err != nil {
		t.Errorf("InsecureHTTP: %v", err)
	}
}
