package login

import (
	"net/http"
	"net/url"
	"regexp"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// contentOf is what the QR code of a page says: the old pages' leads to confirm2, as WeCom's
// does, for programs that make it from the address. The key in it is never the page's.
func (h *Handler) contentOf(page attempt.Page, qrKey string) string {
	if page == attempt.NewPage {
		return h.content(qrKey)
	}
	return h.LoginURL + protocol.PathOldConfirm + "?" + protocol.QueryConfirmKey + "=" + qrKey + "&notretry=yes"
}

// qrOf draws the QR code of a page.
func (h *Handler) qrOf(page attempt.Page, qrKey string) protocol.QR {
	if page == attempt.NewPage {
		return h.qr(qrKey)
	}
	content := h.contentOf(page, qrKey)
	out := h.oldCodes.Draw(content)
	if h.Sandbox {
		out.URL = content
	}
	return out
}

// showOldQRCode answers the newest QR code of an old page as a picture.
func (h *Handler) showOldQRCode(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get(protocol.QueryKey)
	a, err := h.Attempts.Get(r.Context(), key)
	if err != nil || a.Page == attempt.NewPage {
		return respond.NotFound()
	}
	png, err := h.oldCodes.PNG(h.contentOf(a.Page, h.Attempts.QRKey(key, a)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write(png)
	return err
}

var qrKeyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)

// confirmOld leads the camera that read an old page's QR code to the phone. It changes nothing.
func (h *Handler) confirmOld(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get(protocol.QueryConfirmKey)
	if !qrKeyForm.MatchString(key) {
		return respond.NotFound()
	}
	http.Redirect(w, r, h.PublicURL+respond.Link(r, "/q/"+url.PathEscape(key)), http.StatusSeeOther)
	return nil
}
