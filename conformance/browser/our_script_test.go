package browser

import (
	"net/url"
	"strings"
	"testing"
)

// Our script takes its answer from its own frame alone, builds the same address from values that
// come encoded and plain, and says what is wrong with its options.
func TestOurWwLogin(t *testing.T) {
	w := newWorld(t)
	t.Run("strangers' answers", func(t *testing.T) {
		state := newState()
		page, panel := w.oldHost(t, w.home, ourWwLogin, state)
		qr(t, panel)
		evil := evilSite + "/landed?code=stolen&state=" + state
		press(t, page, `window.postMessage("`+evil+`", "*")`)
		// Another window of the right origin, and the right window with what is no address.
		press(t, page, `window.dispatchEvent(new MessageEvent("message", { origin: "`+wecomOpen+`", source: window, data: "`+evil+`" }))`)
		for _, data := range []string{`"javascript:void(document.title = 'ran')"`, `"httpx://evil"`, `{ type: "http" }`, `["http://evil.example/"]`, `null`} {
			press(t, page, `window.dispatchEvent(new MessageEvent("message", { origin: "`+wecomOpen+`", source: made.frame.contentWindow, data: `+data+` }))`)
		}
		press(t, page, `window.dispatchEvent(new MessageEvent("message", { origin: "`+evilSite+`", source: made.frame.contentWindow, data: "`+evil+`" }))`)
		if title := value[string](page, "document.title"); title != "old host" {
			t.Errorf("the host ran a message: %s", title)
		}
		w.decide(t, "confirm", qr(t, panel))
		w.isCorpMember(t, w.jumps(t, page, panel, state))
		if w.landing(state).Get("code") == "stolen" {
			t.Error("the host went where a stranger sent it")
		}
	})
	t.Run("destroyed", func(t *testing.T) {
		state := newState()
		page, panel := w.oldHost(t, w.home, ourWwLogin, state)
		address := qr(t, panel)
		press(t, page, `made.destroyed()`)
		w.decide(t, "confirm", address)
		eventually(t, "continue link", func() bool { return stateOf(panel) == "blocked" })
		if at := value[string](page, "location.pathname"); at != "/old" {
			t.Errorf("the host went to %s", at)
		}
	})
	t.Run("options", func(t *testing.T) {
		state := newState()
		page, panel := w.oldHost(t, w.home, ourWwLogin, state)
		qr(t, panel)
		made := func(options string) string {
			return value[string](page, `(() => { const box = document.createElement("div"); box.id = "another"; box.textContent = "x"; document.body.append(box);
				try { const one = new WwLogin({ id: "another", appid: "a", agentid: 1, `+options+` }); one.destroyed();
					return [box.children.length, one.frame.width, one.frame.height, one.frame.src].join(" "); }
				catch (error) { return error.message } finally { box.remove() } })()`)
		}
		plain, encoded := made(`redirect_uri: "https://a.example/?x=1&y=%20#z", state: "a b&c"`), made(`redirect_uri: "https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D%2520%23z", state: "a%20b%26c"`)
		want := "1 300px 400px " + wecomOpen + "/wwopen/sso/qrConnect?appid=a&agentid=1&redirect_uri=" + strings.ReplaceAll(url.QueryEscape("https://a.example/?x=1&y=%20#z"), "+", "%20") +
			"&state=a%20b%26c&version=1.2.7&login_type=jssdk"
		if plain != want || encoded != want {
			t.Errorf("the address is\n%s\n%s\n%s", plain, encoded, want)
		}
		for options, want := range map[string]string{
			`business_type: "other"`:              "Argument business_type not match. Current version is 1.2.7.",
			`business_type: "constructor"`:        "Argument business_type not match. Current version is 1.2.7.",
			`id: "nobody"`:                        "WwLogin: there is no element with the id nobody.",
			`business_type: "twxg", lang: "en"`:   "1 300px 400px " + wecomOpen + "/login/wwLogin/sso/qrConnect?appid=a&agentid=1&business_type=twxg&lang=en&version=1.2.7&login_type=jssdk",
			`state: undefined, href: null, x: {}`: "1 300px 400px " + wecomOpen + "/wwopen/sso/qrConnect?appid=a&agentid=1&version=1.2.7&login_type=jssdk",
		} {
			if got := made(options); got != want {
				t.Errorf("%s: %s", options, got)
			}
		}
	})
}
