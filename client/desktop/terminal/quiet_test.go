package terminal_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/protocol"
)

// TestQuiet lets a log speak before and after a question, not between its lines; what comes
// without end is cut off.
func TestQuiet(t *testing.T) {
	t.Parallel()
	d := sit(t, "en")
	log := slog.New(d.Quiet(slog.NewTextHandler(d, nil))).With("who", "a page")
	log.Warn("before")
	answered := make(chan screen.Answer, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go func() {
		answer, err := d.Ask(ctx, screen.Screen{Kind: screen.Request, Claimed: claimed(one)})
		if err != nil {
			t.Error(err)
		}
		answered <- answer
	}()
	for !strings.HasSuffix(d.printed(), ": ") {
		time.Sleep(time.Millisecond)
	}
	for range 1000 {
		log.Warn("meanwhile")
	}
	question := d.printed()
	if strings.Contains(question, "meanwhile") || !strings.Contains(question, "msg=before who=\"a page\"") {
		t.Error(question)
	}
	if _, err := d.in.Write([]byte("r\n")); err != nil {
		t.Fatal(err)
	}
	if got := <-answered; got.Decision != "refuse" {
		t.Errorf("%+v", got)
	}
	log.Warn("after")
	rest := strings.TrimPrefix(d.printed(), question)
	if n := strings.Count(rest, "msg=meanwhile who=\"a page\""); n == 0 || n > 100 || !strings.Contains(rest, "msg=after") {
		t.Errorf("%d of 1000\n%s", n, rest)
	}
}

// TestNoPageToClose ends without words that belong to a window.
func TestNoPageToClose(t *testing.T) {
	t.Parallel()
	for lang, window := range map[string]string{"zh": "本页", "en": "page."} {
		d := sit(t, lang)
		d.Show(screen.Screen{Kind: screen.SignedIn, Person: "Li Xi"})
		d.Show(screen.Screen{Kind: screen.Ended, Reason: protocol.DesktopConfirmed})
		if got := d.printed(); strings.Contains(got, window) || strings.Contains(got, "window") || strings.Contains(got, "窗口") {
			t.Error(got)
		}
	}
}
