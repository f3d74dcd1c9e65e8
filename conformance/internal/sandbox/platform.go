package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
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
	cmd := exec.Command(Binary, append([]string{"platform", "--data", p.Dir, "--addr", "127.0.0.1:" + port, "--quiet"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	server := Serve(t, cmd)
	var found []string
	Await(t, "the set-up link", func() bool {
		found = told.FindStringSubmatch(server.out.String())
		return found != nil
	})
	p.Phone, p.Login, p.Console, p.API, p.SetUp = found[1], found[2], found[3], found[4], found[5]
	return p
}

// Server is a running program.
type Server struct {
	t     testing.TB
	cmd   *exec.Cmd
	out   output
	ended chan struct{} // closed when the process has ended
	once  sync.Once
}

// Serve runs a program until the test ends, or End is called. What the program said is shown
// when the test fails.
func Serve(t testing.TB, cmd *exec.Cmd) *Server {
	t.Helper()
	s := &Server{t: t, cmd: cmd, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &s.out, &s.out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		cmd.Wait()
		close(s.ended)
	}()
	t.Cleanup(s.End)
	return s
}

// Output is what the program has printed.
func (s *Server) Output() string { return s.out.String() }

// End tells the program to end, and waits until it has.
func (s *Server) End() {
	s.once.Do(func() {
		s.cmd.Process.Signal(syscall.SIGTERM)
		name := filepath.Base(s.cmd.Path)
		select {
		case <-s.ended:
		case <-time.After(Patience):
			s.cmd.Process.Kill()
			s.t.Errorf("%s does not end", name)
		}
		if s.t.Failed() {
			s.t.Logf("%s said:\n%s", name, &s.out)
		}
	})
}
