package peer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

var (
	browser = netip.MustParseAddrPort("127.0.0.1:54321")
	client  = netip.MustParseAddrPort("127.0.0.1:50000")
)

// As Linux 6 writes it on a little-endian machine: the listener, a connection of user 1000 and
// our end of it, one of user 1001 that is over, one of user 65534.
const procTable = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:C350 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 84213 1 0000000000000000 100 0 0 10 0
   1: 0100007F:C350 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 84999 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:D431 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 84998 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:D432 0100007F:C350 06 00000000:00000000 03:00001712 00000000     0        0 0 3 0000000000000000
   4: 0100007F:D433 0100007F:C350 01 00000000:00000000 00:00000000 00000000 65534        0 85001 1 0000000000000000 20 4 30 10 -1
`

const procTable6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000100007F:D434 0000000000000000FFFF00000100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 85120 1 0000000000000000 20 4 30 10 -1
   1: 00000000000000000000000001000000:D435 00000000000000000000000001000000:C350 01 00000000:00000000 00:00000000 00000000  1002        0 85121 1 0000000000000000 20 4 30 10 -1
`

func TestProcTable(t *testing.T) {
	t.Parallel()
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Fatal("the tables are those of a little-endian machine")
	}
	for _, test := range []struct {
		name        string
		table       string
		mine, yours string
		uid         uint32
		found       bool
	}{
		{"the other end", procTable, "127.0.0.1:54321", "127.0.0.1:50000", 1000, true},
		{"our own end", procTable, "127.0.0.1:50000", "127.0.0.1:54321", 0, true},
		{"nobody", procTable, "127.0.0.1:54323", "127.0.0.1:50000", 65534, true},
		{"over: the uid 0 says nothing", procTable, "127.0.0.1:54322", "127.0.0.1:50000", 0, false},
		{"a listener is no connection", procTable, "127.0.0.1:50000", "0.0.0.0:0", 0, false},
		{"another port", procTable, "127.0.0.1:54321", "127.0.0.1:50001", 0, false},
		{"IPv4 in a socket of IPv6", procTable6, "127.0.0.1:54324", "127.0.0.1:50000", 1000, true},
		{"IPv6", procTable6, "[::1]:54325", "[::1]:50000", 1002, true},
	} {
		uid, found, err := procOwner(strings.NewReader(test.table), netip.MustParseAddrPort(test.mine), netip.MustParseAddrPort(test.yours))
		if uid != test.uid || found != test.found || err != nil {
			t.Errorf("%s: uid %d, found %v, %v", test.name, uid, found, err)
		}
	}
	for _, line := range []string{"x:D431 0100007F:C350 01 0 0 0 1000", "0100007F:D431 0100007F 01 0 0 0 1000", "0100007F:D431 0100007F:C350 01 0 0 0 me"} {
		if _, _, err := procOwner(strings.NewReader("heading\n0: "+line+"\n"), browser, client); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}

// record is one record of macOS's table, with its length and kind set.
func record(kind uint32, length int, set func(b []byte)) []byte {
	b := make([]byte, (length+7)&^7)
	binary.NativeEndian.PutUint32(b, uint32(length))
	binary.NativeEndian.PutUint32(b[4:], kind)
	if set != nil {
		set(b)
	}
	return b
}

// connection is what macOS lists of one connection; the other records, of kinds 2, 4, 8 and
// 0x20, are skipped by their lengths.
func connection(version byte, mine, yours netip.AddrPort, uid uint32) []byte {
	put := func(b []byte, at int, a netip.AddrPort) {
		if version == 1 {
			ip := a.Addr().As4()
			copy(b[at+12:], ip[:])
		} else {
			ip := a.Addr().As16()
			copy(b[at:], ip[:])
		}
	}
	return slices.Concat(record(xsoINPCB, 104, func(b []byte) {
		binary.BigEndian.PutUint16(b[16:], yours.Port())
		binary.BigEndian.PutUint16(b[18:], mine.Port())
		b[44] = version
		put(b, 48, yours)
		put(b, 64, mine)
	}), record(xsoSocket, 76, func(b []byte) {
		binary.NativeEndian.PutUint32(b[64:], uid)
		binary.NativeEndian.PutUint32(b[68:], 4711) // the process
	}), record(2, 28, nil), record(4, 28, nil), record(8, 104, nil), record(0x20, 204, nil))
}

func TestPCBList(t *testing.T) {
	t.Parallel()
	heading := record(0, 24, nil)
	table := slices.Concat(heading,
		connection(1, client, browser, 501),
		connection(1, browser, client, 502),
		connection(2, netip.AddrPortFrom(netip.AddrFrom16(browser.Addr().As16()), 54322), netip.AddrPortFrom(netip.AddrFrom16(client.Addr().As16()), 50000), 503),
		heading)
	for _, test := range []struct {
		mine  netip.AddrPort
		uid   uint32
		found bool
	}{
		{browser, 502, true},
		{netip.MustParseAddrPort("127.0.0.1:54322"), 503, true},
		{netip.MustParseAddrPort("127.0.0.1:54323"), 0, false},
	} {
		if uid, found, err := pcbOwner(table, test.mine, client); uid != test.uid || found != test.found || err != nil {
			t.Errorf("%s: uid %d, found %v, %v", test.mine, uid, found, err)
		}
	}
	if uid, found, _ := pcbOwner(table, client, browser); uid != 501 || !found {
		t.Errorf("our own end: uid %d, found %v", uid, found)
	}
	for cut := range len(table) {
		if uid, found, _ := pcbOwner(table[:cut], browser, client); found && uid != 502 {
			t.Fatalf("cut at %d: uid %d", cut, uid)
		}
	}
	for name, broken := range map[string][]byte{"empty": nil, "length 0": slices.Concat(heading, make([]byte, 64)),
		"longer than the table": record(0, 4000, nil)[:100]} {
		if _, found, err := pcbOwner(broken, browser, client); found || !errors.Is(err, errTable) {
			t.Errorf("%s: found %v, %v", name, found, err)
		}
	}
}

func TestTCPTable(t *testing.T) {
	t.Parallel()
	row := func(state uint32, mine, yours netip.AddrPort, process uint32) []byte {
		b := binary.NativeEndian.AppendUint32(nil, state)
		for _, a := range []netip.AddrPort{mine, yours} {
			ip := a.Addr().As4()
			b = append(b, ip[:]...)
			b = append(binary.BigEndian.AppendUint16(b, a.Port()), 0xff, 0xff) // the upper half is not defined
		}
		return binary.NativeEndian.AppendUint32(b, process)
	}
	over := netip.MustParseAddrPort("127.0.0.1:54322")
	table := bytes.Join([][]byte{binary.NativeEndian.AppendUint32(nil, 3), row(5, client, browser, 1), row(11, over, client, 0),
		row(5, browser, client, 4711), make([]byte, 100)}, nil)
	for _, test := range []struct {
		mine    netip.AddrPort
		process uint32
		found   bool
	}{{browser, 4711, true}, {over, 0, false}} {
		if process, found, err := tcpTableOwner(table, test.mine, client); process != test.process || found != test.found || err != nil {
			t.Errorf("%s: process %d, found %v, %v", test.mine, process, found, err)
		}
	}
	for _, broken := range [][]byte{nil, {9, 9, 9, 9}, table[:4+2*tcpRow]} {
		if _, _, err := tcpTableOwner(broken, browser, client); !errors.Is(err, errTable) {
			t.Errorf("%d bytes: %v", len(broken), err)
		}
	}
}
