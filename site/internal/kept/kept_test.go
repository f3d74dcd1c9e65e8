package kept_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/hufu-sso/hufu/site/internal/kept"
)

func TestReadAndReplace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "records")
	if data, err := kept.Read(path); data != nil || err != nil {
		t.Errorf("no file: %q, %v", data, err)
	}
	for _, text := range []string{"first", "second, and longer", ""} {
		if err := kept.Replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if data, err := kept.Read(path); string(data) != text || data == nil || err != nil {
			t.Errorf("%q: %q, %v", text, data, err)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if data, err := kept.Read(path); data != nil || !errors.Is(err, kept.ErrOpenToOthers) {
		t.Errorf("open to the group: %q, %v", data, err)
	}
	left, err := filepath.Glob(path + ".*")
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "records")
	if err := kept.Replace(path, make([]byte, kept.Max+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Read(path); err == nil {
		t.Error("read")
	}
}
