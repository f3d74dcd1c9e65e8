// Package keys holds the platform's secrets at rest. One root key is made when
// a store is; every other key is derived from it by label. The store has the
// root key only wrapped (XChaCha20-Poly1305), by a key that is never in the
// store: a 0600 file beside it, or the environment (security.md, "Keys,
// codes, tokens").
//
// It owns the table keys and the wrapping key's file. What a derived key is
// used for is its caller's business.
package keys

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/hufu-sso/hufu/platform/internal/store"
)

// KeySize is the size of every key here, in bytes.
const KeySize = 32

// ErrWrongKey means that the wrapping key belongs to another store.
var ErrWrongKey = errors.New("the wrapping key does not open this store")

// ErrSealed means that a sealed text does not open: it was sealed under
// another label or by another store's ring, or it was changed.
var ErrSealed = errors.New("keys: the sealed text does not open")

// Ring derives keys from a store's root key. Its methods are safe for use by
// several goroutines.
type Ring struct {
	root [KeySize]byte
}

// rootName is the root key's row, and what its wrapping is bound to.
const rootName = "root"

// Open returns the ring of the store. The wrapping key comes from the
// environment variable HUFU_WRAP_KEY if that is set, else from the file
// wrapPath. For a store that has no root key yet one is made, and the file
// too if need be; a store that has one never gets another, so a missing or
// wrong wrapping key is an error (ErrWrongKey) whose text says what to do.
func Open(ctx context.Context, db *store.DB, wrapPath string) (*Ring, error) {
	ring, err := open(ctx, db, wrapPath)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return ring, nil
}

func open(ctx context.Context, db *store.DB, wrapPath string) (*Ring, error) {
	wrapped, err := wrappedRoot(ctx, db)
	fresh := errors.Is(err, sql.ErrNoRows)
	if err != nil && !fresh {
		return nil, err
	}
	wrap, err := loadWrap(wrapPath, fresh)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(wrap.key[:])
	if err != nil {
		return nil, err
	}
	if fresh {
		if wrapped, err = makeRoot(ctx, db, aead); err != nil {
			return nil, err
		}
	}
	root, err := openWith(aead, rootName, wrapped)
	if err != nil || len(root) != KeySize {
		return nil, fmt.Errorf("%w: the key in %s was made for another store; put this store's own key back there", ErrWrongKey, wrap.from)
	}
	ring := &Ring{}
	copy(ring.root[:], root)
	return ring, nil
}

func wrappedRoot(ctx context.Context, db *store.DB) (wrapped []byte, err error) {
	err = db.Query(`SELECT wrapped FROM keys WHERE name = $1`).Row(ctx, rootName).Scan(&wrapped)
	return wrapped, err
}

// makeRoot makes the root key and returns it wrapped: another process that
// starts at the same time may have been faster, then it is that one's.
func makeRoot(ctx context.Context, db *store.DB, wrap cipher.AEAD) ([]byte, error) {
	root := make([]byte, KeySize)
	rand.Read(root)
	_, err := db.Exec(ctx, `INSERT INTO keys (name, wrapped, created) VALUES ($1, $2, $3)`,
		rootName, sealWith(wrap, rootName, root), time.Now().UnixMilli())
	if err != nil && !store.IsDuplicate(err) {
		return nil, err
	}
	return wrappedRoot(ctx, db)
}

// Derive returns the key of that label (HKDF-SHA256). The same store gives the
// same key for the same label for ever; another label's says nothing about it.
func (r *Ring) Derive(label string) [KeySize]byte { return r.derive("hufu derive 1\x00" + label) }

func (r *Ring) derive(info string) (key [KeySize]byte) {
	out, err := hkdf.Key(sha256.New, r.root[:], nil, info, KeySize)
	if err != nil {
		panic(err) // only for lengths that HKDF cannot make
	}
	copy(key[:], out)
	return key
}
