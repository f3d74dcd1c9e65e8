package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// Platform is a running `hufu platform` outside the sandbox, empty at its start.
type Platform struct {
	Phone, Login, Console, API string // its four origins
	SetUp                      string // the link with which its operator begins
	Dir                        string // the data directory
}

var told = regexp.MustCompile(`(?s)phone +(\S+)\nlogin +(\S+)\nconsoles +(\S+)\nAPI +(\S+)\n.*?\n(http\S+/phone/enrol/\S+)\n`)

// StartPlatform runs an empty platform at a port of loopback until the test ends. env is what
// the program's environment has beside the test's own.
func StartPlatform(t testing.TB, port string, env []string, args ...string) *Platform {
	t.Helper()
	p := &Platform{Dir: filepath.Join(t.TempDir(), "data")}
	out := &output{}
	cmd := exec.Command(Binary, append([]string{"platform", "--data", p.Dir, "--addr", "127.0.0.1:" + port, "--quiet"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	Serve(t, cmd, out)
	var found []string
	Await(t, "the set-up link", func() bool {
		found = told.FindStringSubmatch(out.String())
		return found != nil
	})
	p.Phone, p.Login, p.Console, p.API, p.SetUp = found[1], found[2], found[3], found[4], found[5]
	return p
}

// Serve runs a server until the test ends, or until the function it answers is called. What
// the server says is shown when the test fails.
func Serve(t testing.TB, cmd *exec.Cmd, out *output) (end func()) {
	t.Helper()
	if out == nil {
		out = &output{}
	}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	over := false
	end = func() {
		if over {
			return
		}
		over = true
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(Patience):
			cmd.Process.Kill()
			t.Errorf("%s does not end", filepath.Base(cmd.Path))
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), out)
		}
	}
	t.Cleanup(end)
	return end
}
