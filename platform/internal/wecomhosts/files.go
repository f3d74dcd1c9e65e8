package wecomhosts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile puts a whole file in the place of whatever was there, with the
// mode it is to have from its first byte on.
func replaceFile(name string, data []byte, mode fs.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(name), ".new-*") // made 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(name), err)
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Chmod(mode)
	}
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", filepath.Base(name), err), os.Remove(temp.Name()))
	}
	return nil
}
