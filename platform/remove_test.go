package platform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/platformtest"
)

func TestRemoveSandbox(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if err := platform.RemoveSandbox(t.Context(), dir); err != nil {
		t.Errorf("no folder: %v", err)
	}
	p := platformtest.Start(t, platformtest.Options{Dir: dir})
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := platform.RemoveSandbox(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("a running platform's store: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "wrap.key")); err != nil {
		t.Errorf("a running platform's key: %v", err)
	}
	p.Stop()
	if err := platform.RemoveSandbox(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || left[0].Name() != "mine.txt" {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestRemoveSandboxOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "hufu.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SetMark(t.Context(), "sandbox", "false"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := platform.RemoveSandbox(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "not a sandbox") {
		t.Errorf("removed: %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}
