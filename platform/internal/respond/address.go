package respond

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// forwardedLimit bounds how many X-Forwarded-For entries are read, counted
// from the right; a longer chain of our own proxies does not exist.
const forwardedLimit = 16

// ClientAddr is the address of who asks: the TCP peer or, behind trusted
// proxies, the rightmost X-Forwarded-For entry that is not such a proxy. It is
// the one function that computes it (security.md, "Origins, cookies,
// addresses"). IPv4 is never in its mapped form and IPv6 has no zone. The zero
// Addr means that the peer is unknown, as on a Unix socket.
func ClientAddr(r *http.Request) netip.Addr {
	if rc := about(r); rc != nil {
		return rc.addr
	}
	return peerAddr(r.RemoteAddr)
}

// Network is the network an address counts as: IPv4 whole, IPv6 its /64.
// Limits and bans key on it. The zero Addr gives the zero Prefix.
func Network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	network, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}

// SameNetwork tells whether two addresses count as one place. Both loopback
// addresses are the same machine; an unknown address is nowhere.
func SameNetwork(a, b netip.Addr) bool {
	if !a.IsValid() || !b.IsValid() {
		return false
	}
	if a.Unmap().IsLoopback() && b.Unmap().IsLoopback() {
		return true
	}
	return Network(a) == Network(b)
}

// clientAddr computes ClientAddr's answer once per request.
func clientAddr(r *http.Request, proxies []netip.Prefix) netip.Addr {
	client := peerAddr(r.RemoteAddr)
	if !trusted(client, proxies) {
		return client
	}
	seen := 0
	// Several header lines are one list, in the order they arrived.
	for _, line := range slices.Backward(r.Header.Values("X-Forwarded-For")) {
		for line != "" {
			if seen++; seen > forwardedLimit {
				return client
			}
			entry := line
			if i := strings.LastIndexByte(line, ','); i >= 0 {
				line, entry = line[:i], line[i+1:]
			} else {
				line = ""
			}
			next := entryAddr(strings.TrimSpace(entry))
			if !next.IsValid() {
				// What stands left of an unreadable entry was not written by
				// a proxy we trust.
				return client
			}
			client = next
			if !trusted(client, proxies) {
				return client
			}
		}
	}
	return client
}

func trusted(a netip.Addr, proxies []netip.Prefix) bool {
	if !a.IsValid() {
		return false
	}
	for _, p := range proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func peerAddr(remote string) netip.Addr {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

// entryAddr reads an X-Forwarded-For entry, with or without a port.
func entryAddr(entry string) netip.Addr {
	if len(entry) > 64 {
		return netip.Addr{}
	}
	if a, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
		return a.Unmap().WithZone("")
	}
	return peerAddr(entry)
}
