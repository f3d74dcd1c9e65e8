package terminal_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"rsc.io/qr"

	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/terminal"
	"github.com/hufu-sso/hufu/protocol"
)

// desk is a terminal at which a test types, each line once a question stands there.
type desk struct {
	*terminal.Terminal
	in *io.PipeWriter

	mu  sync.Mutex
	out strings.Builder
	say []string // to be typed, one for each question
}

// Write sees what is printed; a question ends in a colon and a space.
func (d *desk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out.Write(p)
	if strings.HasSuffix(string(p), ": ") && len(d.say) > 0 {
		line := d.say[0]
		d.say = d.say[1:]
		go io.WriteString(d.in, line+"\n")
	}
	return len(p), nil
}

func (d *desk) printed() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.out.String()
}

func sit(t *testing.T, lang string, say ...string) *desk {
	t.Helper()
	in, out := io.Pipe()
	d := &desk{in: out, say: say}
	d.Terminal = terminal.New(in, d, false, locales.In(lang))
	t.Cleanup(func() { out.Close() })
	return d
}

func claimed(choices ...protocol.DesktopChoice) protocol.DesktopClaimed {
	return protocol.DesktopClaimed{Asker: protocol.DesktopAsker{Brand: "Acme", Domain: "site.example:8443"},
		Place: protocol.DesktopPlace{Browser: "Chrome 142 · Windows", Address: "192.0.2.7", NewBrowser: true}, Choices: choices}
}

var (
	one = protocol.DesktopChoice{As: "7", Company: "Tidewater", Name: "Li Xi", Share: protocol.ShareEncrypted}
	two = protocol.DesktopChoice{As: "8", Company: "Hillside", Name: "Lixi", Share: protocol.SharePlain, CorpID: "ww88", UserID: "lixi"}
)

func TestDecides(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		choices []protocol.DesktopChoice
		say     []string
		want    screen.Answer
		shows   []string
	}{
		"confirm":        {[]protocol.DesktopChoice{one}, []string{"42"}, screen.Answer{Decision: "confirm", Number: "42"}, []string{"Li Xi", "Tidewater", "encrypted"}},
		"full width":     {[]protocol.DesktopChoice{one}, []string{" ４２ "}, screen.Answer{Decision: "confirm", Number: "42"}, nil},
		"refuse":         {[]protocol.DesktopChoice{one}, []string{"r"}, screen.Answer{Decision: "refuse"}, nil},
		"refuse in full": {[]protocol.DesktopChoice{one}, []string{"Refuse"}, screen.Answer{Decision: "refuse"}, nil},
		"report":         {[]protocol.DesktopChoice{one}, []string{"N"}, screen.Answer{Decision: "report"}, nil},
		"a number, late": {[]protocol.DesktopChoice{one}, []string{"", "y", "4", "427", "-1", "42"}, screen.Answer{Decision: "confirm", Number: "42"}, []string{"not understood"}},
		"a choice":       {[]protocol.DesktopChoice{one, two}, []string{"2", "42"}, screen.Answer{Decision: "confirm", As: "8", Number: "42"}, []string{"ww88", "lixi", "1  Li Xi", "2  Lixi"}},
		"a choice, late": {[]protocol.DesktopChoice{one, two}, []string{"0", "3", "x", "1", "42"}, screen.Answer{Decision: "confirm", As: "7", Number: "42"}, []string{"no such number"}},
		"neither":        {[]protocol.DesktopChoice{one, two}, []string{"n"}, screen.Answer{Decision: "report"}, nil},
		"neither, later": {[]protocol.DesktopChoice{one, two}, []string{"1", "r"}, screen.Answer{Decision: "refuse", As: "7"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sit(t, "en", test.say...)
			got, err := d.Ask(t.Context(), screen.Screen{Kind: screen.Request, Claimed: claimed(test.choices...)})
			if err != nil || got != test.want {
				t.Errorf("%+v, %v\n%s", got, err, d.printed())
			}
			for _, text := range append(test.shows, "Acme", "site.example:8443", "Chrome 142 · Windows", "192.0.2.7", "Another network", "! This browser is new to you") {
				if !strings.Contains(d.printed(), text) {
					t.Errorf("%q is not in\n%s", text, d.printed())
				}
			}
		})
	}
}

// TestProblem asks again, without telling everything again and without asking as whom.
func TestProblem(t *testing.T) {
	t.Parallel()
	d := sit(t, "zh", "42")
	got, err := d.Ask(t.Context(), screen.Screen{Kind: screen.Request, Claimed: claimed(one, two), Problem: screen.ProblemUnreachable, As: "8"})
	if want := (screen.Answer{Decision: "confirm", As: "8", Number: "42"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if !strings.Contains(d.printed(), "连不上平台") || strings.Contains(d.printed(), "Acme (") || strings.Contains(d.printed(), "192.0.2.7") {
		t.Errorf("%s", d.printed())
	}
}

// TestTypedBefore types before anything is asked: it answers nothing.
func TestTypedBefore(t *testing.T) {
	t.Parallel()
	d := sit(t, "en")
	for _, line := range []string{"42\n", "42\n", "42\n"} {
		if _, err := io.WriteString(d.in, line); err != nil {
			t.Fatal(err)
		}
	}
	// Once this is taken, the lines before it have been read and dropped.
	if _, err := io.WriteString(d.in, "4"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	d.mu.Lock()
	d.say = []string{"2x"} // ends the line that was begun: 42x
	d.mu.Unlock()
	answered := make(chan error, 1)
	go func() {
		got, err := d.Ask(ctx, screen.Screen{Kind: screen.Request, Claimed: claimed(one)})
		if err == nil {
			t.Errorf("answered: %+v", got)
		}
		answered <- err
	}()
	for !strings.Contains(d.printed(), "not understood") {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	d := sit(t, "en")
	d.in.Close()
	for _, s := range []screen.Screen{{Kind: screen.Over, Reason: screen.Removed}, {Kind: screen.Request, Claimed: claimed(one)}} {
		if _, err := d.Ask(t.Context(), s); !errors.Is(err, screen.ErrClosed) {
			t.Errorf("%s: %v", s.Kind, err)
		}
	}
	d.Show(screen.Screen{Kind: screen.Number, Number: "42"})
	if !strings.Contains(d.printed(), "42") {
		t.Error("cannot show any more")
	}
}

func TestAgain(t *testing.T) {
	t.Parallel()
	d := sit(t, "en", "")
	if got, err := d.Ask(t.Context(), screen.Screen{Kind: screen.Over, Reason: screen.Removed}); err != nil || !got.Again {
		t.Errorf("%+v, %v", got, err)
	}
	if !strings.Contains(d.printed(), "has been removed") {
		t.Error(d.printed())
	}
}

// TestCode reads the modules back from the half blocks.
func TestCode(t *testing.T) {
	t.Parallel()
	const address = "https://id.example.com/q/3qTz8vKfLw2ZpXaY7mNb01"
	want, err := qr.Encode(address, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	for _, colour := range []bool{true, false} {
		var out strings.Builder
		terminal.New(strings.NewReader(""), &out, colour, locales.In("en")).Show(screen.Screen{Kind: screen.Code, URL: address, Machine: "desk · Linux"})
		var rows [][]rune
		for line := range strings.SplitSeq(out.String(), "\n") {
			inked := strings.HasPrefix(line, "\x1b[30;107m") && strings.HasSuffix(line, "\x1b[0m")
			line = strings.TrimSuffix(strings.TrimPrefix(line, "\x1b[30;107m"), "\x1b[0m")
			if len([]rune(line)) == want.Size+8 && strings.Trim(line, " █▀▄") == "" {
				rows = append(rows, []rune(line))
				if inked != colour {
					t.Fatalf("colour %v: %q", colour, line)
				}
			}
		}
		if len(rows) != (want.Size+8+1)/2 {
			t.Fatalf("%d rows for %d modules:\n%s", len(rows), want.Size, out.String())
		}
		for y := -4; y < want.Size+4; y++ {
			for x := -4; x < want.Size+4; x++ {
				r := rows[(y+4)/2][x+4]
				drawn := r == '█' || r == '▀' && (y+4)%2 == 0 || r == '▄' && (y+4)%2 == 1
				if drawn != (want.Black(x, y) == colour) {
					t.Fatalf("colour %v: module %d,%d is %q", colour, x, y, r)
				}
			}
		}
		if !strings.Contains(out.String(), "\n"+address+"\n") || !strings.Contains(out.String(), "desk · Linux") {
			t.Errorf("%s", out.String())
		}
	}
}

// TestEveryScreen has words for every screen, and none that steers the terminal.
func TestEveryScreen(t *testing.T) {
	t.Parallel()
	const evil = "A\n\x1b[2Jfake\u202e"
	for _, lang := range locales.Languages {
		var screens []screen.Screen
		for _, reason := range screen.OverReasons {
			screens = append(screens, screen.Screen{Kind: screen.Over, Reason: reason})
		}
		for _, reason := range screen.EndedReasons {
			screens = append(screens, screen.Screen{Kind: screen.Ended, Reason: reason})
		}
		for _, share := range screen.Shares {
			c := claimed(protocol.DesktopChoice{As: "7", Company: evil, Name: evil, Share: share, CorpID: evil, UserID: evil})
			c.Asker, c.Admins = protocol.DesktopAsker{Brand: evil, Domain: evil, Own: true}, true
			c.Place.Browser, c.Place.Address, c.Place.NewPlace = evil, evil, true
			screens = append(screens, screen.Screen{Kind: screen.Request, Claimed: c})
		}
		for _, s := range append(screens, screen.Screen{Kind: screen.Connecting, Platform: evil, Trouble: true}, screen.Screen{Kind: screen.Connecting},
			screen.Screen{Kind: screen.Number, Number: evil, Platform: evil}, screen.Screen{Kind: screen.SignedIn, Person: evil},
			screen.Screen{Kind: screen.SignedIn, Person: evil, Companies: []protocol.DesktopCompany{{Company: evil, Name: evil}}}) {
			d := sit(t, lang)
			d.Show(s)
			if got := d.printed(); got == "" || strings.Contains(got, "desktop.") || strings.ContainsAny(got, "\x1b\u202e") || strings.Contains(got, "A\n") {
				t.Errorf("%s, %+v: %q", lang, s, got)
			}
		}
	}
}
