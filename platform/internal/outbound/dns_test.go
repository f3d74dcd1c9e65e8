package outbound

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

// nameserver is a DNS server on loopback that answers a name with its
// addresses, a new set at each lookup of the name; the last set stays.
type nameserver struct {
	conn  *net.UDPConn
	mu    sync.Mutex
	names map[string][][]netip.Addr
}

// newNameserver starts a server for names: per name one or more lookups,
// each a list of addresses separated by commas.
func newNameserver(t *testing.T, names map[string][]string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	s := &nameserver{conn: conn, names: map[string][][]netip.Addr{}}
	for name, lookups := range names {
		for _, lookup := range lookups {
			var set []netip.Addr
			for text := range strings.SplitSeq(lookup, ",") {
				set = append(set, netip.MustParseAddr(text))
			}
			s.names[name] = append(s.names[name], set)
		}
	}
	done := make(chan struct{})
	go func() { defer close(done); s.serve() }()
	t.Cleanup(func() { conn.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (s *nameserver) serve() {
	buf := make([]byte, 1500)
	for {
		n, peer, err := s.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		if answer := s.answer(buf[:n]); answer != nil {
			if _, err := s.conn.WriteToUDPAddrPort(answer, peer); err != nil {
				return
			}
		}
	}
}

const (
	typeA    = 1
	typeAAAA = 28
)

func (s *nameserver) answer(query []byte) []byte {
	var labels []string
	i := 12
	for i < len(query) && query[i] != 0 {
		length := int(query[i])
		labels = append(labels, string(query[i+1:i+1+length]))
		i += 1 + length
	}
	qtype := binary.BigEndian.Uint16(query[i+1:])
	question := query[12 : i+5]
	name := strings.ToLower(strings.Join(labels, "."))

	s.mu.Lock()
	sets := s.names[name]
	var set []netip.Addr
	if len(sets) > 0 {
		set = sets[0]
		// A lookup asks twice, for A and for AAAA; the A query moves on.
		if qtype == typeA && len(sets) > 1 {
			s.names[name] = sets[1:]
		}
	}
	s.mu.Unlock()

	var records []byte
	count := uint16(0)
	for _, addr := range set {
		if (qtype == typeA) != addr.Is4() || qtype != typeA && qtype != typeAAAA {
			continue
		}
		raw := addr.AsSlice()
		records = append(records, 0xc0, 12) // the name of the question
		records = binary.BigEndian.AppendUint16(records, qtype)
		records = append(records, 0, 1, 0, 0, 0, 0) // class IN, TTL 0
		records = binary.BigEndian.AppendUint16(records, uint16(len(raw)))
		records = append(records, raw...)
		count++
	}
	answer := append([]byte{}, query[:2]...)
	flags := uint16(0x8580)
	if len(sets) == 0 {
		flags |= 3 // no such name
	}
	answer = binary.BigEndian.AppendUint16(answer, flags)
	answer = append(answer, 0, 1)
	answer = binary.BigEndian.AppendUint16(answer, count)
	answer = append(answer, 0, 0, 0, 0)
	return append(append(answer, question...), records...)
}
