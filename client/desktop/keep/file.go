package keep

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
)

// path is the file of the platform's device. Its name shows no more than that it is one.
func (k *Keeper) path() string {
	sum := sha256.Sum256([]byte(k.Platform))
	return filepath.Join(k.Dir, "device-"+hex.EncodeToString(sum[:8])+".json")
}

// write replaces a file as a whole; a temporary file of os.CreateTemp has mode 0600.
func write(dir, path, text string) (err error) {
	f, err := os.CreateTemp(dir, ".device-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, remove(f.Name()))
		}
	}()
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
