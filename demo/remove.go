package demo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of Config.DataDir.
const (
	keyFile      = "cookie.key"
	ticketsFile  = "tickets.json"
	installsFile = "installs.json"
)

// RemoveData removes what a site keeps in its DataDir, and the folder when nothing else is
// in it. What others have put there stays. No folder at all is fine.
func RemoveData(dir string) error {
	for _, name := range []string{keyFile, ticketsFile, installsFile} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	left, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil || len(left) > 0:
		return err
	}
	return os.Remove(dir)
}
