package browser

import (
	"bufio"
	"context"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// storybook serves every page with sample data and answers its address and the
// paths of all stories.
func storybook(t *testing.T) (origin string, stories []string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, sandbox.Binary, "platform", "--storybook", "--addr", "127.0.0.1:0", "--data", t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	for origin == "" && lines.Scan() {
		origin = regexp.MustCompile(`http://[^/\s]+`).FindString(lines.Text())
	}
	list := sandbox.Send(t, "GET", origin+"/storybook/", nil).Body
	for _, found := range regexp.MustCompile(`"(/storybook/[^"?]+)\?`).FindAllStringSubmatch(list, -1) {
		stories = append(stories, found[1])
	}
	slices.Sort(stories)
	stories = slices.Compact(stories)
	if len(stories) < 50 {
		t.Fatalf("the storybook lists %d stories only", len(stories))
	}
	return origin, stories
}

// resize gives a page's window another size.
func resize(t *testing.T, page context.Context, width, height int) {
	t.Helper()
	if _, err := chromedp.Call(page, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: int64(height), DeviceScaleFactor: 1,
	}); err != nil {
		t.Fatal(err)
	}
}

// overflow says by how many pixels a page is larger than its window.
func overflow(t *testing.T, page context.Context, address string, width, height int) (right, down int) {
	t.Helper()
	resize(t, page, width, height)
	if err := chromedp.Do(page, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	size := value[[]int](page, "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]")
	if len(size) != 2 {
		t.Fatalf("%s could not be measured", address)
	}
	return size[0], size[1]
}

// In the panel nothing scrolls, in any state, error or language, at the small size
// and at the usual one; nor in the frame of the old script, whose size is fixed.
func TestPanelNeverScrolls(t *testing.T) {
	sandbox.Needs(t, "chromium")
	origin, stories := storybook(t)
	page := tab(t, startChromium(t, "127.0.0.1:9", "127.0.0.1:9"), origin+"/storybook/")
	framed := 0
	for _, story := range stories {
		var sizes [][2]int
		switch {
		case !strings.HasPrefix(story, "/storybook/login/"):
		case strings.Contains(story, "/panel-"):
			sizes = [][2]int{{320, 380}, {480, 416}}
		case strings.Contains(story, "/frame-"):
			sizes, framed = [][2]int{{300, 400}}, framed+1
		}
		for _, lang := range []string{"zh", "en"} {
			for _, size := range sizes {
				right, down := overflow(t, page, origin+story+"?lang="+lang, size[0], size[1])
				if right > 0 || down > 0 {
					t.Errorf("%s in %s at %d by %d is too large by %d by %d", story, lang, size[0], size[1], right, down)
				}
			}
		}
	}
	if framed < 20 {
		t.Errorf("only %d stories are of the old script's frame", framed)
	}
}
