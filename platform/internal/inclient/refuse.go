package inclient

import (
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/platform/internal/qrcode"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/protocol"
)

// refused is the page that says why a person may not open the app.
func (h *Handler) refused(r *http.Request, s session.Session, a *asked, reason string, companies []string) RefusedView {
	mine, asker := me(r, s), h.Ask.Asker(r.Context(), a.app, a.redirect.Origin)
	return RefusedView{Me: &mine, Asker: &asker, Reason: reason, Companies: companies, BackURL: a.back("")}
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, v RefusedView) error {
	return h.Respond.RenderStatus(w, r, http.StatusForbidden, "inclient/refused", v)
}

// showError says what is wrong with a link.
func (h *Handler) showError(w http.ResponseWriter, r *http.Request, bad *refusal) error {
	return h.Respond.RenderStatus(w, r, http.StatusBadRequest, "inclient/error", ErrorView{Key: bad.key, Code: bad.code,
		Received: bad.received, Configured: bad.configured, Field: bad.field, RequestID: respond.RequestID(r)})
}

// signIn is where somebody signs in, to come back to a link.
func signIn(r *http.Request, a *asked) string {
	return respond.Link(r, "/phone/sign-in?next="+url.QueryEscape(a.address()))
}

// maxQR is the longest address in a QR code that a phone's camera reads from a screen.
const maxQR = 800

// showOutside says how to open the page inside the client.
func (h *Handler) showOutside(w http.ResponseWriter, r *http.Request, a *asked) error {
	v := OutsideView{Asker: h.Ask.Asker(r.Context(), a.app, a.redirect.Origin),
		SignInURL: signIn(r, a)}
	if content := h.PublicURL + a.address(); len(content) <= maxQR {
		v.QR = drawn(content)
	}
	return h.Respond.Render(w, r, "inclient/outside", v)
}

// drawn is a QR code of the size that its content needs.
func drawn(content string) protocol.QR {
	var codes qrcode.Maker
	return codes.Draw(content)
}
