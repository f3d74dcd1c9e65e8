package peer

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// Owner tells whether the remote end of a loopback connection is this user's, as Check does.
type Owner func(local, remote netip.AddrPort) error

type key struct{}

// ConnContext asks once for each connection of an http.Server, and keeps the answer for Of.
func (o Owner) ConnContext(ctx context.Context, c net.Conn) context.Context {
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
