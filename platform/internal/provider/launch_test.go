package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
)

// Where the old login may begin is set where that login is on, and only there.
func TestLaunchDomains(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	login := b.suite(ours, apps.LoginSuite, "login")
	old := func(on bool) {
		if err := b.Apps.SetOldLogin(t.Context(), b.corps[ours], on); err != nil {
			t.Fatal(err)
		}
	}
	launch := func() []string { return b.app(login.Row).Addresses.Launch }

	old(false)
	if page := b.get("creator", "/login"); strings.Contains(page.body, "登录授权发起域名") {
		t.Error("the list is offered while the old login is off")
	}
	b.ok(b.post("creator+", "/login/domains", "domains", "app.example.com", "launch", "www.example.com"), "/login")
	if len(launch()) != 0 {
		t.Errorf("set while the old login is off: %v", launch())
	}

	old(true)
	if page := b.get("creator", "/login"); !strings.Contains(page.body, `name="launch"`) || !strings.Contains(page.body, "登录授权发起域名") {
		t.Error("the list is not offered")
	}
	b.refused(b.post("creator+", "/login/domains", "domains", "app.example.com", "launch", "https://www.example.com"), "<code>https://www.example.com</code>")
	b.ok(b.post("creator+", "/login/domains", "domains", "app.example.com", "launch", "WWW.example.com:443\nshop.example.com:8443"), "/login")
	if got := launch(); !slices.Equal(got, []string{"shop.example.com:8443", "www.example.com"}) {
		t.Errorf("stored %v", got)
	}
	// A form that had no such field leaves the list alone; one that has it empty empties it.
	b.ok(b.post("creator+", "/login/domains", "domains", "app.example.com"), "/login")
	if got := launch(); len(got) != 2 {
		t.Errorf("a form without the field left %v", got)
	}
	old(false)
	b.ok(b.post("creator+", "/login/domains", "domains", "app.example.com", "launch", ""), "/login")
	old(true)
	if got := launch(); len(got) != 2 {
		t.Errorf("a form while the old login was off left %v", got)
	}
	b.ok(b.post("creator+", "/login/domains", "domains", "app.example.com", "launch", ""), "/login")
	if got := launch(); len(got) != 0 {
		t.Errorf("an empty field left %v", got)
	}
	var audited []string
	for _, line := range b.audited() {
		if detail, ok := strings.CutPrefix(line, "login_launch_set login "); ok {
			audited = append(audited, detail)
		}
	}
	if !slices.Equal(audited, []string{"shop.example.com:8443 www.example.com", ""}) {
		t.Errorf("audited %q", audited)
	}
}
