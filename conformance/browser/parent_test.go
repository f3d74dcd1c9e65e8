package browser

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// evilAddress is the evil page around an address, in the way that more says.
func evilAddress(framed string, more ...string) string {
	q := url.Values{"frame": {framed}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return evilSite + "/evil?" + q.Encode()
}

// hostile are the ways in which a stranger frames a panel whose code is another
// site's (abuse case 9). login is the login origin.
func (w *world) hostile(login, redirectType, state string) map[string]string {
	panel := loginAddress(login, w.panelParams(redirectType, state))
	hop := func(origin string) string { return origin + "/hop?" + url.Values{"to": {panel}}.Encode() }
	return map[string]string{
		"no referrer":             evilAddress(panel, "referrer", "no-referrer", "init", "1"),
		"no referrer, no init":    evilAddress(panel, "referrer", "no-referrer"),
		"own referrer":            evilAddress(panel, "init", "1"),
		"trusted referrer by hop": evilAddress(hop(w.home), "init", "1"),
		"null by sandbox":         evilAddress(evilAddress(panel, "init", "1"), "sandbox", "allow-scripts"),
		"null in a trusted page":  w.home + "/evil?" + url.Values{"frame": {w.home + "/evil?" + url.Values{"frame": {panel}}.Encode()}, "sandbox": {"allow-scripts"}}.Encode(),
		"nested in itself":        evilAddress(evilAddress(panel, "init", "1"), "init", "1"),
	}
}

func loaded(page context.Context) bool { return value[int](page, "window.loads || 0") > 0 }

// heardCode tells whether a page was sent anything that could be a code.
func heardCode(page context.Context) string {
	for _, message := range value[[]string](page, "heard") {
		if strings.Contains(message, "onLoginSuccess") || strings.Contains(message, `"code"`) {
			return message
		}
	}
	return ""
}

// Browsers of today do not show a stranger the panel at all, or show an error.
func TestEvilParentSeesNoQR(t *testing.T) {
	w := newWorld(t)
	for name := range w.hostile("", "", "") {
		t.Run(name, func(t *testing.T) {
			// A top panel, for in a callback panel our script looks at its parent itself.
			page := tab(t, w.browser, w.hostile(wecomLogin, "top", newState())[name])
			eventually(t, "load", func() bool { return loaded(page) })
			for _, f := range frames(t, page) {
				if value[bool](f, `!!document.querySelector("#qr")`) && stateOf(f) == "waiting" {
					t.Error("a stranger's page shows the QR code of another site")
				}
			}
			if message := heardCode(page); message != "" {
				t.Errorf("a stranger heard %s", message)
			}
		})
	}
}

// Where frame-ancestors and the list of ancestors are missing, a member may be
// brought to confirm in a stranger's page. The message is still addressed to the
// site, so the stranger hears nothing, and the person is offered the way to the
// site.
func TestEvilParentOfAnOldBrowserHearsNoCode(t *testing.T) {
	w := newWorld(t)
	for name := range w.hostile("", "", "") {
		t.Run(name, func(t *testing.T) {
			state := newState()
			page := tab(t, w.browser, w.hostile(oldBrowser, "callback", state)[name])
			eventually(t, "load", func() bool { return loaded(page) })
			panel := frame(t, page, oldBrowser+"/wwlogin/sso/login")
			if strings.HasPrefix(name, "null") {
				collectsNothing(t, panel)
				return
			}
			settled := func() bool { s := stateOf(panel); return s != "" && s != "waiting" }
			if !settled() {
				w.decide(t, "confirm", qr(t, panel))
			}
			eventually(t, "end", settled)
			eventually(t, "end that waits for nobody", func() bool { s := stateOf(panel); return s != "done" && s != "scanned" })
			if s := stateOf(panel); s != "untrusted" && s != "blocked" {
				t.Errorf("the panel is %s", s)
			}
			if message := heardCode(page); message != "" {
				t.Errorf("a stranger heard %s", message)
			}
			if w.landing(state) != nil {
				t.Error("the code went to the site unasked")
			}
		})
	}
}

// collectsNothing: inside a sandbox without an origin of its own the page is not
// even heard by its own server, so that nobody collects what a member confirms.
func collectsNothing(t *testing.T, panel context.Context) {
	t.Helper()
	if origin := value[string](panel, "self.origin"); origin != "null" {
		t.Fatalf("the panel's origin is %q", origin)
	}
	asked, err := chromedp.Run(panel, chromedp.Evaluate[string](`
		fetch("/wwlogin/monoApi/sso/login/getWebQrCodeStatus", {
			method: "POST",
			headers: { Authorization: JSON.parse(document.getElementById("settings").textContent).sessionSignature },
			body: "{}",
		}).then((answer) => "answered " + answer.status, (error) => error.name)`, chromedp.EvalAwaitPromise))
	if err != nil || asked != "TypeError" {
		t.Errorf("a page of no origin was answered: %s %v", asked, err)
	}
	if state := stateOf(panel); state != "waiting" {
		t.Errorf("its script ran: %s", state)
	}
}

// The same page, in the site's own page, does hand the code over: the test above
// can fail.
func TestTrustedParentOfAnOldBrowserHearsTheCode(t *testing.T) {
	w := newWorld(t)
	state := newState()
	framed := loginAddress(oldBrowser, w.panelParams("callback", state))
	page := tab(t, w.browser, w.home+"/evil?"+url.Values{"frame": {framed}}.Encode())
	panel := frame(t, page, state)
	w.decide(t, "confirm", qr(t, panel))
	eventually(t, "code", func() bool { return heardCode(page) != "" })
}
