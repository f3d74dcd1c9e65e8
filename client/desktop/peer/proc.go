package peer

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
)

// established is the state of a connection in /proc/net/tcp that both ends hold open. In any
// other, the socket may have lost its owner already, and then its uid reads 0.
const established = "01"

// procOwner finds the uid of the socket between two addresses in a table of the form of
// /proc/net/tcp or /proc/net/tcp6 (Linux, Documentation/networking/proc_net_tcp.rst).
func procOwner(table io.Reader, mine, yours netip.AddrPort) (uid uint32, found bool, err error) {
	lines := bufio.NewScanner(table)
	lines.Scan() // the heading
	for lines.Scan() {
		// sl local rem st tx:rx tr:when retrnsmt uid …
		fields := strings.Fields(lines.Text())
		if len(fields) < 8 || fields[3] != established {
			continue
		}
		local, err := procAddr(fields[1])
		if err != nil {
			return 0, false, err
		}
		if local != mine {
			continue
		}
		remote, err := procAddr(fields[2])
		if err != nil {
			return 0, false, err
		}
		if remote != yours {
			continue
		}
		n, err := strconv.ParseUint(fields[7], 10, 32)
		if err != nil {
			return 0, false, fmt.Errorf("uid in the table of sockets: %w", err)
		}
		return uint32(n), true, nil
	}
	return 0, false, lines.Err()
}

// procAddr reads an address such as 0100007F:C350: words of 32 bits in the machine's own byte
// order, and a port.
func procAddr(text string) (netip.AddrPort, error) {
	host, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	if err != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}, fmt.Errorf("address %q in the table of sockets", text)
	}
	for word := raw; len(word) > 0; word = word[4:] {
		binary.NativeEndian.PutUint32(word, binary.BigEndian.Uint32(word))
	}
	addr, ok := netip.AddrFromSlice(raw)
	n, err := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil {
		return netip.AddrPort{}, fmt.Errorf("address %q in the table of sockets", text)
	}
	return netip.AddrPortFrom(addr.Unmap(), uint16(n)), nil
}
