package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// emptyPage is more bytes than the picture of a page of one colour has, and fewer than that
// of the emptiest page with words; looking into a thousand pictures would take minutes.
const emptyPage = 6000

// TestStorybookPictures takes a picture of every page in every state, in both languages,
// both schemes, at the width of a phone and of a desk, and keeps them in
// HUFU_STORYBOOK_PICTURES when that names a folder. A picture must show something, and
// nothing may stand out at the side.
func TestStorybookPictures(t *testing.T) {
	sandbox.Needs(t, "chromium")
	origin, stories := storybook(t)
	page := tab(t, startChromium(t, "127.0.0.1:9", "127.0.0.1:9"), origin+"/storybook/")
	folder := os.Getenv("HUFU_STORYBOOK_PICTURES")
	for _, story := range stories {
		for _, lang := range []string{"zh", "en"} {
			for _, scheme := range []string{"light", "dark"} {
				for _, size := range [][2]int{{360, 780}, {1280, 800}} {
					name := fmt.Sprintf("%s.%s.%s.%d.png", strings.ReplaceAll(strings.TrimPrefix(story, "/storybook/"), "/", "."), lang, scheme, size[0])
					address := fmt.Sprintf("%s%s?lang=%s&scheme=%s", origin, story, lang, scheme)
					if right, _ := overflow(t, page, address, size[0], size[1]); right > 0 {
						t.Errorf("%s is %d pixels too wide", name, right)
					}
					shot, err := chromedp.Run(page, chromedp.CaptureScreenshot())
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					if len(shot) < emptyPage {
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
	}
}
