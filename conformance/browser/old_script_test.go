package browser

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// ourWwLogin is our own script with the contract of 1.2.7, under an address of the platform
// and under that of WeCom's CDN.
const ourWwLogin = wecomOpen + "/wwopen/wwLogin.js"

// oldGenerations are the scripts, by their version.
func oldGenerations() map[string]string {
	all := map[string]string{"ours": ourWwLogin}
	for _, version := range []string{"1.0.0", "1.2.4", "1.2.7"} {
		all[version] = oldScript(version)
	}
	return all
}

// oldOptions are those of a host of the old script, for the sample company's own app; more
// is names and values in turn.
func (w *world) oldOptions(state string, more ...any) map[string]any {
	options := map[string]any{
		"appid": w.Env["HUFU_CORPID"], "agentid": w.Env["HUFU_AGENTID"],
		// As the documents want it: encoded by the caller, for the script encodes nothing.
		"redirect_uri": url.QueryEscape(w.home + "/landed?kept=1#/route"),
		"state":        state, "lang": "en",
	}
	for i := 0; i+1 < len(more); i += 2 {
		options[more[i].(string)] = more[i+1]
	}
	return options
}

// oldHost opens a host page of the old script at an origin and answers both.
func (w *world) oldHost(t *testing.T, origin, script, state string, more ...any) (page, panel context.Context) {
	t.Helper()
	page = tab(t, w.browser, oldHostAddress(origin, script, w.oldOptions(state, more...)))
	return page, frame(t, page, state)
}

// isCorpMember exchanges a corp app's code as the site would and expects the sample member.
func (w *world) isCorpMember(t *testing.T, code string) {
	t.Helper()
	who := sandbox.Send(t, "GET", w.API("/cgi-bin/user/getuserinfo", url.Values{"access_token": {w.CorpToken()}, "code": {code}}), nil).Fields(t)
	if who["errcode"] != 0.0 || who["UserId"] != w.Env["HUFU_MEMBER"] {
		t.Errorf("the code names %v, not the sample member", who)
	}
}

// answered expects that the host was told once, by the page, and told where it went: the whole
// address as a bare text.
func (w *world) answered(t *testing.T, state string) {
	t.Helper()
	eventually(t, "message to the host", func() bool { return len(w.heardBy(state)) > 0 })
	heard := w.heardBy(state)
	want := wecomOpen + " " + w.home + "/landed?kept=1&"
	if len(heard) != 1 || !strings.HasPrefix(heard[0], want) || !strings.Contains(heard[0], "state="+state) || !strings.HasSuffix(heard[0], "#/route") {
		t.Errorf("the host heard %q; want one that begins with %q", heard, want)
	}
}

// Each generation of the script signs a member in: the page answers with the address, and the
// host goes there.
func TestOldScriptsSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for version, script := range oldGenerations() {
		for name, more := range map[string][]any{
			"plain":               nil,
			"self_redirect false": {"self_redirect", false},
			"tww":                 {"business_type", "tww"},
			"native":              {"business_type", "native"},
		} {
			if version == "1.0.0" && more != nil {
				continue // it knows neither option
			}
			t.Run(version+"/"+name, func(t *testing.T) {
				state := newState()
				page, panel := w.oldHost(t, w.home, script, state, more...)
				w.decide(t, "confirm", qr(t, panel))
				code := w.jumps(t, page, panel, state)
				w.answered(t, state)
				if appid := w.landing(state).Get("appid"); appid != w.Env["HUFU_CORPID"] {
					t.Errorf("the callback's appid is %q", appid)
				}
				w.isCorpMember(t, code)
				w.quiet(t, state)
			})
		}
	}
}

// With self_redirect the frame itself goes on, and the host is told nothing.
func TestOldScriptRedirectsItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for version, script := range oldGenerations() {
		if version == "1.0.0" {
			continue
		}
		t.Run(version, func(t *testing.T) {
			state := newState()
			page, panel := w.oldHost(t, w.home, script, state, "self_redirect", true)
			w.decide(t, "confirm", qr(t, panel))
			code := w.landed(t, state)
			if at := value[string](page, "location.pathname"); at != "/old" {
				t.Errorf("the top window went to %s", at)
			}
			if heard := w.heardBy(state); len(heard) != 0 {
				t.Errorf("the host heard %q", heard)
			}
			w.isCorpMember(t, code)
			w.quiet(t, state)
		})
	}
}

// On a phone the script puts no frame into the page but goes to the old page itself.
func TestOldScriptOnAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, version := range []string{"1.2.4", "1.2.7"} {
		t.Run(version, func(t *testing.T) {
			state := newState()
			page := tab(t, w.browser, oldHostAddress(w.home, oldScript(version), w.oldOptions(state, "is_mobile", true)))
			eventually(t, "old page", func() bool {
				return strings.HasPrefix(value[string](page, "location.href"), wecomOpen+"/wwopen/sso/qrConnect")
			})
			w.decide(t, "confirm", qr(t, page))
			w.isCorpMember(t, w.jumps(t, page, nil, state))
		})
	}
}

// The old script has no word for a refusal: in its frame the page says so and stays. In a window
// of its own it sends the browser back with the state and no code.
func TestOldScriptRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for version, script := range oldGenerations() {
		t.Run(version, func(t *testing.T) {
			state := newState()
			_, panel := w.oldHost(t, w.home, script, state)
			w.decide(t, "refuse", qr(t, panel))
			eventually(t, "refused state", func() bool { return stateOf(panel) == "refused" })
			if heard := w.heardBy(state); len(heard) != 0 || w.landing(state) != nil {
				t.Errorf("the host heard %q, the site was sent %v", heard, w.landing(state))
			}
			w.quiet(t, state)
		})
	}
	state := newState()
	page := tab(t, w.browser, oldHostAddress(w.home, oldScript("1.2.7"), w.oldOptions(state, "is_mobile", true)))
	eventually(t, "old page", func() bool { return strings.HasPrefix(value[string](page, "location.href"), wecomOpen) })
	w.decide(t, "refuse", qr(t, page))
	if code := w.jumps(t, page, nil, state); code != "" {
		t.Errorf("a refusal came with the code %s", code)
	}
}

// A style sheet of the site dresses the page, by the class names that sheets of the field use,
// and can send nothing out.
func TestOldScriptStyles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, href := range map[string]string{
		"data":  "data:text/css;base64," + base64.StdEncoding.EncodeToString([]byte(w.styles())),
		"https": otherSite + "/styles.css",
	} {
		t.Run(name, func(t *testing.T) {
			state := newState()
			page, panel := w.oldHost(t, w.home, oldScript("1.2.7"), state, "href", href)
			qr(t, panel)
			for _, class := range []string{".impowerBox .qrcode", ".impowerBox .title", ".impowerBox .info", ".impowerBox .status"} {
				if !value[bool](panel, fmt.Sprintf("document.querySelector(%q) !== null", class)) {
					t.Errorf("the page has no %s", class)
				}
			}
			eventually(t, "style of the site", func() bool {
				return value[string](panel, `getComputedStyle(document.querySelector(".impowerBox .info")).color`) == "rgb(1, 2, 3)"
			})
			if display := value[string](panel, `getComputedStyle(document.querySelector(".impowerBox .title")).display`); display != "none" {
				t.Errorf("the title is shown: %s", display)
			}
			w.decide(t, "confirm", qr(t, panel))
			w.isCorpMember(t, w.jumps(t, page, panel, state))
			if sent := w.leaked(); sent != "" {
				t.Errorf("the style sheet sent %s", sent)
			}
		})
	}
	// The test above can fail: in a page without a policy the same sheet sends.
	page := tab(t, w.browser, w.home+"/landed")
	press(t, page, `document.body.insertAdjacentHTML("beforeend", "<div class=impowerBox><p class=info>x"), document.head.insertAdjacentHTML("beforeend", "<link rel=stylesheet href=/styles.css>")`)
	eventually(t, "leak", func() bool { return strings.Contains(w.leaked(), "image") })
}

// A style sheet of anybody cannot dress the page where nobody frames it, and one that is no
// style sheet is left out.
func TestOldScriptStylesRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sheet := base64.StdEncoding.EncodeToString([]byte(".impowerBox .info { color: rgb(1, 2, 3) }"))
	colour := `getComputedStyle(document.querySelector(".impowerBox .info")).color`
	for name, href := range map[string]string{
		"http":       "http://" + strings.TrimPrefix(w.home, "http://") + "/styles.css",
		"javascript": "javascript:alert(1)",
		"data html":  "data:text/html;base64," + sheet,
		"a policy":   otherSite + "/styles.css; script-src *",
	} {
		t.Run(name, func(t *testing.T) {
			_, panel := w.oldHost(t, w.home, oldScript("1.2.7"), newState(), "href", url.QueryEscape(href))
			qr(t, panel)
			if got := value[string](panel, colour); got == "rgb(1, 2, 3)" {
				t.Error("the style sheet was taken")
			}
		})
	}
	page := tab(t, w.browser, w.home+"/landed")
	press(t, page, fmt.Sprintf("location.href = %q", wecomOpen+"/wwopen/sso/qrConnect?appid="+w.Env["HUFU_CORPID"]+"&agentid="+w.Env["HUFU_AGENTID"]+
		"&redirect_uri="+url.QueryEscape(w.home+"/landed")+"&state="+newState()+"&href=data:text/css;base64,"+sheet))
	eventually(t, "old page", func() bool { return strings.HasPrefix(value[string](page, "location.href"), wecomOpen) })
	qr(t, page)
	if got := value[string](page, colour); got == "rgb(1, 2, 3)" {
		t.Error("a link dresses the page up")
	}
}

// Abuse case 10: whoever asks twice is answered once, a frame that is not the parent is not
// answered, nor a parent on another origin than redirect_uri's, trusted or not.
func TestOldScriptAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := `document.querySelector("iframe").contentWindow.postMessage("ask_usePostMessage", "*")`
	t.Run("twice", func(t *testing.T) {
		state := newState()
		page, panel := w.oldHost(t, w.home, oldScript("1.0.0"), state)
		address := qr(t, panel)
		for range 3 {
			press(t, page, ask)
		}
		w.decide(t, "confirm", address)
		w.isCorpMember(t, w.jumps(t, page, panel, state))
		w.answered(t, state)
	})
	t.Run("by a sibling", func(t *testing.T) {
		// The host does not ask: its own load event is taken away. A second frame asks the first.
		state := newState()
		query := url.Values{}
		for name, v := range w.oldOptions(state) {
			if text, ok := v.(string); ok {
				query.Set(name, text)
			}
		}
		query.Set("redirect_uri", w.home+"/landed?kept=1#/route")
		framed := wecomOpen + "/wwopen/sso/qrConnect?" + query.Encode() + "&login_type=jssdk"
		page := tab(t, w.browser, w.home+"/evil?"+url.Values{"frame": {framed}}.Encode())
		panel := frame(t, page, state)
		address := qr(t, panel)
		press(t, page, `(() => { const f = document.createElement("iframe"); f.src = "/evil?frame=about:blank"; f.id = "sibling"; document.body.append(f); })()`)
		eventually(t, "sibling", func() bool {
			return value[bool](page, `document.getElementById("sibling").contentDocument?.readyState === "complete"`)
		})
		press(t, page, `document.getElementById("sibling").contentWindow.eval('parent.frames[0].postMessage("ask_usePostMessage", "*")')`)
		w.decide(t, "confirm", address)
		// Nobody was answered: the frame moves the top window itself, which is the site's own.
		w.isCorpMember(t, w.jumps(t, page, panel, state))
	})
	t.Run("by another trusted origin", func(t *testing.T) {
		for version, script := range oldGenerations() {
			state := newState()
			page, panel := w.oldHost(t, otherSite, script, state)
			w.decide(t, "confirm", qr(t, panel))
			w.landedOrBlocked(t, page, panel, state)
			if heard := w.heardBy(state); len(heard) != 0 {
				t.Errorf("%s: the host heard %q", version, heard)
			}
		}
	})
}

// landedOrBlocked: without an answer to the host the page goes to the site itself, by a click
// where the browser wants one.
func (w *world) landedOrBlocked(t *testing.T, page, panel context.Context, state string) {
	t.Helper()
	eventually(t, "redirect or continue link", func() bool { return w.landing(state) != nil || stateOf(panel) == "blocked" })
	if w.landing(state) == nil {
		press(t, panel, `document.querySelector("[data-for=blocked] a").click()`)
	}
	w.isCorpMember(t, w.jumps(t, page, panel, state))
}

// A stranger's page shows no QR code of another site, and hears nothing.
func TestOldScriptInAStrangersPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for version, script := range oldGenerations() {
		t.Run(version, func(t *testing.T) {
			state := newState()
			page := tab(t, w.browser, oldHostAddress(evilSite, script, w.oldOptions(state)))
			eventually(t, "frame", func() bool { return value[bool](page, `document.querySelector("iframe") !== null`) })
			eventually(t, "end of the load", func() bool { return len(frames(t, page)) > 0 })
			for _, f := range frames(t, page) {
				if value[bool](f, `!!document.querySelector("#qr")`) && stateOf(f) == "waiting" {
					t.Error("a stranger's page shows the QR code of another site")
				}
			}
			if heard := w.heardBy(state); len(heard) != 0 {
				t.Errorf("a stranger heard %q", heard)
			}
		})
	}
}

// The provider's old page is opened by a link on the site, and its code is worth something at
// get_login_info alone. Typed, or followed on a stranger's page, it says why it does not open.
func TestOldProviderLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := func(state, usertype string) string {
		return wecomOpen + "/wwopen/sso/3rd_qrConnect?" + url.Values{"appid": {w.Env["HUFU_PROVIDER_CORPID"]},
			"redirect_uri": {w.home + "/landed?kept=1#/route"}, "state": {state}, "usertype": {usertype}, "lang": {"en"}}.Encode()
	}
	follow := func(t *testing.T, origin, link string) context.Context {
		t.Helper()
		page := tab(t, w.browser, origin+"/landed")
		press(t, page, fmt.Sprintf(`(() => { const a = document.createElement("a"); a.href = %q; document.body.append(a); a.click(); })()`, link))
		eventually(t, "old page", func() bool { return strings.HasPrefix(value[string](page, "location.href"), wecomOpen) })
		return page
	}
	token := sandbox.Send(t, "POST", w.API("/cgi-bin/service/get_provider_token", nil), map[string]string{
		"corpid": w.Env["HUFU_PROVIDER_CORPID"], "provider_secret": w.Env["HUFU_PROVIDER_SECRET"]}).Fields(t)["provider_access_token"].(string)
	info := func(code string) map[string]any {
		return sandbox.Send(t, "POST", w.API("/cgi-bin/service/get_login_info", url.Values{"access_token": {token}}), map[string]string{"auth_code": code}).Fields(t)
	}
	for _, test := range []struct {
		usertype, member string
		want             float64
	}{{"member", w.Env["HUFU_MEMBER"], 5}, {"admin", w.Env["HUFU_ADMIN"], 2}} {
		t.Run(test.usertype, func(t *testing.T) {
			state := newState()
			page := follow(t, w.home, link(state, test.usertype))
			a := w.Control("POST", "/confirm", map[string]string{"qr": qr(t, page), "member": w.Env["HUFU_CORPID"] + "/" + test.member})
			if a.Status != http.StatusOK {
				t.Fatalf("confirm: %d %s", a.Status, a.Body)
			}
			if code := w.jumps(t, page, nil, state); code != "" {
				t.Errorf("the callback has a code beside auth_code: %s", code)
			}
			q := w.landing(state)
			if q.Get("expires_in") == "" || q.Get("appid") != w.Env["HUFU_PROVIDER_CORPID"] {
				t.Errorf("the callback is %v", q)
			}
			if who := sandbox.Send(t, "GET", w.API("/cgi-bin/service/auth/getuserinfo3rd",
				url.Values{"suite_access_token": {w.SuiteToken()}, "code": {q.Get("auth_code")}}), nil).Fields(t); who["errcode"] != 40029.0 {
				t.Errorf("getuserinfo3rd takes the old code: %v", who)
			}
			if who := info(q.Get("auth_code")); who["errcode"] != 0.0 || who["usertype"] != test.want {
				t.Errorf("get_login_info: %v", who)
			}
			if who := info(q.Get("auth_code")); who["errcode"] != 40029.0 {
				t.Errorf("the code once more: %v", who)
			}
		})
	}
	for name, open := range map[string]func() context.Context{
		"typed":      func() context.Context { return tab(t, w.browser, link(newState(), "member")) },
		"a stranger": func() context.Context { return follow(t, evilSite, link(newState(), "member")) },
	} {
		page := open()
		eventually(t, "reason", func() bool { return strings.Contains(value[string](page, "document.body.innerText"), "31033") })
		if value[bool](page, `document.querySelector("#qr") !== null`) {
			t.Errorf("%s: there is a QR code", name)
		}
	}
}
