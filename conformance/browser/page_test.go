package browser

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// alone opens the login link in a window of its own, from a page of the site.
func (w *world) alone(t *testing.T, state string) context.Context {
	t.Helper()
	page := tab(t, w.browser, w.home+"/landed?state=before-"+state)
	if err := chromedp.Do(page, chromedp.Navigate(loginAddress(wecomLogin, w.panelParams("callback", state)))); err != nil {
		t.Fatal(err)
	}
	return page
}

func TestLinkSignsIn(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page := w.alone(t, state)
	w.decide(t, "confirm", qr(t, page))
	w.isMember(t, w.jumps(t, page, page, state))

	// Back leads to where the person came from, not to a spent page.
	press(t, page, "history.back()")
	eventually(t, "the page before", func() bool {
		return strings.Contains(value[string](page, "location.search"), "before-"+state)
	})
}

func TestLinkRefused(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page := w.alone(t, state)
	w.decide(t, "refuse", qr(t, page))
	if code := w.landed(t, state); code != "" {
		t.Errorf("a refusal came with the code %s", code)
	}
}

// Back to a host page whose panel has done its work shows a panel that works.
func TestBackAfterJump(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page, panel := w.panel(t, "top", state)
	w.decide(t, "confirm", qr(t, panel))
	w.jumps(t, page, nil, state)
	press(t, page, "history.back()")
	eventually(t, "the host page", func() bool { return value[string](page, "location.pathname") == "/host" })
	eventually(t, "a waiting panel", func() bool { return stateOf(frame(t, page, state)) == "waiting" })
}

func TestScannedIsShown(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page, panel := w.panel(t, "callback", state)
	address := qr(t, panel)
	w.decide(t, "scan", address)
	eventually(t, "scanned state", func() bool { return stateOf(panel) == "scanned" })
	name := value[string](panel, `document.querySelector("[data-for=scanned] h2").textContent`)
	if !strings.HasSuffix(name, "*") {
		t.Errorf("the name %q is not masked", name)
	}
	if said := value[string](panel, `document.getElementById("live").textContent`); !strings.Contains(said, name) {
		t.Errorf("a screen reader hears %q", said)
	}
	eventually(t, "onScanned", func() bool { return called(page, "onScanned") != nil })
	w.decide(t, "confirm", address)
	w.callsBack(t, page, panel, state)
}

// In the sandbox the QR is a link to a phone in a new tab. Some panels of the
// published script may not open one; there the address is shown to copy.
func TestSandboxOpensAPhone(t *testing.T) {
	w := newWorld(t)
	t.Run("new tab", func(t *testing.T) {
		state := newState()
		page, panel := w.panel(t, "callback", state)
		address := qr(t, panel)
		press(t, panel, `document.getElementById("open").click()`)
		key := address[strings.LastIndexByte(address, '/')+1:]
		eventually(t, "a phone", func() bool {
			targets, err := chromedp.Targets(page)
			return err == nil && slices.ContainsFunc(targets, func(info *target.Info) bool {
				return info.Type == "page" && strings.Contains(info.URL, key)
			})
		})
		if got := stateOf(panel); got != "waiting" {
			t.Errorf("the panel is %s", got)
		}
	})
	t.Run("sandboxed frame", func(t *testing.T) {
		state := newState()
		page := tab(t, w.browser, hostAddress(otherSite, published, w.panelParams("top", state)))
		panel := frame(t, page, state)
		address := qr(t, panel)
		press(t, panel, `document.getElementById("open").click()`)
		eventually(t, "address to copy", func() bool { return stateOf(panel) == "copy" })
		if got := value[string](panel, "document.activeElement.value"); got != address {
			t.Errorf("the address to copy is %q", got)
		}
		press(t, panel, `document.querySelector("[data-press=copy]").click()`)
		if !value[bool](panel, `"copied" in document.querySelector("main").dataset`) {
			t.Error("the address was not copied")
		}
	})
}

func TestHelpKeepsTheFocus(t *testing.T) {
	w := newWorld(t)
	page := w.alone(t, newState())
	qr(t, page)
	focused := func() string {
		return value[string](page, `document.activeElement.closest("section, footer").className + document.activeElement.dataset.press`)
	}
	press(t, page, `document.querySelector(".ways button").click()`)
	if state, at := stateOf(page), focused(); state != "help" || at != "explainedhelp" {
		t.Errorf("help: the page is %s, the focus in %s", state, at)
	}
	press(t, page, `document.activeElement.click()`)
	if state, at := stateOf(page), focused(); state != "waiting" || at != "wayshelp" {
		t.Errorf("back: the page is %s, the focus in %s", state, at)
	}
}

// The language switch reloads the panel. The published script takes no second
// "ready", so what follows works only without a port.
func TestLanguageSwitchKeepsThePanelWorking(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page, panel := w.panel(t, "callback", state)
	before := qr(t, panel)
	press(t, panel, `document.querySelector("a[hreflang]").click()`)
	eventually(t, "the page in Chinese", func() bool {
		return value[string](panel, "document.documentElement.lang") == "zh-CN" && qr(t, panel) != before
	})
	press(t, panel, `window.answers = [], addEventListener("message", (event) => answers.push(event.data))`)
	w.decide(t, "confirm", qr(t, panel))
	eventually(t, "onLoginSuccess", func() bool { return called(page, "onLoginSuccess") != nil })
	eventually(t, "answer to the panel", func() bool { return strings.Contains(value[string](panel, "answers.join()"), "resolve") })
	w.quiet(t, state)
}

// elapse makes a panel believe that time has passed, and look at it.
const elapse = `(seconds, visible) => {
	const now = Date.now;
	Date.now = () => now() + seconds * 1000;
	Object.defineProperty(document, "visibilityState", { configurable: true, value: visible ? "visible" : "hidden" });
	document.dispatchEvent(new Event("visibilitychange"));
}`

func TestQRIsRenewedWithoutReload(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page, panel := w.panel(t, "callback", state)
	first := qr(t, panel)
	press(t, panel, `window.asked = "", window.fetch = ((fetch) => (...call) => {
		asked += call[0] + " ";
		return fetch(...call);
	})(fetch)`)

	press(t, panel, "("+elapse+")(290, false)")
	if strings.Contains(value[string](panel, "asked"), "renew") {
		t.Error("a hidden panel renewed its QR")
	}
	press(t, panel, "("+elapse+")(0, true)")
	eventually(t, "another QR", func() bool { return qr(t, panel) != first })
	if !strings.Contains(value[string](panel, "window.asked"), "renew") {
		t.Error("the panel was reloaded")
	}

	// A scan at the edge still succeeds.
	w.decide(t, "confirm", first)
	w.isMember(t, w.callsBack(t, page, panel, state))
	w.quiet(t, state)
}

func TestNetworkTroubleHeals(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page, panel := w.panel(t, "callback", state)
	address := qr(t, panel)
	offline(t, panel, true)
	// The held call is cut: going offline alone leaves it open.
	press(t, panel, `window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })),
		window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`)
	eventually(t, "trouble", func() bool { return value[bool](panel, `"trouble" in document.querySelector("main").dataset`) })
	w.decide(t, "confirm", address)
	offline(t, panel, false)
	w.callsBack(t, page, panel, state)
	w.quiet(t, state)
}

// offline cuts a page off its network, or ends that.
func offline(t *testing.T, ctx context.Context, yes bool) {
	t.Helper()
	params := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{}}
	if yes {
		params.MatchedNetworkConditions = append(params.MatchedNetworkConditions,
			&network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if _, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, params); err != nil {
		t.Fatal(err)
	}
}

// Two panels on a page, as frameworks make when they mount twice, are two
// sign-ins.
func TestTwoPanels(t *testing.T) {
	w := newWorld(t)
	for script, address := range scripts() {
		t.Run(script, func(t *testing.T) { w.twoPanels(t, address) })
	}
}

func (w *world) twoPanels(t *testing.T, script string) {
	first, second := newState(), newState()
	page := tab(t, w.browser, hostAddress(w.home, script, w.panelParams("callback", first)))
	one := frame(t, page, first)
	press(t, page, `(() => {
		const params = { ...JSON.parse(new URLSearchParams(location.search).get("params")), state: "`+second+`" };
		window.other = [];
		ww.createWWLoginPanel({ el: "#box", params, onLoginSuccess: (payload) => other.push(payload) });
	})()`)
	two := frame(t, page, second)
	if qr(t, one) == qr(t, two) {
		t.Fatal("two panels share a QR code")
	}
	w.decide(t, "confirm", qr(t, two))
	eventually(t, "code for the second panel", func() bool { return value[int](page, "other.length") == 1 })
	if got := value[string](page, "other[0].state"); got != second {
		t.Errorf("state is %q", got)
	}
	if called(page, "onLoginSuccess") != nil || stateOf(one) != "waiting" {
		t.Error("the first panel was signed in too")
	}
	w.decide(t, "confirm", qr(t, one))
	w.callsBack(t, page, one, first)
	w.quiet(t, first)
}

func TestEndsAfterHalfAnHour(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page, panel := w.panel(t, "callback", state)
	before := qr(t, panel)
	if a := w.Control("POST", "/clock", map[string]string{"advance": "31m"}); a.Status != http.StatusOK {
		t.Fatalf("clock: %d %s", a.Status, a.Body)
	}
	eventually(t, "expired state", func() bool { return stateOf(panel) == "expired" })
	eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
	if fail := string(called(page, "onLoginFail").Payload); !strings.Contains(fail, "-31091") {
		t.Errorf("onLoginFail got %s", fail)
	}
	press(t, panel, `document.querySelector("[data-for=expired] button").click()`)
	eventually(t, "another QR", func() bool { return stateOf(panel) == "waiting" && qr(t, panel) != before })
	w.decide(t, "confirm", qr(t, panel))
	w.callsBack(t, page, panel, state)
	w.quiet(t, state)
}
