package keep

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// ErrInUse is the error of Lock when another program has the directory locked.
var ErrInUse = errors.New("another program has the data directory open")

// ErrOpenToOthers is the error of Lock for a directory in which others may write: they could put
// a key of theirs there.
var ErrOpenToOthers = errors.New("others may write in the data directory")

// Lock makes the directory, for its owner alone, and locks it until unlock or the end of the
// process; unlocking twice does nothing. A directory that is there already keeps its mode. The
// error is ErrInUse, ErrOpenToOthers or the file system's.
func Lock(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows" { // there, modes say nothing
		return nil, ErrOpenToOthers
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return sync.OnceValue(f.Close), nil
}
