package loopback

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/peer"
	"github.com/hufu-sso/hufu/protocol"
)

// Server answers on loopback. All exported fields are needed.
type Server struct {
	// SignedIn tells whether the client is signed in at its platform.
	SignedIn func() bool
	// Origins are the login origins that may ask, as the platform gave them.
	Origins func() []string
	// Confirm takes a client key over and shows the sign-in to the person. An empty reason means
	// that it is on the screen; then off is called, once, when it no longer is.
	Confirm func(clientKey string, off func()) protocol.LoopbackReason
	Owner   peer.Owner
	Now     func() time.Time
	Log     *slog.Logger

	mu       sync.Mutex           // guards the following
	nonces   map[string]time.Time // given out and not used: when
	keys     map[[32]byte]time.Time
	confirms []time.Time          // in the last minute
	shown    bool                 // a sign-in is on the screen
	warned   map[string]time.Time // why requests were refused: when that was last said aloud
	host     string               // 127.0.0.1 and our port
}

// ErrNoPort is the error of Listen when all ports are taken.
var ErrNoPort = errors.New("all ports are in use")

// Listen takes the first free of ports. With port 0 the system chooses one.
func Listen(ports []int) (net.Listener, error) {
	for _, port := range ports {
		l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) && !errors.Is(err, wsaAddrInUse) && !errors.Is(err, wsaAccess) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: %v of 127.0.0.1", ErrNoPort, ports)
}

// What Windows says of a taken port; there syscall.EADDRINUSE is another number.
const (
	wsaAddrInUse = syscall.Errno(10048)
	wsaAccess    = syscall.Errno(10013)
)

// Serve answers on l until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.mu.Lock()
	s.host = l.Addr().String()
	s.nonces, s.keys, s.warned = map[string]time.Time{}, map[[32]byte]time.Time{}, map[string]time.Time{}
	s.mu.Unlock()
	mux := http.NewServeMux()
	mux.HandleFunc(protocol.PathLoopbackCheck, s.guard(s.check))
	mux.HandleFunc(protocol.PathLoopbackConfirm, s.guard(s.confirm))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusNotFound, struct{}{}) })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	return peer.Serve(ctx, server, l, s.Owner)
}
