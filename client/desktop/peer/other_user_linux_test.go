package peer_test

import (
	"errors"
	"net"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/hufu-sso/hufu/client/desktop/peer"
)

// TestOtherUser has another user connect. Only root can be one; for others the tables' tests
// say the same.
func TestOtherUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Log("not root: see TestProcTable")
		return
	}
	local, remote := connect(t, "tcp4", "127.0.0.1:0", func(network, address string) (conn net.Conn, err error) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			// On Linux one thread may be another user; it is not unlocked, and so ends with
			// this goroutine.
			runtime.LockOSThread()
			if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, 65534, 65534, 65534); errno != 0 {
				err = errno
				return
			}
			conn, err = net.Dial(network, address)
		}()
		<-done
		return conn, err
	})
	if err := peer.Check(local, remote); !errors.Is(err, peer.ErrOtherUser) {
		t.Errorf("got %v", err)
	}
}
