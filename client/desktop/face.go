package desktop

import (
	"context"

	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/terminal"
)

// face is where a person sees and answers, from the first screen of something to the last: a
// window, or the terminal.
type face interface {
	// Show replaces what the person sees.
	Show(screen.Screen)
	// Ask shows a screen that asks and returns the answer. The error is screen.ErrClosed when
	// nobody is there any more, or ctx's.
	Ask(context.Context, screen.Screen) (screen.Answer, error)
	// Closed is closed when nobody is there any more; nil: that never happens.
	Closed() <-chan struct{}
	// Close leaves the last screen as it is.
	Close()
}

// show begins something that the person shall see.
func (d *Desktop) show() (face, error) {
	if d.terminal != nil {
		d.screen.Lock()
		return onTerminal{d.terminal, d.screen.Unlock}, nil
	}
	return d.windows.New()
}

// onTerminal has the terminal for itself until Close.
type onTerminal struct {
	*terminal.Terminal
	free func()
}

func (t onTerminal) Close() { t.free() }
