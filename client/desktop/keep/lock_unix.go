//go:build unix

package keep

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lock holds as long as the file is open.
func lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrInUse
	}
	return err
}
