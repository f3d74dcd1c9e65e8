package terminal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/screen"
)

// Terminal is where the person sees and answers. Make one with New; Show and Ask are called by
// one goroutine at a time.
type Terminal struct {
	words  locales.Words
	out    io.Writer
	colour bool

	mu     sync.Mutex  // guards the following
	asking chan string // a line typed now goes here; nil: nowhere
	stands bool        // a question does, with what belongs to it
	held   []func()    // what logs have to say after it

	ended chan struct{}
	last  screen.Screen
}

// New begins to read in, one line an answer, until it ends. colour says that out understands
// ANSI colours: then a QR code is dark on light on any terminal.
func New(in io.Reader, out io.Writer, colour bool, words locales.Words) *Terminal {
	t := &Terminal{words: words, out: out, colour: colour, ended: make(chan struct{})}
	go t.read(in)
	return t
}

func (t *Terminal) read(in io.Reader) {
	defer close(t.ended)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		t.mu.Lock()
		if t.asking != nil {
			t.asking <- lines.Text() // holds one line, and is taken away with it
			t.asking = nil
		}
		t.mu.Unlock()
	}
}

// Show prints a screen.
func (t *Terminal) Show(s screen.Screen) {
	if s.Kind == screen.Connecting && t.last.Kind == screen.Connecting && s.Trouble == t.last.Trouble {
		return
	}
	t.last = s
	t.print(s)
}

// Ask prints a screen and returns the person's answer. The error is screen.ErrClosed or ctx's.
func (t *Terminal) Ask(ctx context.Context, s screen.Screen) (screen.Answer, error) {
	defer t.hush()()
	t.Show(s)
	if s.Kind == screen.Over {
		_, err := t.line(ctx, t.words.T("desktop.terminal.again"))
		return screen.Answer{Again: err == nil}, err
	}
	return t.decide(ctx, s)
}

// Closed never happens: a terminal whose input has ended can still show.
func (t *Terminal) Closed() <-chan struct{} { return nil }

// Close ends one use of the terminal; the next may follow.
func (t *Terminal) Close() {}

// line asks one question.
func (t *Terminal) line(ctx context.Context, question string) (string, error) {
	answer := make(chan string, 1)
	t.mu.Lock()
	t.asking = answer
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		t.asking = nil
		t.mu.Unlock()
	}()
	fmt.Fprint(t.out, question, ": ")
	select {
	case text := <-answer:
		return strings.TrimSpace(text), nil
	case <-ctx.Done():
		fmt.Fprintln(t.out)
		return "", ctx.Err()
	case <-t.ended:
		select {
		case text := <-answer: // the last line
			return strings.TrimSpace(text), nil
		default:
		}
		fmt.Fprintln(t.out)
		return "", screen.ErrClosed
	}
}

// say prints a line. A terminal that is gone is no failure.
func (t *Terminal) say(text string) { fmt.Fprintln(t.out, text) }

// plain is text from elsewhere without what would steer a terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}

// t is the text of a key; the values may be anybody's.
func (t *Terminal) t(key string, values ...string) string {
	safe := make([]any, len(values))
	for i, v := range values {
		safe[i] = plain(v)
	}
	return t.words.T(key, safe...)
}
