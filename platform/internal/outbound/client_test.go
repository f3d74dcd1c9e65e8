package outbound

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// canary stands in the query of every URL asked here and may appear in no
// error.
const canary = "?access_token=canary-4711"

// TestMain sets a proxy that does not exist, before anything reads the
// environment: a client that obeyed it would reach nothing by name.
func TestMain(m *testing.M) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"} {
		os.Setenv(name, "http://127.0.0.1:1")
	}
	os.Exit(m.Run())
}

var sandbox = Config{AllowLoopback: true}

// call sends a GET that may take long only if it must, and checks what holds
// for every failure.
func call(t *testing.T, c *Client, limit time.Duration, rawURL string) (Result, *Error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	result, err := c.Get(ctx, rawURL+canary)
	var failure *Error
	if err != nil && !errors.As(err, &failure) {
		t.Fatalf("error is a %T: %v", err, err)
	}
	if err != nil && (strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "127.0.0.1")) {
		t.Errorf("the error quotes the URL: %v", err)
	}
	if failure != nil && result.Step != failure.Step {
		t.Errorf("result says %q, error %q", result.Step, failure.Step)
	}
	return result, failure
}

func wantStep(t *testing.T, failure *Error, step Step) {
	t.Helper()
	if failure == nil {
		t.Fatalf("succeeded, want a failure at %q", step)
	}
	if failure.Step != step {
		t.Fatalf("failed at %q (%s), want %q", failure.Step, failure.Detail, step)
	}
}

func TestPost(t *testing.T) {
	t.Parallel()
	type seen struct{ method, contentType, query, body string }
	got := make(chan seen, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- seen{r.Method, r.Header.Get("Content-Type"), r.URL.RawQuery, string(body)}
		io.WriteString(w, "success")
	}))
	t.Cleanup(server.Close)
	result, err := New(sandbox).Post(t.Context(), server.URL+"/callback?a=1", "text/xml", []byte("<xml/>"))
	if err != nil || result.Status != 200 || string(result.Body) != "success" || result.Step != "" {
		t.Fatalf("got %+v, %v", result, err)
	}
	if want := (seen{"POST", "text/xml", "a=1", "<xml/>"}); <-got != want {
		t.Errorf("the server saw %+v", want)
	}
}

// TestNoProxyEnvironment reaches a server by a name, which a proxy
// environment would apply to (it never applies to loopback addresses).
func TestNoProxyEnvironment(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	c := newWithResolver(sandbox, newNameserver(t, map[string][]string{"site.test": {"127.0.0.1"}}))
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	if _, failure := call(t, c, 10*time.Second, "http://site.test:"+port+"/"); failure != nil {
		t.Fatal(failure)
	}
}

// TestSSRF is abuse case 21 of security.md, end to end: a server waits at
// the refused address and must not see a connection.
func TestSSRF(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(net.Conn, http.ConnState) { connections.Add(1) }
	server.Start()
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())

	resolver := newNameserver(t, map[string][]string{
		"loopback.test": {"127.0.0.1"},
		"mapped.test":   {"::ffff:10.0.0.1"},
		"nat64.test":    {"64:ff9b::7f00:1"},
		"metadata.test": {"169.254.169.254"},
		"6to4.test":     {"2002:7f00:1::"},
		"cgnat.test":    {"100.64.0.1"},
		"many.test":     {"10.0.0.1,192.168.0.1,fd00::1"},
		"localhost":     {"127.0.0.1"},
	})
	for _, host := range []string{
		"loopback.test", "mapped.test", "nat64.test", "metadata.test", "6to4.test", "cgnat.test", "many.test",
		"127.0.0.1", "localhost", "app.localhost", "[::1]", "0.0.0.0", "[::]", "10.0.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
		"[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[ff02::1]",
	} {
		t.Run(host, func(t *testing.T) {
			_, failure := call(t, newWithResolver(Config{}, resolver), 10*time.Second, "http://"+host+":"+port+"/")
			wantStep(t, failure, StepAddress)
		})
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// TestNamesUnderLocalhost are of this machine whatever the network says of them.
func TestNamesUnderLocalhost(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) }))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	resolver := newNameserver(t, map[string][]string{"app.localhost": {"203.0.113.1"}})
	result, err := newWithResolver(Config{AllowLoopback: true}, resolver).Get(t.Context(), "http://App.localhost:"+port+"/")
	if err != nil || string(result.Body) != "App.localhost:"+port {
		t.Errorf("%v %q", err, result.Body)
	}
}

// TestOtherSpellings are hosts that some resolvers read as addresses: they
// fail, at whichever step.
func TestOtherSpellings(t *testing.T) {
	t.Parallel()
	c := newWithResolver(Config{}, newNameserver(t, nil))
	for _, host := range []string{"127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "①②⑦.0.0.1"} {
		if _, failure := call(t, c, 10*time.Second, "http://"+host+":8792/"); failure == nil {
			t.Errorf("%s was reached", host)
		}
	}
}

// TestRebinding has a name that is allowed when it is looked up first and
// refused the second time: each connection is judged by its own address.
func TestRebinding(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	resolver := newNameserver(t, map[string][]string{"rebind.test": {"127.0.0.1", "169.254.169.254"}})
	c := newWithResolver(Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, resolver)
	target := "http://rebind.test:" + port + "/"
	if _, failure := call(t, c, 10*time.Second, target); failure != nil {
		t.Fatal(failure)
	}
	_, failure := call(t, c, 10*time.Second, target)
	wantStep(t, failure, StepAddress)
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			followed.Store(true)
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	result, failure := call(t, New(sandbox), 10*time.Second, server.URL+"/")
	wantStep(t, failure, StepRedirect)
	if followed.Load() || result.Status != 302 {
		t.Errorf("followed %v, status %d", followed.Load(), result.Status)
	}
}

// TestSlowDrip has a server that keeps sending a little: the limit is one
// over the whole call, not one per read.
func TestSlowDrip(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				io.WriteString(w, "s")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	result, failure := call(t, New(sandbox), 200*time.Millisecond, server.URL+"/")
	wantStep(t, failure, StepTimeout)
	if result.Status != 200 || failure.Detail != "answer not complete" {
		t.Errorf("got %+v, %v", result, failure)
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(server.Close)
	_, failure := call(t, New(sandbox), 50*time.Millisecond, server.URL+"/")
	wantStep(t, failure, StepTimeout)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := New(sandbox).Get(ctx, server.URL)
	if !errors.As(err, &failure) || failure.Step != StepCancelled {
		t.Errorf("cancelled call: %v", err)
	}
}

// TestDefaultTimeout holds for a caller that set no deadline.
func TestDefaultTimeout(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(server.Close)
	start := time.Now()
	_, err := New(sandbox).Get(context.Background(), server.URL)
	var failure *Error
	if !errors.As(err, &failure) || failure.Step != StepTimeout {
		t.Fatalf("got %v", err)
	}
	if took := time.Since(start); took < DefaultTimeout || took > 3*DefaultTimeout {
		t.Errorf("took %v", took)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fits" {
			w.Write(bytes.Repeat([]byte("s"), MaxBody))
			return
		}
		for r.Context().Err() == nil { // without end
			w.Write(bytes.Repeat([]byte("s"), MaxBody))
		}
	}))
	t.Cleanup(server.Close)
	result, failure := call(t, New(sandbox), 10*time.Second, server.URL+"/endless")
	wantStep(t, failure, StepTooLarge)
	if len(result.Body) != MaxBody {
		t.Errorf("read %d bytes", len(result.Body))
	}
	if _, failure = call(t, New(sandbox), 10*time.Second, server.URL+"/fits"); failure != nil {
		t.Errorf("%d bytes: %v", MaxBody, failure)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		io.WriteString(w, "why")
	}))
	t.Cleanup(server.Close)
	result, failure := call(t, New(sandbox), 10*time.Second, server.URL+"/")
	wantStep(t, failure, StepStatus)
	if result.Status != 502 || string(result.Body) != "why" || failure.Detail != "502 Bad Gateway" {
		t.Errorf("got %+v, %v", result, failure)
	}
}

// raw starts a server that hands each connection to serve.
func raw(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return listener.Addr().String()
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"nothing":     "",
		"not HTTP":    "SSH-2.0-OpenSSH\r\n\r\n",
		"cut short":   "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsucc",
		"huge header": "HTTP/1.1 200 OK\r\nX-A: " + strings.Repeat("a", 1<<20) + "\r\n\r\n",
		"endless 1xx": strings.Repeat("HTTP/1.1 103 Early Hints\r\nX-A: a\r\n\r\n", 10_000),
		"bad header":  "HTTP/1.1 200 OK\r\n\x00: a\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := raw(t, func(conn net.Conn) {
				conn.SetDeadline(time.Now().Add(10 * time.Second))
				conn.Read(make([]byte, 4096))
				io.WriteString(conn, answer)
			})
			_, failure := call(t, New(sandbox), 10*time.Second, "http://"+addr+"/")
			wantStep(t, failure, StepAnswer)
		})
	}
}

func TestConnectAndDNS(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	_, failure := call(t, New(sandbox), 10*time.Second, "http://"+addr+"/")
	wantStep(t, failure, StepConnect)

	c := newWithResolver(sandbox, newNameserver(t, nil))
	_, failure = call(t, c, 10*time.Second, "http://missing.test/")
	wantStep(t, failure, StepDNS)
}

func TestTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = nil
	t.Cleanup(server.Close)
	_, failure := call(t, New(sandbox), 10*time.Second, server.URL+"/")
	wantStep(t, failure, StepTLS)
	if failure.Detail != "certificate signed by an unknown authority" {
		t.Error(failure)
	}

	addr := raw(t, func(conn net.Conn) { io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n") })
	_, failure = call(t, New(sandbox), 10*time.Second, "https://"+addr+"/")
	wantStep(t, failure, StepTLS)
	if failure.Detail != "no TLS spoken there" {
		t.Error(failure)
	}
}

// TestSilentTLS has a host that accepts and never answers the handshake: the
// call ends in time and keeps no connection behind.
func TestSilentTLS(t *testing.T) {
	t.Parallel()
	closed := make(chan error, 1)
	addr := raw(t, func(conn net.Conn) {
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		_, err := io.Copy(io.Discard, conn)
		closed <- err
	})
	_, failure := call(t, New(sandbox), 100*time.Millisecond, "https://"+addr+"/")
	wantStep(t, failure, StepTimeout)
	if failure.Detail != "during the TLS handshake" {
		t.Error(failure)
	}
	if err := <-closed; err != nil && strings.Contains(err.Error(), "timeout") {
		t.Error("the connection stayed open after the call")
	}
}

func TestBadURLs(t *testing.T) {
	t.Parallel()
	for _, rawURL := range []string{
		"", "site.test/callback", "//site.test/", "ftp://site.test/", "file:///etc/passwd", "gopher://site.test/",
		"http:///path", "http://:80/", "http:site.test", "http://user:secret@site.test/", "http://user@site.test/", "http://a b/", "http://site.test\n/", "javascript:alert(1)",
	} {
		result, err := New(sandbox).Get(t.Context(), rawURL)
		var failure *Error
		if !errors.As(err, &failure) || failure.Step != StepURL || result.Step != StepURL {
			t.Errorf("%q: %v", rawURL, err)
		}
	}
}
