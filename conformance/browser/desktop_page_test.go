package browser

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// loopbackNetwork is the permission of today's browsers to reach this machine.
const loopbackNetwork = "loopback-network"

// newPublicWorld is a world of publicWorld whose desktop client is a fake.
func newPublicWorld(t *testing.T) (*world, *fakeDesktop) {
	t.Helper()
	return publicWorld(t), startFakeDesktop(t)
}

// publicWorld is a world in which the browser takes the platform for a server on the internet,
// so that its pages need a permission to reach this machine, as in life.
func publicWorld(t *testing.T) *world {
	t.Helper()
	sandbox.Needs(t, sdkFile, "chromium")
	sites := startSites(t)
	ports := sandbox.FreePorts(t, 2)
	demo := sandbox.Start(t, sandbox.Options{Args: []string{
		"--site", sites.home, "--trust", strings.TrimPrefix(otherSite, "https://"),
		"--wecom-hosts", "--tls-addr", "127.0.0.1:" + ports[0], "--proxy-addr", "127.0.0.1:" + ports[1],
	}})
	tls := "127.0.0.1:" + ports[0]
	return &world{Demo: demo, sites: sites, browser: startChromium(t, tls, sites.tls, chromedp.Flag("ip-address-space-overrides", tls+"=public"))}
}

// permit gives the permission to reach this machine a state, for every page.
func (w *world) permit(t *testing.T, state browser.PermissionSetting) {
	t.Helper()
	_, err := chromedp.Call(w.browser, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: loopbackNetwork}, Setting: state})
	if err != nil {
		t.Fatalf("permission %s: %v", state, err)
	}
}

// quick is what the button of quick login shows.
func quick(panel context.Context) string {
	return value[string](panel, `document.querySelector("[data-quick]").dataset.quick`)
}

// shows waits until the button shows something.
func shows(t *testing.T, panel context.Context, way string) {
	t.Helper()
	eventually(t, "button that is "+way, func() bool { return quick(panel) == way })
	// Whatever it is, the QR code stands there to be scanned.
	if state, seen := stateOf(panel), value[bool](panel, `document.querySelector("#qr").getBoundingClientRect().width >= 100`); state != "waiting" || !seen {
		t.Errorf("the panel is %s, its QR code shown: %v", state, seen)
	}
}

// said is the sentence under the button.
func said(panel context.Context) string {
	return value[string](panel, `document.querySelector("[data-why]").innerText.trim()`)
}

func pressDesktop(t *testing.T, panel context.Context) {
	t.Helper()
	press(t, panel, `document.querySelector("[data-press=desktop]").click()`)
}

// checks are the values of isWeComLogin that the host was told.
func checks(t *testing.T, page context.Context) []bool {
	t.Helper()
	var told []bool
	for _, c := range callsOf(page) {
		if c.Name != "onCheckWeComLogin" {
			continue
		}
		var payload struct{ IsWeComLogin *bool }
		if err := json.Unmarshal(c.Payload, &payload); err != nil || payload.IsWeComLogin == nil {
			t.Fatalf("onCheckWeComLogin got %s", c.Payload)
		}
		told = append(told, *payload.IsWeComLogin)
	}
	return told
}

// told waits until the host was last told this.
func told(t *testing.T, page context.Context, signedIn bool) {
	t.Helper()
	eventually(t, "onCheckWeComLogin", func() bool {
		all := checks(t, page)
		return len(all) > 0 && all[len(all)-1] == signedIn
	})
}

// unasked expects that nothing at all came to the desktop client.
func (d *fakeDesktop) unasked(t *testing.T) {
	t.Helper()
	if came := d.calls(""); len(came) != 0 {
		t.Errorf("the page asked without leave: %+v", came)
	}
}

// aloneWith opens the login link in a window of its own, where a script runs before the page's.
func (w *world) aloneWith(t *testing.T, script string) context.Context {
	t.Helper()
	page := tab(t, w.browser, "about:blank")
	if _, err := chromedp.Call(page, cdppage.AddScriptToEvaluateOnNewDocument,
		cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(page, chromedp.Navigate(loginAddress(wecomLogin, w.panelParams("callback", newState())))); err != nil {
		t.Fatal(err)
	}
	return page
}

// A browser that has granted it for good lets the page look by itself, and only then does it.
func TestDesktopGranted(t *testing.T) {
	w, desktop := newPublicWorld(t)
	w.permit(t, browser.PermissionSettingGranted)
	for name, test := range map[string]struct {
		signedIn, silent bool
		way              string
	}{
		"signed in":      {signedIn: true, way: "found"},
		"signed out":     {way: "offered"},
		"does not reply": {silent: true, way: "offered"},
	} {
		t.Run(name, func(t *testing.T) {
			desktop.answers(func() { desktop.signedIn = test.signedIn })
			if test.silent {
				desktop.holds()
			}
			desktop.forget()
			state := newState()
			page, panel := w.panel(t, "callback", state)
			qr(t, panel)
			told(t, page, test.signedIn)
			shows(t, panel, test.way)
			if all := checks(t, page); len(all) != 1 {
				t.Errorf("the host was told %v", all)
			}
			if len(desktop.calls("")) == 0 {
				t.Error("nobody was asked")
			}
			for _, c := range desktop.calls("/hufu/check") {
				if c.Origin != wecomLogin || !strings.HasPrefix(c.Type, "application/json") || c.Cookie != "" || c.Referer != "" || len(c.Body) != 0 {
					t.Errorf("the check was %+v", c)
				}
			}
			w.quiet(t, state)
		})
	}
}

// Where the browser would ask the person, nothing is sent before the button was pressed, and
// the host knows at once that nobody was found.
func TestDesktopPrompt(t *testing.T) {
	w, desktop := newPublicWorld(t)
	w.permit(t, browser.PermissionSettingPrompt)
	state := newState()
	page, panel := w.panel(t, "callback", state)
	told(t, page, false)
	shows(t, panel, "offered")
	desktop.unasked(t)

	// This browser has nobody to ask, so that it stays a no: as a person who closes the prompt.
	pressDesktop(t, panel)
	shows(t, panel, "absent")
	if !strings.Contains(said(panel), "Allow") {
		t.Errorf("the page says %q", said(panel))
	}
	if live := value[string](panel, `document.getElementById("live").textContent`); live != said(panel) {
		t.Errorf("a screen reader hears %q", live)
	}
	desktop.unasked(t)

	// The permission changes while the page stands there.
	w.permit(t, browser.PermissionSettingGranted)
	shows(t, panel, "found")
	told(t, page, true)
	w.permit(t, browser.PermissionSettingDenied)
	shows(t, panel, "denied")
	told(t, page, false)
	w.permit(t, browser.PermissionSettingPrompt)
	shows(t, panel, "offered")
	if all := checks(t, page); len(all) != 3 {
		t.Errorf("the host was told %v", all)
	}
	w.quiet(t, state)
}

// Denied is said, with what to do about it, and not tried.
func TestDesktopDenied(t *testing.T) {
	w, desktop := newPublicWorld(t)
	closed := func(t *testing.T, page, panel context.Context, state, way, words string) {
		t.Helper()
		shows(t, panel, way)
		pressDesktop(t, panel)
		shows(t, panel, way)
		if !strings.Contains(said(panel), words) {
			t.Errorf("the page says %q", said(panel))
		}
		if off := value[string](panel, `document.querySelector("[data-press=desktop]").getAttribute("aria-disabled")`); off != "true" {
			t.Errorf("the button has aria-disabled %q", off)
		}
		desktop.unasked(t)
		w.quiet(t, state)
	}
	t.Run("by the page around", func(t *testing.T) {
		// A trusted page of the site that does not hand its right on, as the scripts do.
		state := newState()
		page := tab(t, w.browser, w.home+"/evil?"+url.Values{"frame": {loginAddress(wecomLogin, w.panelParams("callback", state))}}.Encode())
		closed(t, page, frame(t, page, state), state, "withheld", "This site")
	})
	w.permit(t, browser.PermissionSettingDenied)
	t.Run("by the person", func(t *testing.T) {
		state := newState()
		page, panel := w.panel(t, "callback", state)
		told(t, page, false)
		closed(t, page, panel, state, "denied", "site settings")
	})
}

// Browsers that know no such permission are not taken for ones that have granted it. Nor does
// a browser that takes its time to ask look like a desktop client that is not there.
func TestDesktopWithoutPermissions(t *testing.T) {
	w, desktop := newPublicWorld(t)
	w.permit(t, browser.PermissionSettingGranted) // what the page sees of it is up to the script
	open := func(t *testing.T, script string) context.Context {
		t.Helper()
		desktop.answers(nil)
		desktop.forget()
		return w.aloneWith(t, script)
	}
	t.Run("an older browser", func(t *testing.T) {
		page := open(t, `Permissions.prototype.query = () => Promise.reject(new TypeError("unknown name"));`)
		shows(t, page, "offered")
		desktop.unasked(t)
		pressDesktop(t, page)
		shows(t, page, "opened")
	})
	t.Run("the older name", func(t *testing.T) {
		page := open(t, `const query = Permissions.prototype.query;
			Permissions.prototype.query = function (what) {
				if (what.name === "loopback-network") return Promise.reject(new TypeError("unknown name"));
				return Promise.resolve(Object.assign(new EventTarget(), { state: what.name === "local-network-access" ? "granted" : "denied" }));
			};`)
		shows(t, page, "found")
	})
	t.Run("a prompt that stands open", func(t *testing.T) {
		page := open(t, `window.permission = Object.assign(new EventTarget(), { state: "prompt" });
			Permissions.prototype.query = () => Promise.resolve(permission);`)
		shows(t, page, "offered")
		desktop.unasked(t)
		// Until the person has answered, no request is.
		desktop.holds()
		began := time.Now()
		pressDesktop(t, page)
		shows(t, page, "asking")
		eventually(t, "time in which a desktop client would have answered", func() bool { return time.Since(began) > 2500*time.Millisecond })
		shows(t, page, "asking")
		value[any](page, `permission.state = "granted", permission.dispatchEvent(new Event("change"))`)
		desktop.answers(nil)
		shows(t, page, "opened")
	})
	t.Run("a prompt that is answered with no", func(t *testing.T) {
		page := open(t, `window.permission = Object.assign(new EventTarget(), { state: "prompt" });
			Permissions.prototype.query = () => Promise.resolve(permission);`)
		shows(t, page, "offered")
		desktop.holds()
		pressDesktop(t, page)
		shows(t, page, "asking")
		value[any](page, `permission.state = "denied", permission.dispatchEvent(new Event("change"))`)
		shows(t, page, "denied")
		desktop.answers(nil)
		desktop.forget()
		pressDesktop(t, page)
		shows(t, page, "denied")
		desktop.unasked(t)
	})
}

// A site that wants no quick login has none, whatever the browser grants.
func TestDesktopSwitchedOff(t *testing.T) {
	w, desktop := newPublicWorld(t)
	w.permit(t, browser.PermissionSettingGranted)
	for _, redirectType := range []string{"absent", "top", "callback", "self"} {
		state := newState()
		params := w.panelParams(redirectType, state)
		params["fast_login"] = "0"
		page := tab(t, w.browser, hostAddress(w.home, published, params))
		panel := frame(t, page, state)
		told(t, page, false)
		qr(t, panel)
		if value[bool](panel, `!!document.querySelector("[data-quick]")`) {
			t.Errorf("%s: the page offers quick login", redirectType)
		}
		// Nor could its script, if somebody made it try.
		tried, err := chromedp.Run(panel, chromedp.Evaluate[string](
			`fetch("http://127.0.0.1:50000/hufu/check", { method: "POST" }).then(() => "answered", (error) => error.name)`, chromedp.EvalAwaitPromise))
		if err != nil || tried != "TypeError" {
			t.Errorf("%s: a request was %s %v", redirectType, tried, err)
		}
		w.quiet(t, state)
	}
	desktop.unasked(t)
}

// The sign-in goes to the desktop client as a key of its own. Where it opens nothing, the page
// says why, and the QR code is as good as before.
func TestDesktopHandOver(t *testing.T) {
	w, desktop := newPublicWorld(t)
	w.permit(t, browser.PermissionSettingGranted)
	for script, address := range scripts() {
		for place, host := range map[string]string{"same": w.home, "sandboxed": otherSite} {
			t.Run(script+"/"+place, func(t *testing.T) {
				desktop.answers(func() { desktop.reason = "" })
				desktop.forget()
				state := newState()
				page := tab(t, w.browser, hostAddress(host, address, w.panelParams("top", state)))
				panel := frame(t, page, state)
				shows(t, panel, "found")
				for reason, words := range map[string]string{
					"busy": "another sign-in", "unreachable": "network", "gone": "Reload", "not_allowed": "visible range", "new word": "network",
				} {
					desktop.answers(func() { desktop.reason = reason })
					pressDesktop(t, panel)
					if reason == "new word" {
						reason = "unreachable"
					}
					shows(t, panel, reason)
					if !strings.Contains(said(panel), words) {
						t.Errorf("%s: the page says %q", reason, said(panel))
					}
				}
				if called(page, "onOpenInWecom") != nil {
					t.Error("the host was told that a desktop client opened it")
				}
				desktop.answers(func() { desktop.reason = "" })
				pressDesktop(t, panel)
				shows(t, panel, "opened")
				eventually(t, "onOpenInWecom", func() bool { return called(page, "onOpenInWecom") != nil })
				if payload := called(page, "onOpenInWecom").Payload; payload != nil {
					t.Errorf("onOpenInWecom got %s", payload)
				}
				keys := map[string]bool{}
				for _, c := range desktop.calls("/hufu/confirm") {
					key := c.Body["client_key"]
					if len(c.Body) != 2 || key == "" || keys[key] || !strings.HasPrefix(c.Body["nonce"], "nonce-") ||
						c.Origin != wecomLogin || !strings.HasPrefix(c.Type, "application/json") || c.Cookie != "" || c.Referer != "" {
						t.Errorf("handed over: %+v", c)
					}
					keys[key] = true
					if value[bool](panel, `document.documentElement.outerHTML.includes("`+key+`")`) {
						t.Error("the client's key stands in the page")
					}
				}
				// What was handed over and not taken can still be scanned.
				w.decide(t, "confirm", qr(t, panel))
				w.isMember(t, w.jumps(t, page, panel, state))
				w.quiet(t, state)
			})
		}
	}
}

// The old pages offer it in a window of their own. Into the frame that their script makes no
// browser lets a desktop client in, so there is no button that would never do anything.
func TestDesktopOnOldPages(t *testing.T) {
	w, desktop := newPublicWorld(t)
	w.permit(t, browser.PermissionSettingGranted)
	state := newState()
	page := tab(t, w.browser, oldHostAddress(w.home, oldScript("1.2.7"), w.oldOptions(state, "is_mobile", true)))
	eventually(t, "old page", func() bool { return strings.HasPrefix(value[string](page, "location.href"), wecomOpen) })
	shows(t, page, "found")
	pressDesktop(t, page)
	shows(t, page, "opened")
	for _, c := range desktop.calls("/hufu/confirm") {
		if c.Origin != wecomOpen || c.Body["client_key"] == "" {
			t.Errorf("handed over: %+v", c)
		}
	}
	desktop.forget()
	state = newState()
	_, panel := w.oldHost(t, w.home, oldScript("1.2.7"), state)
	qr(t, panel)
	if value[bool](panel, `!!document.querySelector("[data-quick]")`) {
		t.Error("the frame offers quick login")
	}
	desktop.unasked(t)
	w.quiet(t, state)
}
