package window_test

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/peer"
	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/window"
	"github.com/hufu-sso/hufu/protocol"
)

// house is a server of windows; its timers run when the test says so.
type house struct {
	*window.Server
	t      *testing.T
	opened chan string // files that a browser shall show

	mu     sync.Mutex
	timers map[time.Duration][]*timer
	log    bytes.Buffer
}

type timer struct {
	run     func()
	stopped bool
}

func (h *house) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.Write(p)
}

func (h *house) logged() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

func (h *house) after(d time.Duration, f func()) func() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := &timer{run: f}
	h.timers[d] = append(h.timers[d], t)
	return func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		t.stopped = true
		return true
	}
}

// pass runs the timers of one length that are not stopped, and tells how many.
func (h *house) pass(d time.Duration) (ran int) {
	h.mu.Lock()
	due := h.timers[d]
	h.timers[d] = nil
	h.mu.Unlock()
	for _, t := range due {
		if !t.stopped {
			ran++
			t.run()
		}
	}
	return ran
}

func open(t *testing.T, owner peer.Owner) *house {
	t.Helper()
	h := &house{t: t, opened: make(chan string, 10), timers: map[time.Duration][]*timer{}}
	h.Server = &window.Server{Dir: t.TempDir(), Words: locales.Accepted, Owner: owner, AfterFunc: h.after,
		Open: func(path string) error { h.opened <- path; return nil }, Log: slog.New(slog.NewTextHandler(h, nil))}
	l, err := h.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
		if left, err := filepath.Glob(filepath.Join(h.Dir, "*")); err != nil || len(left) > 0 {
			t.Errorf("left %v, %v", left, err)
		}
	})
	return h
}

func mine(netip.AddrPort, netip.AddrPort) error { return nil }

func (h *house) window() *window.Window {
	h.t.Helper()
	w, err := h.New()
	if err != nil {
		h.t.Fatal(err)
	}
	return w
}

var (
	action = regexp.MustCompile(`action="(http://127\.0\.0\.1:\d+)/open"`)
	hidden = regexp.MustCompile(`name="(token|version|secret)" value="([^"]*)"`)
)

// browser is a browser that has read a window's file.
type browser struct {
	t      *testing.T
	origin string
	secret string
	fields url.Values // token and version of the last page
}

func (h *house) browser(path string) *browser {
	h.t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		h.t.Fatal(err)
	}
	origin, secret := action.FindSubmatch(raw), hidden.FindSubmatch(raw)
	if origin == nil || secret == nil {
		h.t.Fatalf("the file reads\n%s", raw)
	}
	return &browser{t: h.t, origin: string(origin[1]), secret: string(secret[2])}
}

// page is an answer.
type page struct {
	status int
	header http.Header
	body   string
}

// post sends a form; header lists names and values in turn, and has the last word.
func (b *browser) post(path string, form url.Values, header ...string) page {
	b.t.Helper()
	r, err := http.NewRequest("POST", b.origin+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.origin)
	r.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(header); i += 2 {
		switch {
		case header[i] == "Host":
			r.Host = header[i+1]
		case header[i+1] == "":
			r.Header.Del(header[i])
		default:
			r.Header.Set(header[i], header[i+1])
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	found := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(string(raw), -1) {
		found.Set(m[1], m[2])
	}
	if len(found) > 0 {
		b.fields = found
	}
	return page{resp.StatusCode, resp.Header, html.UnescapeString(string(raw))}
}

// open posts the file's secret, as a file does.
func (b *browser) open(header ...string) page {
	b.t.Helper()
	return b.post("/open", url.Values{"secret": {b.secret}}, append([]string{"Origin", "null", "Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "cross-site"}, header...)...)
}

// with is the last page's fields and more.
func (b *browser) with(pairs ...string) url.Values {
	form := url.Values{}
	for name, values := range b.fields {
		form[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// claimed is a sign-in of a person in two companies.
func claimed() protocol.DesktopClaimed {
	return protocol.DesktopClaimed{Attempt: "a", App: "ww1", RedirectOrigin: "https://site.example", ExpiresIn: 120,
		Asker: protocol.DesktopAsker{Brand: "Acme <b>", Domain: "site.example:8443"},
		Place: protocol.DesktopPlace{Browser: "Chrome 142 · Windows", Address: "192.0.2.7"},
		Choices: []protocol.DesktopChoice{{As: "7", Company: "Tidewater", Name: "Li Xi", Share: protocol.ShareEncrypted},
			{As: "8", Company: "Hillside", Name: "Lixi", Share: protocol.SharePlain, CorpID: "ww88", UserID: "lixi"}}}
}

// until waits for what another goroutine does; the test's own time limit ends it.
func until(done func() bool) {
	for !done() {
		time.Sleep(time.Millisecond)
	}
}

type asked struct {
	answer screen.Answer
	err    error
}

// ask puts a question and returns its answer later.
func ask(ctx context.Context, w *window.Window, s screen.Screen) <-chan asked {
	done := make(chan asked, 1)
	go func() {
		answer, err := w.Ask(ctx, s)
		done <- asked{answer, err}
	}()
	return done
}

func TestFile(t *testing.T) {
	t.Parallel()
	h := open(t, mine)
	old := filepath.Join(h.Dir, "open-of a program that was killed.html")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	other := &window.Server{Dir: h.Dir}
	l, err := other.Listen()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}

	w := h.window()
	defer w.Close()
	path := <-h.opened
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	b := h.browser(path)
	if len(b.secret) != 43 || strings.Contains(path, b.secret) {
		t.Errorf("secret %q, file %s", b.secret, path)
	}
	w.Show(screen.Screen{Kind: screen.Number, Platform: "id.example.com", Number: "42"})
	if p := b.open(); p.status != 200 || !strings.Contains(p.body, ">42<") {
		t.Errorf("%d %s", p.status, p.body)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	// The secret was good once.
	if p := b.open(); p.status != http.StatusGone || strings.Contains(p.body, ">42<") {
		t.Errorf("again: %d %s", p.status, p.body)
	}
	if strings.Contains(h.logged(), b.secret) {
		t.Error("the secret is in the log")
	}
}

// TestAnswers is a person who chooses, mistypes and confirms.
func TestAnswers(t *testing.T) {
	t.Parallel()
	h := open(t, peer.Check)
	w := h.window()
	defer w.Close()
	b := h.browser(<-h.opened)
	s := screen.Screen{Kind: screen.Request, Platform: "id.example.com", Claimed: claimed()}
	first := ask(t.Context(), w, s)
	p := b.open()
	for _, text := range []string{"Sign in to Acme <b>?", "site.example:8443", "Chrome 142 · Windows", "192.0.2.7", "Another network", "Tidewater", "Hillside",
		"ww88", "lixi", "encrypted", `value="confirm"`, `value="refuse"`, `value="report"`, "I did not start this"} {
		if !strings.Contains(p.body, text) {
			t.Errorf("%q is not on the page:\n%s", text, p.body)
		}
	}
	if strings.Contains(p.body, "new to you") || strings.Contains(p.body, "preselected") {
		t.Error("warns of what is known")
	}
	seen := b.fields
	// Every answer waits for what comes of it.
	next := make(chan page, 1)
	go func() { next <- b.post("/answer", b.with("decision", "confirm", "as", "8", "number", "4")) }()
	got := <-first
	if want := (screen.Answer{Decision: "confirm", As: "8", Number: "4"}); got.err != nil || got.answer != want {
		t.Errorf("%+v", got)
	}
	s.Problem, s.As = screen.ProblemNumber, "8"
	second := ask(t.Context(), w, s)
	p = <-next
	if !strings.Contains(p.body, "Type the two digits") || !strings.Contains(p.body, `value="8" required checked`) {
		t.Errorf("%s", p.body)
	}
	// A page of an earlier state decides nothing.
	if p := b.post("/answer", url.Values{"token": seen["token"], "version": seen["version"], "decision": {"confirm"}, "as": {"7"}, "number": {"42"}}); p.status != 200 {
		t.Errorf("%d", p.status)
	}
	go func() { next <- b.post("/answer", b.with("decision", "confirm", "as", "8", "number", "42")) }()
	got = <-second
	if want := (screen.Answer{Decision: "confirm", As: "8", Number: "42"}); got.err != nil || got.answer != want {
		t.Errorf("%+v", got)
	}
	w.Show(screen.Screen{Kind: screen.Ended, Reason: protocol.DesktopConfirmed, Claimed: s.Claimed})
	if p := <-next; p.status != 200 || !strings.Contains(p.body, "Sign-in confirmed") {
		t.Errorf("%d %s", p.status, p.body)
	}
	if strings.Contains(h.logged(), b.fields.Get("token")) {
		t.Error("the token is in the log")
	}
}

// TestStrange warns, and puts Refuse first.
func TestStrange(t *testing.T) {
	t.Parallel()
	h := open(t, mine)
	for want, place := range map[string]protocol.DesktopPlace{"This browser is new to you": {NewBrowser: true}, "This network is new to you": {NewPlace: true},
		"This browser and network are new to you": {NewBrowser: true, NewPlace: true}} {
		w := h.window()
		b := h.browser(<-h.opened)
		s := screen.Screen{Kind: screen.Request, Claimed: claimed()}
		s.Claimed.Place = place
		w.Show(s)
		p := b.open()
		if !strings.Contains(p.body, want) || !strings.Contains(p.body, "Unrecognised browser") ||
			strings.Index(p.body, `value="refuse"`) > strings.Index(p.body, `value="confirm"`) {
			t.Errorf("%s", p.body)
		}
		w.Close()
	}
}

// TestAbuse is case 19 of security.md as far as the window goes.
func TestAbuse(t *testing.T) {
	t.Parallel()
	h := open(t, peer.Check)
	w := h.window()
	defer w.Close()
	b := h.browser(<-h.opened)
	_, port, _ := strings.Cut(strings.TrimPrefix(b.origin, "http://"), ":")
	answered := ask(t.Context(), w, screen.Screen{Kind: screen.Request, Claimed: claimed()})
	foreign := map[string][]string{
		"Origin foreign":          {"Origin", "https://evil.example"},
		"Origin of a login page":  {"Origin", "http://localhost:8790"},
		"Host rebound":            {"Host", "evil.example:" + port},
		"Host localhost":          {"Host", "localhost:" + port},
		"Host with another port":  {"Host", "127.0.0.1:1"},
		"framed":                  {"Sec-Fetch-Dest", "iframe"},
		"framed, in an old way":   {"Sec-Fetch-Dest", "frame"},
		"embedded":                {"Sec-Fetch-Dest", "object"},
		"text/plain":              {"Content-Type", "text/plain"},
		"JSON":                    {"Content-Type", "application/json"},
		"a file's way, elsewhere": {"Origin", "file://"},
	}
	for name, header := range foreign {
		if p := b.open(header...); p.status != http.StatusForbidden || strings.Contains(p.body, "Acme") {
			t.Errorf("open, %s: %d %s", name, p.status, p.body)
		}
	}
	// None of these has spent the secret.
	p := b.open()
	if p.status != 200 {
		t.Fatalf("%d %s", p.status, p.body)
	}
	for name, want := range map[string]string{"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
		"Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "Set-Cookie": "", "Access-Control-Allow-Origin": ""} {
		if p.header.Get(name) != want {
			t.Errorf("%s: %q", name, p.header.Get(name))
		}
	}
	policy := p.header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
		if !strings.Contains(policy, part) || strings.Contains(policy, "unsafe") {
			t.Errorf("policy %s", policy)
		}
	}
	if strings.Contains(p.body, "<style") || strings.Contains(p.body, "style=") || regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(p.body) {
		t.Error("has what its policy forbids")
	}
	foreign["Origin null"] = []string{"Origin", "null"}
	foreign["Origin absent"] = []string{"Origin", ""}
	for _, path := range []string{"/show", "/answer", "/watch"} {
		for name, header := range foreign {
			if p := b.post(path, b.with("decision", "confirm", "as", "7", "number", "42"), header...); p.status != http.StatusForbidden || strings.Contains(p.body, "Acme") {
				t.Errorf("%s, %s: %d %s", path, name, p.status, p.body)
			}
		}
		for name, form := range map[string]url.Values{"no token": {"version": {"1"}}, "a token made up": {"token": {strings.Repeat("A", 43)}, "version": {"1"}},
			"the secret as token": {"token": {b.secret}, "version": {"1"}}, "too long": {"token": {strings.Repeat("A", 20000)}}} {
			if p := b.post(path, form); p.status != http.StatusGone || strings.Contains(p.body, "Acme") {
				t.Errorf("%s, %s: %d %s", path, name, p.status, p.body)
			}
		}
		resp, err := http.Get(b.origin + path + "?" + b.fields.Encode())
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode == 200 {
			t.Errorf("GET %s: %d", path, resp.StatusCode)
		}
	}
	select {
	case a := <-answered:
		t.Errorf("decided: %+v", a)
	default:
	}
}

func TestOtherUser(t *testing.T) {
	t.Parallel()
	h := open(t, func(netip.AddrPort, netip.AddrPort) error { return peer.ErrOtherUser })
	w := h.window()
	defer w.Close()
	w.Show(screen.Screen{Kind: screen.Number, Number: "42"})
	b := h.browser(<-h.opened)
	if p := b.open(); p.status != http.StatusForbidden || strings.Contains(p.body, "42") {
		t.Errorf("%d %s", p.status, p.body)
	}
	resp, err := http.Get(b.origin + "/window.css")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("style sheet: %d", resp.StatusCode)
	}
}

// TestWatch is a page that learns that there is another, and shows it.
func TestWatch(t *testing.T) {
	t.Parallel()
	h := open(t, mine)
	w := h.window()
	defer w.Close()
	b := h.browser(<-h.opened)
	w.Show(screen.Screen{Kind: screen.Code, URL: "https://id.example.com/q/abc", Machine: "desk · Linux"})
	p := b.open()
	if !strings.Contains(p.body, `href="https://id.example.com/q/abc"`) || !strings.Contains(p.body, "<path d=\"M") || !strings.Contains(p.body, "desk · Linux") {
		t.Errorf("%s", p.body)
	}
	watched := make(chan page, 1)
	go func() { watched <- b.post("/watch", b.with()) }()
	w.Show(screen.Screen{Kind: screen.Number, Number: "42"})
	if p := <-watched; p.body != `{"changed":true}` {
		t.Errorf("%s", p.body)
	}
	if p := b.post("/show", b.with()); !strings.Contains(p.body, ">42<") {
		t.Errorf("%s", p.body)
	}
	for path, kind := range map[string]string{"/window.css": "text/css; charset=utf-8", "/window.js": "text/javascript; charset=utf-8", "/mark.svg": "image/svg+xml"} {
		resp, err := http.Get(b.origin + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %s", path, resp.StatusCode, resp.Header)
		}
	}
}

// TestClosed has the person close the window: its script falls silent.
func TestClosed(t *testing.T) {
	t.Parallel()
	const patience = 10 * time.Second
	h := open(t, mine)
	w := h.window()
	defer w.Close()
	b := h.browser(<-h.opened)
	answered := ask(t.Context(), w, screen.Screen{Kind: screen.Request, Claimed: claimed()})
	b.open()
	if ran := h.pass(patience); ran != 0 {
		t.Error("without a script nobody can tell that the window was closed")
	}
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "POST", b.origin+"/watch", strings.NewReader(b.with().Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.origin)
	gone := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(r)
		if err == nil {
			resp.Body.Close()
		}
		gone <- err
	}()
	until(func() bool { return w.Active() == 1 })
	if ran := h.pass(patience); ran != 0 {
		t.Error("closed while the page was there")
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	until(func() bool { return h.pass(patience) > 0 }) // the server has noticed
	if a := <-answered; !errors.Is(a.err, screen.ErrClosed) {
		t.Errorf("%+v", a)
	}
	select {
	case <-w.Closed():
	default:
		t.Error("Closed says nothing")
	}
}

// TestNobodyOpens says where the file is, and takes it away in the end.
func TestNobodyOpens(t *testing.T) {
	t.Parallel()
	h := open(t, mine)
	h.Open = func(string) error { return errors.New("no browser here") }
	w := h.window()
	names, err := filepath.Glob(filepath.Join(h.Dir, "*"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	h.pass(15 * time.Second)
	until(func() bool { return strings.Contains(h.logged(), "no browser here") }) // Open runs on its own
	if !strings.Contains(h.logged(), "no browser has opened") || !strings.Contains(h.logged(), names[0]) {
		t.Errorf("%s", h.logged())
	}
	b := h.browser(names[0])
	w.Close()
	h.pass(10 * time.Minute)
	if _, err := os.Stat(names[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if p := b.open(); p.status != http.StatusGone {
		t.Errorf("%d", p.status)
	}
}
