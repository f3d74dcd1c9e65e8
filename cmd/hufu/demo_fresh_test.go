package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/hufu-sso/hufu/platform"
)

func write(t *testing.T, path string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func gone(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err != nil
}

// --fresh leaves alone what is not the demo's: a project may well have a folder "site".
func TestFreshRemovesItsOwnFilesOnly(t *testing.T) {
	t.Parallel()
	c := &demoCommand{Data: t.TempDir()}
	page, key := filepath.Join(c.Data, "site", "index.html"), filepath.Join(c.Data, "site", "cookie.key")
	write(t, page)
	write(t, key)
	write(t, filepath.Join(c.Data, "site", "tickets.json"))
	if err := c.removeData(t.Context()); err != nil {
		t.Fatal(err)
	}
	if gone(t, page) {
		t.Error("a file of somebody else's was removed")
	}
	if !gone(t, key) {
		t.Error("the site's key is still there")
	}
	if err := os.Remove(page); err != nil {
		t.Fatal(err)
	}
	if err := c.removeData(t.Context()); err != nil || !gone(t, c.siteData()) {
		t.Errorf("the empty folder: %v", err)
	}
	if err := c.removeData(t.Context()); err != nil {
		t.Errorf("nothing to remove: %v", err)
	}
}

// A sandbox that is running keeps everything.
func TestFreshLeavesARunningDemoAlone(t *testing.T) {
	t.Parallel()
	c := &demoCommand{Data: t.TempDir()}
	p, err := platform.New(t.Context(), platform.Config{Dir: c.Data, Addr: "127.0.0.1:0", Sandbox: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	key := filepath.Join(c.Data, "site", "cookie.key")
	write(t, key)
	if err := c.removeData(t.Context()); !errors.Is(err, platform.ErrInUse) {
		t.Errorf("removed the data of a running platform: %v", err)
	}
	if gone(t, key) {
		t.Error("its site's key was removed")
	}
}
