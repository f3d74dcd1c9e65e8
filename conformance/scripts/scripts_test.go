package scripts

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

func TestMain(m *testing.M) { sandbox.Main(m) }

// TestScripts runs testdata/*.txtar: what a person types, and what comes of it. Beside
// testscript's own, the scripts have the commands
//
//	ports NAME...       sets variables to ports on which nothing listens
//	taken NAME          sets a variable to a port on which something listens
//	await FILE          waits for a file
//	end                 sends SIGTERM to what runs in the background
//	answers URL         waits until something answers there
//	load FILE           sets the variables that an env file names
//	one FILE            fails unless the file has one line that is not empty
//	call METHOD URL [BODY]   makes an HTTP call; its status and body are the output
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(2 * sandbox.Patience),
		Setup: func(e *testscript.Env) error {
			// The binary may have any name; the scripts know it by its own.
			bin := filepath.Join(e.WorkDir, ".bin")
			if err := errors.Join(os.Mkdir(bin, 0o700), os.Symlink(sandbox.Binary, filepath.Join(bin, "hufu"))); err != nil {
				return err
			}
			e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ports": func(ts *testscript.TestScript, _ bool, args []string) {
				for i, port := range sandbox.FreePorts(t, len(args)) {
					ts.Setenv(args[i], port)
				}
			},
			"taken": taken,
			"await": func(ts *testscript.TestScript, _ bool, args []string) {
				until(ts, args[0], func() bool {
					info, err := os.Stat(ts.MkAbs(args[0]))
					return err == nil && info.Size() > 0
				})
			},
			"end": func(ts *testscript.TestScript, _ bool, _ []string) {
				for _, command := range ts.BackgroundCmds() {
					ts.Check(command.Process.Signal(syscall.SIGTERM))
				}
			},
			"answers": func(ts *testscript.TestScript, _ bool, args []string) {
				until(ts, args[0], func() bool {
					_, err := sandbox.Try("GET", args[0], nil)
					return err == nil
				})
			},
			"load": load,
			"one":  oneLine,
			"call": call,
		},
	})
}

func taken(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	ts.Setenv(args[0], port)
}

// until polls until done.
func until(ts *testscript.TestScript, what string, done func() bool) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(sandbox.Patience)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			ts.Fatalf("%s: not within %v", what, sandbox.Patience)
		}
	}
}

func load(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			ts.Fatalf("%s: not NAME=value: %s", args[0], line)
		}
		ts.Setenv(name, value)
	}
}

func oneLine(ts *testscript.TestScript, _ bool, args []string) {
	count := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if strings.TrimSpace(line) != "" {
			count++
		}
	}
	if count != 1 {
		ts.Fatalf("%s has %d lines", args[0], count)
	}
}

func call(ts *testscript.TestScript, _ bool, args []string) {
	var body any
	if len(args) > 2 {
		body = args[2]
	}
	a, err := sandbox.Try(args[0], args[1], body)
	ts.Check(err)
	_, err = ts.Stdout().Write([]byte(fmt.Sprintf("status %d\n%s", a.Status, a.Body)))
	ts.Check(err)
}
