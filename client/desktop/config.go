package desktop

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/gen2brain/beeep"
	"github.com/pkg/browser"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/peer"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/protocol"
)

// Config is what a desktop client is told. Platform and Dir are needed.
type Config struct {
	// Platform is the address of the platform under which phones reach it, such as
	// https://id.example.com. Plain HTTP is for this machine alone.
	Platform string
	// Dir is the data directory. It is made with mode 0700; one that is there must not be
	// writable by others. One client at a time uses it.
	Dir string

	// Terminal shows everything in a terminal; nil: in a window of the browser.
	Terminal *Terminal
	// Lang is the language, protocol.LangZH or LangEN; empty: that of the browser, or the first
	// of Locale that we have, or Chinese.
	Lang string
	// Locale are what the system says of the language, such as "en_GB.UTF-8".
	Locale []string
	// Name is what the person's phone will call this machine; empty: host name and system.
	Name string
	// Ports of 127.0.0.1, of which the first free one is taken; nil: protocol.LoopbackPorts.
	Ports []int
	// Log receives what happens, without secrets; nil: nobody.
	Log *slog.Logger

	// The system, for tests; nil: the real one.
	Open      func(path string) error        // shows a file in the browser
	Notify    func(title, text string) error // shows a notification
	Keyring   keep.Keyring
	Owner     peer.Owner
	Dial      func(ctx context.Context, network, address string) (net.Conn, error) // to the platform
	Now       func() time.Time
	AfterFunc func(time.Duration, func()) (stop func() bool)
}

// Terminal is a terminal.
type Terminal struct {
	In     io.Reader
	Out    io.Writer
	Colour bool // Out understands ANSI colours
}

// complete fills in the system.
func (c *Config) complete() {
	if c.Name == "" {
		c.Name = wire.MachineName()
	}
	if c.Ports == nil {
		c.Ports = protocol.LoopbackPorts()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Open == nil {
		c.Open = openInBrowser
	}
	if c.Notify == nil {
		c.Notify = notify
	}
	if c.Keyring == nil {
		c.Keyring = keep.System{}
	}
	if c.Owner == nil {
		c.Owner = peer.Check
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.AfterFunc == nil {
		c.AfterFunc = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
}

// transport reaches the platform.
func (c *Config) transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	if c.Dial != nil {
		t.DialContext, t.Proxy = c.Dial, nil
	}
	return t
}

// openInBrowser shows a file in the person's browser. What the browser prints is not ours.
func openInBrowser(path string) error {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	return browser.OpenFile(path)
}

// notify shows a notification of the system.
func notify(title, text string) error {
	beeep.AppName = "Hufu"
	return beeep.Notify(title, text, "")
}
