package demo

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hufu-sso/hufu/site/login"
)

// cookieKeys reads the key of the cookies from dir, or makes it there. Without
// dir there is none, and site/login makes one that dies with the process.
func cookieKeys(dir string) ([][]byte, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	path := filepath.Join(dir, keyFile)
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, login.KeySize)
		rand.Read(key)
		err = os.WriteFile(path, key, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	if len(key) != login.KeySize {
		return nil, fmt.Errorf("demo: %s must hold %d bytes; remove it to have it made anew", path, login.KeySize)
	}
	return [][]byte{key}, nil
}
