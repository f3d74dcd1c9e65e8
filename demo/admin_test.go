package demo_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/demo"
	"github.com/hufu-sso/hufu/protocol"
)

// business is the address that a member's business settings lead to.
func (s *sandbox) business(member string) (address string, status int) {
	s.t.Helper()
	var made struct{ URL string }
	status = s.Control("POST", "/codes", map[string]string{"kind": "admin", "app": s.Sample.SuiteID, "member": member}, &made)
	return made.URL, status
}

func (s *sandbox) admin() string { return s.Sample.CorpID + "/" + s.Sample.Admin }

var field = regexp.MustCompile(`name="(arrival|current)" value="([^"]*)"`)

// choose posts the form of an arrival's page.
func (b *browser) choose(page answer, choice string, header ...string) answer {
	b.s.t.Helper()
	form := url.Values{"choice": {choice}}
	for _, m := range field.FindAllStringSubmatch(page.body, -1) {
		form.Set(m[1], m[2])
	}
	r, err := http.NewRequest(http.MethodPost, b.s.origin+demo.PathAdminEntry, strings.NewReader(form.Encode()))
	if err != nil {
		b.s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r, header...)
}

// An administrator comes from the business settings, on the real platform.
func TestBusinessSettings(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	address, status := s.business(s.admin())
	if status != http.StatusOK || !strings.HasPrefix(address, s.origin+demo.PathAdminEntry+"?auth_code=") {
		t.Fatalf("%d %q", status, address)
	}
	b := s.browser()
	if a := b.get(address, "Sec-Purpose", "prefetch"); a.status != http.StatusServiceUnavailable {
		t.Errorf("prefetch: %d", a.status)
	}
	if a := b.get(address); a.status != http.StatusSeeOther || a.location != demo.PathAdminEntry {
		t.Fatalf("the jump: %d %q %s", a.status, a.location, a.body)
	}
	page := b.get(demo.PathAdminEntry)
	for _, want := range []string{"以管理员身份进入？", s.Sample.OpenCorpID, "星河", "还没有人登录"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if b.me() != nil {
		t.Fatal("signed in before the administrator agreed")
	}
	if a := b.choose(page, "enter", "Origin", "https://evil.example"); a.status != http.StatusForbidden {
		t.Errorf("cross-origin: %d", a.status)
	}
	if a := b.choose(page, "enter", "Origin", s.origin); a.status != http.StatusSeeOther || a.location != "/me" {
		t.Fatalf("enter: %d %s", a.status, a.body)
	}
	me := b.me()
	if me["admin"] != "true" || me["app"] != "admin" || me["suite_id"] != s.Sample.SuiteID || me["corpid"] != s.Sample.OpenCorpID || me["userid"] == "" {
		t.Errorf("me %v", me)
	}
	if a := b.get("/me"); !strings.Contains(a.body, "管理员") || !strings.Contains(a.body, "企业名称") {
		t.Errorf("the page does not say that it is an administrator")
	}
	if a := s.browser().get(address); a.status != http.StatusBadRequest {
		t.Errorf("used code in another browser: %d", a.status)
	}
}

// Who may not, or cannot be told from others, gets no further.
func TestBusinessSettingsOfOthers(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	if _, status := s.business(s.member()); status != http.StatusForbidden {
		t.Errorf("a member who administers nothing: %d", status)
	}
	late, _ := s.business(s.admin())
	s.Advance(5*time.Minute + time.Second)
	s.connect()
	if a := s.browser().get(late); a.status != http.StatusBadRequest || !strings.Contains(a.body, "授权码不能使用") {
		t.Errorf("expired code: %d", a.status)
	}
	// A code of another kind.
	var made struct{ Code string }
	s.Control("POST", "/codes", map[string]string{"kind": "install", "app": s.Sample.SuiteID, "member": s.admin()}, &made)
	if a := s.browser().get(demo.PathAdminEntry + "?auth_code=" + url.QueryEscape(made.Code)); a.status != http.StatusBadRequest {
		t.Errorf("install code: %d", a.status)
	}
}

// push sends a made-up event to the site and returns what it answered.
func (s *sandbox) push(event map[string]string) string {
	s.t.Helper()
	event["suite"] = s.Sample.SuiteID
	var fate struct {
		Delivered bool
		Answer    string
	}
	if status := s.Control("POST", "/push", event, &fate); status != http.StatusOK || !fate.Delivered {
		s.t.Fatalf("%v: %d %+v", event, status, fate)
	}
	return fate.Answer
}

// installs opens the page of installs, after what was pushed has been handled, and
// checks what it says.
func (b *browser) installs(says ...string) string {
	b.s.t.Helper()
	if err := b.s.site.Load().Wait(b.s.t.Context()); err != nil {
		b.s.t.Fatal(err)
	}
	a := b.get("/installs")
	for _, text := range says {
		if a.status != http.StatusOK || !strings.Contains(a.body, text) {
			b.s.t.Fatalf("%d, the page does not say %q:\n%s", a.status, text, a.body)
		}
	}
	return a.body
}

// The companies that installed the suite, and the events that tell of them.
func TestInstalls(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	b := s.browser()
	if a := b.get("/installs"); a.status != http.StatusSeeOther {
		t.Errorf("signed out: %d", a.status)
	}
	b.get(b.decide(b.scan("/login?return=/me"), "/confirm", s.member()))
	b.installs(s.Sample.OpenCorpID, "你的企业", "应用市场")
	if policy := b.get("/installs").header.Get("Referrer-Policy"); policy != "strict-origin-when-cross-origin" {
		t.Errorf("the install page would not see where it was opened from: %q", policy)
	}

	corp := map[string]string{"event": protocol.EventCreateAuth, "corp": s.Sample.CorpID}
	if answer := s.push(corp); answer != protocol.EventAnswer {
		t.Errorf("answer %q", answer)
	}
	b.installs("create_auth", "已处理")
	// A made-up cancel_auth: the platform still knows the installation.
	s.push(map[string]string{"event": protocol.EventCancelAuth, "corp": s.Sample.CorpID})
	b.installs("cancel_auth", "平台未确认", s.Sample.OpenCorpID)
	s.push(map[string]string{"event": protocol.EventChangeAuth, "corp": s.Sample.CorpID})
	s.push(map[string]string{"event": protocol.EventChangeContact, "member": s.member(), "change": "update_user"})
	b.installs("change_auth", "change_contact", "update_user", s.Sample.OpenUserID)

	// After the create_auth the site's own permanent code counts, also after a restart.
	s.restartSite()
	if body := b.installs(s.Sample.OpenCorpID); strings.Contains(body, "列表可能不完整") {
		t.Error("the platform could not be asked")
	}
	address, _ := s.business(s.admin())
	if a := b.get(address); a.status != http.StatusSeeOther {
		t.Errorf("business settings after create_auth: %d %s", a.status, a.body)
	}
}

// An install that begins on the site leads to the platform's page with a state of
// this browser.
func TestInstallFromSite(t *testing.T) {
	t.Parallel()
	s := start(t, true)
	b := s.browser()
	if a := b.get("/install"); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "请先登录本站") {
		t.Errorf("signed out: %d", a.status)
	}
	b.get(b.decide(b.scan("/login?return=/me"), "/confirm", s.member()))
	a := b.get("/install")
	link, err := url.Parse(a.location)
	if err != nil || a.status != http.StatusSeeOther || link.Path != protocol.PathInstall || link.Query().Get("suite_id") != s.Sample.SuiteID ||
		link.Query().Get("redirect_uri") != s.origin+demo.PathInstallFinish || a.header.Get("Referrer-Policy") != "origin" {
		t.Fatalf("%d %q", a.status, a.location)
	}
	var made struct{ Code string }
	if status := s.Control("POST", "/codes", map[string]string{"kind": "install", "app": s.Sample.SuiteID, "member": s.admin()}, &made); status != http.StatusOK {
		t.Fatalf("install code: %d", status)
	}
	back := demo.PathInstallFinish + "?" + url.Values{"auth_code": {made.Code}, "expires_in": {"600"}, "state": {link.Query().Get("state")}}.Encode()
	if a := s.browser().get(back); a.status != http.StatusForbidden {
		t.Errorf("another browser: %d", a.status)
	}
	for range 2 {
		if a := b.get(back); a.status != http.StatusSeeOther || a.location != "/installs" {
			t.Fatalf("finish: %d %s", a.status, a.body)
		}
	}
	b.installs(s.Sample.OpenCorpID, "从本站发起")
}

// What the control port cannot do it says.
func TestControlRefusesInstalls(t *testing.T) {
	t.Parallel()
	s := start(t, false)
	suite, login, admin := s.Sample.SuiteID, s.Sample.LoginSuiteID, s.admin()
	for name, row := range map[string]struct {
		path   string
		body   map[string]string
		status int
	}{
		"business settings of a login suite": {"/codes", map[string]string{"kind": "admin", "app": login, "member": admin}, 400},
		"no such suite":                      {"/codes", map[string]string{"kind": "install", "app": "wwnone", "member": admin}, 404},
		"no such member":                     {"/codes", map[string]string{"kind": "install", "app": suite, "member": s.Sample.CorpID + "/nobody"}, 404},
		"install by a member":                {"/codes", map[string]string{"kind": "install", "app": suite, "member": s.member()}, 403},
		"install by a sub-admin":             {"/codes", map[string]string{"kind": "install", "app": suite, "member": s.Sample.CorpID + "/" + s.Sample.SubAdmin}, 403},
		"no business-settings URL":           {"/codes", map[string]string{"kind": "admin", "app": suite, "member": admin}, 409},
		"old login to nowhere":               {"/codes", map[string]string{"kind": "legacy", "app": s.Sample.ProviderCorpID, "member": admin}, 400},
		"old login of no provider":           {"/codes", map[string]string{"kind": "legacy", "app": s.Sample.CorpID, "member": admin}, 404},
		"cancel_auth of nobody":              {"/push", map[string]string{"suite": suite, "event": "cancel_auth"}, 400},
		"cancel_auth of a member":            {"/push", map[string]string{"suite": suite, "event": "cancel_auth", "member": admin}, 400},
		"cancel_auth of no company":          {"/push", map[string]string{"suite": suite, "event": "cancel_auth", "corp": "wwnone"}, 404},
		"cancel_auth where none is":          {"/push", map[string]string{"suite": login, "event": "cancel_auth", "corp": s.Sample.CorpID}, 409},
		"change_contact of a company":        {"/push", map[string]string{"suite": suite, "event": "change_contact", "corp": s.Sample.CorpID}, 400},
		"unknown change":                     {"/push", map[string]string{"suite": suite, "event": "change_contact", "member": admin, "change": "rename"}, 400},
		"unknown event":                      {"/push", map[string]string{"suite": suite, "event": "made_up"}, 400},
	} {
		var answer struct{ Error string }
		if status := s.Control("POST", row.path, row.body, &answer); status != row.status || answer.Error == "" {
			t.Errorf("%s: %d %q, want %d", name, status, answer.Error, row.status)
		}
	}
}
