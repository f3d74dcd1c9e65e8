package peer

import (
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// check looks for the socket whose own end is mine and whose other end is yours.
func check(mine, yours netip.AddrPort) error {
	table, err := unix.SysctlRaw("net.inet.tcp.pcblist_n")
	if err != nil {
		return unknown(err)
	}
	uid, found, err := pcbOwner(table, mine, yours)
	switch {
	case err != nil:
		return unknown(err)
	case !found:
		return unknown(errNoEntry)
	case uid != uint32(os.Getuid()):
		return ErrOtherUser
	}
	return nil
}
