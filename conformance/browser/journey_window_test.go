package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// windowJourneys are sign-ins in a window of its own: it closes itself, and the page
// behind it goes on.
func windowJourneys(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	for _, app := range []string{providerApp, corpApp} {
		j.leg(t, app, func(t *testing.T) {
			window := j.newWindow(app)
			j.scan(window.qr(), sampleMember)
			window.at("scanned")
			j.phone.tap("确认登录")
			j.phone.sees("已确认登录")
			j.computer.sees("谁登录了", app)
			window.closes()
		})
	}
	j.leg(t, "refused, then signed in", func(t *testing.T) {
		window := j.newWindow(providerApp)
		j.scan(window.qr(), sampleMember)
		j.phone.tap("拒绝")
		window.sees("没有登录", "你没有同意登录")
		window.tap("重新登录")
		window.at("waiting")
		j.phone.open(window.qr())
		j.phone.tap("是我，继续")
		j.phone.tap("确认登录")
		j.saysMember()
		window.closes()
	})
}

// newWindow presses the site's button for one, and answers the login page in it.
func (j *journey) newWindow(app string) *device {
	j.t.Helper()
	j.home(app)
	j.computer.tap("在新窗口登录")
	window := j.computer.another("/wwlogin/sso/login")
	window.at("waiting")
	if at := j.computer.address(); !strings.HasPrefix(at, j.Env["HUFU_SITE"]+"/?") {
		j.t.Fatalf("the page behind the window went to %s", at)
	}
	return window
}

// closes waits until the window is gone.
func (d *device) closes() {
	d.t.Helper()
	id := chromedp.FromContext(d.ctx).Target.TargetID
	if !soon(func() bool {
		targets, err := chromedp.Targets(d.ctx)
		for _, info := range targets {
			if info.TargetID == id {
				return false
			}
		}
		return err == nil
	}) {
		d.t.Fatalf("the window stays open at %s:\n%s", d.address(), d.words())
	}
}

// panelJourneys are sign-ins in the panel inside the site's own page.
func panelJourneys(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	j.leg(t, "callback", func(t *testing.T) {
		panel := j.openPanel("service", "callback")
		j.scan(panel.qr(), sampleMember)
		panel.at("scanned")
		j.phone.tap("确认登录")
		j.saysMember()
	})
	j.leg(t, "top", func(t *testing.T) {
		panel := j.openPanel("corp", "top")
		j.scan(panel.qr(), sampleMember)
		panel.at("scanned")
		j.phone.tap("确认登录")
		j.computer.sees("谁登录了", j.Env["HUFU_MEMBER"], corpApp)
		if at := j.computer.address(); at != j.Env["HUFU_SITE"]+"/me" {
			t.Errorf("the site says so at %s", at)
		}
	})
	for _, kind := range []string{"callback", "top"} {
		j.leg(t, "ends in "+kind, func(t *testing.T) {
			panel := j.openPanel("service", kind)
			j.scan(panel.qr(), sampleMember)
			j.phone.tap("拒绝")
			panel.at("refused")
			panel.sees("已在手机上拒绝", "“青禾协作”没有收到你的任何信息")
			j.computer.sees("这次登录被拒绝了。没有向本站提供任何信息。")

			panel = j.openPanel("service", kind)
			j.phone.open(panel.qr())
			j.phone.tap("不是我发起的")
			panel.at("cancelled")
			j.computer.sees("这次登录被拒绝了。")

			panel = j.openPanel("service", kind)
			before := panel.qr()
			j.phone.open(before)
			j.phone.tap("是我，继续")
			panel.at("scanned")
			j.phone.sees("登录“青禾协作”？") // else the page that follows the tap might come too late
			j.advance("2m1s")
			panel.at("timedout")
			j.computer.sees("登录面板没有完成登录（-31091），原因见面板。")

			// The button in the panel brings another QR code, which signs in.
			press(t, panel.ctx, `document.querySelector("[data-for=timedout] button").click()`)
			panel.until(func() bool { return stateOf(panel.ctx) == "waiting" && panel.qr() != before },
				func() string { return "there is no other QR code" })
			j.phone.open(panel.qr())
			j.phone.tap("是我，继续")
			panel.at("scanned")
			j.phone.tap("确认登录")
			j.saysMember()
		})
	}
}

// openPanel opens the site's page with a panel and answers the panel.
func (j *journey) openPanel(app, kind string) *device {
	j.t.Helper()
	j.computer.open(j.Env["HUFU_SITE"] + "/panel?app=" + app + "&type=" + kind)
	var state string // names this panel among those of pages before
	j.computer.until(func() bool {
		state = value[string](j.computer.ctx, `new URL(document.querySelector("[data-hufu-panel] iframe").src).searchParams.get("state")`)
		return state != ""
	}, func() string { return "there is no panel" })
	panel := &device{t: j.t, ctx: frame(j.t, j.computer.ctx, "state="+state)}
	panel.at("waiting")
	return panel
}

// oneMachine: in the sandbox a click on the QR code opens a phone beside the login page,
// in the same browser, and so signs in with no phone at hand.
func oneMachine(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	j.toLogin(providerApp)
	address := j.computer.qr()
	if at := value[string](j.computer.ctx, `document.querySelector("#open").target`); at != "_blank" {
		t.Errorf("the QR code leads to %q", at)
	}
	j.computer.tap("登录二维码")
	phone := j.computer.another("/phone/sign-in")
	phone.reload() // now in its language
	phone.sees("选择一个示例身份", "青禾协作")
	phone.tap(sampleMember)
	phone.sees("是你要登录")
	if at := phone.address(); at != address {
		t.Errorf("the phone is at %s", at)
	}
	phone.tap("是我，继续")
	j.computer.at("scanned")
	phone.tap("确认登录")
	phone.sees("已确认登录")
	j.saysMember()
}
