package platform_test

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net"
	"strings"
)

// attacker is the ending of names whose owner answers with any address: ip-7f000001.attacker…
// is 127.0.0.1. No other name is known, but for those of the machine's own list.
const attacker = ".attacker.example"

// The resolver is set before any test runs, for the whole of this program: nothing in it asks
// a real one.
func init() {
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go nameserver(theirs)
		return ours, nil
	}}
}

// named is the attacker's name for an address.
func named(address string) string {
	ip := net.ParseIP(address)
	if v4 := ip.To4(); v4 != nil && !strings.Contains(address, ":") {
		ip = v4
	}
	return "ip-" + hex.EncodeToString(ip) + attacker
}

// nameserver answers queries as DNS over TCP has them: each behind its length.
func nameserver(c net.Conn) {
	defer c.Close()
	for {
		var length [2]byte
		if _, err := io.ReadFull(c, length[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(c, query); err != nil || len(query) < 17 {
			return
		}
		answer := nameAnswer(query)
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

func nameAnswer(query []byte) []byte {
	var labels []string
	i := 12
	for i < len(query) && query[i] != 0 && i+1+int(query[i]) < len(query) {
		labels = append(labels, string(query[i+1:i+1+int(query[i])]))
		i += 1 + int(query[i])
	}
	if i+5 > len(query) {
		return query
	}
	name, kind := strings.ToLower(strings.Join(labels, ".")), binary.BigEndian.Uint16(query[i+1:])
	var address []byte
	if text, ok := strings.CutSuffix(name, attacker); ok {
		address, _ = hex.DecodeString(strings.TrimPrefix(text, "ip-"))
	}
	answer := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, query[12:i+5]...)
	switch {
	case address == nil:
		answer[3] |= 3 // no such name
	case len(address) == 4 && kind == 1, len(address) == 16 && kind == 28:
		answer[7] = 1
		answer = append(answer, 0xc0, 12, 0, byte(kind), 0, 1, 0, 0, 0, 0, 0, byte(len(address)))
		answer = append(answer, address...)
	}
	return answer
}
