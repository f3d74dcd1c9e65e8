package tokens_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// movable is a clock that stands still until it is moved.
type movable struct {
	mu sync.Mutex // guards t
	t  time.Time
}

func (m *movable) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t
}

func (m *movable) move(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t = m.t.Add(d)
}

func newMovable() *movable { return &movable{t: time.UnixMilli(1_790_000_000_000)} }

// newKeeper is a keeper on a store of its own in dir.
func newKeeper(t *testing.T, dir string, now func() time.Time) (*tokens.Keeper, *store.DB) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := tokens.New(db, ring, now)
	if err != nil {
		t.Fatal(err)
	}
	return k, db
}

func issue(t *testing.T, k *tokens.Keeper, kind tokens.Kind, app, generation int64) string {
	t.Helper()
	text, _, err := k.Issue(t.Context(), kind, app, generation)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var (
	codes = []tokens.Kind{tokens.LoginCode, tokens.CorpCode, tokens.AdminCode, tokens.InstallCode, tokens.PreAuthCode,
		tokens.InClientCode, tokens.CorpInClientCode, tokens.OldLoginCode}
	accessTokens = []tokens.Kind{tokens.ProviderToken, tokens.SuiteToken, tokens.CorpAppToken, tokens.InstalledToken}
	all          = slices.Concat(codes, accessTokens, []tokens.Kind{tokens.SuiteTicket, tokens.UserTicket})
)

// A text opens as what it was sealed as, and as nothing else.
func TestKindsExcludeEachOther(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	texts := map[tokens.Kind]string{tokens.SuiteTicket: k.Ticket(7),
		tokens.UserTicket: k.UserTicket(tokens.UserTicketClaims{App: 7, Corp: 1, Member: 2, Person: 3, At: clock.now()})}
	for _, kind := range codes {
		texts[kind] = k.MintCode(kind, "attempt", tokens.Code{App: 7, Origin: "https://a.example", At: clock.now()})
	}
	for _, kind := range accessTokens {
		texts[kind] = issue(t, k, kind, 7, 1)
	}
	for sealed, text := range texts {
		for _, kind := range all {
			_, asCode := k.OpenCode(kind, text)
			_, asToken := k.OpenToken(kind, text)
			isCode := slices.Contains(codes, sealed)
			if (asCode == nil) != (kind == sealed && isCode) {
				t.Errorf("%s opened as a code of kind %s: %v", sealed, kind, asCode)
			}
			if (asToken == nil) != (kind == sealed && slices.Contains(accessTokens, kind)) {
				t.Errorf("%s opened as a token of kind %s: %v", sealed, kind, asToken)
			}
		}
		if err := k.CheckTicket(7, text); (err == nil) != (sealed == tokens.SuiteTicket) {
			t.Errorf("%s as a ticket: %v", sealed, err)
		}
		if _, err := k.OpenUserTicket(text); (err == nil) != (sealed == tokens.UserTicket) {
			t.Errorf("%s as a user ticket: %v", sealed, err)
		}
		if got := k.Recognise(text); got != sealed {
			t.Errorf("%s is recognised as %q", sealed, got)
		}
	}
	if err := k.CheckTicket(8, texts[tokens.SuiteTicket]); !errors.Is(err, tokens.ErrInvalid) {
		t.Errorf("a ticket for another suite: %v", err)
	}
}

// A code of each kind lives as long as documented, says again what it was told, and has a
// length that install codes must have.
func TestLives(t *testing.T) {
	t.Parallel()
	for kind, life := range map[tokens.Kind]time.Duration{tokens.LoginCode: 5 * time.Minute, tokens.CorpCode: 5 * time.Minute,
		tokens.AdminCode: 5 * time.Minute, tokens.InstallCode: 10 * time.Minute, tokens.PreAuthCode: 20 * time.Minute,
		tokens.InClientCode: 5 * time.Minute, tokens.CorpInClientCode: 5 * time.Minute, tokens.OldLoginCode: 5 * time.Minute} {
		clock := newMovable()
		k, _ := newKeeper(t, t.TempDir(), clock.now)
		want := tokens.Code{App: 7, Corp: 1, Member: 2, Person: 3, Installation: 4, Origin: "https://a.example", At: clock.now()}
		text := k.MintCode(kind, "once", want)
		shortest := k.MintCode(kind, "", tokens.Code{At: clock.now()})
		if len(shortest) < 64 || len(text) > 512 {
			t.Errorf("%s: codes of %d and %d bytes", kind, len(shortest), len(text))
		}
		clock.move(life - time.Millisecond)
		got, err := k.OpenCode(kind, text)
		if err != nil || got.App != 7 || got.Corp != 1 || got.Member != 2 || got.Person != 3 || got.Installation != 4 || got.Origin != want.Origin || !got.At.Equal(want.At) {
			t.Errorf("%s: %+v %v", kind, got, err)
		}
		clock.move(time.Millisecond)
		if _, err := k.OpenCode(kind, text); !errors.Is(err, tokens.ErrExpired) {
			t.Errorf("%s after %v: %v", kind, life, err)
		}
	}
}

// No change to any character of a text leaves it a text, whatever bits its last character
// has to spare.
func TestOneSpelling(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	for _, origin := range []string{"https://a.example", "https://aa.example", "https://aaa.example"} {
		text := k.MintCode(tokens.LoginCode, "attempt", tokens.Code{App: 7, Corp: 1, Member: 2, Person: 3, Origin: origin, At: clock.now()})
		refused := func(spelling string) {
			t.Helper()
			if _, err := k.OpenCode(tokens.LoginCode, spelling); !errors.Is(err, tokens.ErrInvalid) {
				t.Errorf("%q: %v", spelling, err)
			}
		}
		for i := range text {
			for _, c := range "AB-_9\n\r =+/\x00é" {
				if spelling := text[:i] + string(c) + text[i+1:]; spelling != text {
					refused(spelling)
				}
				refused(text[:i] + string(c) + text[i:])
			}
			refused(text[:i])
		}
		for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
			if last := len(text) - 1; text[last] != byte(c) {
				refused(text[:last] + string(c))
			}
		}
		refused(text + "\n")
		refused(text + strings.Repeat("A", 600))
		if _, err := k.OpenCode(tokens.LoginCode, text); err != nil {
			t.Errorf("the text itself: %v", err)
		}
	}
}

// A code says what it was made with; made again for the same attempt it is the same text,
// and within the documented length for the longest origin there is.
func TestCodeRoundTrip(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	origin := "https://" + strings.Repeat("a", 172) + ".example:65535"
	in := tokens.Code{App: 1 << 55, Corp: 1<<55 - 1, Member: 1<<55 - 2, Person: 1<<55 - 3, Origin: origin,
		At: clock.now(), Challenge: strings.Repeat("c", 43)}
	text := k.MintCode(tokens.LoginCode, "attempt", in)
	if len(text) > tokens.MaxText {
		t.Errorf("%d bytes", len(text))
	}
	out, err := k.OpenCode(tokens.LoginCode, text)
	if err != nil {
		t.Fatal(err)
	}
	if out.App != in.App || out.Corp != in.Corp || out.Member != in.Member || out.Person != in.Person ||
		out.Origin != in.Origin || out.Challenge != in.Challenge || !out.At.Equal(in.At) {
		t.Errorf("%+v\n%+v", out, in)
	}
	if k.MintCode(tokens.LoginCode, "attempt", in) != text {
		t.Error("the same attempt gives another text")
	}
	if k.MintCode(tokens.LoginCode, "another attempt", in) == text {
		t.Error("another attempt gives the same text")
	}
	clock.move(tokens.CodeLife - time.Millisecond)
	if _, err := k.OpenCode(tokens.LoginCode, text); err != nil {
		t.Errorf("just alive: %v", err)
	}
	clock.move(time.Millisecond)
	if _, err := k.OpenCode(tokens.LoginCode, text); !errors.Is(err, tokens.ErrExpired) {
		t.Errorf("after five minutes: %v", err)
	}
}

// Of many who spend one code at once, one may use it; nor may anyone after a restart.
func TestSpendOnce(t *testing.T) {
	t.Parallel()
	clock, dir := newMovable(), t.TempDir()
	k, db := newKeeper(t, dir, clock.now)
	text := k.MintCode(tokens.LoginCode, "attempt", tokens.Code{App: 7, Origin: "https://a.example", At: clock.now()})
	code, err := k.OpenCode(tokens.LoginCode, text)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	won := 0
	for range 100 {
		wg.Go(func() {
			switch err := k.Spend(t.Context(), code); {
			case err == nil:
				mu.Lock()
				won++
				mu.Unlock()
			case !errors.Is(err, tokens.ErrSpent):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d spent it", won)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	k, _ = newKeeper(t, dir, clock.now)
	again, err := k.OpenCode(tokens.LoginCode, text)
	if err != nil {
		t.Fatalf("the key is another after a restart: %v", err)
	}
	if err := k.Spend(t.Context(), again); !errors.Is(err, tokens.ErrSpent) {
		t.Errorf("after a restart: %v", err)
	}
	// The id stays for 24 hours.
	clock.move(24*time.Hour - time.Second)
	if err := k.Forget(t.Context(), clock.now()); err != nil {
		t.Fatal(err)
	}
	if err := k.Spend(t.Context(), again); !errors.Is(err, tokens.ErrSpent) {
		t.Errorf("a day later, less a second: %v", err)
	}
	clock.move(2 * time.Second)
	if err := k.Forget(t.Context(), clock.now()); err != nil {
		t.Fatal(err)
	}
	if err := k.Spend(t.Context(), again); err != nil {
		t.Errorf("the row was not dropped after a day: %v", err)
	}
}

// The same token while it is valid; another for another app, kind, generation or time.
func TestIssue(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	first := issue(t, k, tokens.SuiteToken, 7, 1)
	clock.move(tokens.TokenLife - time.Second)
	if issue(t, k, tokens.SuiteToken, 7, 1) != first {
		t.Error("another token while the first is valid")
	}
	if token, err := k.OpenToken(tokens.SuiteToken, first); err != nil || token != (tokens.Token{App: 7, Generation: 1}) {
		t.Errorf("%+v, %v", token, err)
	}
	seen := map[string]bool{first: true}
	for _, other := range []string{
		issue(t, k, tokens.SuiteToken, 8, 1), issue(t, k, tokens.CorpAppToken, 7, 1), issue(t, k, tokens.SuiteToken, 7, 2),
	} {
		if seen[other] {
			t.Error("one text for two holders")
		}
		seen[other] = true
	}
	clock.move(time.Second)
	if _, err := k.OpenToken(tokens.SuiteToken, first); !errors.Is(err, tokens.ErrExpired) {
		t.Errorf("after two hours: %v", err)
	}
	if _, left, err := k.Issue(t.Context(), tokens.SuiteToken, 8, 1); err != nil || left != tokens.TokenLife-time.Second {
		t.Errorf("time left %v, %v", left, err)
	}
}

// One who asked a moment earlier, and was slower, does not replace the token that the other
// has been given.
func TestIssueOvertaken(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	var k *tokens.Keeper
	overtaken := false
	var given string
	k, _ = newKeeper(t, t.TempDir(), func() time.Time {
		asked := clock.now()
		if !overtaken {
			overtaken = true
			clock.move(time.Millisecond)
			given = issue(t, k, tokens.SuiteToken, 7, 1)
		}
		return asked
	})
	slow := issue(t, k, tokens.SuiteToken, 7, 1)
	if again := issue(t, k, tokens.SuiteToken, 7, 1); again != given || slow != given {
		t.Error("the token was replaced while it was valid")
	}
}

// A code from a time that has not come is refused: a sandbox whose clock was moved ahead and
// that then restarts must not keep its codes good for hours.
func TestCodeFromTheFuture(t *testing.T) {
	t.Parallel()
	clock := newMovable()
	k, _ := newKeeper(t, t.TempDir(), clock.now)
	for ahead, want := range map[time.Duration]error{30 * time.Second: nil, 2 * time.Minute: tokens.ErrInvalid, 25 * time.Hour: tokens.ErrInvalid} {
		text := k.MintCode(tokens.LoginCode, "0123456789abcdef", tokens.Code{App: 1, At: clock.now().Add(ahead)})
		if _, err := k.OpenCode(tokens.LoginCode, text); !errors.Is(err, want) {
			t.Errorf("%s ahead: %v, want %v", ahead, err, want)
		}
	}
}
