package desktop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/loopback"
	"github.com/hufu-sso/hufu/client/desktop/terminal"
	"github.com/hufu-sso/hufu/client/desktop/window"
	"github.com/hufu-sso/hufu/client/desktop/wire"
)

// Desktop is a desktop client. Make one with New, Run it once, then Close it.
type Desktop struct {
	Config
	keeper   *keep.Keeper
	platform *wire.Client
	words    locales.Words // of terminal and notifications
	unlock   func() error
	door     net.Listener // of loopback

	windows  *window.Server // nil: terminal is where things are shown
	glass    net.Listener   // of windows
	terminal *terminal.Terminal
	screen   sync.Mutex // of the terminal: one thing at a time

	again    chan struct{}  // the state should be asked for now
	requests sync.WaitGroup // sign-ins that are on the screen
	running  context.Context

	mu      sync.Mutex // guards the following
	device  keep.Device
	signed  bool     // the platform knows the device
	origins []string // of login pages, as last heard
}

// New takes the data directory and the ports. The errors wrap keep.ErrInUse,
// keep.ErrOpenToOthers, loopback.ErrNoPort, or say what is wrong with the platform's address.
func New(c Config) (d *Desktop, err error) {
	d, err = start(c)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if d.door, err = loopback.Listen(d.Ports); err != nil {
		return nil, err
	}
	if t := c.Terminal; t != nil {
		d.terminal = terminal.New(t.In, t.Out, t.Colour, d.words)
		d.Log = slog.New(d.terminal.Quiet(d.Log.Handler()))
		d.keeper.Log = d.Log
		return d, nil
	}
	d.windows = &window.Server{Dir: d.Dir, Words: d.wordsFor, Open: d.Open, Owner: d.Owner, AfterFunc: d.AfterFunc, Log: d.Log}
	d.glass, err = d.windows.Listen()
	return d, err
}

// start is what every use of a data directory begins with.
func start(c Config) (*Desktop, error) {
	c.complete()
	origin, err := wire.ParsePlatform(c.Platform)
	if err != nil {
		return nil, err
	}
	if c.Dir == "" {
		return nil, errors.New("a data directory is needed")
	}
	unlock, err := keep.Lock(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Dir, err)
	}
	words := locales.In(append([]string{c.Lang}, c.Locale...)...)
	return &Desktop{Config: c, words: words, unlock: unlock, again: make(chan struct{}, 1),
		keeper:   &keep.Keeper{Platform: origin, Dir: c.Dir, Keyring: c.Keyring, Log: c.Log},
		platform: wire.New(origin, words.Lang, c.transport(), c.Now)}, nil
}

// wordsFor are the words of a page for a browser's Accept-Language.
func (d *Desktop) wordsFor(accept string) locales.Words {
	if d.Lang != "" || accept == "" {
		return d.words
	}
	return locales.Accepted(accept)
}

// Addr is where login pages find the client: 127.0.0.1 and a port.
func (d *Desktop) Addr() string { return d.door.Addr().String() }

// Close gives back ports and data directory.
func (d *Desktop) Close() error {
	var err error
	for _, l := range []net.Listener{d.door, d.glass} {
		if l == nil {
			continue
		}
		if e := l.Close(); !errors.Is(e, net.ErrClosed) {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, d.unlock())
}

// know notes what the platform has said of the device.
func (d *Desktop) know(device keep.Device, signed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.device, d.signed = device, signed
}

// known is the device, and whether the platform knows it.
func (d *Desktop) known() (keep.Device, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.device, d.signed
}

func (d *Desktop) loginOrigins() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.origins)
}
