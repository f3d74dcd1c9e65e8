package browser

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestJourneys are whole ways through the sample site, the login page and a phone, as
// people go them: with a mouse, fingers or a keyboard, in Chinese. Computer and phone are
// two browsers that share nothing.
func TestJourneys(t *testing.T) {
	sandbox.Needs(t, "chromium")
	browser := startChromium(t, "127.0.0.1:9", "127.0.0.1:9") // no name leads anywhere
	for _, part := range []struct {
		name string
		run  func(*testing.T, context.Context)
	}{
		{"link", linkJourneys},
		{"choice of company", changesCompany},
		{"stranger", stranger},
		{"ends", endJourneys},
		{"clock", clockJourneys},
		{"languages", switchesLanguage},
		{"new window", windowJourneys},
		{"panel", panelJourneys},
		{"one machine", oneMachine},
		{"back and reload", backAndReload},
		{"keyboard", keyboardOnly},
		{"narrow and named", narrowAndNamed},
		{"dark", darkScheme},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, browser) })
	}
}

// journey is one way through: a sandbox with its sample site, and who sits before it.
type journey struct {
	*sandbox.Demo
	t               *testing.T
	computer, phone *device
}

// begin is a journey in a sandbox of its own; args are more flags of `hufu demo`.
func begin(t *testing.T, browser context.Context, args ...string) *journey {
	t.Helper()
	return &journey{Demo: sandbox.Start(t, sandbox.Options{Args: args}), t: t,
		computer: newComputer(t, browser), phone: newPhone(t, browser)}
}

// leg runs a part of a journey by which nobody is remembered.
func (j *journey) leg(t *testing.T, name string, run func(t *testing.T)) {
	t.Run(name, func(t *testing.T) {
		j.belongTo(t)
		for _, d := range []*device{j.computer, j.phone} {
			command(d, network.ClearBrowserCookies, cdp.Empty{})
			t.Cleanup(d.report)
		}
		run(t)
	})
	j.belongTo(t)
}

// belongTo says which test fails by what happens from now on.
func (j *journey) belongTo(t *testing.T) { j.t, j.computer.t, j.phone.t = t, t, t }

// advance moves the sandbox's clock.
func (j *journey) advance(by string) {
	j.t.Helper()
	if a := j.Control("POST", "/clock", map[string]string{"advance": by}); a.Status != http.StatusOK {
		j.t.Fatalf("clock: %d %s", a.Status, a.Body)
	}
}

// home opens the site's home and chooses the kind of app, by the site's name for it.
func (j *journey) home(app string) {
	j.t.Helper()
	j.computer.open(j.Env["HUFU_SITE"] + "/")
	j.computer.tap(app)
	j.computer.until(func() bool { return strings.Contains(j.computer.address(), "?app=") },
		func() string { return app + " leads nowhere" })
	j.computer.sees("用企业微信登录")
}

// toLogin goes from the site's home to the login page.
func (j *journey) toLogin(app string) {
	j.t.Helper()
	j.home(app)
	j.computer.tap("打开登录页")
	j.computer.at("waiting")
}

// Names of the two kinds of app on the sample site.
const (
	providerApp = "服务商应用"
	corpApp     = "企业自建应用"
)

// qr is the address in the QR code of a login page or panel.
func (d *device) qr() string {
	d.t.Helper()
	return qr(d.t, d.ctx)
}

// scan lets a person's phone, on which nobody is signed in, open a QR code and go on.
func (j *journey) scan(address, person string) {
	j.t.Helper()
	j.phone.open(address)
	j.phone.sees("选择一个示例身份")
	j.phone.tap(person)
	j.phone.sees("是你要登录")
	j.phone.tap("是我，继续")
}

// sampleMember is the name of the member that the env file names.
const sampleMember = "张伟"

// saysMember expects the site to name the sample member, with encrypted ids, at a clean
// address.
func (j *journey) saysMember() {
	j.t.Helper()
	j.computer.sees("谁登录了", j.Env["HUFU_OPEN_CORPID"], j.Env["HUFU_OPEN_USERID"], "密文", providerApp)
	if at := j.computer.address(); at != j.Env["HUFU_SITE"]+"/me" {
		j.t.Errorf("the site says so at %s", at)
	}
}
