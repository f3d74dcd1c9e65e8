package peer_test

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/hufu-sso/hufu/client/desktop/peer"
)

// connect opens a loopback connection and returns our end's two addresses.
func connect(t *testing.T, network, address string, dial func(network, address string) (net.Conn, error)) (local, remote netip.AddrPort) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	theirs, err := dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { theirs.Close() })
	ours, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ours.Close() })
	return ours.LocalAddr().(*net.TCPAddr).AddrPort(), ours.RemoteAddr().(*net.TCPAddr).AddrPort()
}

func TestOwnSocket(t *testing.T) {
	t.Parallel()
	local, remote := connect(t, "tcp4", "127.0.0.1:0", net.Dial)
	if err := peer.Check(local, remote); err != nil {
		t.Error(err)
	}
	// A socket of IPv6 that reaches an address of IPv4 is listed elsewhere.
	if err := peer.Check(netip.AddrPortFrom(netip.AddrFrom16(local.Addr().As16()), local.Port()), remote); err != nil {
		t.Error(err)
	}
}

func TestUnknownSocket(t *testing.T) {
	t.Parallel()
	local, remote := connect(t, "tcp4", "127.0.0.1:0", net.Dial)
	for name, test := range map[string]struct{ local, remote netip.AddrPort }{
		"no such connection": {local, netip.AddrPortFrom(remote.Addr(), 1)},
		"not loopback":       {local, netip.MustParseAddrPort("192.0.2.1:4000")},
		"nothing":            {},
	} {
		if err := peer.Check(test.local, test.remote); !errors.Is(err, peer.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
