package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// emptyPage is more bytes than the picture of a page of one colour has, and fewer than that
// of the emptiest page with words; looking into a thousand pictures would take minutes.
const emptyPage = 6000

// TestStorybookPictures takes a picture of every page in every state, in both languages,
// both schemes, at the width of a phone and of a desk, and keeps them in
// HUFU_STORYBOOK_PICTURES when that names a folder. A picture must show something, and
// nothing may stand out at the side. Two browsers share the stories, and a page is loaded
// once per language.
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
	sizes := [][2]int{{360, 780}, {1280, 800}}
	resize(t, page, sizes[0][0], sizes[0][1])
	if err := chromedp.Do(page, chromedp.Navigate(fmt.Sprintf("%s%s?lang=%s", origin, story, lang))); err != nil {
		t.Fatal(err)
	}
	for _, size := range sizes {
		resize(t, page, size[0], size[1])
		for _, scheme := range []string{"light", "dark"} {
			name := fmt.Sprintf("%s.%s.%s.%d.png", strings.ReplaceAll(strings.TrimPrefix(story, "/storybook/"), "/", "."), lang, scheme, size[0])
			right := value[int](page, `document.documentElement.dataset.scheme = "`+scheme+`", document.documentElement.scrollWidth - innerWidth`)
			if right > 0 {
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
