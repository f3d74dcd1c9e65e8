package main

import (
	"net/netip"
	"testing"
)

func TestNetwork(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"127.0.0.1": "127.0.0.1/32", "10.1.2.3/16": "10.1.0.0/16", "::1": "::1/128", "2001:db8::/32": "2001:db8::/32"} {
		var n network
		if err := n.UnmarshalText([]byte(text)); err != nil || netip.Prefix(n).String() != want {
			t.Errorf("%s: %v, %v", text, netip.Prefix(n), err)
		}
	}
	for _, text := range []string{"", "localhost", "10.1", "10.0.0.0/33", "10.0.0.0/8 "} {
		var n network
		if err := n.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: %v", text, netip.Prefix(n))
		}
	}
}
