package attempt_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

type bench struct {
	*attempt.Service
	t     *testing.T
	clock *clock.Clock
	file  string
}

func newBench(t *testing.T, rule attempt.NumberRule) *bench {
	t.Helper()
	return newBenchOn(t, rule, &gate{})
}

// newBenchOn puts a gate in front of the store.
func newBenchOn(t *testing.T, rule attempt.NumberRule, g *gate) *bench {
	t.Helper()
	dir, c := t.TempDir(), clock.New()
	t.Cleanup(c.Stop)
	db, err := store.Open(t.Context(), filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(t.Context(), db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "shortlived.db")
	short, err := shortlived.Embedded(file, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { short.Close() })
	g.Store = short
	s, err := attempt.New(g, c, ring, rule)
	if err != nil {
		t.Fatal(err)
	}
	return &bench{s, t, c, file}
}

var (
	browser = netip.MustParseAddr("192.0.2.1")
	mine    = attempt.Phone{Session: "mine", Person: 7, Name: "张伟", Address: browser}
	theirs  = attempt.Phone{Session: "theirs", Person: 8, Name: "王芳", Address: browser}
	tablet  = attempt.Phone{Session: "tablet", Person: 7, Name: "张伟", Address: browser}
)

func (b *bench) begin() attempt.Keys {
	b.t.Helper()
	p, err := b.Begin(b.t.Context(), attempt.Request{App: 1, Kind: tokens.LoginCode, RedirectURI: "https://a.example/cb",
		Origin: "https://a.example", Address: browser})
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bench) state(p attempt.Keys) attempt.State {
	b.t.Helper()
	a, err := b.Get(b.t.Context(), p.WebKey)
	if err != nil {
		b.t.Fatal(err)
	}
	return a.State(b.clock.Now())
}

// Every action in every state, by the phone that scanned, by another device of the same
// person and by another person: what it answers, and the state it leaves.
func TestTransitions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t, attempt.NumberFromElsewhere)
	acts := map[string]func(key string, p attempt.Phone) error{
		"scan": func(key string, p attempt.Phone) error { _, err := b.Scan(ctx, key, p); return err },
		"confirm": func(key string, p attempt.Phone) error {
			_, err := b.Confirm(ctx, key, p, attempt.Decision{Member: 3, Corp: 4})
			return err
		},
		"refuse": func(key string, p attempt.Phone) error { _, err := b.Refuse(ctx, key, p); return err },
		"report": func(key string, p attempt.Phone) error { _, err := b.Report(ctx, key, p); return err },
	}
	to := map[attempt.State][]string{
		attempt.Created: {}, attempt.Scanned: {"scan"}, attempt.Confirmed: {"scan", "confirm"},
		attempt.Refused: {"scan", "refuse"}, attempt.Cancelled: {"report"}, attempt.TimedOut: {"scan", "wait"}, attempt.Expired: {"wait long"},
	}
	gone, taken, over := attempt.ErrGone, attempt.ErrTaken, attempt.ErrOver
	type outcome struct {
		err  error
		then attempt.State
	}
	// By the phone that scanned; where nobody has, by any.
	want := map[attempt.State]map[string]outcome{
		attempt.Created:   {"scan": {nil, attempt.Scanned}, "confirm": {gone, attempt.Created}, "refuse": {gone, attempt.Created}, "report": {nil, attempt.Cancelled}},
		attempt.Scanned:   {"scan": {nil, attempt.Scanned}, "confirm": {nil, attempt.Confirmed}, "refuse": {nil, attempt.Refused}, "report": {nil, attempt.Cancelled}},
		attempt.Confirmed: {"scan": {over, attempt.Confirmed}, "confirm": {over, attempt.Confirmed}, "refuse": {over, attempt.Confirmed}, "report": {over, attempt.Confirmed}},
		attempt.Refused:   {"scan": {over, attempt.Refused}, "confirm": {over, attempt.Refused}, "refuse": {over, attempt.Refused}, "report": {over, attempt.Refused}},
		attempt.Cancelled: {"scan": {over, attempt.Cancelled}, "confirm": {over, attempt.Cancelled}, "refuse": {over, attempt.Cancelled}, "report": {over, attempt.Cancelled}},
		attempt.TimedOut:  {"scan": {gone, attempt.TimedOut}, "confirm": {gone, attempt.TimedOut}, "refuse": {gone, attempt.TimedOut}, "report": {gone, attempt.TimedOut}},
		attempt.Expired:   {"scan": {gone, attempt.Expired}, "confirm": {gone, attempt.Expired}, "refuse": {gone, attempt.Expired}, "report": {gone, attempt.Expired}},
	}
	for from, path := range to {
		for act, w := range want[from] {
			for who, phone := range map[string]attempt.Phone{"the phone": mine, "another device": tablet, "another person": theirs} {
				page := b.begin()
				for _, step := range path {
					switch step {
					case "wait":
						b.clock.Advance(attempt.ConfirmLife)
					case "wait long":
						b.clock.Advance(attempt.Life - time.Minute)
						if _, err := b.Renew(ctx, page.WebKey); err != nil {
							t.Fatal(err)
						}
						b.clock.Advance(time.Minute)
					default:
						if err := acts[step](page.QRKey, mine); err != nil {
							t.Fatalf("to %s: %s: %v", from, step, err)
						}
					}
				}
				if from == attempt.Expired {
					// Nothing is left of it.
					if _, err := b.Get(ctx, page.WebKey); !errors.Is(err, gone) {
						t.Errorf("expired: %v", err)
					}
					if err := acts[act](page.QRKey, phone); !errors.Is(err, gone) {
						t.Errorf("%s of an expired one: %v", act, err)
					}
					continue
				}
				if got := b.state(page); got != from {
					t.Fatalf("the way to %s leads to %s", from, got)
				}
				err, wantErr, wantState := acts[act](page.QRKey, phone), w.err, w.then
				scanned := from != attempt.Created
				if scanned && phone != mine {
					wantState = from
					if from == attempt.Scanned || act != "scan" && act != "report" {
						wantErr = taken
					}
				}
				if !errors.Is(err, wantErr) || wantErr == nil && err != nil {
					t.Errorf("%s, %s by %s: %v, want %v", from, act, who, err, wantErr)
				}
				if got := b.state(page); got != wantState {
					t.Errorf("%s, %s by %s: now %s, want %s", from, act, who, got, wantState)
				}
			}
		}
	}
}

// gate is a store whose readers wait, once it is closed, until so many have come.
type gate struct {
	shortlived.Store
	come, open chan struct{} // nil: does not wait
}

func (g *gate) Get(ctx context.Context, key string) (shortlived.Record, error) {
	if g.come != nil {
		g.come <- struct{}{}
		<-g.open
	}
	return g.Store.Get(ctx, key)
}

// Abuse case 8, guesses over parallel attempts, at their worst: each has seen that nobody
// is blocked before the first of them is counted.
func TestParallelGuesses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := &gate{}
	b := newBenchOn(t, attempt.NumberAlways, g)
	const guesses = 20
	pages := make([]attempt.Keys, guesses)
	for i := range pages {
		pages[i] = b.begin()
		if _, err := b.Scan(ctx, pages[i].QRKey, mine); err != nil {
			t.Fatal(err)
		}
	}
	g.come, g.open = make(chan struct{}, guesses), make(chan struct{})
	var wg sync.WaitGroup
	errs := make([]error, guesses)
	for i := range pages {
		wg.Go(func() {
			_, errs[i] = b.Confirm(ctx, pages[i].QRKey, mine, attempt.Decision{Member: 3, Corp: 4, Number: "00"})
		})
	}
	for range pages {
		<-g.come
	}
	close(g.open)
	wg.Wait()
	wrong, blocked := 0, 0
	for _, err := range errs {
		switch {
		case errors.Is(err, attempt.ErrWrongNumber):
			wrong++
		case errors.Is(err, attempt.ErrBlocked):
			blocked++
		default:
			t.Errorf("%v", err)
		}
	}
	if wrong != 3 || blocked != guesses-3 {
		t.Errorf("%d guesses were counted, %d blocked", wrong, blocked)
	}
}

// Keys: none is another, none is stored, and a changed one is none.
func TestKeys(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t, attempt.NumberAlways), context.Background()
	page, other := b.begin(), b.begin()
	signature := strings.TrimPrefix(page.Signature, "Bearer ")
	if raw, err := base64.RawURLEncoding.DecodeString(signature); err != nil || len(raw) != 32 {
		t.Errorf("the signature has %d bytes, %v", len(raw), err)
	}
	if len(page.WebKey) != 16 || strings.Trim(page.WebKey, "0123456789abcdef") != "" {
		t.Errorf("web key %q", page.WebKey)
	}
	for i := range page.QRKey {
		for _, c := range "A9_\n" {
			key := page.QRKey[:i] + string(c) + page.QRKey[i+1:]
			if key == page.QRKey {
				continue
			}
			if _, err := b.Scan(ctx, key, mine); !errors.Is(err, attempt.ErrGone) {
				t.Errorf("QR key %q: %v", key, err)
			}
		}
	}
	for _, key := range []string{"", page.WebKey, page.QRKey + "A", page.QRKey[1:], strings.Repeat("A", 22), strings.Repeat("_", 22)} {
		if _, err := b.Look(ctx, key); !errors.Is(err, attempt.ErrGone) {
			t.Errorf("QR key %q: %v", key, err)
		}
	}
	for _, s := range []string{"", "Bearer ", signature, other.Signature, page.Signature + "A", "bearer " + signature} {
		if b.Signed(page.WebKey, s) {
			t.Errorf("signature %q", s)
		}
	}
	if !b.Signed(page.WebKey, page.Signature) || b.Signed(strings.ToUpper(page.WebKey)+"A", page.Signature) {
		t.Error("the signature is not the page's own")
	}
	if got := b.state(page); got != attempt.Created {
		t.Errorf("after all this: %s", got)
	}
	// Only hashes are stored: write once more, so that what was written is on disk.
	if _, err := b.Scan(ctx, page.QRKey, mine); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{b.file, b.file + "-wal"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for _, key := range []string{page.WebKey, page.QRKey, signature} {
			if strings.Contains(string(raw), key) {
				t.Errorf("%s holds a key of the attempt", filepath.Base(file))
			}
		}
	}
}

// A wait ends when something happens, when time is up, and when the server stops; it does
// not end before.
func TestWait(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t, attempt.NumberFromElsewhere), context.Background()
	page := b.begin()
	wait := func(last attempt.State) chan attempt.State {
		out := make(chan attempt.State, 1)
		go func() {
			a, err := b.Wait(ctx, page.WebKey, last, time.Minute)
			if err != nil {
				t.Errorf("wait: %v", err)
				out <- ""
				return
			}
			out <- a.State(b.clock.Now())
		}()
		return out
	}
	// Whether the wait begins before or after the change, it is told.
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got := <-wait(attempt.Created); got != attempt.Scanned {
				t.Errorf("after the scan: %s", got)
			}
		})
	}
	if _, err := b.Scan(ctx, page.QRKey, mine); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if got := <-wait(attempt.Created); got != attempt.Scanned {
		t.Errorf("a wait that comes late: %s", got)
	}
	slow := wait(attempt.Scanned)
	b.Drain()
	if got := <-slow; got != attempt.Scanned {
		t.Errorf("at the stop: %s", got)
	}
	if got := <-wait(attempt.Scanned); got != attempt.Scanned {
		t.Errorf("after the stop: %s", got)
	}
}

// Time ends a wait too: at the hold's end with the same state, or with what time made of it.
func TestWaitByTheClock(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t, attempt.NumberFromElsewhere), context.Background()
	page := b.begin()
	wait := func(last attempt.State, hold time.Duration) chan attempt.State {
		out := make(chan attempt.State, 1)
		go func() {
			a, err := b.Wait(ctx, page.WebKey, last, hold)
			if err != nil {
				t.Error(err)
				out <- ""
				return
			}
			out <- a.State(b.clock.Now())
		}()
		return out
	}
	held := wait(attempt.Created, time.Millisecond)
	for over := false; !over; {
		select {
		case got := <-held:
			if over = true; got != attempt.Created {
				t.Errorf("at the end of the hold: %s", got)
			}
		default:
			b.clock.Advance(time.Millisecond) // however late the wait began
			runtime.Gosched()                 // and it may have to begin on this very processor
		}
	}
	page = b.begin() // whose time has not passed, however long the first took to begin
	if _, err := b.Scan(ctx, page.QRKey, mine); err != nil {
		t.Fatal(err)
	}
	slow := wait(attempt.Scanned, time.Hour)
	b.clock.Advance(attempt.ConfirmLife)
	if got := <-slow; got != attempt.TimedOut {
		t.Errorf("two minutes after the scan: %s", got)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"张伟": "张*", "欧阳娜娜": "欧***", "司马相如之女": "司***", "E": "E*", "Emma Clarke": "E***", "": "*", "\xff": "*", "李": "李*"} {
		if got := attempt.Mask(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
