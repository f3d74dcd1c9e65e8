package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"

	"github.com/hufu-sso/hufu/platform"
)

type platformCommand struct {
	Data              string `help:"Data directory." type:"path" env:"HUFU_DATA"`
	Addr              string `help:"Address to listen on." default:"127.0.0.1:8790" env:"HUFU_ADDR"`
	PublicURL         string `help:"Origin under which browsers and phones reach the platform." env:"HUFU_PUBLIC_URL"`
	Sandbox           bool   `help:"Make the store a sandbox: banner, person picker, development origins, loopback callbacks. Fixed when the store is made."`
	Control           string `help:"Address of the control port, on loopback (sandbox only)."`
	AttemptsPerMinute int    `help:"Sign-ins one address may begin in a minute." default:"120"`
	Quiet             bool   `help:"Log warnings and errors only."`
	Storybook         bool   `help:"Show every page with sample data at /storybook/, and nothing else."`
}

// BeforeReset drops variables that are set to nothing: they are as good as not set.
func (c *platformCommand) BeforeReset(ctx *kong.Context) error {
	for _, flag := range ctx.Flags() {
		for _, name := range flag.Envs {
			if value, set := os.LookupEnv(name); set && value == "" {
				if err := os.Unsetenv(name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Run serves until it is told to stop.
func (c *platformCommand) Run(ctx context.Context) (err error) {
	needs := []need{{"--addr", c.Addr}}
	if c.Storybook {
		if err := free(needs); err != nil {
			return err
		}
		return platform.Storybook(ctx, c.Addr, func(url string) { fmt.Println(url) })
	}
	if c.Data == "" {
		return errors.New("a data directory is needed: 'hufu platform --sandbox --data DIR'; 'hufu demo' chooses one itself")
	}
	if c.Control != "" {
		needs = append(needs, need{"--control", c.Control})
	}
	if err := free(needs); err != nil {
		return err
	}
	p, err := platform.New(ctx, platform.Config{Dir: c.Data, Addr: c.Addr, PublicURL: c.PublicURL, Sandbox: c.Sandbox,
		ControlAddr: c.Control, AttemptsPerMinute: c.AttemptsPerMinute, Log: logger(c.Quiet)})
	if err != nil {
		return inUse(err, c.Data)
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	fmt.Println(p.PublicURL())
	return p.Run(ctx)
}

// inUse says what to do where another program has the data directory open.
func inUse(err error, data string) error {
	if errors.Is(err, platform.ErrInUse) {
		return fmt.Errorf("another hufu has %s open: end it, or choose another folder with --data", data)
	}
	return err
}

func logger(quiet bool) *slog.Logger {
	level := slog.LevelInfo
	if quiet {
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
