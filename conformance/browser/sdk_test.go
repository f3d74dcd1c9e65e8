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

func decide(t *testing.T, how, qr string) {
	t.Helper()
	if err := world.decide(how, qr); err != nil {
		t.Fatalf("the member could not %s: %v", how, err)
	}
}

// landed waits for the redirect of a state and answers its code.
func landed(t *testing.T, state string) string {
	t.Helper()
	eventually(t, "redirect to the site", func() bool { return world.landing(state) != nil })
	q := world.landing(state)
	if q.Get("kept") != "1" {
		t.Errorf("the redirect lost the query of redirect_uri: %v", q)
	}
	return q.Get("code")
}

// isMember exchanges a code as the site would.
func isMember(t *testing.T, code string) {
	t.Helper()
	who, err := world.exchange(code)
	if err != nil {
		t.Fatalf("exchange: %v", err)
	}
	if who == "" || who != world.env["HUFU_OPEN_USERID"] {
		t.Errorf("the code names %q, not the sample member %q", who, world.env["HUFU_OPEN_USERID"])
	}
}

func quiet(t *testing.T, state string) {
	t.Helper()
	if faults := world.faultsOf(state); faults != "" {
		t.Errorf("the host page reported\n%s", faults)
	}
}

// scripts are the two panel scripts with the same contract: the published one,
// unmodified, and ours from the platform's own host.
func scripts() map[string]string {
	return map[string]string{"published": "/sdk.js", "ours": wecomLogin + "/wwlogin/panel.js"}
}

// A member signs in to a site through a panel, in every redirect type, in the
// site's own page and in a page of another trusted origin.
func TestPanelSignsIn(t *testing.T) {
	for script, address := range scripts() {
		for _, test := range []struct {
			redirectType string
			host         string
			how          func(t *testing.T, page, panel context.Context, state string) (code string)
		}{
			{"absent", "same", jumps},
			{"top", "same", jumps},
			{"callback", "same", callsBack},
			{"self", "same", staysInFrame},
			{"absent", "other", jumpsAfterClickUnlessOurs(script)},
			{"top", "other", jumps},
			{"self", "other", staysInFrame},
		} {
			t.Run(script+"/"+test.redirectType+"/"+test.host, func(t *testing.T) {
				state := newState()
				origin := map[string]string{"same": world.home, "other": otherSite}[test.host]
				page := tab(t, world.browser, hostAddress(origin, address, panelParams(test.redirectType, state)))
				panel := frame(t, page, state)
				decide(t, "confirm", qr(t, panel))
				isMember(t, test.how(t, page, panel, state))
				quiet(t, state)
			})
		}
	}
}

// jumps: the top window goes to the site by itself.
func jumps(t *testing.T, page, _ context.Context, state string) string {
	code := landed(t, state)
	eventually(t, "top window at the site", func() bool {
		at := value[string](page, "location.href")
		return strings.HasPrefix(at, world.home+"/landed?") && strings.HasSuffix(at, "#/route")
	})
	return code
}

// jumpsAfterClickUnlessOurs: the published script leaves a panel without
// redirect_type unsandboxed, so a browser blocks the jump to another origin until
// the person clicks. Ours treats an absent value as the "top" it means.
func jumpsAfterClickUnlessOurs(script string) func(*testing.T, context.Context, context.Context, string) string {
	if script == "ours" {
		return jumps
	}
	return func(t *testing.T, page, panel context.Context, state string) string {
		eventually(t, "continue link", func() bool { return stateOf(panel) == "blocked" })
		if world.landing(state) != nil {
			t.Error("the browser jumped although it was expected to block")
		}
		press(t, panel, `document.querySelector("[data-for=blocked] a").click()`)
		return jumps(t, page, panel, state)
	}
}

// callsBack: nothing navigates, the host's function has the code.
func callsBack(t *testing.T, page, panel context.Context, state string) string {
	var success *hostCall
	eventually(t, "onLoginSuccess", func() bool { success = called(page, "onLoginSuccess"); return success != nil })
	var payload struct {
		Code, State, AppID string
		ExpiresIn          int `json:"expires_in"`
	}
	if err := json.Unmarshal(success.Payload, &payload); err != nil {
		t.Fatal(err)
	}
	if payload.State != state || payload.AppID != world.env["HUFU_LOGIN_SUITE_ID"] {
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
	if got := strings.Join(names, " "); !strings.HasPrefix(got, "onCheckWeComLogin onReady") || strings.Count(got, "onLoginSuccess") != 1 {
		t.Errorf("the host was called %s", got)
	}
	if world.landing(state) != nil {
		t.Error("a callback panel navigated")
	}
	return payload.Code
}

// staysInFrame: the frame itself goes to the site.
func staysInFrame(t *testing.T, page, _ context.Context, state string) string {
	code := landed(t, state)
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
	for script, address := range scripts() {
		t.Run(script, func(t *testing.T) {
			state := newState()
			page := tab(t, world.browser, hostAddress(otherSite, address, panelParams("callback", state)))
			eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
			fail := string(called(page, "onLoginFail").Payload)
			if !strings.Contains(fail, "-31092") || !strings.Contains(fail, otherSite) || !strings.Contains(fail, world.home) {
				t.Errorf("onLoginFail got %s", fail)
			}
			panel := frame(t, page, state)
			if got := stateOf(panel); got != "untrusted" {
				t.Errorf("the panel is %s", got)
			}
			quiet(t, state)
		})
	}
}

// What the member refuses is a failure of its own, and no code exists.
func TestPanelRefused(t *testing.T) {
	state := newState()
	page := tab(t, world.browser, hostAddress(world.home, "/sdk.js", panelParams("callback", state)))
	panel := frame(t, page, state)
	decide(t, "refuse", qr(t, panel))
	eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
	if fail := string(called(page, "onLoginFail").Payload); !strings.Contains(fail, "-31090") {
		t.Errorf("onLoginFail got %s", fail)
	}
	if called(page, "onCancel") == nil || called(page, "onLoginSuccess") != nil {
		t.Errorf("calls: %v", callsOf(page))
	}
	eventually(t, "refused state", func() bool { return stateOf(panel) == "refused" })
	quiet(t, state)
}

// A panel with a wrong parameter says what is wrong, in words and to the host.
func TestPanelError(t *testing.T) {
	for name, test := range map[string]struct{ param, value, code, words string }{
		"appid":        {"appid", "ww0000000000000000", "-31027", "ww0000000000000000"},
		"domain":       {"redirect_uri", "https://elsewhere.example/x", "-31020", "https://elsewhere.example/x"},
		"login_type":   {"login_type", "Other", "-31040", "Other"},
		"redirect_uri": {"redirect_uri", "", "-31035", "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			state := newState()
			params := panelParams("callback", state)
			params[test.param] = test.value
			page := tab(t, world.browser, hostAddress(world.home, "/sdk.js", params))
			eventually(t, "onLoginFail", func() bool { return called(page, "onLoginFail") != nil })
			if fail := string(called(page, "onLoginFail").Payload); !strings.Contains(fail, test.code) {
				t.Errorf("onLoginFail got %s", fail)
			}
			if text := value[string](frame(t, page, state), "document.body.innerText"); !strings.Contains(text, test.words) || !strings.Contains(text, test.code) {
				t.Errorf("the panel says\n%s", text)
			}
			quiet(t, state)
		})
	}
}
