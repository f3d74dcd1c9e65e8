package browser

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// maxPicture keeps the pages that show the pictures light.
const maxPicture = 150 << 10

// TestPictures signs in as the README describes it, in both languages, and takes the
// README's pictures on the way: into the folder that HUFU_PICTURES names, or nowhere.
func TestPictures(t *testing.T) {
	sandbox.Needs(t, "chromium")
	dir, args := os.Getenv("HUFU_PICTURES"), []string{"--number-match", "always"}
	if dir == "" {
		dir = t.TempDir()
	} else {
		// What the pictures show is what a reader will see.
		args = append(args, "--port", "8790", "--site-port", "8791", "--control-port", "8792")
	}
	nowhere := "127.0.0.1:" + sandbox.FreePorts(t, 1)[0] // no stand-in for WeCom's names is needed
	demo := sandbox.Start(t, sandbox.Options{Args: args})
	browser := startChromium(t, nowhere, nowhere)
	for _, lang := range []string{"zh", "en"} {
		t.Run(lang, func(t *testing.T) {
			site := tab(t, browser, demo.Env["HUFU_SITE"]+"/?lang="+lang)
			desktop(t, site)
			picture(t, site, filepath.Join(dir, "site."+lang+".png"))

			press(t, site, `document.querySelector("a.primary").click()`)
			eventually(t, "login page", func() bool { return value[string](site, `document.getElementById("open")?.href ?? ""`) != "" })
			picture(t, site, filepath.Join(dir, "login."+lang+".png"))

			phone := tab(t, browser, value[string](site, `document.getElementById("open").href`)+"?lang="+lang)
			handset(t, phone)
			if value[bool](phone, `location.pathname === "/phone/sign-in"`) {
				press(t, phone, `[...document.querySelectorAll("button[name=person]")].find((b) => b.textContent.includes("张伟")).click()`)
			}
			eventually(t, "question who asks", func() bool { return value[bool](phone, `document.querySelector("form[action*='/scan']") !== null`) })
			press(t, phone, `document.querySelector("form[action*='/scan'] button").click()`)
			eventually(t, "field for the number", func() bool { return value[bool](phone, `document.querySelector("input[name=number]") !== null`) })
			var number string
			front(t, site)
			eventually(t, "number on the login page", func() bool {
				number = value[string](site, `document.querySelector("[data-fill=number]").textContent`)
				return len(number) == 2
			})
			front(t, phone)
			press(t, phone, `document.querySelector("input[name=number]").value = "`+number+`"`)
			picture(t, phone, filepath.Join(dir, "phone."+lang+".png"))

			press(t, phone, `document.querySelector("button[value=confirm]").click()`)
			front(t, site)
			eventually(t, "page that says who signed in", func() bool {
				return value[bool](site, `location.pathname === "/me" && document.querySelector(".identity") !== null`)
			})
			if text := value[string](site, "document.body.innerText"); !strings.Contains(text, demo.Env["HUFU_OPEN_USERID"]) {
				t.Errorf("the sample member is not named:\n%s", text)
			}
			picture(t, site, filepath.Join(dir, "who."+lang+".png"))
			press(t, site, `document.querySelector("form[action='/sign-out'] button").click()`)
			eventually(t, "home page", func() bool { return value[string](site, "location.pathname") == "/" })
		})
	}
}

func desktop(t *testing.T, page context.Context) {
	t.Helper()
	looks(t, page, emulation.SetDeviceMetricsOverrideParams{Width: 1120, Height: 720, DeviceScaleFactor: 1})
}

func handset(t *testing.T, page context.Context) {
	t.Helper()
	looks(t, page, emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 1.5, Mobile: true})
}

// looks gives a page its size and the light scheme.
func looks(t *testing.T, page context.Context, size emulation.SetDeviceMetricsOverrideParams) {
	t.Helper()
	if _, err := chromedp.Call(page, emulation.SetDeviceMetricsOverride, size); err != nil {
		t.Fatal(err)
	}
	light := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: "light"}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(page, emulation.SetEmulatedMedia, light); err != nil {
		t.Fatal(err)
	}
}

func front(t *testing.T, page context.Context) {
	t.Helper()
	if _, err := chromedp.Call(page, cdppage.BringToFront, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
}

// picture writes what the page shows, which must be something.
func picture(t *testing.T, page context.Context, path string) {
	t.Helper()
	if err := chromedp.Do(page, chromedp.WaitReady("body")); err != nil {
		t.Fatal(err)
	}
	raw, err := chromedp.Run(page, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	shown, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if n := colours(shown, 20); n < 20 {
		t.Errorf("%s has %d colours: a blank page?", filepath.Base(path), n)
	}
	if len(raw) > maxPicture {
		t.Errorf("%s has %d bytes, more than %d", filepath.Base(path), len(raw), maxPicture)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// colours counts the colours of every third row, as far as enough.
func colours(i image.Image, enough int) int {
	seen := map[color.Color]bool{}
	for y := i.Bounds().Min.Y; y < i.Bounds().Max.Y; y += 3 {
		for x := i.Bounds().Min.X; x < i.Bounds().Max.X; x++ {
			if seen[i.At(x, y)] = true; len(seen) >= enough {
				return enough
			}
		}
	}
	return len(seen)
}
