package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// narrow is the smallest window in which every page works: 560 pixels at 200 % zoom. It needs
// no picture.
const narrow = 280

// pictured are the widths of a phone and of a desk, their heights, and the bytes that a picture
// of one colour has there: a page with words has more. Looking into thousands of pictures
// would take minutes.
var pictured = []struct{ width, height, empty int }{{360, 780, 8000}, {1280, 800, 20_000}}

// TestStorybookPictures takes pictures of every page in every state, in both languages, both
// schemes, at the width of a phone and of a desk. When HUFU_STORYBOOK_PICTURES names a folder it
// takes all eight and keeps them; else four in which each language is seen in either scheme and
// at either width, which is half the time. A picture must show something, and nothing may stand
// out at the side, in the narrowest window neither. Two browsers share the stories, and a page is
// loaded once per language.
func TestStorybookPictures(t *testing.T) {
	sandbox.Needs(t, "chromium")
	origin, stories := storybook(t)
	folder := os.Getenv("HUFU_STORYBOOK_PICTURES")
	const browsers = 2
	for half := range browsers {
		t.Run(fmt.Sprint(half), func(t *testing.T) {
			t.Parallel()
			page := tab(t, startChromium(t, "127.0.0.1:9", "127.0.0.1:9"), origin+"/storybook/")
			// Colours that move would be caught half-way.
			if _, err := chromedp.Call(page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
				t.Fatal(err)
			}
			for i := half; i < len(stories); i += browsers {
				for _, lang := range []string{"zh", "en"} {
					storyPictures(t, page, origin, stories[i], lang, folder)
				}
			}
		})
	}
}

func storyPictures(t *testing.T, page context.Context, origin, story, lang, folder string) {
	t.Helper()
	fits := func(name string, before string) {
		t.Helper()
		if right := value[int](page, before+"document.documentElement.scrollWidth - innerWidth"); right > 0 {
			t.Errorf("%s is %d pixels too wide", name, right)
		}
	}
	name := strings.ReplaceAll(strings.TrimPrefix(story, "/storybook/"), "/", ".") + "." + lang
	resize(t, page, narrow, 900)
	if err := chromedp.Do(page, chromedp.Navigate(fmt.Sprintf("%s%s?lang=%s", origin, story, lang))); err != nil {
		t.Fatal(err)
	}
	fits(fmt.Sprintf("%s at %d", name, narrow), "")
	for i, size := range pictured {
		resize(t, page, size.width, size.height)
		schemes := []string{"light", "dark"}
		switch { // of four, the other one at the other width, and in the other language
		case folder == "" && lang == "zh":
			schemes = schemes[i : i+1]
		case folder == "":
			schemes = schemes[1-i : 2-i]
		}
		for _, scheme := range schemes {
			name := fmt.Sprintf("%s.%s.%d.png", name, scheme, size.width)
			fits(name, `document.documentElement.dataset.scheme = "`+scheme+`", `)
			shot := snapshot(t, page)
			if len(shot) < size.empty {
				t.Errorf("%s has %d bytes: an empty page", name, len(shot))
			}
			if folder != "" {
				if err := os.WriteFile(filepath.Join(folder, name), shot, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// snapshot is a picture of what the page shows, packed in a hurry: that takes a quarter off the
// time of the whole test, and adds a fifth to the file.
func snapshot(t *testing.T, page context.Context) []byte {
	t.Helper()
	hurry := true
	shot, err := chromedp.Call(page, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{OptimizeForSpeed: &hurry})
	if err != nil {
		t.Fatal(err)
	}
	return shot.Data
}
