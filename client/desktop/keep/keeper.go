package keep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/zalando/go-keyring"
)

// service is the name under which keyrings list our entries.
const service = "Hufu desktop"

// ErrNone is the error of Load where no device is kept.
var ErrNone = errors.New("no device is kept")

// Keyring is the system's keyring, or a test's. Get and Delete fail with keyring.ErrNotFound
// where there is no entry; any other error means that the keyring is of no use now.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// System is the keyring of the system: Secret Service on Linux, Keychain on macOS, Credential
// Manager on Windows.
type System struct{}

// Get reads an entry.
func (System) Get(service, user string) (string, error) { return keyring.Get(service, user) }

// Set writes an entry.
func (System) Set(service, user, secret string) error { return keyring.Set(service, user, secret) }

// Delete removes an entry.
func (System) Delete(service, user string) error { return keyring.Delete(service, user) }

// Keeper keeps the device of one platform. All fields are needed.
type Keeper struct {
	Platform string // origin
	Dir      string // of the file; exists, mode 0700
	Keyring  Keyring
	Log      *slog.Logger
}

// Load returns what is kept. The error is ErrNone, ErrBroken, the file system's, or ctx's.
//
// The file is looked at first: it is there only after a keyring has failed, and so is newer.
func (k *Keeper) Load(ctx context.Context) (Device, error) {
	text, err := os.ReadFile(k.path())
	if err == nil {
		return decode(k.Platform, string(text))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return Device{}, fmt.Errorf("read the device key: %w", err)
	}
	kept, err := ask(ctx, func() (string, error) { return k.Keyring.Get(service, k.Platform) })
	switch {
	case err == nil:
		return decode(k.Platform, kept)
	case ctx.Err() != nil:
		return Device{}, ctx.Err()
	case !errors.Is(err, keyring.ErrNotFound):
		k.Log.DebugContext(ctx, "the system's keyring cannot be read", "error", err)
	}
	return Device{}, ErrNone
}

// Save keeps a device, in the place of an older one.
func (k *Keeper) Save(ctx context.Context, d Device) error {
	text, err := encode(k.Platform, d)
	if err != nil {
		return err
	}
	_, err = ask(ctx, func() (struct{}, error) { return struct{}{}, k.Keyring.Set(service, k.Platform, text) })
	switch {
	case err == nil:
		return remove(k.path())
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if err := write(k.Dir, k.path(), text); err != nil {
		return fmt.Errorf("keep the device key: %w", err)
	}
	if d.SignedIn() { // and not twice
		k.Log.InfoContext(ctx, "no system keyring can be used: the device key is kept in a file that only you can read", "file", k.path())
	}
	return nil
}

// Forget removes what is kept, wherever it is. A keyring that cannot be used has nothing of ours.
func (k *Keeper) Forget(ctx context.Context) error {
	_, err := ask(ctx, func() (struct{}, error) { return struct{}{}, k.Keyring.Delete(service, k.Platform) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		k.Log.DebugContext(ctx, "the system's keyring cannot be written", "error", err)
	}
	return remove(k.path())
}

// ask calls a keyring, which may wait for the person to unlock it, and does not wait longer
// than ctx.
func ask[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		value, err := call()
		answered <- answer{value, err}
	}()
	select {
	case a := <-answered:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
