package platform

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// dataFiles are what a data directory holds; nothing else is ever removed.
var dataFiles = []string{"hufu.db", "hufu.db-wal", "hufu.db-shm", "shortlived.db", "shortlived.db-wal", "shortlived.db-shm",
	"wrap.key", "ca.pem", "hosts.pem", "hosts.key"}

// RemoveSandbox removes a sandbox's files from a data directory, so that the next start
// begins anew. A store that is not marked as a sandbox, or that a running platform has open,
// is refused and left as it is. No store at all is fine.
func RemoveSandbox(ctx context.Context, dir string) error {
	path := filepath.Join(dir, "hufu.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := sandboxAtRest(ctx, dir, path); err != nil {
		return fmt.Errorf("nothing was removed: %w", err)
	}
	for _, name := range dataFiles {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sandboxAtRest fails unless dir holds a sandbox that no other process has open.
func sandboxAtRest(ctx context.Context, dir, path string) (err error) {
	// Whoever has this file open keeps others away from it.
	lock, err := openShortlived(dir, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	mark, set, err := db.Mark(ctx, "sandbox")
	if err == nil && set && mark != "true" {
		return fmt.Errorf("%s is not a sandbox", dir)
	}
	return err
}
