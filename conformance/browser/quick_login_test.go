package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestQuickLogin signs in through the unmodified panel of @wecom/jssdk with the real desktop
// program beside the browser, and refuses, and errs.
func TestQuickLogin(t *testing.T) {
	w := publicWorld(t)
	desktop := w.signedInDesktop(t, sampleMember)

	w.permit(t, browser.PermissionSettingGranted)
	t.Run("signed in", func(t *testing.T) {
		page, panel, state := w.quickPanel(t)
		told(t, page, true)
		shows(t, panel, "found")
		listens := listen(t, page, panel)
		pressDesktop(t, panel)
		window := desktop.asks(t, w, panel)
		for _, text := range []string{"登录“" + sampleBrand + "”？", strings.TrimPrefix(w.home, "http://"), sampleMember, "企业编号（加密）", "127.0.0.1"} {
			if !strings.Contains(words(window), text) {
				t.Errorf("the window does not say %q:\n%s", text, words(window))
			}
		}
		number := numberOf(t, panel)
		listens.identity(t, w)
		answer(t, window, number, "confirm")
		w.isMember(t, w.quickCallsBack(t, page, panel))
		eventually(t, "end in the window", func() bool { return strings.Contains(words(window), "已确认登录") })
		w.quiet(t, state)
	})
	for _, end := range []struct{ name, decision, window string }{
		{"refusal", "refuse", "已拒绝"},
		{"not started by the person", "report", "已终止这次登录"},
		{"wrong number", "confirm", "数字不对，登录已拒绝"},
	} {
		t.Run(end.name, func(t *testing.T) {
			page, panel, state := w.quickPanel(t)
			shows(t, panel, "found")
			listens := listen(t, page, panel)
			pressDesktop(t, panel)
			window := desktop.asks(t, w, panel)
			number := numberOf(t, panel)
			answer(t, window, other(number), end.decision)
			eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
			if fail := string(called(page, "onLoginFail").Payload); !strings.Contains(fail, "-31090") {
				t.Errorf("onLoginFail got %s", fail)
			}
			eventually(t, "end in the window", func() bool { return strings.Contains(words(window), end.window) })
			if s := stateOf(panel); s != "refused" && s != "cancelled" || called(page, "onLoginSuccess") != nil {
				t.Errorf("the panel is %s, the host was called %v", s, callsOf(page))
			}
			listens.identity(t, w)
			w.quiet(t, state)
		})
	}
	t.Run("another account", func(t *testing.T) {
		page, panel, state := w.quickPanel(t)
		shows(t, panel, "found")
		pressDesktop(t, panel)
		desktop.asks(t, w, panel)
		press(t, panel, `document.querySelector("[data-press=other]").click()`)
		eventually(t, "QR code", func() bool { return stateOf(panel) == "waiting" })
		a := w.Control("POST", "/confirm", map[string]string{"qr": qr(t, panel), "member": w.Env["HUFU_CORPID"] + "/" + w.Env["HUFU_ADMIN"]})
		if a.Status != http.StatusOK {
			t.Fatalf("confirm: %d %s", a.Status, a.Body)
		}
		code := w.quickCode(t, page)
		who := sandbox.Send(t, "GET", w.API("/cgi-bin/service/auth/getuserinfo3rd", url.Values{"suite_access_token": {w.SuiteToken()}, "code": {code}}), nil).Fields(t)
		if who["errcode"] != 0.0 || who["open_userid"] == "" || who["open_userid"] == w.Env["HUFU_OPEN_USERID"] {
			t.Errorf("another account signed in as %v", who)
		}
		w.quiet(t, state)
	})
}

// TestQuickLoginInTheTerminal is a person in two companies with the desktop client in a terminal:
// it asks as whom, and the other company's ids are what the site gets. The browser has granted
// nothing for good, so that nobody is looked for before the button is pressed.
func TestQuickLoginInTheTerminal(t *testing.T) {
	w := newWorld(t)
	desktop := w.startDesktop(t, "--terminal")
	shown := desktop.says("用手机扫码，登录这台电脑", "/q/", "显示为")
	w.enrol(t, w.Env["HUFU_LOGIN"]+shown[strings.Index(shown, "/q/"):strings.Index(shown, "/q/")+25], "林溪", func() string {
		said := desktop.says("在手机上输入这个数字  ", "如果不是你在扫码")
		_, number, _ := strings.Cut(said, "在手机上输入这个数字  ")
		return number[:2]
	})
	desktop.says("这台电脑已登录  林溪", galaxyName, "远山文化")

	page, panel, state := w.quickPanel(t)
	told(t, page, false)
	shows(t, panel, "offered")
	listens := listen(t, page, panel)
	pressDesktop(t, panel)
	told(t, page, true)
	asked := desktop.says("登录“"+sampleBrand+"”？", "1  林溪", "2  林溪", "身份编号（1–2）")
	eventually(t, "number on the page", func() bool { return stateOf(panel) == "desktop" })
	desktop.types("9")
	desktop.says("没有这个编号")
	choice := "1"
	if strings.Contains(asked, "2  林溪  远山文化") {
		choice = "2"
	}
	desktop.types(choice)
	desktop.says("将提供给“"+sampleBrand+"”", "linxi", "输入登录页上显示的数字")
	listens.identity(t, w, "林溪", "linxi", "远山文化")
	desktop.types(numberOf(t, panel))
	desktop.says("已确认登录")
	code := w.quickCallsBack(t, page, panel)
	who := sandbox.Send(t, "GET", w.API("/cgi-bin/service/auth/getuserinfo3rd", url.Values{"suite_access_token": {w.SuiteToken()}, "code": {code}}), nil).Fields(t)
	if who["errcode"] != 0.0 || who["userid"] != "linxi" {
		t.Errorf("signed in as %v", who)
	}
	w.quiet(t, state)
}

// quickPanel opens the site's page with a panel and keeps every message that the page is sent.
func (w *world) quickPanel(t *testing.T) (page, panel context.Context, state string) {
	t.Helper()
	state = newState()
	page, panel = w.panel(t, "callback", state)
	press(t, page, `window.messages = [], addEventListener("message", (event) => messages.push(JSON.stringify(event.data)))`)
	qr(t, panel)
	return page, panel, state
}

// asks waits until the desktop client asks in a window of its own, and the page says so. On a
// machine that has much to do the page may not find it in time, or not have its script yet: then
// the person presses again.
func (p *desktopProgram) asks(t *testing.T, w *world, panel context.Context) context.Context {
	t.Helper()
	p.t = t
	if !soon(func() bool {
		if way := quick(panel); way == "absent" || way == "offered" {
			pressDesktop(t, panel)
		}
		return stateOf(panel) == "desktop"
	}) {
		t.Fatalf("no way to the desktop client: the page is %s, its button %s, the client has said\n%s", stateOf(panel), quick(panel), p.Output())
	}
	window := p.window(w.browser)
	eventually(t, "request in the window", func() bool { return value[bool](window, `document.querySelector("#number") !== null`) })
	eventually(t, "number on the page", func() bool { return stateOf(panel) == "desktop" })
	return window
}

// numberOf is what the page shows to be typed.
func numberOf(t *testing.T, panel context.Context) string {
	t.Helper()
	number := value[string](panel, `document.querySelector("[data-for=desktop] [data-fill=number]").textContent`)
	if len(number) != 2 {
		t.Fatalf("the number is %q", number)
	}
	return number
}

// other is a number that is not this one.
func other(number string) string {
	if number == "10" {
		return "11"
	}
	return "10"
}

// answer types the number into a window of the desktop client and presses a button.
func answer(t *testing.T, window context.Context, number, decision string) {
	t.Helper()
	press(t, window, fmt.Sprintf(`document.querySelector("#number").value = %q, document.querySelector("button[value=%s]").click()`, number, decision))
}

// quickCode waits for the code that the host was called with.
func (w *world) quickCode(t *testing.T, page context.Context) string {
	t.Helper()
	eventually(t, "onLoginSuccess", func() bool { return called(page, "onLoginSuccess") != nil })
	var payload struct{ Code string }
	if err := json.Unmarshal(called(page, "onLoginSuccess").Payload, &payload); err != nil {
		t.Fatal(err)
	}
	return payload.Code
}

// quickCallsBack expects the calls of a quick login, in their order, and answers the code.
func (w *world) quickCallsBack(t *testing.T, page, panel context.Context) string {
	t.Helper()
	code := w.quickCode(t, page)
	eventually(t, "done state", func() bool { return stateOf(panel) == "done" })
	count := map[string]int{}
	for _, c := range callsOf(page) {
		count[c.Name]++
	}
	for name, want := range map[string]int{"onOpenInWecom": 1, "onLoginSuccess": 1, "onLoginFail": 0, "onScanned": 0, "onCancel": 0} {
		if count[name] != want {
			t.Errorf("%s was called %d times: %v", name, count[name], callsOf(page))
		}
	}
	return code
}

// listener keeps what a page and its panel are answered from anywhere.
type listener struct {
	page, panel context.Context

	mu     sync.Mutex
	bodies []string // guarded by mu
}

// listen reads every answer from now on.
func listen(t *testing.T, page, panel context.Context) *listener {
	t.Helper()
	l := &listener{page: page, panel: panel}
	for _, ctx := range []context.Context{page, panel} {
		ended := chromedp.Events(ctx, network.LoadingFinished)
		if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
			t.Fatal(err)
		}
		go func() {
			for e, err := range ended {
				if err != nil {
					continue
				}
				if body, err := chromedp.Call(ctx, network.GetResponseBody, network.GetResponseBodyParams{RequestID: e.RequestID}); err == nil {
					l.mu.Lock()
					l.bodies = append(l.bodies, string(body.Body))
					l.mu.Unlock()
				}
			}
		}()
	}
	return l
}

// identity expects that nothing that the page was answered, was sent or shows says who sits at
// the desktop client: neither the sample member nor more.
func (l *listener) identity(t *testing.T, w *world, more ...string) {
	t.Helper()
	l.mu.Lock()
	texts := append([]string(nil), l.bodies...)
	l.mu.Unlock()
	if len(texts) == 0 {
		t.Error("nothing was heard: the test listens to nobody")
	}
	heard := false
	for _, text := range texts {
		heard = heard || strings.Contains(text, `"signed_in":true`)
	}
	if !heard {
		t.Errorf("the desktop client's answer was not among %q", texts)
	}
	texts = append(texts, value[[]string](l.page, "messages")...)
	for _, ctx := range []context.Context{l.page, l.panel} {
		texts = append(texts, value[string](ctx, "document.documentElement.outerHTML"))
	}
	for _, secret := range append(more, sampleMember, "张*", galaxyName, w.Env["HUFU_MEMBER"], w.Env["HUFU_CORPID"], w.Env["HUFU_OPEN_CORPID"], w.Env["HUFU_OPEN_USERID"]) {
		for _, text := range texts {
			if strings.Contains(text, secret) {
				t.Errorf("the page knows %q before the confirmation: %.300s", secret, text)
			}
		}
	}
}
