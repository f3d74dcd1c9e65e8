package scripts

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestKill kills the program at random moments of a storm of exchanges. A code succeeds at
// most once, over all its tries before and after, and once where no try was cut short; a page that was open before goes on,
// at the cost of one more scan at most.
func TestKill(t *testing.T) {
	t.Parallel()
	rounds := 50
	if testing.Short() {
		rounds = 5
	}
	d := sandbox.Start(t, sandbox.Options{})
	token := d.SuiteToken()
	cutShort, spent := 0, 0
	for round := range rounds {
		page, scanned := d.Open(d.LoginLink("open")), d.Open(d.LoginLink("scanned"))
		scanned.Decide("scan")
		storm := make([]*code, 8)
		for i := range storm {
			storm[i] = &code{text: d.LoginCode()}
		}
		// The moment is anywhere in the exchanges: before the first, between, after the last.
		moment := time.Duration(rand.IntN(25_000)) * time.Microsecond
		var wg sync.WaitGroup
		for _, c := range storm {
			for range 3 {
				wg.Go(func() { c.exchange(d, token) })
			}
		}
		kill := time.NewTimer(moment)
		<-kill.C
		if d.Signal(syscall.SIGKILL) != -1 {
			t.Fatalf("round %d: not killed:\n%s", round, d.Output())
		}
		wg.Wait()
		d.Run()
		if again := d.SuiteToken(); again != token {
			t.Fatalf("round %d: the suite token that the site holds is not the one asked for again", round)
		}
		for _, c := range storm {
			before := c.successes.Load()
			cutShort += int(c.lost.Load())
			c.exchange(d, token)
			c.exchange(d, token)
			if n := c.successes.Load(); n > 1 {
				t.Fatalf("round %d, killed after %v: a code succeeded %d times, %d of them before", round, moment, n, before)
			}
			if c.successes.Load() == 0 && c.lost.Load() == 0 {
				t.Fatalf("round %d, killed after %v: a code that nobody had spent was refused", round, moment)
			}
			spent += int(before)
		}
		for name, p := range map[string]*sandbox.Page{"open": page, "scanned": scanned} {
			p.Decide("confirm")
			if s := p.Wait("QRCODE_SCAN_NEVER"); s.Status != "QRCODE_SCAN_SUCC" || s.AuthCode == "" {
				t.Fatalf("round %d: the page that was %s: %+v", round, name, s)
			}
		}
	}
	t.Logf("%d codes were spent before a kill, %d exchanges were cut short", spent, cutShort)
	if rounds == 50 && (spent == 0 || cutShort == 0) {
		t.Error("the kills never came in the middle of an exchange")
	}
}

// code is one code and what became of its exchanges.
type code struct {
	text            string
	successes, lost atomic.Int64
}

// exchange tries once; no answer is fine, an answer must be success or 40029.
func (c *code) exchange(d *sandbox.Demo, token string) {
	a, err := sandbox.Try("GET", d.API("/cgi-bin/service/auth/getuserinfo3rd",
		url.Values{"suite_access_token": {token}, "code": {c.text}}), nil)
	if err != nil {
		c.lost.Add(1)
		return
	}
	var who struct {
		ErrCode int    `json:"errcode"`
		UserID  string `json:"userid"`
	}
	if err := json.Unmarshal([]byte(a.Body), &who); err != nil {
		panic(fmt.Sprintf("%d %s", a.Status, a.Body))
	}
	switch {
	case who.ErrCode == 0 && who.UserID != "":
		c.successes.Add(1)
	case who.ErrCode != 40029:
		panic(a.Body)
	}
}
