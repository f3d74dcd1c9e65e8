package outbound

import (
	"net/netip"
	"testing"
)

func TestGuardRefuses(t *testing.T) {
	t.Parallel()
	none := Config{}
	sandbox := Config{AllowLoopback: true}
	lan := Config{AllowLoopback: true, Allow: []netip.Prefix{netip.MustParsePrefix("192.168.1.5/32")}}
	own := Config{AllowLoopback: true, Allow: lan.Allow, Own: []netip.AddrPort{
		netip.MustParseAddrPort("127.0.0.1:8792"),
		netip.MustParseAddrPort("[::]:8790"),
		netip.MustParseAddrPort("192.168.1.5:8793"),
	}}
	rows := []struct {
		name   string
		cfg    Config
		target string
		class  string
	}{
		{"public", none, "8.8.8.8:443", ""},
		{"public IPv6", none, "[2606:4700::1111]:443", ""},
		{"last public before private", none, "172.32.0.1:80", ""},
		{"loopback", none, "127.0.0.1:80", "loopback"},
		{"whole loopback net", none, "127.200.1.9:80", "loopback"},
		{"loopback IPv6", none, "[::1]:80", "loopback"},
		{"private 10", none, "10.0.0.1:80", "private"},
		{"private 172", none, "172.31.255.255:80", "private"},
		{"private 192", none, "192.168.0.1:80", "private"},
		{"unique local", none, "[fd00:ec2::254]:80", "private"},
		{"link-local, metadata", none, "169.254.169.254:80", "link-local"},
		{"link-local IPv6", none, "[fe80::1]:80", "link-local"},
		{"zone", none, "[fe80::1%lo]:80", "link-local"},
		{"zone on a public address", none, "[2606:4700::1111%lo]:80", "link-local"},
		{"CGNAT", none, "100.64.0.1:80", "carrier NAT"},
		{"CGNAT, metadata", none, "100.100.100.200:80", "carrier NAT"},
		{"cloud service", none, "168.63.129.16:80", "cloud service"},
		{"multicast", none, "224.0.0.1:80", "multicast"},
		{"multicast IPv6", none, "[ff02::1]:80", "multicast"},
		{"broadcast", none, "255.255.255.255:80", "reserved"},
		{"unspecified", none, "0.0.0.0:80", "this network"},
		{"unspecified IPv6", none, "[::]:80", "this network"},
		{"documentation", none, "192.0.2.1:80", "documentation"},
		{"mapped private", none, "[::ffff:10.0.0.1]:80", "private"},
		{"mapped loopback", none, "[::ffff:127.0.0.1]:80", "loopback"},
		{"NAT64 loopback", none, "[64:ff9b::7f00:1]:80", "NAT64"},
		{"NAT64 local", none, "[64:ff9b:1::a00:1]:80", "NAT64"},
		{"6to4", none, "[2002:7f00:1::]:80", "6to4"},
		{"6to4 relay", none, "192.88.99.1:80", "6to4"},
		{"Teredo", none, "[2001:0:7f00:1::]:80", "reserved"},
		{"IPv4-compatible", none, "[::7f00:1]:80", "not public"},
		{"site-local", none, "[fec0::1]:80", "not public"},
		{"discard", none, "[100::1]:80", "not public"},

		{"sandbox: loopback", sandbox, "127.0.0.1:8791", ""},
		{"sandbox: loopback IPv6", sandbox, "[::1]:8791", ""},
		{"sandbox: private", sandbox, "192.168.1.5:8791", "private"},
		{"sandbox: metadata", sandbox, "169.254.169.254:80", "link-local"},
		{"sandbox: unspecified", sandbox, "0.0.0.0:8792", "this network"},
		{"sandbox: NAT64 loopback", sandbox, "[64:ff9b::7f00:1]:80", "NAT64"},
		{"LAN: its address", lan, "192.168.1.5:8791", ""},
		{"LAN: a neighbour", lan, "192.168.1.6:8791", "private"},
		{"own: control", own, "127.0.0.1:8792", "the platform itself"},
		{"own: control, mapped", own, "[::ffff:127.0.0.1]:8792", "the platform itself"},
		{"own: any address", own, "127.0.0.1:8790", "the platform itself"},
		{"own: any address, other loopback", own, "127.9.9.9:8790", "the platform itself"},
		{"own: any address, IPv6", own, "[::1]:8790", "the platform itself"},
		{"own: LAN", own, "192.168.1.5:8793", "the platform itself"},
		{"own: the site beside it", own, "127.0.0.1:8791", ""},
		{"own: a stranger's equal port", own, "8.8.8.8:8790", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if got := (guard{row.cfg}).refuses(netip.MustParseAddrPort(row.target)); got != row.class {
				t.Errorf("%s: refused as %q, want %q", row.target, got, row.class)
			}
		})
	}
}
