package keep_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/hufu-sso/hufu/client/desktop/keep"
)

const platform = "https://id.example.com"

// ring is a keyring in memory; broken is the error of every call.
type ring struct {
	mu      sync.Mutex
	entries map[string]string
	broken  error
	waits   chan struct{} // when set, a call waits for it
}

func (r *ring) call(f func() (string, error)) (string, error) {
	if r.waits != nil {
		<-r.waits
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return "", r.broken
	}
	return f()
}

func (r *ring) Get(service, user string) (string, error) {
	return r.call(func() (string, error) {
		text, ok := r.entries[service+"\n"+user]
		if !ok {
			return "", keyring.ErrNotFound
		}
		return text, nil
	})
}

func (r *ring) Set(service, user, secret string) error {
	_, err := r.call(func() (string, error) {
		if r.entries == nil {
			r.entries = map[string]string{}
		}
		r.entries[service+"\n"+user] = secret
		return "", nil
	})
	return err
}

func (r *ring) Delete(service, user string) error {
	_, err := r.call(func() (string, error) {
		if _, ok := r.entries[service+"\n"+user]; !ok {
			return "", keyring.ErrNotFound
		}
		delete(r.entries, service+"\n"+user)
		return "", nil
	})
	return err
}

func device(t *testing.T, id string) keep.Device {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return keep.Device{Key: key, ID: id}
}

func keeper(t *testing.T, r *ring, log *bytes.Buffer) *keep.Keeper {
	t.Helper()
	return &keep.Keeper{Platform: platform, Dir: t.TempDir(), Keyring: r,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
}

// files lists what lies in the keeper's directory.
func files(t *testing.T, k *keep.Keeper) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(k.Dir, "*"))
	hidden, err2 := filepath.Glob(filepath.Join(k.Dir, ".*"))
	if err = errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return append(names, hidden...)
}

func (r *ring) size() int { return len(r.entries) }

func wants(t *testing.T, k *keep.Keeper, want keep.Device) {
	t.Helper()
	got, err := k.Load(t.Context())
	if err != nil || !got.Key.Equal(want.Key) || got.ID != want.ID {
		t.Errorf("loaded another device, or none: %v", err)
	}
}

func TestKeyring(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := &ring{}
	k := keeper(t, r, &log)
	if _, err := k.Load(t.Context()); !errors.Is(err, keep.ErrNone) {
		t.Errorf("at first: %v", err)
	}
	first, second := device(t, ""), device(t, "d1")
	if err := k.Save(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	wants(t, k, first)
	if err := k.Save(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	wants(t, k, second)
	if got := files(t, k); len(got) != 0 || r.size() != 1 {
		t.Errorf("files %v, %d entries", got, r.size())
	}
	elsewhere := *k
	elsewhere.Platform = "https://other.example.com"
	if _, err := elsewhere.Load(t.Context()); !errors.Is(err, keep.ErrNone) {
		t.Errorf("of another platform: %v", err)
	}
	for range 2 {
		if err := k.Forget(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if _, err := k.Load(t.Context()); !errors.Is(err, keep.ErrNone) || r.size() != 0 {
		t.Errorf("forgotten: %v, %d entries", err, r.size())
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := &ring{broken: errors.New("no secret service")}
	k := keeper(t, r, &log)
	if _, err := k.Load(t.Context()); !errors.Is(err, keep.ErrNone) {
		t.Errorf("at first: %v", err)
	}
	d := device(t, "d1")
	for range 2 {
		if err := k.Save(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, k, d)
	names := files(t, k)
	if len(names) != 1 {
		t.Fatalf("files %v", names)
	}
	if info, err := os.Stat(names[0]); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if strings.Contains(names[0], "example") {
		t.Errorf("the file's name %s", names[0])
	}
	seed := base64.RawURLEncoding.EncodeToString(d.Key.Seed())
	if strings.Contains(log.String(), seed) || !strings.Contains(log.String(), "no system keyring") {
		t.Errorf("logged %s", log.String())
	}

	// A keyring that comes back takes over; until then the file is what counts.
	r.broken = nil
	if err := r.Set("Hufu desktop", platform, "old"); err != nil {
		t.Fatal(err)
	}
	wants(t, k, d)
	newer := device(t, "d2")
	if err := k.Save(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	wants(t, k, newer)
	if got := files(t, k); len(got) != 0 {
		t.Errorf("left over: %v", got)
	}

	r.broken = errors.New("gone again")
	if err := k.Save(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := k.Forget(t.Context()); err != nil {
		t.Error(err)
	}
	if got := files(t, k); len(got) != 0 {
		t.Errorf("left over: %v", got)
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	seed := strings.Repeat("A", 43)
	for _, text := range []string{"", "x", `{"platform":"https://other.example.com","seed":"` + seed + `"}`,
		`{"platform":"` + platform + `","seed":"AAAA"}`, `{"platform":"` + platform + `","seed":"` + seed + `="}`} {
		r := &ring{}
		if err := r.Set("Hufu desktop", platform, text); err != nil {
			t.Fatal(err)
		}
		k := keeper(t, r, &log)
		if _, err := k.Load(t.Context()); !errors.Is(err, keep.ErrBroken) || strings.Contains(err.Error(), seed) {
			t.Errorf("%q: %v", text, err)
		}
		if err := k.Forget(t.Context()); err != nil || r.size() != 0 {
			t.Errorf("%v, %d entries", err, r.size())
		}
	}
	k := keeper(t, &ring{broken: errors.New("none")}, &log)
	if err := os.Remove(k.Dir); err != nil {
		t.Fatal(err)
	}
	if err := k.Save(t.Context(), device(t, "d")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a directory: %v", err)
	}
}

// TestLockedKeyring has a keyring that waits for its person for ever.
func TestLockedKeyring(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := &ring{waits: make(chan struct{})}
	defer close(r.waits)
	k := keeper(t, r, &log)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("load: %v", err)
	}
	if err := k.Save(ctx, device(t, "d")); !errors.Is(err, context.Canceled) {
		t.Errorf("save: %v", err)
	}
	if err := k.Forget(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("forget: %v", err)
	}
	if got := files(t, k); len(got) != 0 {
		t.Errorf("the key went to a file: %v", got)
	}
}

func TestPrintsNothing(t *testing.T) {
	t.Parallel()
	d := device(t, "id")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, d); got != "device" {
			t.Errorf("%s: %s", verb, got)
		}
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	unlock, err := keep.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keep.Lock(dir); !errors.Is(err, keep.ErrInUse) {
		t.Errorf("a second one: %v", err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	for mode, want := range map[os.FileMode]error{0o755: nil, 0o775: keep.ErrOpenToOthers, 0o702: keep.ErrOpenToOthers, 0o700: nil} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		unlock, err := keep.Lock(dir)
		if !errors.Is(err, want) {
			t.Errorf("mode %v: %v", mode, err)
		}
		if err == nil {
			if err := unlock(); err != nil {
				t.Error(err)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keep.Lock(file); err == nil {
		t.Error("locked a file")
	}
}
