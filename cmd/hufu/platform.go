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
	Data              string    `help:"Data directory." type:"path" env:"HUFU_DATA"`
	Addr              string    `help:"Address to listen on." default:"127.0.0.1:8790" env:"HUFU_ADDR"`
	PublicURL         string    `help:"Origin under which phones reach the platform; fixed at the first start." env:"HUFU_PUBLIC_URL"`
	LoginURL          string    `help:"Origin of the login page. Default: login. before the public host." env:"HUFU_LOGIN_URL"`
	ConsoleURL        string    `help:"Origin of the consoles. Default: console. before the public host." env:"HUFU_CONSOLE_URL"`
	APIURL            string    `name:"api-url" help:"Origin of the API. Default: api. before the public host; 127.0.0.1 where that is localhost." env:"HUFU_API_URL"`
	Sandbox           bool      `help:"Make the store a sandbox: banner, person picker, development origins, loopback callbacks. Fixed when the store is made."`
	CallbackNetwork   []network `help:"Inner network to which callbacks may go, such as 10.1.0.0/16; may be repeated. Public addresses always may." placeholder:"PREFIX" env:"HUFU_CALLBACK_NETWORK"`
	NoDomainCheck     bool      `help:"Let business settings be on domains without the ownership file WW_verify." env:"HUFU_NO_DOMAIN_CHECK"`
	TrustedProxy      []network `help:"Proxy whose X-Forwarded-For is believed; may be repeated." placeholder:"PREFIX" env:"HUFU_TRUSTED_PROXY"`
	Control           string    `help:"Address of the control port, on loopback (sandbox only)."`
	OldPolls          bool      `help:"Hand codes to programs that poll the old login pages with the key in the page alone (sandbox only)."`
	AttemptsPerMinute int       `help:"Sign-ins one address may begin in a minute." default:"120"`
	OperatorLink      bool      `help:"Print a one-time link for one more operator, where nobody can sign in as one any more."`
	Quiet             bool      `help:"Log warnings and errors only."`
	Storybook         bool      `help:"Show every page with sample data at /storybook/, and nothing else."`
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
		return errors.New("a data directory is needed: 'hufu platform --data DIR'; 'hufu demo' chooses one itself")
	}
	if c.Control != "" {
		needs = append(needs, need{"--control", c.Control})
	}
	if err := free(needs); err != nil {
		return err
	}
	p, err := platform.New(ctx, platform.Config{Dir: c.Data, Addr: c.Addr, PublicURL: c.PublicURL, LoginURL: c.LoginURL,
		ConsoleURL: c.ConsoleURL, APIURL: c.APIURL, Sandbox: c.Sandbox, CallbackNetworks: prefixes(c.CallbackNetwork), NoDomainCheck: c.NoDomainCheck,
		TrustedProxies: prefixes(c.TrustedProxy), ControlAddr: c.Control, OldPolls: c.OldPolls, AttemptsPerMinute: c.AttemptsPerMinute, Log: logger(c.Quiet)})
	if err != nil {
		return inUse(err, c.Data)
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := tellWhere(ctx, p, c.Sandbox, c.OperatorLink); err != nil {
		return err
	}
	return p.Run(ctx)
}

// tellWhere prints where the platform is reached and, while it has no operator, the one-time
// link with which to begin.
func tellWhere(ctx context.Context, p *platform.Platform, sandbox, operatorLink bool) error {
	setup, err := p.SetupURL(ctx)
	more := ""
	if err == nil && setup == "" && operatorLink {
		more, err = p.OperatorURL(ctx)
	}
	if err != nil {
		return err
	}
	o := p.Origins()
	if sandbox {
		fmt.Println(o.Phone)
	} else {
		fmt.Printf("phone     %s\nlogin     %s\nconsoles  %s\nAPI       %s\n", o.Phone, o.Login, o.Console, o.API)
	}
	if setup != "" {
		fmt.Printf("This platform is empty. Open this link once, within 72 hours, to become its operator:\n%s\n", setup)
	}
	if more != "" {
		fmt.Printf("Open this link once, within 72 hours, to become one more operator:\n%s\n", more)
	}
	return nil
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
