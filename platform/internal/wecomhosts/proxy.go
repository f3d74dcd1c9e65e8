package wecomhosts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"time"
)

// proxy leads requests for WeCom's names, and no others, to the TLS listener.
type proxy struct {
	hosts   *Hosts
	forward *httputil.ReverseProxy
}

func newProxy(h *Hosts, log *slog.Logger) *proxy {
	roots := x509.NewCertPool()
	roots.AddCert(h.identity.authority)
	return &proxy{hosts: h, forward: &httputil.ReverseProxy{
		// The URL is right as it came. Its query is handed on even where it is
		// malformed: what to say to that is for the platform to decide.
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.RawQuery = r.In.URL.RawQuery },
		Transport: &http.Transport{
			DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return h.dial(ctx) },
			TLSClientConfig:    &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
			DisableCompression: true,
			IdleConnTimeout:    time.Minute,
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "the sandbox does not answer", http.StatusBadGateway)
		},
	}}
}

func (h *Hosts) dial(ctx context.Context) (net.Conn, error) {
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", h.TLSAddr())
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect && served(r.URL.Host, true):
		p.connect(w, r)
	case r.URL.Scheme == "https" && r.URL.User == nil && served(r.URL.Host, false):
		p.forward.ServeHTTP(w, r)
	default:
		http.Error(w, "this proxy leads to "+strings.Join(Names(), ", ")+" on port 443 and nowhere else", http.StatusForbidden)
	}
}

// served reports whether hostport is one of WeCom's names on port 443. Only
// CONNECT has to write the port.
func served(hostport string, portRequired bool) bool {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host, port = hostport, ""
	}
	return (port == "443" || port == "" && !portRequired) && slices.Contains(Names(), strings.ToLower(host))
}

// connect joins the client with the TLS listener until one of them has ended.
func (p *proxy) connect(w http.ResponseWriter, r *http.Request) {
	target, err := p.hosts.dial(r.Context())
	if err != nil {
		http.Error(w, "the sandbox does not answer", http.StatusBadGateway)
		return
	}
	defer target.Close()
	// Counted while the server still counts the request itself, so that
	// Serve misses none.
	p.hosts.tunnels.Add(1)
	defer p.hosts.tunnels.Done()
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "this connection cannot become a tunnel", http.StatusHTTPVersionNotSupported)
		return
	}
	defer client.Close()
	stop := context.AfterFunc(p.hosts.closing, func() { client.Close(); target.Close() })
	defer stop()
	if client.SetDeadline(time.Time{}) != nil {
		return
	}
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	up := make(chan struct{})
	go func() {
		defer close(up)
		pipe(target, buffered)
	}()
	// The TLS server ends a connection as a whole, so this direction's end is
	// the end of both. A client's end reaches it through pipe.
	pipe(client, target)
	client.Close()
	<-up
}

// pipe copies until from ends or to breaks, and tells to that no more comes.
func pipe(to net.Conn, from io.Reader) {
	_, err := io.Copy(to, from)
	if half, ok := to.(*net.TCPConn); ok && err == nil {
		err = half.CloseWrite()
	}
	if err != nil {
		to.Close()
	}
}
