package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hufu-sso/hufu/client/browser"
)

type browserCommand struct {
	URL  string   `arg:"" help:"Page to open, such as http://localhost:3000."`
	Data string   `help:"Data directory of the demo. Default: the user's data directory." type:"path"`
	TLS  string   `name:"tls-addr" help:"Where 'hufu demo --wecom-hosts' serves WeCom's host names." default:"127.0.0.1:8443"`
	Path string   `help:"The browser's executable. Default: an installed Chrome, Chromium or Edge." type:"existingfile"`
	Args []string `name:"arg" help:"One more argument for the browser." sep:"none"`
}

// Run opens the browser and waits until it is closed.
func (c *browserCommand) Run(ctx context.Context) error {
	if c.Data == "" {
		var err error
		if c.Data, err = defaultData(); err != nil {
			return err
		}
	}
	pin, err := browser.Pin(ctx, c.TLS, filepath.Join(c.Data, "ca.pem"))
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no ca.pem in %s: start 'hufu demo --wecom-hosts' first, or name its data directory with --data", c.Data)
	}
	if errors.Is(err, browser.ErrNotServed) {
		return fmt.Errorf("nothing answers at %s: start 'hufu demo --wecom-hosts' first, or name its address with --tls-addr", c.TLS)
	}
	if err != nil {
		return err
	}
	return browser.Run(ctx, browser.Options{URL: c.URL, TLSAddr: c.TLS, SPKI: pin, Path: c.Path, Args: c.Args}, os.Stderr)
}
