package peer

import (
	"encoding/binary"
	"errors"
	"net/netip"
)

// Records of macOS's sysctl net.inet.tcp.pcblist_n (XNU, bsd/sys/socketvar.h and
// bsd/netinet/in_pcb.h, both packed to 4 bytes): a heading, then several records for each
// connection, the one of its addresses first. Each begins with its length and kind; the next
// begins at a multiple of 8.
const (
	xsoSocket = 0x001 // xsocket_n
	xsoINPCB  = 0x010 // xinpcb_n

	// In xinpcb_n.
	inpForeignPort = 16
	inpLocalPort   = 18
	inpVersion     = 44 // 1: IPv4, 2: IPv6
	inpForeign     = 48 // 16 bytes; IPv4 in the last four
	inpLocal       = 64
	inpEnd         = 80

	// In xsocket_n.
	soUID = 64
	soEnd = 68
)

var errTable = errors.New("the table of sockets is not of the known form")

// pcbOwner finds the uid of the socket between two addresses in such a table.
func pcbOwner(table []byte, mine, yours netip.AddrPort) (uid uint32, found bool, err error) {
	if len(table) < 4 {
		return 0, false, errTable
	}
	table, err = after(table, binary.NativeEndian.Uint32(table))
	if err != nil {
		return 0, false, err
	}
	ours := false // whether the records belong to the connection that is looked for
	for len(table) >= 8 {
		length, kind := binary.NativeEndian.Uint32(table), binary.NativeEndian.Uint32(table[4:])
		record := table
		// The heading comes once more at the end, without a kind of its own.
		if table, err = after(table, length); err != nil {
			return 0, false, err
		}
		record = record[:length]
		switch {
		case kind == xsoINPCB && length >= inpEnd:
			ours = pcbAddr(record, inpLocal, inpLocalPort) == mine && pcbAddr(record, inpForeign, inpForeignPort) == yours
		case kind == xsoSocket && length >= soEnd && ours:
			return binary.NativeEndian.Uint32(record[soUID:]), true, nil
		}
	}
	return 0, false, nil
}

// after is what follows a record.
func after(table []byte, length uint32) ([]byte, error) {
	next := (uint64(length) + 7) &^ 7
	if length < 8 || uint64(length) > uint64(len(table)) {
		return nil, errTable
	}
	return table[min(next, uint64(len(table))):], nil
}

func pcbAddr(record []byte, addr, port int) netip.AddrPort {
	var ip netip.Addr
	if record[inpVersion]&1 != 0 {
		ip = netip.AddrFrom4([4]byte(record[addr+12 : addr+16]))
	} else {
		ip = netip.AddrFrom16([16]byte(record[addr : addr+16])).Unmap()
	}
	return netip.AddrPortFrom(ip, binary.BigEndian.Uint16(record[port:]))
}
