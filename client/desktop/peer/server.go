package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Owner tells whether the remote end of a loopback connection is this user's, as Check does.
type Owner func(local, remote netip.AddrPort) error

type key struct{}

// shutdown is how long requests may take to end with their server.
const shutdown = time.Second

// Serve answers on l until ctx ends, and so do the contexts of its requests; it returns when they
// have ended. Of tells each whose connection it came by.
func Serve(ctx context.Context, server *http.Server, l net.Listener, o Owner) error {
	server.ConnContext = o.connContext
	server.BaseContext = func(net.Listener) context.Context { return ctx }
	ended := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdown)
		defer cancel()
		err := server.Shutdown(limited)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close() // a browser may hold connections on which it says nothing
		}
		ended <- err
	})
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if err := <-ended; err != nil {
		return err
	}
	return ctx.Err()
}

// connContext asks once for each connection of an http.Server, and keeps the answer for Of.
func (o Owner) connContext(ctx context.Context, c net.Conn) context.Context {
	local, ok := c.LocalAddr().(*net.TCPAddr)
	remote, ok2 := c.RemoteAddr().(*net.TCPAddr)
	err := fmt.Errorf("%w: not a TCP connection", ErrUnknown)
	if ok && ok2 {
		err = o(local.AddrPort(), remote.AddrPort())
	}
	return context.WithValue(ctx, key{}, verdict{err})
}

// verdict wraps an error: a context value that is a nil interface would look absent.
type verdict struct{ err error }

// Of is what the owner check said about the connection of a request. Without one it fails.
func Of(ctx context.Context) error {
	v, ok := ctx.Value(key{}).(verdict)
	if !ok {
		return fmt.Errorf("%w: nobody asked", ErrUnknown)
	}
	return v.err
}
