package desktop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/hufu-sso/hufu/client/desktop"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// ring is a keyring in memory.
type ring struct {
	mu      sync.Mutex
	entries map[string]string
}

func (r *ring) Get(_, user string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if text, ok := r.entries[user]; ok {
		return text, nil
	}
	return "", keyring.ErrNotFound
}

func (r *ring) Set(_, user, secret string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.entries == nil {
		r.entries = map[string]string{}
	}
	r.entries[user] = secret
	return nil
}

func (r *ring) Delete(_, user string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.entries, user)
	return nil
}

// clock is moved by the test; its timers run only then.
type clock struct {
	mu     sync.Mutex
	offset time.Duration
	timers []*timer
}

type timer struct {
	due  time.Time
	run  func()
	over bool
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *clock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{due: time.Now().Add(c.offset + d), run: f}
	c.timers = append(c.timers, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		stopped := !t.over
		t.over = true
		return stopped
	}
}

// pass moves the clock and runs what has become due.
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	c.offset += d
	now := time.Now().Add(c.offset)
	var due []*timer
	for _, t := range c.timers {
		if !t.over && !t.due.After(now) {
			t.over = true
			due = append(due, t)
		}
	}
	c.mu.Unlock()
	for _, t := range due {
		t.run()
	}
}

// notes is text that grows.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// rig is a desktop client at work, and a person who looks at it and types.
type rig struct {
	*desktop.Desktop
	t      *testing.T
	p      *platformtest.Platform
	config desktop.Config
	ring   *ring
	clock  *clock
	log    notes
	out    notes // of the terminal
	in     *io.PipeWriter
	opened chan string // files of windows
	told   chan string // notifications
	seen   int         // of out
	stop   context.CancelFunc
	ended  chan error
}

// newRig is a client that has not been started. Without a terminal it has windows.
func newRig(t *testing.T, p *platformtest.Platform, terminal bool) *rig {
	t.Helper()
	r := &rig{t: t, p: p, ring: &ring{}, clock: &clock{}, opened: make(chan string, 20), told: make(chan string, 20)}
	r.config = desktop.Config{Platform: p.PublicURL(), Dir: t.TempDir(), Lang: "en", Ports: []int{0}, Name: "desk · Linux",
		Log: slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Keyring: r.ring,
		Open:   func(path string) error { r.opened <- path; return nil },
		Notify: func(_, text string) error { r.told <- text; return errors.New("nobody listens") },
		Now:    r.clock.Now, AfterFunc: r.clock.AfterFunc}
	if terminal {
		in, typed := io.Pipe()
		r.in = typed
		r.config.Terminal = &desktop.Terminal{In: in, Out: &r.out}
		t.Cleanup(func() { typed.Close() })
	}
	return r
}

// start runs the client until the test ends.
func (r *rig) start() *rig {
	r.t.Helper()
	d, err := desktop.New(r.config)
	if err != nil {
		r.t.Fatal(err)
	}
	r.Desktop = d
	ctx, stop := context.WithCancel(context.Background())
	r.stop, r.ended = stop, make(chan error, 1)
	go func() { r.ended <- d.Run(ctx) }()
	stopped := false
	r.t.Cleanup(func() {
		if !stopped {
			stopped = true
			stop()
			if err := <-r.ended; !errors.Is(err, context.Canceled) && !errors.Is(err, errLooked) {
				r.t.Errorf("ended with %v", err)
			}
			if err := d.Close(); err != nil {
				r.t.Error(err)
			}
		}
	})
	return r
}

// errLooked stands for an end that the test has looked at.
var errLooked = errors.New("looked at")

// end is how the client ended by itself.
func (r *rig) end() error {
	r.t.Helper()
	err := <-r.ended
	r.ended <- errLooked
	return err
}

// shown waits until text is on the terminal, behind what was seen before.
func (r *rig) shown(text string) {
	r.t.Helper()
	r.until(func() bool {
		out := r.out.String()
		at := strings.Index(out[r.seen:], text)
		if at >= 0 {
			r.seen += at + len(text)
		}
		return at >= 0
	}, func() string { return text + " is not in\n" + r.out.String()[r.seen:] + "\nlog:\n" + r.log.String() })
}

// until waits for what others do; not for ever.
func (r *rig) until(done func() bool, otherwise func() string) {
	r.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			r.t.Fatal(otherwise())
		}
		time.Sleep(time.Millisecond)
	}
}

func (r *rig) logged(text string) {
	r.t.Helper()
	r.until(func() bool { return strings.Contains(r.log.String(), text) }, func() string { return text + " is not in the log\n" + r.log.String() })
}

func (r *rig) typed(line string) {
	r.t.Helper()
	if _, err := io.WriteString(r.in, line+"\n"); err != nil {
		r.t.Fatal(err)
	}
}

// qr is the address in the QR code that is shown now.
func (r *rig) qr() string {
	r.t.Helper()
	r.shown(r.p.PublicURL() + "/q/")
	out := r.out.String()[r.seen:]
	key, _, ok := strings.Cut(out, "\n")
	if !ok || len(key) != 22 {
		r.t.Fatalf("QR key %q", key)
	}
	return key
}

// scan is a phone that scans the QR code, and returns where its decision goes.
func (r *rig) scan(phone *platformtest.Phone, key string) (decide string) {
	r.t.Helper()
	var ask struct {
		Machine     string `json:"machine"`
		ContinueURL string `json:"continue_url"`
	}
	if status := phone.Get("/q/"+key, &ask); status != http.StatusOK || ask.Machine != r.config.Name {
		r.t.Fatalf("the phone sees %d %+v", status, ask)
	}
	var confirm struct {
		DecideURL string `json:"decide_url"`
	}
	phone.Post(ask.ContinueURL, nil, &confirm)
	return confirm.DecideURL
}

// number is the one that the terminal shows.
func (r *rig) number() string {
	r.t.Helper()
	r.shown("Type this number on your phone  ")
	return r.out.String()[r.seen : r.seen+2]
}

// signedIn is a client in the terminal that a phone of the member has signed in.
func signedIn(t *testing.T, p *platformtest.Platform, member string) *rig {
	t.Helper()
	r := newRig(t, p, true).start()
	r.signIn(member)
	return r
}

func (r *rig) signIn(member string) {
	r.t.Helper()
	phone := r.p.Phone(member)
	decide := r.scan(phone, r.qr())
	phone.Post(decide, url.Values{"decision": {"confirm"}, "number": {r.number()}}, nil)
	r.shown("This computer is signed in")
	r.ready()
}

// ready waits until the platform has said whose pages are answered.
func (r *rig) ready() {
	r.t.Helper()
	r.until(func() bool { status, _ := r.check(); return status == http.StatusOK }, func() string { return "pages are not answered\n" + r.log.String() })
}

// call is what a login page's script does.
func (r *rig) call(path string, in, out any) int {
	r.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	q, err := http.NewRequest("POST", "http://"+r.Addr()+path, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Origin", r.p.PublicURL())
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode
}

func (r *rig) check() (int, protocol.LoopbackCheck) {
	r.t.Helper()
	var c protocol.LoopbackCheck
	return r.call(protocol.PathLoopbackCheck, struct{}{}, &c), c
}

// hand hands a login page's sign-in over.
func (r *rig) hand(page *platformtest.LoginPage) protocol.LoopbackOpened {
	r.t.Helper()
	_, c := r.check()
	key := page.ClientKey()
	if key == "" || c.Nonce == "" {
		r.t.Fatalf("client key %q, %+v", key, c)
	}
	var opened protocol.LoopbackOpened
	if status := r.call(protocol.PathLoopbackConfirm, protocol.LoopbackConfirm{ClientKey: key, Nonce: c.Nonce}, &opened); status != http.StatusOK {
		r.t.Fatalf("confirm: %d", status)
	}
	if strings.Contains(r.log.String(), key) || strings.Contains(r.out.String(), key) {
		r.t.Error("the client key is in log or terminal")
	}
	return opened
}

// page is a login page of the sample provider's site, in Chrome unless an agent is named.
func (r *rig) page(agent ...string) *platformtest.LoginPage {
	r.t.Helper()
	agent = append(agent, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")
	page := r.p.OpenLogin(r.p.ServiceLink(platformtest.Origin+"/cb", "s"), "User-Agent", agent[0])
	if page.WebKey == "" {
		r.t.Fatalf("login page: %d %.300s", page.Status, page.Body)
	}
	return page
}

// TestDesktop is what several clients may do at one platform.
func TestDesktop(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for name, test := range map[string]func(*testing.T, *platformtest.Platform){
		"signs in once": signInOnce, "renews the code": renewal, "is removed": removed, "is told wrong": config,
		"confirms": confirm, "says no": decisions, "has a choice": choice, "does not show": notShown, "times out": timesOut,
		"in windows": inWindows, "window closed": windowClosed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

func member(p *platformtest.Platform) string { return p.Sample.CorpID + "/" + p.Sample.Member }
