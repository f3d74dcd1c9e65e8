package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long anything may take that takes no time by itself.
const patience = 15 * time.Second

// startChromium starts a browser that finds WeCom's host names for people at the platform
// and the test's own names at the test's servers. The list of flags is our own:
// the library's would let frames move the top window, which people's browsers do
// not. A test may add some.
func startChromium(t *testing.T, platformTLS, sitesTLS string, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	var rules []string
	for _, origin := range []string{wecomLogin, wecomOpen, wecomOAuth} {
		rules = append(rules, "MAP "+strings.TrimPrefix(origin, "https://")+" "+platformTLS)
	}
	for _, origin := range []string{otherSite, evilSite, oldBrowser} {
		rules = append(rules, "MAP "+strings.TrimPrefix(origin, "https://")+" "+sitesTLS)
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.IgnoreCertErrors,
		chromedp.Flag("host-resolver-rules", strings.Join(rules, ", ")),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("site-per-process", true),
		chromedp.WindowSize(1000, 700),
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(options, more...)...)
	browser, end := chromedp.NewContext(allocator)
	t.Cleanup(func() { end(); stop() })
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return browser
}

// tab is a page of the browser, in front of the others, closed with the test.
func tab(t *testing.T, browser context.Context, address string) context.Context {
	t.Helper()
	ctx, end := chromedp.NewContext(browser)
	t.Cleanup(end)
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
	if _, err := chromedp.Call(ctx, cdppage.BringToFront, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// frame attaches to the cross-site frame whose address contains mark.
func frame(t *testing.T, page context.Context, mark string) context.Context {
	t.Helper()
	var ctx context.Context
	eventually(t, "a frame with "+mark, func() bool {
		targets, err := chromedp.Targets(page)
		if err != nil {
			return false
		}
		for _, info := range targets {
			if info.Type != "iframe" || !strings.Contains(info.URL, mark) {
				continue
			}
			attached, end := chromedp.NewContext(page, chromedp.WithTargetID(info.TargetID))
			if _, err := chromedp.Run(attached, chromedp.Evaluate[string]("document.readyState")); err != nil {
				end()
				continue
			}
			t.Cleanup(end)
			ctx = attached
			return true
		}
		return false
	})
	return ctx
}

// frames attaches to every cross-site frame that the browser shows at the moment.
func frames(t *testing.T, page context.Context) []context.Context {
	t.Helper()
	targets, err := chromedp.Targets(page)
	if err != nil {
		t.Fatal(err)
	}
	var all []context.Context
	for _, info := range targets {
		if info.Type == "iframe" {
			attached, end := chromedp.NewContext(page, chromedp.WithTargetID(info.TargetID))
			t.Cleanup(end)
			all = append(all, attached)
		}
	}
	return all
}

// value evaluates an expression; the zero value stands for a page that cannot
// answer at the moment.
func value[T any](ctx context.Context, expression string) T {
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		var zero T
		return zero
	}
	return v
}

// press runs an expression as if a person had clicked.
func press(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](expression,
		func(p *runtime.EvaluateParams) { yes := true; p.UserGesture = &yes }))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("no %s within %s", what, patience)
		}
	}
}
