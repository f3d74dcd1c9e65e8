package sandbox

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Patience is how long a test waits for what must happen: far longer than it takes.
const Patience = 60 * time.Second

// Options are what Start adds to `hufu demo`; all may be empty.
type Options struct {
	Dir  string   // of data and env file; default: a temporary one
	Args []string // flags, beside data, env file and free ports
	Wait func()   // called in place of the wait for the env file
}

// Demo is a running `hufu demo`.
type Demo struct {
	Dir, EnvFile string
	Env          map[string]string // what the env file says

	t     testing.TB
	args  []string
	wait  func()
	cmd   *exec.Cmd
	out   *output
	ended chan struct{} // closed when the process has ended
}

// Start runs a demo until the test ends. Its ports stay the same over Restart.
func Start(t testing.TB, o Options) *Demo {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	ports := FreePorts(t, 3)
	d := &Demo{Dir: o.Dir, EnvFile: filepath.Join(o.Dir, "hufu.env"), t: t, wait: o.Wait}
	d.args = append([]string{"demo", "--data", filepath.Join(o.Dir, "data"), "--env-file", d.EnvFile,
		"--attempts-per-minute", "1000000",
		"--port", ports[0], "--site-port", ports[1], "--control-port", ports[2]}, o.Args...)
	d.Run()
	t.Cleanup(func() { d.Signal(syscall.SIGTERM) })
	return d
}

// Run starts the program, on the same data and ports as before, and waits for its env file.
func (d *Demo) Run(more ...string) {
	d.t.Helper()
	if err := os.Remove(d.EnvFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Fatal(err)
	}
	d.cmd, d.out, d.ended = exec.Command(Binary, append(d.args, more...)...), &output{}, make(chan struct{})
	d.cmd.Dir = d.Dir
	d.cmd.Stdout, d.cmd.Stderr = d.out, d.out
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	go func(cmd *exec.Cmd, ended chan struct{}) {
		cmd.Wait()
		close(ended)
	}(d.cmd, d.ended)
	if d.wait != nil {
		d.wait()
		return
	}
	d.AwaitEnv()
}

// AwaitEnv waits for the env file and reads it.
func (d *Demo) AwaitEnv() {
	d.t.Helper()
	Await(d.t, "the env file", func() bool {
		select {
		case <-d.ended:
			d.t.Fatalf("hufu ended:\n%s", d.out)
		default:
		}
		_, err := os.Stat(d.EnvFile)
		return err == nil
	})
	d.Env = ReadEnv(d.t, d.EnvFile)
}

// Signal sends a signal, waits for the end, and answers the exit code; -1 where the signal
// itself was the end.
func (d *Demo) Signal(s os.Signal) int {
	d.t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.t.Fatal(err)
	}
	select {
	case <-d.ended:
	case <-time.After(Patience):
		d.cmd.Process.Kill()
		d.t.Fatalf("hufu does not end after %v:\n%s", s, d.out)
	}
	return d.cmd.ProcessState.ExitCode()
}

// Restart ends the program in order and starts it again.
func (d *Demo) Restart() {
	d.t.Helper()
	if code := d.Signal(syscall.SIGTERM); code != 0 {
		d.t.Fatalf("exit %d after SIGTERM:\n%s", code, d.out)
	}
	d.Run()
}

// Output is what the program has printed.
func (d *Demo) Output() string { return d.out.String() }

// Member is the sample member as the control API names people.
func (d *Demo) Member() string { return d.Env["HUFU_CORPID"] + "/" + d.Env["HUFU_MEMBER"] }

// ReadEnv reads an env file.
func ReadEnv(t testing.TB, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimRight(line, "\n"), "="); ok {
			env[name] = value
		}
	}
	return env
}

// Await polls until done, and fails the test when it never is.
func Await(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(Patience)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s: not within %v", what, Patience)
		}
	}
}

// output collects what a process prints while the test may read it.
type output struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
