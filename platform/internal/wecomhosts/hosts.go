package wecomhosts

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Where the sandbox listens unless told otherwise (design.md, "hufu demo").
const (
	DefaultTLSAddr   = "127.0.0.1:8443"
	DefaultProxyAddr = "127.0.0.1:8794"
)

// Config says where to listen and what to serve.
type Config struct {
	// Dir is where the authority and the certificate live. It is made when
	// it is missing.
	Dir string

	// TLSAddr and ProxyAddr are loopback addresses; empty means the
	// defaults, port 0 a free port. 127.0.0.2:443 makes a hosts file enough.
	TLSAddr, ProxyAddr string

	// Handler answers for all four hosts.
	Handler http.Handler

	// Now is the system's time, not the sandbox's movable clock: clients
	// judge a certificate by their own. nil means time.Now.
	Now func() time.Time

	// Log receives failed handshakes and broken requests; nil drops them.
	Log *slog.Logger
}

// Hosts is WeCom's host names, listening.
type Hosts struct {
	dir         string
	identity    *identity
	tls, proxy  net.Listener
	tlsServer   *http.Server
	proxyServer *http.Server
	tunnels     sync.WaitGroup
	closing     context.Context // ends the tunnels that remain
	endTunnels  context.CancelFunc
}

// Open makes or renews the authority and starts to listen; Serve answers. Who
// does not come to call Serve calls Close.
func Open(cfg Config) (*Hosts, error) {
	if cfg.TLSAddr == "" {
		cfg.TLSAddr = DefaultTLSAddr
	}
	if cfg.ProxyAddr == "" {
		cfg.ProxyAddr = DefaultProxyAddr
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("directory of the authority: %w", err)
	}
	id, err := openIdentity(cfg.Dir, cfg.Now())
	if err != nil {
		return nil, err
	}
	h := &Hosts{dir: cfg.Dir, identity: id}
	h.closing, h.endTunnels = context.WithCancel(context.Background())
	if h.tls, err = listen(cfg.TLSAddr); err != nil {
		return nil, err
	}
	if h.proxy, err = listen(cfg.ProxyAddr); err != nil {
		return nil, errors.Join(err, h.tls.Close())
	}
	h.tlsServer = newServer(cfg.Handler, cfg.Log)
	h.tlsServer.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{id.certificate}}
	h.proxyServer = newServer(newProxy(h, cfg.Log), cfg.Log)
	return h, nil
}

// listen refuses what others could reach: no client but this machine's own
// has a reason to take our word for WeCom's names.
func listen(addr string) (net.Listener, error) {
	resolved, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("WeCom's hosts: %w", err)
	}
	if !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("WeCom's hosts: %s is not a loopback address", addr)
	}
	listener, err := net.ListenTCP("tcp", resolved)
	if err != nil {
		return nil, fmt.Errorf("WeCom's hosts: %w", err)
	}
	return listener, nil
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute, // longer than any wait is kept open; a tunnel has no limit
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		// "OPTIONS *" is for the handlers to answer as well.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// grace is how long requests in flight may take to end when Serve is told to.
const grace = 5 * time.Second

// Serve answers until ctx ends, gives requests in flight a few seconds, and
// returns nil; or returns the error that stopped a listener before that.
func (h *Hosts) Serve(ctx context.Context) error {
	failed := make(chan error, 2)
	go func() { failed <- h.tlsServer.ServeTLS(h.tls, "", "") }()
	go func() { failed <- h.proxyServer.Serve(h.proxy) }()
	var failure error
	running := 2
	select {
	case <-ctx.Done():
	case failure = <-failed:
		running--
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	// The proxy first: its requests end at the TLS listener.
	for _, server := range []*http.Server{h.proxyServer, h.tlsServer} {
		if server.Shutdown(stop) != nil {
			failure = errors.Join(failure, server.Close())
		}
	}
	for ; running > 0; running-- {
		if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
			failure = errors.Join(failure, err)
		}
	}
	h.endTunnels()
	h.tunnels.Wait()
	return failure
}

// Close gives the addresses back without Serve having been called.
func (h *Hosts) Close() error { return errors.Join(h.tls.Close(), h.proxy.Close()) }

// CAFile is the path of the authority's certificate, PEM.
func (h *Hosts) CAFile() string { return filepath.Join(h.dir, caFile) }

// TLSAddr is the address of the TLS listener, host:port.
func (h *Hosts) TLSAddr() string { return h.tls.Addr().String() }

// ProxyAddr is the address of the proxy, host:port.
func (h *Hosts) ProxyAddr() string { return h.proxy.Addr().String() }
