package wecomhosts

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// echo answers with what reached it.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	tls := "plain"
	if r.TLS != nil {
		tls = "tls"
	}
	fmt.Fprintf(w, "%s %s %s %s %s", r.Method, tls, r.Host, r.URL.RequestURI(), body)
}

// start opens the hosts and serves them until the test ends.
func start(t *testing.T, handler http.HandlerFunc) *Hosts {
	t.Helper()
	h, err := Open(Config{Dir: t.TempDir(), TLSAddr: "127.0.0.1:0", ProxyAddr: "127.0.0.1:0", Handler: handler})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return h
}

// roots is what a client trusts that was given ca.pem.
func roots(t *testing.T, h *Hosts) *x509.CertPool {
	t.Helper()
	data, err := os.ReadFile(h.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		t.Fatal("ca.pem holds no certificate")
	}
	return pool
}

// proxied is a client under HTTPS_PROXY and HTTP_PROXY.
func proxied(t *testing.T, h *Hosts) *http.Client {
	t.Helper()
	transport := &http.Transport{
		Proxy:           http.ProxyURL(&url.URL{Scheme: "http", Host: h.ProxyAddr()}),
		TLSClientConfig: &tls.Config{RootCAs: roots(t, h)},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

func fetch(t *testing.T, client *http.Client, target string) string {
	t.Helper()
	resp, err := client.Post(target, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestProxiedClient(t *testing.T) {
	t.Parallel()
	h := start(t, echo)
	client := proxied(t, h)
	for _, host := range Names() {
		want := "POST tls " + host + " /cgi-bin/gettoken?corpid=a&x=b;c {}"
		if got := fetch(t, client, "https://"+host+"/cgi-bin/gettoken?corpid=a&x=b;c"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestDirectClient is a client whose names lead to the TLS listener, by a
// hosts file or a resolver rule, and one with another base URL.
func TestDirectClient(t *testing.T) {
	t.Parallel()
	h := start(t, echo)
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", h.TLSAddr())
		},
		TLSClientConfig: &tls.Config{RootCAs: roots(t, h)},
	}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	for _, host := range append(Names(), "localhost", "127.0.0.1") {
		if got, want := fetch(t, client, "https://"+host+"/a"), "POST tls "+host+" /a {}"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if _, err := client.Get("https://bank.example/"); err == nil {
		t.Error("another name is believed")
	}
}

func TestUntrustingClient(t *testing.T) {
	t.Parallel()
	h := start(t, echo)
	client := proxied(t, h)
	client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	if _, err := client.Get("https://qyapi.weixin.qq.com/"); err == nil {
		t.Error("a client without ca.pem believes us")
	}
}

// send writes a request as it stands to the proxy and returns the answer.
func send(t *testing.T, h *Hosts, request string) (int, string) {
	t.Helper()
	conn, err := net.Dial("tcp", h.ProxyAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if strings.HasPrefix(request, "CONNECT") && resp.StatusCode == 200 {
		return 200, ""
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestAbsoluteForm is how axios 0.x asks a proxy for an https URL.
func TestAbsoluteForm(t *testing.T) {
	t.Parallel()
	h := start(t, echo)
	for _, row := range []struct{ line, host, want string }{
		{"GET https://qyapi.weixin.qq.com/cgi-bin/user/get?a=1&b=x;y", "qyapi.weixin.qq.com", "GET tls qyapi.weixin.qq.com /cgi-bin/user/get?a=1&b=x;y "},
		{"GET https://qyapi.weixin.qq.com:443/x", "other.example", "GET tls qyapi.weixin.qq.com:443 /x "},
		{"GET https://QYAPI.weixin.qq.com/x", "qyapi.weixin.qq.com", "GET tls QYAPI.weixin.qq.com /x "},
	} {
		status, body := send(t, h, row.line+" HTTP/1.1\r\nHost: "+row.host+"\r\nConnection: close\r\n\r\n")
		if status != 200 || body != row.want {
			t.Errorf("%s: %d %q", row.line, status, body)
		}
	}
	status, body := send(t, h, "POST https://qyapi.weixin.qq.com/x HTTP/1.1\r\nHost: qyapi.weixin.qq.com\r\nProxy-Authorization: Basic eA==\r\nContent-Length: 2\r\n\r\n{}")
	if status != 200 || body != "POST tls qyapi.weixin.qq.com /x {}" {
		t.Errorf("POST: %d %q", status, body)
	}
}

func TestProxyRefuses(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	h := start(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	for _, line := range []string{
		"CONNECT bank.example:443", "CONNECT qyapi.weixin.qq.com:80", "CONNECT qyapi.weixin.qq.com:8443", "CONNECT qyapi.weixin.qq.com",
		"CONNECT work.weixin.qq.com:443", "CONNECT a.qyapi.weixin.qq.com:443", "CONNECT qyapi.weixin.qq.com.:443",
		"CONNECT 127.0.0.1:443", "CONNECT localhost:443", "CONNECT " + h.TLSAddr(), "CONNECT [::1]:443", "CONNECT /x",
		"GET http://qyapi.weixin.qq.com/", "GET https://bank.example/", "GET https://qyapi.weixin.qq.com:8443/", "GET https://u:p@qyapi.weixin.qq.com/",
		"GET https://127.0.0.1/", "GET /", "GET /cgi-bin/gettoken", "OPTIONS *", "GET ftp://qyapi.weixin.qq.com/", "GET https://qyapi.weixin.qq.com@bank.example/",
	} {
		if status, body := send(t, h, line+" HTTP/1.1\r\nHost: qyapi.weixin.qq.com\r\nConnection: close\r\n\r\n"); status == 200 {
			t.Errorf("%s: %d %q", line, status, body)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests came through", n)
	}
	if status, _ := send(t, h, "CONNECT qyapi.weixin.qq.com:443 HTTP/1.1\r\nHost: qyapi.weixin.qq.com:443\r\n\r\n"); status != 200 {
		t.Errorf("the good one: %d", status)
	}
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0"} {
		for _, cfg := range []Config{{TLSAddr: addr, ProxyAddr: "127.0.0.1:0"}, {TLSAddr: "127.0.0.1:0", ProxyAddr: addr}} {
			cfg.Dir = t.TempDir()
			h, err := Open(cfg)
			if err == nil {
				h.Close()
			}
			if err == nil || !strings.Contains(err.Error(), "loopback") {
				t.Errorf("%+v: %v", cfg, err)
			}
		}
	}
}

// TestServeStops has a request in flight, and a tunnel whose client asked for
// much and reads nothing: the request is answered, the tunnel does not hold
// Serve back.
func TestServeStops(t *testing.T) {
	t.Parallel()
	arrived, release, stalled := make(chan struct{}), make(chan struct{}), make(chan struct{})
	h, err := Open(Config{Dir: t.TempDir(), TLSAddr: "127.0.0.1:0", ProxyAddr: "127.0.0.1:0", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/endless" {
			close(stalled)
			for block := make([]byte, 64<<10); r.Context().Err() == nil; {
				w.Write(block)
			}
			return
		}
		close(arrived)
		<-release
		io.WriteString(w, "done")
	})})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx) }()

	conn, err := net.Dial("tcp", h.ProxyAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "CONNECT qyapi.weixin.qq.com:443 HTTP/1.1\r\nHost: qyapi.weixin.qq.com:443\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
		t.Fatal(err)
	}
	tunnel := tls.Client(conn, &tls.Config{RootCAs: roots(t, h), ServerName: "qyapi.weixin.qq.com"})
	if _, err := io.WriteString(tunnel, "GET /endless HTTP/1.1\r\nHost: qyapi.weixin.qq.com\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-stalled

	answer := make(chan string, 1)
	client := proxied(t, h)
	go func() {
		resp, err := client.Get("https://qyapi.weixin.qq.com/")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-arrived
	cancel()
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("the request in flight got %q", got)
	}
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(4 * grace):
		t.Fatal("Serve does not return")
	}
	if _, err := net.Dial("tcp", h.TLSAddr()); err == nil {
		t.Error("still listening")
	}
}
