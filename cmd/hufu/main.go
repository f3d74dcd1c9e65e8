// Command hufu is WeCom's single sign-on for service providers, whole: the platform half
// that signs members in, and the site half that learns who they are.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Demo     demoCommand     `cmd:"" help:"Run the whole system on this machine: platform, sample companies, a provider and its site."`
	Platform platformCommand `cmd:"" help:"Run the platform half."`
	Env      envCommand      `cmd:"" help:"Print the shell exports that point a client at the sandbox."`
	Browser  browserCommand  `cmd:"" help:"Open a browser in which WeCom's host names are the sandbox's."`
	Phone    phoneCommand    `cmd:"" help:"A phone in the terminal."`
	Desktop  desktopCommand  `cmd:"" help:"The desktop client: signs in once, then answers quick login of login pages."`
}

// gcPercent trades memory for time: the live heap is a few MiB, most of what a request
// allocates dies with it, and collecting a third as often saves about a tenth of a
// sign-in's processor time.
const gcPercent = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	// The first signal stops in order; a second one ends at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "hufu:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	call, err := parse(ctx, args)
	if err != nil {
		return err
	}
	return call.Run()
}

func parse(ctx context.Context, args []string) (*kong.Context, error) {
	parser, err := kong.New(&commands{}, kong.Name("hufu"),
		kong.Description("虎符 Hufu: WeCom (企业微信) single sign-on for service providers, both halves. An independent project, not affiliated with Tencent."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return nil, err
	}
	call, err := parser.Parse(args)
	if broken, ok := errors.AsType[*kong.ParseError](err); ok {
		help := "hufu"
		if command := broken.Context.Command(); command != "" {
			help, _, _ = strings.Cut(help+" "+command, " <")
		}
		return nil, fmt.Errorf("%w ('%s --help' tells more)", err, help)
	}
	return call, err
}
