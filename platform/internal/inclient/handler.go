package inclient

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/launch"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// codesPerMinute is how many codes one session may be given in a minute.
const codesPerMinute = 60

// authorizePath is protocol.PathAuthorize.
const authorizePath = "/connect/oauth2/authorize"

// Handler serves sign-ins inside the client. Its fields are what it needs.
type Handler struct {
	Respond   *respond.Responder
	Sessions  *session.Keeper // of the part "phone"
	Apps      *apps.Service
	Directory *directory.Service
	Ask       *ask.Service
	Launches  *launch.Service
	Tokens    *tokens.Keeper
	Audit     *audit.Log
	Now       func() time.Time
	// PublicURL is the phone's origin: the only one under which anybody is signed in.
	PublicURL string
	// Sandbox says so where a page names what to change.
	Sandbox bool
	// Development says whether development origins count (sandbox).
	Development bool

	codes *limits.Limit // of one session
}

// Mount adds the routes to the phone's.
func (h *Handler) Mount(mux *http.ServeMux) {
	h.codes = limits.New(h.Now, codesPerMinute, time.Minute)
	mux.Handle("GET "+authorizePath, h.Respond.Page(h.authorize))
	mux.Handle("POST "+authorizePath, h.Respond.Page(h.answer))
}

// MountAway adds to another origin's routes what sends the browser to the phone's: WeCom has
// this page beside its old login pages (open.weixin.qq.com, open.work.weixin.qq.com).
func (h *Handler) MountAway(mux *http.ServeMux) {
	mux.Handle("GET "+authorizePath, h.Respond.Page(h.toPhone))
}

// toPhone sends a request on to the phone's origin as it is.
func (h *Handler) toPhone(w http.ResponseWriter, r *http.Request) error {
	// Which page a navigation comes from must not be lost on the way: it decides whether the
	// member is asked.
	w.Header().Set("Referrer-Policy", "origin")
	to := h.PublicURL + authorizePath
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

// away tells whether a request came to one of WeCom's host names, which the sandbox serves
// too. Nobody is signed in under those.
func away(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return slices.Contains([]string{protocol.HostOAuth, protocol.HostOpen, protocol.HostLogin}, strings.ToLower(host))
}

// who reads who is signed in here; ok is false where nobody is.
func (h *Handler) who(r *http.Request) (s session.Session, ok bool, err error) {
	s, err = h.Sessions.Read(r.Context(), r)
	if errors.Is(err, session.ErrNone) {
		return s, false, nil
	}
	return s, err == nil, err
}
