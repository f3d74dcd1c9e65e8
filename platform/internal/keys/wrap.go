package keys

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// wrapVariable names the environment variable that stands in for the file. It
// holds what the file holds: 32 bytes in standard base64.
const wrapVariable = "HUFU_WRAP_KEY"

// wrapKey is the wrapping key and, for error texts, where it came from.
type wrapKey struct {
	key  [KeySize]byte
	from string
}

// loadWrap reads the wrapping key from the environment or the file. When
// fresh, a missing file is made.
func loadWrap(path string, fresh bool) (wrapKey, error) {
	if text := os.Getenv(wrapVariable); text != "" {
		return parseWrap(text, "the environment variable "+wrapVariable)
	}
	text, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) && fresh {
		if err = makeWrapFile(path); err == nil || errors.Is(err, fs.ErrExist) {
			text, err = readPrivate(path)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return wrapKey{}, fmt.Errorf("the wrapping key's file %s is missing; without it this store cannot be opened: put the file back, or set %s to its content", path, wrapVariable)
	}
	if err != nil {
		return wrapKey{}, err
	}
	return parseWrap(text, path)
}

func parseWrap(text, from string) (wrapKey, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != KeySize {
		return wrapKey{}, fmt.Errorf("%s does not hold a wrapping key (%d bytes in base64); put this store's own key back there", from, KeySize)
	}
	w := wrapKey{from: from}
	copy(w.key[:], raw)
	return w, nil
}

// readPrivate reads a small file that nobody but its owner may touch.
func readPrivate(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("the wrapping key's file %s is not a file", path)
	}
	// Windows has other permissions than these.
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return "", fmt.Errorf("the wrapping key's file %s can be touched by others (mode %04o); run: chmod 600 %s", path, mode, path)
	}
	text, err := io.ReadAll(io.LimitReader(f, 1024))
	return string(text), err
}

// makeWrapFile makes a key and its file, and returns when both the file and
// its name are on disk: the store must not have a root key that nothing opens.
// The file appears whole under its name, or fs.ErrExist says that another
// process was faster.
func makeWrapFile(path string) error {
	key := make([]byte, KeySize)
	rand.Read(key)
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be opened there, and need not be
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
