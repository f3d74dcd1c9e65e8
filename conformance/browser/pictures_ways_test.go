package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestPicturesWays goes the ways of two guides, quick login with the real desktop client and an
// app that asks for details inside the client, in both languages, and takes the guides'
// pictures on the way: into the folder that HUFU_PICTURES names, or nowhere.
func TestPicturesWays(t *testing.T) {
	sandbox.Needs(t, "chromium")
	dir := os.Getenv("HUFU_PICTURES")
	args := []string{"--port", "8790", "--site-port", "8791", "--control-port", "8792"} // as a reader will see
	if dir == "" {
		dir, args = t.TempDir(), nil
	}
	nowhere := "127.0.0.1:" + sandbox.FreePorts(t, 1)[0]
	w := &world{Demo: sandbox.Start(t, sandbox.Options{Args: args}), browser: startChromium(t, nowhere, nowhere)}
	for _, lang := range []string{"zh", "en"} {
		t.Run(lang, func(t *testing.T) {
			desktop := w.startDesktop(t, "--terminal", "--quiet")
			shown := desktop.says("/q/", "显示为")
			w.enrol(t, w.Env["HUFU_LOGIN"]+shown[strings.Index(shown, "/q/"):strings.Index(shown, "/q/")+25], sampleMember, func() string {
				said := desktop.says("在手机上输入这个数字  ", "如果不是你在扫码")
				_, number, _ := strings.Cut(said, "在手机上输入这个数字  ")
				return number[:2]
			})
			desktop.says("这台电脑已登录")
			desktop.End()
			// The same device, now with windows in the language of the picture.
			desktop = w.runDesktop(t, desktop.dir, "--no-open", "--lang", lang)

			site := tab(t, w.browser, w.Env["HUFU_SITE"]+"/?lang="+lang)
			looks(t, site, emulation.SetDeviceMetricsOverrideParams{Width: 1120, Height: 720, DeviceScaleFactor: 1})
			press(t, site, `document.querySelector("a.primary").click()`)
			eventually(t, "button of quick login", func() bool {
				return value[bool](site, `document.querySelector("[data-quick]") !== null`) && quick(site) == "offered"
			})
			pressDesktop(t, site)
			window := desktop.asks(t, w, site)
			looks(t, window, emulation.SetDeviceMetricsOverrideParams{Width: 520, Height: 760, DeviceScaleFactor: 1})
			number := numberOf(t, site)
			press(t, window, `document.querySelector("#number").value = "`+number+`"`)
			picture(t, window, filepath.Join(dir, "desktop."+lang+".png"))
			answer(t, window, number, "confirm")
			front(t, site)
			eventually(t, "page that says who signed in", func() bool {
				return value[bool](site, `location.pathname === "/me" && document.querySelector("form[action='/sign-out']") !== null`)
			})
			press(t, site, `document.querySelector("form[action='/sign-out'] button").click()`)
			eventually(t, "home page", func() bool { return value[string](site, "location.pathname") == "/" })

			phone := tab(t, w.browser, w.Env["HUFU_SITE"]+"/?app=corp&lang="+lang)
			handset(t, phone)
			press(t, phone, `[...document.querySelectorAll("a")].find((a) => a.pathname.endsWith("/details")).click()`)
			signIn := `document.querySelector("a[href*='/phone/sign-in']")`
			eventually(t, "question, or the way in", func() bool {
				return value[bool](phone, `document.readyState === "complete" && (document.querySelector("input[name=detail]") ?? `+signIn+`) !== null`)
			})
			if value[bool](phone, signIn+` !== null`) { // nobody is signed in to this browser
				press(t, phone, signIn+`.click()`)
				eventually(t, "list of people", func() bool { return value[bool](phone, `document.querySelector("button[name=person]") !== null`) })
				press(t, phone, `[...document.querySelectorAll("button[name=person]")].find((b) => b.textContent.includes("张伟")).click()`)
			}
			eventually(t, "question for details", func() bool { return value[bool](phone, `document.querySelector("input[name=detail]") !== null`) })
			press(t, phone, `location.search += "&lang=`+lang+`"`) // the client's language is the client's own
			eventually(t, "question in its language", func() bool {
				return value[bool](phone, `document.readyState === "complete" && document.documentElement.lang.startsWith("`+lang+`") && document.querySelector("input[name=detail]") !== null`)
			})
			picture(t, phone, filepath.Join(dir, "details."+lang+".png"))
		})
	}
}
