package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/hufu-sso/hufu/client/desktop"
	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/loopback"
	"github.com/hufu-sso/hufu/client/desktop/wire"
)

type desktopCommand struct {
	Platform string `help:"Address of the platform, as phones reach it. Default: the demo's, http://localhost:8790." default:"http://localhost:8790" env:"HUFU_PUBLIC_URL" placeholder:"URL"`
	Data     string `help:"Data directory: the device key, where the system has no keyring, and the files that open a window. Default: desktop in the user's data directory." type:"path" env:"HUFU_DESKTOP_DATA"`
	Terminal bool   `help:"Show everything in this terminal, and read the answers from it."`
	NoOpen   bool   `help:"Print the file that opens the window instead of opening it."`
	Lang     string `help:"Language: zh or en. Default: the browser's, or the system's." enum:",zh,en" default:""`
	SignOut  bool   `help:"Sign out, forget the device key, and end."`
	Quiet    bool   `help:"Log warnings and errors only."`
}

// Run signs in, where that has not been done, and answers login pages until it is told to stop.
func (c *desktopCommand) Run(ctx context.Context) (err error) {
	if c.Data == "" {
		data, err := defaultData()
		if err != nil {
			return err
		}
		c.Data = filepath.Join(data, "desktop")
	}
	config := desktop.Config{Platform: c.Platform, Dir: c.Data, Lang: c.Lang, Log: logger(c.Quiet),
		Locale: []string{os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")}}
	if c.SignOut {
		return c.explain(desktop.SignOut(ctx, config))
	}
	if c.Terminal {
		config.Terminal = &desktop.Terminal{In: os.Stdin, Out: os.Stdout, Colour: colours(os.Stdout)}
	}
	if c.NoOpen {
		config.Open = func(path string) error {
			_, err := fmt.Printf("Open this file in your browser: %s\n", path)
			return err
		}
	}
	d, err := desktop.New(config)
	if err != nil {
		return c.explain(err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return c.explain(d.Run(ctx))
}

// explain says what to do about an error.
func (c *desktopCommand) explain(err error) error {
	left := "the window was closed"
	if c.Terminal {
		left = "standard input has ended, so that nobody can answer"
	}
	switch {
	case errors.Is(err, keep.ErrInUse):
		return fmt.Errorf("another 'hufu desktop' runs on %s: end it, or choose another folder with --data", c.Data)
	case errors.Is(err, keep.ErrOpenToOthers):
		return fmt.Errorf("others may write in %s: choose a folder of your own with --data", c.Data)
	case errors.Is(err, keep.ErrBroken):
		return fmt.Errorf("%w: 'hufu desktop --sign-out' forgets it", err)
	case errors.Is(err, loopback.ErrNoPort):
		return fmt.Errorf("%w: another desktop client (or WeCom's own) uses them", err)
	case errors.Is(err, wire.ErrElsewhere):
		return fmt.Errorf("%w: name the address by which it goes with --platform", err)
	case errors.Is(err, desktop.ErrNotSignedIn):
		return fmt.Errorf("%w: %s", err, left)
	}
	return err
}

// colours tells whether f is a terminal that understands ANSI colours; on Windows that is not
// asked.
func colours(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && runtime.GOOS != "windows"
}
