package window

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/peer"
)

// Server serves windows. All exported fields are needed.
type Server struct {
	// Dir is where the files lie that open a window: the person's own, mode 0700.
	Dir string
	// Words are those for an Accept-Language.
	Words func(accept string) locales.Words
	// Open shows a file in the browser. It may take its time.
	Open  func(path string) error
	Owner peer.Owner
	// AfterFunc runs a function later, unless it is stopped.
	AfterFunc func(time.Duration, func()) (stop func() bool)
	Log       *slog.Logger

	origin string // ours, with the port

	mu      sync.Mutex           // guards the following
	secrets map[[32]byte]*Window // by digest; each is good once
	tokens  map[[32]byte]*Window // by digest
}

// Listen takes a port of the system's choice. To be called before New and Serve.
func (s *Server) Listen() (net.Listener, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.origin = "http://" + l.Addr().String()
	s.secrets, s.tokens = map[[32]byte]*Window{}, map[[32]byte]*Window{}
	return l, sweep(s.Dir)
}

// Serve answers on l until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /open", s.page(s.open))
	mux.HandleFunc("POST /show", s.page(s.show))
	mux.HandleFunc("POST /answer", s.page(s.answer))
	mux.HandleFunc("POST /watch", s.page(s.watch))
	for name := range static {
		mux.HandleFunc("GET /"+name, s.page(s.file(name)))
	}
	mux.HandleFunc("/", s.page(func(http.ResponseWriter, *http.Request) error { return errGone }))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 10 * time.Second, WriteTimeout: 2 * patience, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	defer s.clear()
	return peer.Serve(ctx, server, l, s.Owner)
}

// find is the window of a token, or nil.
func (s *Server) find(token string) *Window {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[sha256.Sum256([]byte(token))]
}

// spend is the window of a secret, or nil; the secret is good no more.
func (s *Server) spend(secret string) *Window {
	s.mu.Lock()
	defer s.mu.Unlock()
	digest := sha256.Sum256([]byte(secret))
	w := s.secrets[digest]
	delete(s.secrets, digest)
	return w
}

// clear removes the files that nobody has opened.
func (s *Server) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.secrets {
		s.removeFile(w.path)
	}
	clear(s.secrets)
}
