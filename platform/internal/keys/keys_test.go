package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

type files struct{ store, wrap string }

func newFiles(t *testing.T) files {
	t.Setenv(wrapVariable, "") // none of the developer's own
	dir := t.TempDir()
	return files{filepath.Join(dir, "hufu.db"), filepath.Join(dir, "wrap.key")}
}

// ring opens the store and its ring.
func (f files) ring(t *testing.T) (*Ring, error) {
	t.Helper()
	db, err := store.Open(t.Context(), f.store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return Open(t.Context(), db, f.wrap)
}

func mustRing(t *testing.T, f files) *Ring {
	t.Helper()
	r, err := f.ring(t)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRingLasts(t *testing.T) {
	f := newFiles(t)
	first := mustRing(t, f)
	sealed := first.Seal("suite/1/aes_key", []byte("secret"))

	again := mustRing(t, f)
	if first.Derive("codes") != again.Derive("codes") {
		t.Error("a restart changes the derived keys")
	}
	if plain, err := again.Open("suite/1/aes_key", sealed); err != nil || string(plain) != "secret" {
		t.Errorf("after a restart a sealed secret opens as %q, %v", plain, err)
	}
	if first.Derive("codes") == first.Derive("tokens") {
		t.Error("two labels have the same key")
	}
	if other := mustRing(t, newFiles(t)); other.Derive("codes") == first.Derive("codes") {
		t.Error("two stores have the same key")
	}
	info, err := os.Stat(f.wrap)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the wrapping key's file has mode %o", mode)
	}
	if left, _ := filepath.Glob(f.wrap + ".*"); len(left) > 0 {
		t.Errorf("left beside it: %v", left)
	}
}

// The vectors pin the derivation: a change would void every sealed secret.
func TestDerivationIsPinned(t *testing.T) {
	t.Parallel()
	r := &Ring{}
	key := r.Derive("codes")
	if got := hex.EncodeToString(key[:]); got != "a9525684515450634f6b96d434a28c9904ad88731c5d07feb4eb23f889a34c1f" {
		t.Errorf("Derive gives %s", got)
	}
	sealed, _ := hex.DecodeString("0903a73d5a4d16f8bd3c89e8d22c5a87c05e779dfc13b16398dec38c248111fd8d874107e40b6e9fc3fa104ff39b")
	if plain, err := r.Open("label", sealed); err != nil || string(plain) != "secret" {
		t.Errorf("an old sealed text opens as %q, %v", plain, err)
	}
}

func TestSealedTextIsBound(t *testing.T) {
	t.Parallel()
	r, other := &Ring{}, &Ring{root: [KeySize]byte{1}}
	sealed := r.Seal("suite/1", []byte("secret"))
	if bytes.Equal(sealed, r.Seal("suite/1", []byte("secret"))) {
		t.Error("sealing twice gives the same text")
	}
	if _, err := r.Open("suite/2", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("under another label: %v", err)
	}
	if _, err := other.Open("suite/1", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("with another ring: %v", err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := r.Open("suite/1", changed); !errors.Is(err, ErrSealed) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if _, err := r.Open("suite/1", sealed[:i]); !errors.Is(err, ErrSealed) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	if plain, err := r.Open("empty", r.Seal("empty", nil)); err != nil || len(plain) != 0 {
		t.Errorf("nothing opens as %q, %v", plain, err)
	}
}

func TestWrappingKeyMustFit(t *testing.T) {
	f, other := newFiles(t), newFiles(t)
	root := mustRing(t, f).root
	mustRing(t, other)
	own, err := os.ReadFile(f.wrap)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(other.wrap)
	if err != nil {
		t.Fatal(err)
	}

	refused := func(name string, wants ...string) {
		t.Helper()
		_, err := f.ring(t)
		if err == nil {
			t.Errorf("%s: no error", name)
			return
		}
		for _, want := range wants {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: the error does not say %q: %v", name, want, err)
			}
		}
		if strings.Contains(err.Error(), strings.TrimSpace(string(foreign))) {
			t.Errorf("%s: the error shows a key: %v", name, err)
		}
	}

	write := func(content []byte, mode os.FileMode) {
		t.Helper()
		os.Remove(f.wrap)
		if err := os.WriteFile(f.wrap, content, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(f.wrap, mode); err != nil {
			t.Fatal(err)
		}
	}
	write(foreign, 0o600)
	refused("another store's key", f.wrap, "put this store's own key back")
	if _, err := f.ring(t); !errors.Is(err, ErrWrongKey) {
		t.Errorf("another store's key: %v", err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o610, 0o644} {
		write(own, mode)
		refused("mode "+mode.String(), f.wrap, "chmod 600")
	}
	write([]byte("short\n"), 0o600)
	refused("no key in the file", f.wrap, "does not hold a wrapping key")
	if err := os.Remove(f.wrap); err != nil {
		t.Fatal(err)
	}
	refused("no file", f.wrap, "is missing", wrapVariable)
	if _, err := os.Stat(f.wrap); err == nil {
		t.Error("a new wrapping key was made for a store that has a root key")
	}
	if err := os.Mkdir(f.wrap, 0o700); err != nil {
		t.Fatal(err)
	}
	refused("a folder", f.wrap, "is not a file")

	t.Setenv(wrapVariable, string(foreign))
	refused("another store's key in the environment", wrapVariable)
	t.Setenv(wrapVariable, "no base64")
	refused("no key in the environment", wrapVariable)
	t.Setenv(wrapVariable, strings.TrimSpace(string(own)))
	if mustRing(t, f).root != root {
		t.Error("the environment's key opens another root")
	}
}

func TestEnvironmentMakesNoFile(t *testing.T) {
	f := newFiles(t)
	t.Setenv(wrapVariable, base64.StdEncoding.EncodeToString(make([]byte, KeySize)))
	mustRing(t, f)
	if _, err := os.Stat(f.wrap); err == nil {
		t.Error("a file was made beside the environment's key")
	}
}

func TestNoKeyIsPlainInTheStore(t *testing.T) {
	f := newFiles(t)
	r := mustRing(t, f)
	text, err := os.ReadFile(f.wrap)
	if err != nil {
		t.Fatal(err)
	}
	wrap, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	stored := false
	for _, name := range []string{f.store, f.store + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		stored = stored || bytes.Contains(content, []byte(rootName))
		for what, key := range map[string][]byte{"root": r.root[:], "wrapping": wrap} {
			for _, form := range [][]byte{
				key,
				[]byte(hex.EncodeToString(key)),
				[]byte(base64.StdEncoding.EncodeToString(key))[:42],
				[]byte(base64.URLEncoding.EncodeToString(key))[:42],
			} {
				if bytes.Contains(content, form) {
					t.Errorf("the %s key is in %s", what, filepath.Base(name))
				}
			}
		}
	}
	if !stored {
		t.Error("the wrapped root key is in neither file: this test looks in the wrong place")
	}
}

// Two processes that start on one empty folder end with the same keys.
func TestFirstStartTwice(t *testing.T) {
	f := newFiles(t)
	var wg sync.WaitGroup
	rings := make([]*Ring, 8)
	for i := range rings {
		db, err := store.Open(t.Context(), f.store)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		wg.Go(func() {
			r, err := Open(t.Context(), db, f.wrap)
			if err != nil {
				t.Error(err)
			}
			rings[i] = r
		})
	}
	wg.Wait()
	for _, r := range rings {
		if r != nil && r.root != rings[0].root {
			t.Error("two starts have different roots")
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	r := &Ring{}
	sealed := r.Seal("suite/42/aes_key", make([]byte, 32))
	for b.Loop() {
		if _, err := r.Open("suite/42/aes_key", sealed); err != nil {
			b.Fatal(err)
		}
	}
}
