package desktop

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/protocol"
)

// maxCall is the largest body of a call in bytes; theirs have a few hundred.
const maxCall = 16 << 10

// body reads a call's body.
func body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, refused(protocol.DesktopMalformed)
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
}

// read decodes a body.
func read(raw []byte, into any) error {
	if protocol.Decode(raw, into) != nil {
		return refused(protocol.DesktopMalformed)
	}
	return nil
}

// device is a desktop client that has signed a call.
type device struct {
	credentials.DesktopClient
	raw []byte // the call's body
	at  int64  // the call's time, Unix ms
}

// phone is the device as package attempt knows who answers.
func (d device) phone(r *http.Request) attempt.Phone {
	return attempt.Phone{Session: "desktop/" + strconv.FormatInt(d.ID, 10), Person: d.Person, Address: respond.ClientAddr(r)}
}

// signed wraps a call that a device signs. Whatever is wrong with the signature, the answer
// is one and the same.
func (h *Handler) signed(act func(http.ResponseWriter, *http.Request, device) error) respond.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		raw, err := body(w, r)
		if err != nil {
			return err
		}
		id, err := strconv.ParseInt(header(r, protocol.HeaderDevice), 10, 64)
		if err != nil {
			return refused(protocol.DesktopUnsigned)
		}
		client, err := h.Credentials.DesktopClient(r.Context(), id)
		if errors.Is(err, credentials.ErrNoDesktopClient) {
			return refused(protocol.DesktopUnsigned)
		}
		if err != nil {
			return err
		}
		at, err := h.verify(r, raw, client.Key)
		if err != nil {
			return err
		}
		if h.calls.Add(strconv.FormatInt(id, 10)) {
			return tooMany()
		}
		h.Credentials.UsedDesktopClient(client)
		return act(w, r, device{client, raw, at})
	}
}

// verify checks that a call is signed by a key, now and for the first time, and answers the
// time it was signed at.
func (h *Handler) verify(r *http.Request, raw []byte, key ed25519.PublicKey) (at int64, err error) {
	call := protocol.DesktopCall{Platform: h.PublicURL, Method: r.Method, Path: r.URL.Path, Nonce: header(r, protocol.HeaderNonce), Body: raw}
	text := header(r, protocol.HeaderTime)
	call.Time, err = strconv.ParseInt(text, 10, 64)
	nonce, badNonce := protocol.DesktopEncoding.DecodeString(call.Nonce)
	signature, badSignature := protocol.DesktopEncoding.DecodeString(header(r, protocol.HeaderSignature))
	if err != nil || badNonce != nil || badSignature != nil || len(nonce) != protocol.DesktopNonceBytes || len(key) != ed25519.PublicKeySize ||
		!ed25519.Verify(key, call.Bytes(), signature) {
		return 0, refused(protocol.DesktopUnsigned)
	}
	signed := time.UnixMilli(call.Time)
	if away := h.Now().Sub(signed).Abs(); away > protocol.DesktopClockSkew {
		return 0, refused(protocol.DesktopUnsigned)
	}
	return call.Time, h.first(r.Context(), key, nonce, signed)
}

// first spends a nonce: it stays spent for as long as its call could be taken.
func (h *Handler) first(ctx context.Context, key ed25519.PublicKey, nonce []byte, signed time.Time) error {
	sum := sha256.Sum256(append(key[:len(key):len(key)], nonce...))
	err := h.Store.Create(ctx, "desktop-nonce/"+hex.EncodeToString(sum[:16]), nil, signed.Add(protocol.DesktopClockSkew+time.Second))
	if errors.Is(err, shortlived.ErrExists) {
		return refused(protocol.DesktopUnsigned)
	}
	return err
}

// header is a header that is there once; empty where it is not.
func header(r *http.Request, name string) string {
	if values := r.Header.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}
