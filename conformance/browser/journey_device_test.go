package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// device is a browser's page as a person has it before them: read by its words, used by
// its names. Errors in its console and error pages fail the test, unless allowed.
type device struct {
	t     *testing.T
	ctx   context.Context
	touch bool

	mu      sync.Mutex // guards what follows
	went    []string   // addresses of documents, redirects included
	faults  []string
	allowed []string
}

// How the two call themselves, which the phone shows of the computer.
const (
	computerAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	phoneAgent    = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

func newComputer(t *testing.T, browser context.Context) *device {
	t.Helper()
	d := newDevice(t, browser, false, chromedp.WithNewBrowserContext())
	d.size(1000, 700)
	return d
}

func newPhone(t *testing.T, browser context.Context) *device {
	t.Helper()
	d := newDevice(t, browser, true, chromedp.WithNewBrowserContext())
	d.size(390, 844)
	command(d, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	return d
}

func newDevice(t *testing.T, parent context.Context, touch bool, option chromedp.ContextOption) *device {
	t.Helper()
	ctx, end := chromedp.NewContext(parent, option)
	t.Cleanup(end)
	d := &device{t: t, ctx: ctx, touch: touch}
	agent := computerAgent
	if touch {
		agent = phoneAgent
	}
	console, answers := chromedp.Console(ctx), chromedp.Events(ctx, network.ResponseReceived)
	requests := chromedp.Events(ctx, network.RequestWillBeSent)
	command(d, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: "zh-CN,zh"})
	// As if it had its owner's eyes, whatever the others do.
	command(d, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	go func() {
		for m, err := range console {
			if err == nil && (m.Type == "error" || m.Type == "warning" || m.IsException()) {
				d.fault(fmt.Sprintf("console: %s %s", m.URL, m.Text))
			}
		}
	}()
	go func() {
		for a, err := range answers {
			if err == nil && a.Type == network.ResourceTypeDocument && a.Response.Status >= 400 {
				d.fault(fmt.Sprintf("page: %s status of %d", a.Response.URL, a.Response.Status))
			}
		}
	}()
	go func() {
		for r, err := range requests {
			if err == nil && r.Type == network.ResourceTypeDocument {
				d.mu.Lock()
				d.went = append(d.went, r.Request.URL)
				d.mu.Unlock()
			}
		}
	}()
	t.Cleanup(d.report)
	return d
}

// command sends a command of the DevTools protocol.
func command[P, R any](d *device, c cdp.Command[P, R], params P) R {
	d.t.Helper()
	result, err := chromedp.Call(d.ctx, c, params)
	if err != nil {
		d.t.Fatal(err)
	}
	return result
}

// size is that of the window, in CSS pixels.
func (d *device) size(width, height int64) {
	d.t.Helper()
	command(d, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: d.touch,
	})
}

func (d *device) fault(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = append(d.faults, text)
}

// wentTo is the last address with a part that the page went to, if only to be sent on.
func (d *device) wentTo(part string) string {
	d.t.Helper()
	var address string
	if !soon(func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, a := range d.went {
			if strings.Contains(a, part) {
				address = a
			}
		}
		return address != ""
	}) {
		d.t.Fatalf("the page never went to %s", part)
	}
	return address
}

// allow says which faults belong to the test: those that contain a part.
func (d *device) allow(part string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.allowed = append(d.allowed, part)
}

// report fails the test for faults that are not allowed. A failed test leaves a picture
// (go test -artifacts).
func (d *device) report() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, text := range d.faults {
		expected := false
		for _, part := range d.allowed {
			expected = expected || strings.Contains(text, part)
		}
		if !expected {
			d.t.Errorf("%s", text)
		}
	}
	d.faults = nil
	if !d.t.Failed() {
		return
	}
	if png, err := chromedp.Run(d.ctx, chromedp.CaptureScreenshot()); err == nil {
		name := map[bool]string{true: "phone", false: "computer"}[d.touch]
		if f, err := os.CreateTemp(d.t.ArtifactDir(), name+"-*.png"); err == nil {
			f.Write(png)
			f.Close()
			d.t.Logf("%s: %s", name, filepath.Base(f.Name()))
		}
	}
}

// another is a page that this one opened, or is about to, at an address with a part.
func (d *device) another(part string) *device {
	d.t.Helper()
	var id target.ID
	eventually(d.t, "page with "+part, func() bool {
		targets, err := chromedp.Targets(d.ctx)
		for _, info := range targets {
			if err == nil && info.Type == "page" && info.OpenerID == chromedp.FromContext(d.ctx).Target.TargetID && strings.Contains(info.URL, part) {
				id = info.TargetID
			}
		}
		return id != ""
	})
	other := newDevice(d.t, d.ctx, d.touch, chromedp.WithTargetID(id))
	command(other, cdppage.BringToFront, cdp.Empty{})
	return other
}

// do runs actions, which may take as long as patience lasts.
func (d *device) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		d.t.Fatalf("%s at %s: %v", what, d.address(), err)
	}
}

// open goes to an address.
func (d *device) open(address string) {
	d.t.Helper()
	d.do("open "+address, chromedp.Navigate(address))
}

// back and reload are the browser's own buttons. They return when another document is
// there.
func (d *device) back() {
	d.t.Helper()
	d.leaves("history.back()")
}

func (d *device) reload() {
	d.t.Helper()
	d.leaves("location.reload()")
}

func (d *device) leaves(how string) {
	d.t.Helper()
	press(d.t, d.ctx, "window.left = true, "+how)
	d.until(func() bool { return value[bool](d.ctx, `document.readyState === "complete" && !window.left`) },
		func() string { return how + " has led nowhere" })
}

func (d *device) address() string { return value[string](d.ctx, "location.href") }

// words are what the page shows.
func (d *device) words() string { return value[string](d.ctx, "document.body.innerText") }

// sees waits until the page shows all the texts.
func (d *device) sees(texts ...string) {
	d.t.Helper()
	var missing string
	d.until(func() bool {
		words := d.words()
		for _, missing = range texts {
			if !strings.Contains(words, missing) {
				return false
			}
		}
		return true
	}, func() string { return fmt.Sprintf("%q is not shown", missing) })
}

// at waits until a login page or panel is in a state.
func (d *device) at(state string) {
	d.t.Helper()
	d.until(func() bool { return stateOf(d.ctx) == state },
		func() string { return fmt.Sprintf("the login page is %q, not %q", stateOf(d.ctx), state) })
}

// until waits for what holds; why says what did not.
func (d *device) until(holds func() bool, why func() string) {
	d.t.Helper()
	if !soon(holds) {
		d.t.Fatalf("%s at %s, which shows\n%s", why(), d.address(), d.words())
	}
}

// soon waits for a condition as long as patience lasts.
func soon(holds func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			return false
		}
	}
	return true
}

// find waits for the one button, link or field of that name that can be hit, and answers
// its middle. Its page has run its scripts by then.
func (d *device) find(name string) (x, y float64) {
	d.t.Helper()
	quoted, err := json.Marshal(name)
	if err != nil {
		d.t.Fatal(err)
	}
	var at []float64
	d.until(func() bool {
		at = value[[]float64](d.ctx, "("+finder+")("+string(quoted)+")")
		return len(at) == 2
	}, func() string { return fmt.Sprintf("there is no one %q to use", name) })
	return at[0], at[1]
}

// namer lists what an element may be called: its label, or a line of its text.
const namer = `(e) => [e.getAttribute("aria-label"), e.querySelector("[role=img]")?.getAttribute("aria-label"),
	...(e.innerText ?? "").split("\n"), ...[...(e.labels ?? [])].map((label) => label.innerText)].map((text) => text?.trim())`

const finder = `(name) => {
	if (document.readyState !== "complete") return null;
	const found = [...document.querySelectorAll("a[href], button, summary, input")].filter((e) => e.checkVisibility() && (` + namer + `)(e).includes(name));
	if (found.length !== 1) return null;
	found[0].scrollIntoView({ block: "center", behavior: "instant" });
	const box = found[0].getBoundingClientRect();
	const at = [box.x + box.width / 2, box.y + box.height / 2];
	return found[0].contains(document.elementFromPoint(...at)) ? at : null;
}`

// tap uses what has that name, with a finger or the mouse.
func (d *device) tap(name string) {
	d.t.Helper()
	x, y := d.find(name)
	act := chromedp.MouseClickXY(x, y)
	if d.touch {
		act = chromedp.TapXY(x, y)
	}
	d.do("tap "+name, act)
}

// keys types on the keyboard.
func (d *device) keys(keys string) {
	d.t.Helper()
	d.do("type", chromedp.KeyEvent(keys))
}
