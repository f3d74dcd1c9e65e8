package peer

import (
	"encoding/binary"
	"net/netip"
)

// A MIB_TCPTABLE_OWNER_PID of Windows: a count, then rows of six 32-bit numbers: state, local
// address, local port, remote address, remote port, process. Addresses and ports are in network
// byte order; of a port the first two bytes count.
const (
	tcpRow         = 24
	tcpEstablished = 5 // MIB_TCP_STATE_ESTAB
)

// tcpTableOwner finds the process of the socket between two addresses in such a table.
func tcpTableOwner(table []byte, mine, yours netip.AddrPort) (process uint32, found bool, err error) {
	if len(table) < 4 {
		return 0, false, errTable
	}
	count, rows := uint64(binary.NativeEndian.Uint32(table)), table[4:]
	if count*tcpRow > uint64(len(rows)) {
		return 0, false, errTable
	}
	for row := range count {
		r := rows[row*tcpRow : (row+1)*tcpRow]
		if binary.NativeEndian.Uint32(r) == tcpEstablished && tableAddr(r[4:]) == mine && tableAddr(r[12:]) == yours {
			return binary.NativeEndian.Uint32(r[20:]), true, nil
		}
	}
	return 0, false, nil
}

func tableAddr(b []byte) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[:4])), binary.BigEndian.Uint16(b[4:]))
}
