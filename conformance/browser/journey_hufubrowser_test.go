package browser

import (
	"bufio"
	"context"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// A developer's own page with the unmodified @wecom/jssdk, opened by `hufu browser`: WeCom's
// names lead to the sandbox and a member signs in. Nothing of that browser stays.
func TestHufuBrowser(t *testing.T) {
	sandbox.Needs(t, sdkFile, "chromium")
	for _, kind := range []string{"callback", "top"} {
		t.Run(kind, func(t *testing.T) { hufuBrowser(t, kind) })
	}
}

func hufuBrowser(t *testing.T, kind string) {
	sites := startSites(t)
	ports := sandbox.FreePorts(t, 2)
	demo := sandbox.Start(t, sandbox.Options{Args: []string{"--site", sites.home,
		"--wecom-hosts", "--tls-addr", "127.0.0.1:" + ports[0], "--proxy-addr", "127.0.0.1:" + ports[1]}})
	state := newState()
	page := hostAddress(sites.home, published, map[string]any{
		"login_type": "ServiceApp", "appid": demo.Env["HUFU_LOGIN_SUITE_ID"], "redirect_type": kind,
		"redirect_uri": sites.home + "/landed", "state": state})

	temp := t.TempDir()
	cmd := exec.Command(sandbox.Binary, "browser", "--data", filepath.Join(demo.Dir, "data"), "--tls-addr", "127.0.0.1:"+ports[0],
		"--arg=--headless=new", "--arg=--remote-debugging-port=0", "--arg=--disable-gpu", "--arg=--disable-dev-shm-usage", page)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			cmd.Process.Signal(os.Interrupt)
			<-ended
		}
	})
	devtools := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			if found := regexp.MustCompile(`ws://\S+`).FindString(lines.Text()); found != "" {
				devtools <- found
				break
			}
		}
		io.Copy(io.Discard, said)
		ended <- cmd.Wait()
	}()
	var address string
	select {
	case address = <-devtools:
	case err := <-ended:
		t.Fatalf("hufu browser ended: %v", err)
	case <-time.After(sandbox.Patience):
		t.Fatal("the browser opens no debugging port")
	}
	if profiles(t, temp) == 0 {
		t.Error("the profile is not a throw-away one")
	}

	allocator, stop := remote.NewAllocator(t.Context(), address, remote.NoModifyURL)
	defer stop()
	browser, end := chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Do(browser); err != nil {
		t.Fatal(err)
	}
	host := pageAt(t, browser, sites.home+"/host")
	panel := frame(t, host, state)
	if at := value[string](panel, "location.origin"); at != wecomLogin {
		t.Errorf("the panel is at %s", at)
	}
	if a := demo.Control("POST", "/confirm", map[string]string{"qr": qr(t, panel), "member": demo.Member()}); a.Status != 200 {
		t.Fatalf("confirm: %d %s", a.Status, a.Body)
	}
	var code string
	if kind == "top" {
		eventually(t, "redirect", func() bool { return sites.landing(state) != nil })
		code = sites.landing(state).Get("code")
	} else {
		eventually(t, "onLoginSuccess", func() bool { return called(host, "onLoginSuccess") != nil })
		code = value[string](host, `calls.find((call) => call.name === "onLoginSuccess").payload.code`)
	}
	who := demo.API("/cgi-bin/service/auth/getuserinfo3rd", url.Values{"suite_access_token": {demo.SuiteToken()}, "code": {code}})
	if got := sandbox.Send(t, "GET", who, nil).Fields(t); got["open_userid"] != demo.Env["HUFU_OPEN_USERID"] {
		t.Errorf("the code names %v", got)
	}
	if faults := sites.faultsOf(state); faults != "" {
		t.Errorf("the page reported %s", faults)
	}

	if kind == "top" {
		cmd.Process.Signal(os.Interrupt) // Ctrl-C in the terminal
	} else {
		quit(t, address)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("hufu browser: %v", err)
		}
	case <-time.After(sandbox.Patience):
		t.Fatal("hufu browser does not end with its browser")
	}
	if n := profiles(t, temp); n != 0 {
		t.Errorf("%d profiles are left", n)
	}
}

// quit closes the browser, as its menu does: a headless one stays when its last window is
// closed.
func quit(t *testing.T, devtools string) {
	t.Helper()
	conn, err := remote.DialContext(t.Context(), devtools)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Write(t.Context(), &cdproto.Message{ID: 1, Method: cdproto.MethodType(cdpbrowser.Close.Method)}); err != nil {
		t.Fatal(err)
	}
}

// pageAt attaches to the page whose address begins so.
func pageAt(t *testing.T, browser context.Context, address string) context.Context {
	t.Helper()
	var ctx context.Context
	eventually(t, "page at "+address, func() bool {
		targets, err := chromedp.Targets(browser)
		for _, info := range targets {
			if err == nil && info.Type == "page" && strings.HasPrefix(info.URL, address) {
				var end context.CancelFunc
				ctx, end = chromedp.NewContext(browser, chromedp.WithTargetID(info.TargetID))
				t.Cleanup(end)
				return true
			}
		}
		return false
	})
	return ctx
}

// profiles counts what is left of throw-away profiles.
func profiles(t *testing.T, dir string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "hufu-browser-*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}
