// Package kept is a small private file: read whole, and replaced in one step, so that a reader,
// or a crash at any moment, finds what was there before or what came after.
package kept

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Max is the largest file that is read, in bytes: the installs of some 100,000 companies. A
// larger one fails.
const Max = 64 << 20

// ErrOpenToOthers says that somebody else on the machine may read the file.
var ErrOpenToOthers = errors.New("is open to others")

// Read answers a file's content, nil where there is no such file. One that others may read is
// refused (not on Windows, where modes say nothing).
func Read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return nil, fmt.Errorf("%s %w (%v): make it 0600", path, ErrOpenToOthers, mode)
	}
	data, err := io.ReadAll(io.LimitReader(f, Max+1))
	if err == nil && len(data) > Max {
		err = fmt.Errorf("%s has more than %d bytes", path, Max)
	}
	return data, err
}

// Replace writes a file anew, for its owner alone.
func Replace(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once renamed
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
