package outbound

import (
	"net"
	"net/netip"
	"syscall"
)

// refusedRange is a block of addresses that no request may reach.
type refusedRange struct {
	prefix netip.Prefix
	class  string // said to the user in place of the address, which may be internal knowledge
}

// refused4 are the blocks of the IANA IPv4 special-purpose registry that are
// not globally reachable, multicast, and one cloud's in-house service that
// hides in a public block. Loopback has its own rule.
var refused4 = []refusedRange{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private"},
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier NAT"},
	{netip.MustParsePrefix("168.63.129.16/32"), "cloud service"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private"},
	{netip.MustParsePrefix("192.0.0.0/24"), "reserved"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},
}

// global6 is all of IPv6 that is handed out as global unicast. What lies
// outside is refused without a list: mapped, NAT64, unique local, link-local,
// multicast and whatever else may come.
var global6 = netip.MustParsePrefix("2000::/3")

// refused6 are the blocks inside global6 that are not what they seem.
var refused6 = []refusedRange{
	{netip.MustParsePrefix("2001::/23"), "reserved"}, // Teredo and ORCHID among them
	{netip.MustParsePrefix("2001:db8::/32"), "documentation"},
	{netip.MustParsePrefix("2002::/16"), "6to4"},
	{netip.MustParsePrefix("3fff::/20"), "documentation"},
}

// outside6 names the best-known blocks outside global6, for the error only.
var outside6 = []refusedRange{
	{netip.MustParsePrefix("::/128"), "this network"},
	{netip.MustParsePrefix("64:ff9b::/96"), "NAT64"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "NAT64"},
	{netip.MustParsePrefix("fc00::/7"), "private"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
}

// guard judges addresses.
type guard struct{ Config }

// control is net.Dialer.Control: called with the resolved address of each
// connection, before it connects.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Error{Step: StepAddress, Detail: "not an IP address"}
	}
	if class := g.refuses(target); class != "" {
		return &Error{Step: StepAddress, Detail: class}
	}
	return nil
}

// refuses names the reason why target may not be reached; empty when it may.
func (g guard) refuses(target netip.AddrPort) string {
	addr := target.Addr().Unmap()
	if addr.Zone() != "" {
		return "link-local"
	}
	local := addr.IsLoopback() || ofThisMachine(addr)
	for _, own := range g.Own {
		ownAddr := own.Addr().Unmap()
		if own.Port() == target.Port() && (ownAddr == addr || ownAddr.IsUnspecified() && local) {
			return "the platform itself"
		}
	}
	for _, allowed := range g.Allow {
		if allowed.Contains(addr) {
			return ""
		}
	}
	if addr.IsLoopback() {
		if g.AllowLoopback {
			return ""
		}
		return "loopback"
	}
	if class := special(addr); class != "" {
		return class
	}
	if local {
		return "this machine"
	}
	return ""
}

// special names the block that keeps addr from being an ordinary public
// address; empty when it is one.
func special(addr netip.Addr) string {
	ranges := refused4
	if addr.Is6() {
		ranges = refused6
		if !global6.Contains(addr) {
			if class := within(outside6, addr); class != "" {
				return class
			}
			return "not public"
		}
	}
	return within(ranges, addr)
}

func within(ranges []refusedRange, addr netip.Addr) string {
	for _, r := range ranges {
		if r.prefix.Contains(addr) {
			return r.class
		}
	}
	return ""
}

// ofThisMachine reports whether an interface of this machine has addr. The
// interfaces are read each time: addresses come and go while we run. When
// they cannot be read every address counts as ours, so that we rather refuse.
func ofThisMachine(addr netip.Addr) bool {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			if own, ok := netip.AddrFromSlice(n.IP); ok && own.Unmap() == addr {
				return true
			}
		}
	}
	return false
}
