package peer

import (
	"errors"
	"fmt"
	"net/netip"
)

// The errors of Check.
var (
	// ErrOtherUser: the socket is another user's.
	ErrOtherUser = errors.New("the socket belongs to another user of this machine")
	// ErrUnknown: whose socket it is cannot be told.
	ErrUnknown = errors.New("the owner of the socket cannot be told")
)

// Check fails unless the process at the remote end of an established loopback connection
// belongs to this process's user. local is our end. The errors wrap ErrOtherUser or ErrUnknown.
func Check(local, remote netip.AddrPort) error {
	local, remote = plain(local), plain(remote)
	if !local.Addr().IsLoopback() || !remote.Addr().IsLoopback() {
		return fmt.Errorf("%w: not a loopback connection", ErrUnknown)
	}
	// Seen from the other end, its own address is the local one.
	return check(remote, local)
}

// plain is an address without IPv6 around IPv4.
func plain(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// unknown says why an owner cannot be told.
func unknown(err error) error { return fmt.Errorf("%w: %w", ErrUnknown, err) }

// errNoEntry is the reason when the system's table has no such connection.
var errNoEntry = errors.New("the system lists no such connection")
