package browser

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestPicturesConsoles goes the administrator's way as the README describes it, in both
// languages, and takes its pictures of the consoles on the way: into the folder that
// HUFU_PICTURES names, or nowhere.
func TestPicturesConsoles(t *testing.T) {
	sandbox.Needs(t, "chromium")
	dir := os.Getenv("HUFU_PICTURES")
	args := []string{"--port", "8790", "--site-port", "8791", "--control-port", "8792"} // as a reader will see
	if dir == "" {
		dir, args = t.TempDir(), nil
	}
	nowhere := "127.0.0.1:" + sandbox.FreePorts(t, 1)[0]
	demo := sandbox.Start(t, sandbox.Options{Args: args})
	browser := startChromium(t, nowhere, nowhere)
	for _, lang := range []string{"zh", "en"} {
		t.Run(lang, func(t *testing.T) {
			company := demo.Env["HUFU_LOGIN"] + "/admin/" + demo.Env["HUFU_CORPID"]
			page := enters(t, browser, company+"/apps", "王芳", lang)
			press(t, page, `[...document.querySelectorAll("main a")].find((a) => a.textContent.includes("青禾协作")).click()`)
			eventually(t, "way to the business settings", func() bool {
				return value[bool](page, `document.readyState === "complete" && document.querySelector("form[action*='/business']") !== null`)
			})
			picture(t, page, filepath.Join(dir, "admin."+lang+".png"))

			provider := demo.Env["HUFU_LOGIN"] + "/provider/" + demo.Env["HUFU_PROVIDER_CORPID"]
			page = enters(t, browser, provider+"/login", "徐静", lang)
			if text := value[string](page, "document.body.innerText"); !strings.Contains(text, demo.Env["HUFU_LOGIN_SUITE_ID"]) {
				t.Errorf("the login suite is not named:\n%s", text)
			}
			picture(t, page, filepath.Join(dir, "provider."+lang+".png"))
		})
	}
}

// enters opens a console's page as one of the sandbox's people.
func enters(t *testing.T, browser context.Context, address, person, lang string) context.Context {
	t.Helper()
	blank := tab(t, browser, "about:blank")
	if _, err := chromedp.Call(blank, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	page := tab(t, browser, address+"?lang="+lang)
	desktop(t, page)
	press(t, page, `[...document.querySelectorAll("button[name=person]")].find((b) => b.textContent.includes("`+person+`")).click()`)
	eventually(t, "page of the console", func() bool {
		return value[bool](page, `document.readyState === "complete" && location.pathname === "`+address[strings.Index(address[8:], "/")+8:]+`"`)
	})
	return page
}
