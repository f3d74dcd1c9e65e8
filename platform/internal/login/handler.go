package login

import (
	"io/fs"
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/qrcode"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// hold is how long a wait is kept open: under the read timeouts of known clients (20 s and
// more) and of common proxies (30 s).
const hold = 18 * time.Second

// Handler serves the login page. Its fields are what it needs.
type Handler struct {
	Respond   *respond.Responder
	Apps      *apps.Service
	Directory *directory.Service
	Attempts  *attempt.Service
	Tokens    *tokens.Keeper
	Now       func() time.Time
	// PublicURL is where a phone reaches the platform; every QR code begins with it.
	PublicURL string
	// LoginURL is the origin of these pages; the QR codes of the old ones begin with it.
	LoginURL string
	// OldPolls hands a code to a poll of the old pages that knows the key in the page alone, as
	// the real host does, for programs that read those pages. Sandbox only.
	OldPolls bool
	// Sandbox makes the QR code a link.
	Sandbox bool
	// Development says whether development origins count (sandbox).
	Development bool
	// Begun limits how many sign-ins one address may begin.
	Begun *limits.Limit
	// Assets holds static/panel.js.
	Assets fs.FS

	codes, oldCodes qrcode.Maker
}

// Mount adds the page's routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	mux.Handle("GET "+protocol.PathLogin, h.Respond.Page(h.showLogin))
	mux.Handle("POST "+protocol.PathLoginWait, h.Respond.API(h.wait))
	mux.Handle("POST "+protocol.PathLoginRenew, h.Respond.API(h.renew))
	mux.Handle("POST "+protocol.PathLoginDesktop, h.Respond.API(h.handOver))
	mux.Handle("GET "+protocol.PathLoginQRCode, h.Respond.Page(h.showQRCode))
	mux.HandleFunc("GET /wwlogin/panel.js", h.servePanel)
	h.mountOld(mux)
}

// servePanel answers our panel script under its lasting address, for sites to load.
func (h *Handler) servePanel(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Cache-Control", "public, max-age=300")
	http.ServeFileFS(w, r, h.Assets, "static/panel.js")
}
