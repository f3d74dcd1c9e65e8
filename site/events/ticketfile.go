package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// maxFile bounds the ticket file in bytes.
const maxFile = 1 << 20

// load returns all tickets, never nil. The file is read anew each time, so
// that a process which only reads sees what another received; tickets are
// wanted every two hours at most.
func (t *Tickets) load() (map[string]ticket, error) {
	if t.path == "" {
		return t.memory, nil
	}
	f, err := os.Open(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]ticket{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("events: ticket file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("events: ticket file: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("events: ticket file %s is open to others (%v): make it 0600", t.path, info.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, fmt.Errorf("events: ticket file: %w", err)
	}
	all := map[string]ticket{}
	if json.Unmarshal(data, &all) != nil || all == nil {
		return nil, fmt.Errorf("events: ticket file %s is broken: remove it, the next push makes it anew", t.path)
	}
	return all, nil
}

// save replaces the file in one step: a reader, and a crash at any moment,
// finds the old tickets or the new ones.
func (t *Tickets) save(all map[string]ticket) error {
	if t.path == "" {
		return nil
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := replace(t.path, data); err != nil {
		return fmt.Errorf("events: ticket file: %w", err)
	}
	return nil
}

func replace(path string, data []byte) error {
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
