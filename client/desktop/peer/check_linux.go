package peer

import (
	"errors"
	"net/netip"
	"os"
)

// tables list the machine's TCP sockets, as far as this process's network namespace goes. A
// socket of IPv6 may carry a connection of IPv4.
var tables = []string{"/proc/net/tcp", "/proc/net/tcp6"}

// check looks for the socket whose own end is mine and whose other end is yours.
func check(mine, yours netip.AddrPort) error {
	var failed error
	for _, name := range tables {
		f, err := os.Open(name)
		if errors.Is(err, os.ErrNotExist) {
			continue // a kernel without IPv6
		}
		if err != nil {
			failed = err
			continue
		}
		uid, found, err := procOwner(f, mine, yours)
		f.Close()
		switch {
		case err != nil:
			failed = err
		case found && uid == uint32(os.Getuid()):
			return nil
		case found:
			return ErrOtherUser
		}
	}
	if failed == nil {
		failed = errNoEntry
	}
	return unknown(failed)
}
