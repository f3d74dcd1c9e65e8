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
		call, err := h.verify(r, raw, client.Key)
		if err != nil {
			return err
		}
		// Counted before the nonce is written down: nobody fills the store.
		if h.calls.Add(strconv.FormatInt(id, 10)) {
			return tooMany()
		}
		if err := h.first(r.Context(), call); err != nil {
			return err
		}
		h.Credentials.UsedDesktopClient(client)
		return act(w, r, device{client, raw, call.at.UnixMilli()})
	}
}

// signedCall is a call whose signature and time are good.
type signedCall struct {
	key   ed25519.PublicKey
	nonce []byte
	at    time.Time
}

// verify checks that a call is signed by a key, and now. Whether it is for the first time, first
// tells.
func (h *Handler) verify(r *http.Request, raw []byte, key ed25519.PublicKey) (signedCall, error) {
	call := protocol.DesktopCall{Platform: h.PublicURL, Method: r.Method, Path: r.URL.Path, Nonce: header(r, protocol.HeaderNonce), Body: raw}
	var err error
	call.Time, err = strconv.ParseInt(header(r, protocol.HeaderTime), 10, 64)
	nonce, badNonce := protocol.DesktopEncoding.DecodeString(call.Nonce)
	signature, badSignature := protocol.DesktopEncoding.DecodeString(header(r, protocol.HeaderSignature))
	if err != nil || badNonce != nil || badSignature != nil || len(nonce) != protocol.DesktopNonceBytes || len(key) != ed25519.PublicKeySize ||
		!ed25519.Verify(key, call.Bytes(), signature) {
		return signedCall{}, refused(protocol.DesktopUnsigned)
	}
	signed := time.UnixMilli(call.Time)
	if away := h.Now().Sub(signed).Abs(); away > protocol.DesktopClockSkew {
		return signedCall{}, refused(protocol.DesktopUnsigned)
	}
	return signedCall{key, nonce, signed}, nil
}

// first spends a call's nonce: it stays spent for as long as the call could be taken.
func (h *Handler) first(ctx context.Context, c signedCall) error {
	sum := sha256.Sum256(append(c.key[:len(c.key):len(c.key)], c.nonce...))
	err := h.Store.Create(ctx, "desktop-nonce/"+hex.EncodeToString(sum[:16]), nil, c.at.Add(protocol.DesktopClockSkew+time.Second))
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
