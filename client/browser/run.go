package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// patience is how long a browser may take to end when it is told to, and how
// long its last processes may keep files of the profile.
const patience = 5 * time.Second

// Run opens the browser, waits until it was closed, and removes its profile.
// When ctx ends the browser is closed; that is no error. What the browser
// prints goes to output, or nowhere when output is nil.
func Run(ctx context.Context, o Options, output io.Writer) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	path := o.Path
	if path == "" {
		if path, err = Find(); err != nil {
			return err
		}
	}
	profile, err := os.MkdirTemp("", "hufu-browser-")
	if err != nil {
		return fmt.Errorf("make the browser's profile: %w", err)
	}
	defer func() { err = errors.Join(err, remove(profile)) }()

	cmd := exec.CommandContext(ctx, path, arguments(o, profile, os.Geteuid() == 0)...)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.Cancel = func() error {
		if runtime.GOOS == "windows" {
			return cmd.Process.Kill() // there is nothing gentler
		}
		return cmd.Process.Signal(os.Interrupt)
	}
	cmd.WaitDelay = patience
	err = cmd.Run()
	if ctx.Err() != nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the browser %s: %w", path, err)
	}
	return nil
}

// remove deletes the profile. The browser's helpers may outlive it by a
// moment and write once more.
func remove(profile string) error {
	deadline := time.Now().Add(patience)
	for {
		err := os.RemoveAll(profile)
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("remove the browser's profile: %w", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
