package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// The real desktop client under the permissions of a browser: found or not, pressed with the
// keyboard, given back, in a frame that may do little, and in a browser that knows of no
// permission.
func TestDesktopProgram(t *testing.T) {
	w := publicWorld(t)
	desktop := w.signedInDesktop(t, sampleMember)

	t.Run("denied, then allowed, by keyboard, and given back", func(t *testing.T) {
		w.permit(t, browser.PermissionSettingDenied)
		state := newState()
		page, panel := w.panel(t, "callback", state)
		told(t, page, false)
		shows(t, panel, "denied")
		w.permit(t, browser.PermissionSettingGranted)
		told(t, page, true)
		shows(t, panel, "found")

		press(t, panel, `document.querySelector("[data-press=desktop]").focus()`)
		enter(t, panel)
		window := desktop.asks(t, w, panel)
		number := numberOf(t, panel)
		if at := value[string](panel, "document.activeElement.dataset.press"); at != "other" {
			t.Errorf("the keyboard's focus is at %q", at)
		}
		if live := value[string](panel, `document.getElementById("live").textContent`); !strings.Contains(live, number) || !strings.Contains(live, "desktop client") {
			t.Errorf("a screen reader hears %q", live)
		}
		if face := value[string](panel, `document.querySelector("[data-for=scanned] h2").textContent`); face != "" {
			t.Errorf("the page has the name %q", face)
		}

		// Given back: another attempt in the same panel, while the desktop client still shows the
		// first.
		first := value[string](panel, `document.querySelector("#open").href`)
		enter(t, panel)
		eventually(t, "another QR code", func() bool {
			address := value[string](panel, `document.querySelector("#open").href`)
			return address != "" && address != first && stateOf(panel) == "waiting"
		})
		told(t, page, true)
		shows(t, panel, "found")
		pressDesktop(t, panel)
		shows(t, panel, "busy")
		w.decide(t, "confirm", qr(t, panel))
		eventually(t, "onLoginSuccess", func() bool { return called(page, "onLoginSuccess") != nil })
		w.isMember(t, w.quickCode(t, page))
		answer(t, window, number, "refuse")
		eventually(t, "end in the window", func() bool { return strings.Contains(words(window), "已拒绝") })
		w.quiet(t, state)
	})
	t.Run("in a sandboxed frame", func(t *testing.T) {
		state := newState()
		page := tab(t, w.browser, hostAddress(otherSite, published, w.panelParams("top", state)))
		panel := frame(t, page, state)
		shows(t, panel, "found")
		pressDesktop(t, panel)
		window := desktop.asks(t, w, panel)
		answer(t, window, numberOf(t, panel), "refuse")
		eventually(t, "refusal", func() bool { return stateOf(panel) == "refused" })
		if text := value[string](panel, `document.querySelector("[data-for=refused]").innerText`); !strings.Contains(text, "Refused in the desktop client") || strings.Contains(text, "phone") {
			t.Errorf("the panel says %q", text)
		}
		press(t, panel, `document.querySelector("[data-for=refused] [data-press=again]").click()`)
		shows(t, panel, "found")
		pressDesktop(t, panel)
		window = desktop.asks(t, w, panel)
		answer(t, window, numberOf(t, panel), "confirm")
		w.isMember(t, w.jumps(t, page, panel, state))
		w.quiet(t, state)
	})
	t.Run("in a browser that knows of no permission", func(t *testing.T) {
		page := w.aloneWith(t, `Permissions.prototype.query = () => Promise.reject(new TypeError("unknown name"));`)
		shows(t, page, "offered")
		pressDesktop(t, page)
		window := desktop.asks(t, w, page)
		answer(t, window, numberOf(t, page), "report")
		eventually(t, "end", func() bool { return stateOf(page) == "cancelled" })
		if text := value[string](page, `document.querySelector("[data-for=cancelled]").innerText`); !strings.Contains(text, "in the desktop client") {
			t.Errorf("the page says %q", text)
		}
	})
}

// enter presses the key.
func enter(t *testing.T, page context.Context) {
	t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		params := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, Text: "\r"}
		if _, err := chromedp.Call(page, input.DispatchKeyEvent, params); err != nil {
			t.Fatal(err)
		}
	}
}
