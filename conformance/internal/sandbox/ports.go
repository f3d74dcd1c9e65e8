package sandbox

import (
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"
)

// Ports below the range from which the system takes those of outgoing connections, so that
// a port stays free while the program that has it restarts.
const firstPort, lastPort = 11_000, 32_000

var handedOut sync.Map // ports that a test of this process has had

// FreePorts are ports of loopback on which nothing listens, for one test alone.
func FreePorts(t testing.TB, n int) []string {
	t.Helper()
	var ports []string
	for tries := 0; len(ports) < n; tries++ {
		if tries > 1000 {
			t.Fatal("no free port")
		}
		port := strconv.Itoa(firstPort + rand.IntN(lastPort-firstPort))
		if _, had := handedOut.LoadOrStore(port, true); had {
			continue
		}
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			l.Close()
			ports = append(ports, port)
		}
	}
	return ports
}

// Dead is host:port of a server that hangs up on everyone, until the test ends.
func Dead(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

// AwaitPort waits until a server listens at an address.
func AwaitPort(t testing.TB, address string) {
	t.Helper()
	Await(t, "server at "+address, func() bool {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
}
