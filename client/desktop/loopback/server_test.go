package loopback_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/loopback"
	"github.com/hufu-sso/hufu/client/desktop/peer"
	"github.com/hufu-sso/hufu/protocol"
)

const login = "https://login.id.example.com"

// door is a server on loopback, and what it has let through.
type door struct {
	t    *testing.T
	addr string

	mu     sync.Mutex
	now    time.Time
	opened []string                // client keys
	off    func()                  // takes the last one off the screen
	reason protocol.LoopbackReason // of the next confirm
	log    bytes.Buffer
}

func (d *door) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(p)
}

func open(t *testing.T, owner peer.Owner) *door {
	t.Helper()
	d := &door{t: t, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	l, err := loopback.Listen([]int{0})
	if err != nil {
		t.Fatal(err)
	}
	d.addr = l.Addr().String()
	s := &loopback.Server{SignedIn: func() bool { return true }, Origins: func() []string { return []string{login, "http://localhost:8790"} },
		Owner: owner, Log: slog.New(slog.NewTextHandler(d, nil)),
		Now: func() time.Time { d.mu.Lock(); defer d.mu.Unlock(); return d.now },
		Confirm: func(key string, off func()) protocol.LoopbackReason {
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.reason != "" {
				return d.reason
			}
			d.opened, d.off = append(d.opened, key), off
			return ""
		}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	})
	return d
}

func (d *door) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// request is a request of a login page, with changes.
type request struct {
	method, path, body string
	host               string
	header             http.Header
}

func (d *door) send(q request) (int, http.Header, string) {
	d.t.Helper()
	r, err := http.NewRequest(q.method, "http://"+d.addr+q.path, strings.NewReader(q.body))
	if err != nil {
		d.t.Fatal(err)
	}
	if q.host != "" {
		r.Host = q.host
	}
	r.Header = q.header
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

// headers are those that a login page's script sends.
func headers() http.Header {
	return http.Header{"Origin": {login}, "Content-Type": {"application/json"}}
}

func (d *door) nonce() string {
	d.t.Helper()
	status, _, body := d.send(request{method: "POST", path: protocol.PathLoopbackCheck, body: "{}", header: headers()})
	var c protocol.LoopbackCheck
	if err := json.Unmarshal([]byte(body), &c); err != nil || status != http.StatusOK || !c.SignedIn || len(c.Nonce) != 22 {
		d.t.Fatalf("check: %d %s", status, body)
	}
	return c.Nonce
}

func (d *door) confirm(key, nonce string) (int, string) {
	d.t.Helper()
	body, err := json.Marshal(protocol.LoopbackConfirm{ClientKey: key, Nonce: nonce})
	if err != nil {
		d.t.Fatal(err)
	}
	status, _, answer := d.send(request{method: "POST", path: protocol.PathLoopbackConfirm, body: string(body), header: headers()})
	return status, answer
}

func mine(netip.AddrPort, netip.AddrPort) error { return nil }

func TestOpens(t *testing.T) {
	t.Parallel()
	d := open(t, peer.Check)
	status, header, body := d.send(request{method: "OPTIONS", path: protocol.PathLoopbackConfirm, header: http.Header{"Origin": {login},
		"Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"content-type"}, "Access-Control-Request-Private-Network": {"true"}}})
	for name, want := range map[string]string{"Access-Control-Allow-Origin": login, "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "content-type",
		"Access-Control-Allow-Private-Network": "true", "Access-Control-Allow-Credentials": "", "Vary": "Origin"} {
		if header.Get(name) != want {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
	if status != http.StatusNoContent || body != "" {
		t.Errorf("preflight: %d %s", status, body)
	}
	status, body = d.confirm("the-key", d.nonce())
	if status != http.StatusOK || body != `{"opened":true}` || len(d.opened) != 1 || d.opened[0] != "the-key" {
		t.Errorf("%d %s %v", status, body, d.opened)
	}
	if _, header, body := d.send(request{method: "POST", path: protocol.PathLoopbackCheck, body: "{}", header: http.Header{"Origin": {"http://localhost:8790"}, "Content-Type": {"application/json; charset=utf-8"}}}); header.Get("Access-Control-Allow-Origin") != "http://localhost:8790" || strings.Count(body, `"`) != 6 {
		t.Errorf("%v %s", header, body)
	}
	for _, reason := range []protocol.LoopbackReason{protocol.LoopbackGone, protocol.LoopbackUnreachable, protocol.LoopbackNotAllowed} {
		d.off()
		d.reason = reason
		if status, body := d.confirm("key for "+string(reason), d.nonce()); status != http.StatusOK || body != `{"opened":false,"reason":"`+string(reason)+`"}` {
			t.Errorf("%s: %d %s", reason, status, body)
		}
	}
}

// TestAbuse is case 19 of security.md as far as loopback goes: nothing of it reaches the person.
func TestAbuse(t *testing.T) {
	t.Parallel()
	d := open(t, peer.Check)
	_, port, err := net.SplitHostPort(d.addr)
	if err != nil {
		t.Fatal(err)
	}
	with := func(name string, values ...string) func(*request) {
		return func(q *request) { q.header[http.CanonicalHeaderKey(name)] = values }
	}
	for name, test := range map[string]struct {
		change func(*request)
		status int
	}{
		"Origin absent":             {func(q *request) { q.header.Del("Origin") }, 403},
		"Origin empty":              {with("Origin", ""), 403},
		"Origin null":               {with("Origin", "null"), 403},
		"Origin foreign":            {with("Origin", "https://evil.example"), 403},
		"Origin with a trusted end": {with("Origin", "https://evil.example?"+login), 403},
		"Origin of a child":         {with("Origin", "https://a.login.id.example.com"), 403},
		"Origin with another port":  {with("Origin", login+":8443"), 403},
		"Origin, other scheme":      {with("Origin", strings.Replace(login, "https", "http", 1)), 403},
		"Origin in capitals":        {with("Origin", strings.ToUpper(login)), 403},
		"Origin of our own":         {with("Origin", "http://"+d.addr), 403},
		"Origin twice":              {with("Origin", login, "https://evil.example"), 403},
		"Host rebound":              {func(q *request) { q.host = "evil.example:" + port }, 403},
		"Host localhost":            {func(q *request) { q.host = "localhost:" + port }, 403},
		"Host with another port":    {func(q *request) { q.host = "127.0.0.1:1" }, 403},
		"Host without port":         {func(q *request) { q.host = "127.0.0.1" }, 403},
		"text/plain":                {with("Content-Type", "text/plain"), 400},
		"a form":                    {with("Content-Type", "application/x-www-form-urlencoded"), 400},
		"no type":                   {func(q *request) { q.header.Del("Content-Type") }, 400},
		"JSON in name":              {with("Content-Type", "text/plain; application/json"), 400},
		"GET":                       {func(q *request) { q.method, q.body = "GET", "" }, 405},
		"PUT":                       {func(q *request) { q.method = "PUT" }, 405},
		"no JSON":                   {func(q *request) { q.body = "client_key=k" }, 400},
		"an array":                  {func(q *request) { q.body = "[]" }, 400},
		"too long":                  {func(q *request) { q.body = `{"client_key":"` + strings.Repeat("k", 5000) + `"}` }, 400},
		"another path":              {func(q *request) { q.path = "/hufu/other" }, 404},
	} {
		for _, path := range []string{protocol.PathLoopbackCheck, protocol.PathLoopbackConfirm} {
			q := request{method: "POST", path: path, body: fmt.Sprintf(`{"client_key":"k","nonce":%q}`, d.nonce()), header: headers()}
			test.change(&q)
			status, header, body := d.send(q)
			if status != test.status || body != "{}" {
				t.Errorf("%s, %s: %d %s", name, path, status, body)
			}
			if test.status == 403 && header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s, %s: may be read by %s", name, path, header.Get("Access-Control-Allow-Origin"))
			}
			if q.method = "OPTIONS"; test.status == 403 {
				if status, header, _ := d.send(q); status != 403 || header.Get("Access-Control-Allow-Methods") != "" {
					t.Errorf("%s, %s: preflight %d", name, path, status)
				}
			}
		}
	}
	if len(d.opened) != 0 {
		t.Errorf("shown: %v", d.opened)
	}
}

// TestOtherUser has the system say that it is somebody else's socket; the tests of package peer
// ask the system.
func TestOtherUser(t *testing.T) {
	t.Parallel()
	for _, verdict := range []error{peer.ErrOtherUser, peer.ErrUnknown} {
		d := open(t, func(netip.AddrPort, netip.AddrPort) error { return verdict })
		for _, path := range []string{protocol.PathLoopbackCheck, protocol.PathLoopbackConfirm} {
			if status, _, body := d.send(request{method: "POST", path: path, body: "{}", header: headers()}); status != 403 || body != "{}" {
				t.Errorf("%v: %d %s", verdict, status, body)
			}
		}
		// Said aloud once, and again a minute later.
		d.pass(time.Minute + time.Second)
		d.send(request{method: "POST", path: protocol.PathLoopbackCheck, body: "{}", header: headers()})
		d.mu.Lock()
		if strings.Count(d.log.String(), verdict.Error()) != 2 {
			t.Errorf("the log: %s", d.log.String())
		}
		d.mu.Unlock()
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	d := open(t, mine)
	used := d.nonce()
	if status, body := d.confirm("first", used); status != 200 || body != `{"opened":true}` {
		t.Fatalf("%d %s", status, body)
	}
	d.off()
	old := d.nonce()
	for name, test := range map[string]struct{ key, nonce string }{
		"nonce used": {"second", used}, "nonce made up": {"second", strings.Repeat("A", 22)}, "no nonce": {"second", ""},
		"key used": {"first", d.nonce()}, "no key": {"", d.nonce()}, "key too long": {strings.Repeat("k", 200), d.nonce()},
	} {
		if status, body := d.confirm(test.key, test.nonce); status != 400 || body != "{}" {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	d.pass(2*time.Minute + time.Second)
	if status, body := d.confirm("second", old); status != 400 || body != "{}" {
		t.Errorf("nonce too old: %d %s", status, body)
	}
	if status, _ := d.confirm("first", d.nonce()); status != 400 {
		t.Errorf("key used, later: %d", status)
	}
	if status, _ := d.confirm("second", d.nonce()); status != 200 || len(d.opened) != 2 {
		t.Errorf("another key: %d, %v", status, d.opened)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, secret := range []string{"first", "second", used, old} {
		if strings.Contains(d.log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, d.log.String())
		}
	}
}

func TestBusy(t *testing.T) {
	t.Parallel()
	d := open(t, mine)
	d.confirm("first", d.nonce())
	nonce := d.nonce()
	if status, body := d.confirm("second", nonce); status != 200 || body != `{"opened":false,"reason":"busy"}` {
		t.Errorf("%d %s", status, body)
	}
	d.off()
	if status, _ := d.confirm("second", nonce); status != 400 {
		t.Errorf("the nonce was good again: %d", status)
	}
	if status, body := d.confirm("second", d.nonce()); status != 200 || body != `{"opened":true}` {
		t.Errorf("%d %s", status, body)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	d := open(t, mine)
	for i := range 10 {
		if status, body := d.confirm(fmt.Sprint("key", i), d.nonce()); status != 200 || body != `{"opened":true}` {
			t.Fatalf("%d: %d %s", i, status, body)
		}
		d.off()
	}
	if status, body := d.confirm("one more", d.nonce()); status != 403 || body != "{}" {
		t.Errorf("%d %s", status, body)
	}
	d.pass(time.Minute + time.Second)
	if status, _ := d.confirm("one more", d.nonce()); status != 200 {
		t.Errorf("a minute later: %d", status)
	}
}

// TestManyNonces has a page that only asks: the oldest nonces give way, the newest are good.
func TestManyNonces(t *testing.T) {
	t.Parallel()
	d := open(t, mine)
	first := d.nonce()
	d.pass(time.Second)
	for range 64 {
		d.nonce()
	}
	if status, _ := d.confirm("key", first); status != 400 {
		t.Errorf("the first of 65: %d", status)
	}
	d.pass(-time.Hour)
	if status, _ := d.confirm("key", d.nonce()); status != 200 {
		t.Errorf("after the clock was set back: %d", status)
	}
}

func TestPorts(t *testing.T) {
	t.Parallel()
	l, err := loopback.Listen([]int{0})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().(*net.TCPAddr)
	if !taken.IP.Equal(net.IPv4(127, 0, 0, 1)) {
		t.Errorf("listens on %s", taken)
	}
	if _, err := loopback.Listen([]int{taken.Port, taken.Port}); !errors.Is(err, loopback.ErrNoPort) {
		t.Errorf("all taken: %v", err)
	}
	next, err := loopback.Listen([]int{taken.Port, 0})
	if err != nil {
		t.Fatal(err)
	}
	next.Close()
}
