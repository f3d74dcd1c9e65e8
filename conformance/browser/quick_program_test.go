package browser

import (
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// desktopProgram is the real desktop client, beside the browser.
type desktopProgram struct {
	*sandbox.Server
	t      *testing.T
	dir    string
	in     io.Writer // of the terminal
	opened int       // files of its windows that were opened
	read   int       // how much of its output was read
}

// startDesktop runs `hufu desktop` for a world's platform until the test ends. more are flags.
func (w *world) startDesktop(t *testing.T, more ...string) *desktopProgram {
	t.Helper()
	return w.runDesktop(t, t.TempDir(), append([]string{"--lang", "zh"}, more...)...)
}

// runDesktop runs it on a data directory.
func (w *world) runDesktop(t *testing.T, dir string, flags ...string) *desktopProgram {
	t.Helper()
	p := &desktopProgram{t: t, dir: dir}
	cmd := exec.Command(sandbox.Binary, append([]string{"desktop", "--platform", w.Env["HUFU_LOGIN"], "--data", p.dir}, flags...)...)
	cmd.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS=", "DISPLAY=") // neither keyring nor notifications of whoever runs the test
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in = in
	p.Server = sandbox.Serve(t, cmd)
	return p
}

var windowFile = regexp.MustCompile(`(?m)^Open this file in your browser: (.+)$`)

// window opens the next window of the program in a browser.
func (p *desktopProgram) window(browser context.Context) context.Context {
	p.t.Helper()
	var path string
	sandbox.Await(p.t, "window of the desktop client", func() bool {
		files := windowFile.FindAllStringSubmatch(p.Output(), -1)
		if len(files) <= p.opened {
			return false
		}
		path = files[p.opened][1]
		return true
	})
	p.opened++
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		p.t.Errorf("the file that opens the window: %v %v", info, err)
	}
	window := tab(p.t, browser, "file://"+path)
	eventually(p.t, "window", func() bool {
		return value[bool](window, `location.protocol === "http:" && document.readyState === "complete"`)
	})
	return window
}

// says waits until the terminal has printed the texts since the last time.
func (p *desktopProgram) says(texts ...string) string {
	p.t.Helper()
	var new string
	sandbox.Await(p.t, "in the terminal: "+strings.Join(texts, ", "), func() bool {
		new = p.Output()[p.read:]
		for _, text := range texts {
			if !strings.Contains(new, text) {
				return false
			}
		}
		return true
	})
	p.read += len(new)
	return new
}

// types types a line into the terminal.
func (p *desktopProgram) types(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

// enrol lets a person's phone sign the desktop client in: the address is that in its QR code,
// number says what the client shows.
func (w *world) enrol(t *testing.T, address, person string, number func() string) {
	t.Helper()
	phone := newPhone(t, w.browser)
	phone.open(address)
	phone.sees("选择一个示例身份")
	phone.tap(person)
	phone.sees("是你要登录桌面客户端吗？")
	phone.tap("是我，继续")
	phone.sees("让这台电脑代你确认登录？", "它不能进入管理后台")
	phone.tap("输入桌面客户端显示的数字")
	phone.keys(number())
	phone.tap("确认")
	phone.sees("已确认")
}

// signedInDesktop is a desktop client with windows that a person has signed in.
func (w *world) signedInDesktop(t *testing.T, person string) *desktopProgram {
	t.Helper()
	p := w.startDesktop(t, "--no-open")
	window := p.window(w.browser)
	eventually(t, "QR code in the window", func() bool { return strings.Contains(words(window), "用手机扫码，登录这台电脑") })
	w.enrol(t, value[string](window, `document.querySelector("a[href*='/q/']").href`), person, func() string {
		var number string
		eventually(t, "number in the window", func() bool {
			number = value[string](window, `document.querySelector(".number")?.innerText.trim() ?? ""`)
			return len(number) == 2
		})
		return number
	})
	eventually(t, "who is signed in", func() bool {
		text := words(window)
		return strings.Contains(text, "这台电脑已登录") && strings.Contains(text, person)
	})
	return p
}

// words are what a page shows.
func words(page context.Context) string { return value[string](page, "document.body.innerText") }
