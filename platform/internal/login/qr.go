package login

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// content is what a QR code says: where the phone goes.
func (h *Handler) content(qrKey string) string { return h.PublicURL + "/q/" + qrKey }

func (h *Handler) qr(qrKey string) protocol.QR {
	content := h.content(qrKey)
	out := h.codes.Draw(content)
	if h.Sandbox {
		out.URL = content
	}
	return out
}

// showQRCode answers the newest QR code of an attempt as a picture, for clients that ask
// for one (protocol.md 1.6).
func (h *Handler) showQRCode(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get("key")
	a, err := h.Attempts.Get(r.Context(), key)
	if err != nil || !a.Site() {
		return respond.NotFound()
	}
	png, err := h.codes.PNG(h.content(h.Attempts.QRKey(key, a)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write(png)
	return err
}
