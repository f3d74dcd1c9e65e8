package browser

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// hostCall is what a host page's callback was called with.
type hostCall struct {
	Name    string
	Payload json.RawMessage
}

func callsOf(page context.Context) []hostCall { return value[[]hostCall](page, "calls") }

func called(page context.Context, name string) *hostCall {
	for _, c := range callsOf(page) {
		if c.Name == name {
			return &c
		}
	}
	return nil
}

// qr waits for the panel's QR and reads it.
func qr(t *testing.T, panel context.Context) string {
	t.Helper()
	var address string
	eventually(t, "QR code", func() bool {
		address = value[string](panel, `document.querySelector("#open").href`)
		return address != ""
	})
	return address
}

// landed waits for the redirect of a state and answers its code.
func (w *world) landed(t *testing.T, state string) string {
	t.Helper()
	eventually(t, "redirect to the site", func() bool { return w.landing(state) != nil })
	q := w.landing(state)
	if q.Get("kept") != "1" {
		t.Errorf("the redirect lost the query of redirect_uri: %v", q)
	}
	return q.Get("code")
}

// quiet expects that the host page of a state saw no error and no unhandled
// rejection.
func (w *world) quiet(t *testing.T, state string) {
	t.Helper()
	if faults := w.faultsOf(state); faults != "" {
		t.Errorf("the host page reported\n%s", faults)
	}
}

// scripts are the two panel scripts by name.
func scripts() map[string]string { return map[string]string{"published": published, "ours": ours} }

// A member signs in to a site through a panel, in every redirect type, in the
// site's own page and in a page of another trusted origin.
func TestPanelSignsIn(t *testing.T) {
	w := newWorld(t)
	for script, address := range scripts() {
		for _, test := range []struct {
			redirectType, host string
			how                func(t *testing.T, page, panel context.Context, state string) (code string)
		}{
			{"absent", w.home, w.jumps},
			{"top", w.home, w.jumps},
			{"callback", w.home, w.callsBack},
			{"self", w.home, w.staysInFrame},
			{"absent", otherSite, w.jumpsUnlessBlocked(address)},
			{"top", otherSite, w.jumps},
			{"self", otherSite, w.staysInFrame},
		} {
			place := "same"
			if test.host == otherSite {
				place = "other"
			}
			t.Run(script+"/"+test.redirectType+"/"+place, func(t *testing.T) {
				state := newState()
				page := tab(t, w.browser, hostAddress(test.host, address, w.panelParams(test.redirectType, state)))
				panel := frame(t, page, state)
				w.decide(t, "confirm", qr(t, panel))
				w.isMember(t, test.how(t, page, panel, state))
				w.quiet(t, state)
			})
		}
	}
}

// jumps: the top window goes to the site by itself.
func (w *world) jumps(t *testing.T, page, _ context.Context, state string) string {
	code := w.landed(t, state)
	eventually(t, "top window at the site", func() bool {
		at := value[string](page, "location.href")
		return strings.HasPrefix(at, w.home+"/landed?") && strings.HasSuffix(at, "#/route")
	})
	return code
}

// jumpsUnlessBlocked: the published script leaves a panel without
// redirect_type unsandboxed, so a browser blocks the jump to another origin until
// the person clicks. Ours treats an absent value as the "top" it means.
func (w *world) jumpsUnlessBlocked(script string) func(*testing.T, context.Context, context.Context, string) string {
	if script == ours {
		return w.jumps
	}
	return func(t *testing.T, page, panel context.Context, state string) string {
		eventually(t, "continue link", func() bool { return stateOf(panel) == "blocked" })
		if w.landing(state) != nil {
			t.Error("the browser jumped although it was expected to block")
		}
		press(t, panel, `document.querySelector("[data-for=blocked] a").click()`)
		return w.jumps(t, page, panel, state)
	}
}

// callsBack: nothing navigates, the host's function has the code.
func (w *world) callsBack(t *testing.T, page, panel context.Context, state string) string {
	var success *hostCall
	eventually(t, "onLoginSuccess", func() bool { success = called(page, "onLoginSuccess"); return success != nil })
	var payload struct {
		Code, State, AppID string
		ExpiresIn          int `json:"expires_in"`
	}
	if err := json.Unmarshal(success.Payload, &payload); err != nil {
		t.Fatal(err)
	}
	if payload.State != state || payload.AppID != w.Env["HUFU_LOGIN_SUITE_ID"] {
		t.Errorf("onLoginSuccess has state %q and appid %q", payload.State, payload.AppID)
	}
	if payload.ExpiresIn < 200 || payload.ExpiresIn > 300 {
		t.Errorf("onLoginSuccess says that the code lives %d s", payload.ExpiresIn)
	}
	eventually(t, "done state", func() bool { return stateOf(panel) == "done" })
	var names []string
	for _, c := range callsOf(page) {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, " "); !strings.HasPrefix(got, "onReady onCheckWeComLogin") || strings.Count(got, "onLoginSuccess") != 1 {
		t.Errorf("the host was called %s", got)
	}
	if w.landing(state) != nil {
		t.Error("a callback panel navigated")
	}
	return payload.Code
}

// staysInFrame: the frame itself goes to the site.
func (w *world) staysInFrame(t *testing.T, page, _ context.Context, state string) string {
	code := w.landed(t, state)
	if at := value[string](page, "location.pathname"); at != "/host" {
		t.Errorf("the top window went to %s", at)
	}
	return code
}

func stateOf(panel context.Context) string {
	return value[string](panel, `document.querySelector("main").dataset.state`)
}

// A host on another origin than redirect_uri can never be given a code by
// message. It is told so at once, and so is its developer.
func TestCallbackOnAnotherOrigin(t *testing.T) {
	w := newWorld(t)
	for script, address := range scripts() {
		t.Run(script, func(t *testing.T) {
			state := newState()
			page := tab(t, w.browser, hostAddress(otherSite, address, w.panelParams("callback", state)))
			eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
			fail := string(called(page, "onLoginFail").Payload)
			if !strings.Contains(fail, "-31033") || !strings.Contains(fail, otherSite) || !strings.Contains(fail, w.home) {
				t.Errorf("onLoginFail got %s", fail)
			}
			panel := frame(t, page, state)
			if got := stateOf(panel); got != "untrusted" {
				t.Errorf("the panel is %s", got)
			}
			w.quiet(t, state)
		})
	}
}

// What the member refuses is a failure of its own, and no code exists.
func TestPanelRefused(t *testing.T) {
	w := newWorld(t)
	state := newState()
	page, panel := w.panel(t, "callback", state)
	w.decide(t, "refuse", qr(t, panel))
	eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
	if fail := string(called(page, "onLoginFail").Payload); !strings.Contains(fail, "-31090") {
		t.Errorf("onLoginFail got %s", fail)
	}
	if called(page, "onCancel") == nil || called(page, "onLoginSuccess") != nil {
		t.Errorf("calls: %v", callsOf(page))
	}
	eventually(t, "refused state", func() bool { return stateOf(panel) == "refused" })
	w.quiet(t, state)
}

// A panel with a wrong parameter says what is wrong, in words and to the host.
func TestPanelError(t *testing.T) {
	w := newWorld(t)
	for name, test := range map[string]struct{ param, value, code, words string }{
		"appid":        {"appid", "ww0000000000000000", "-31027", "ww0000000000000000"},
		"domain":       {"redirect_uri", "https://elsewhere.example/x", "-31020", "https://elsewhere.example/x"},
		"login_type":   {"login_type", "Other", "-31040", "Other"},
		"redirect_uri": {"redirect_uri", "", "-31035", "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			state := newState()
			params := w.panelParams("callback", state)
			params[test.param] = test.value
			page := tab(t, w.browser, hostAddress(w.home, published, params))
			eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
			if fail := string(called(page, "onLoginFail").Payload); !strings.Contains(fail, test.code) {
				t.Errorf("onLoginFail got %s", fail)
			}
			if text := value[string](frame(t, page, state), "document.body.innerText"); !strings.Contains(text, test.words) || !strings.Contains(text, test.code) {
				t.Errorf("the panel says\n%s", text)
			}
			w.quiet(t, state)
		})
	}
}
