package main

import (
	"fmt"
	"net/netip"
)

// network is a prefix such as 10.1.0.0/16, or one address.
type network netip.Prefix

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *network) UnmarshalText(text []byte) error {
	if addr, err := netip.ParseAddr(string(text)); err == nil {
		*n = network(netip.PrefixFrom(addr, addr.BitLen()))
		return nil
	}
	p, err := netip.ParsePrefix(string(text))
	if err != nil {
		return fmt.Errorf("%q is neither an address nor a prefix such as 10.1.0.0/16", text)
	}
	*n = network(p.Masked())
	return nil
}

// prefixes are networks as the platform takes them.
func prefixes(list []network) []netip.Prefix {
	var all []netip.Prefix
	for _, n := range list {
		all = append(all, netip.Prefix(n))
	}
	return all
}
