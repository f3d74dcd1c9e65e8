package desktop

import (
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/protocol"
)

// How often, in a minute: QR codes from one network, calls of one device, sign-ins claimed
// by one person and from one network. And in an hour: devices of one person.
const (
	maxEnrolments     = 20
	maxCalls          = 120
	maxClaims         = 30
	maxClaimsNetwork  = 300
	maxDevicesAnHour  = 10
	devicesAreCounted = time.Hour
)

// Handler serves the calls of desktop clients. Its fields are what it needs.
type Handler struct {
	Respond     *respond.Responder
	Apps        *apps.Service
	Directory   *directory.Service
	Attempts    *attempt.Service
	Ask         *ask.Service
	Audit       *audit.Log
	Credentials *credentials.Service
	Phones      *session.Keeper  // sessions of phones, which sign clients in
	Store       shortlived.Store // nonces
	Now         func() time.Time
	// PublicURL is the phone's origin: it begins QR codes, and every signature names it.
	PublicURL string
	// LoginOrigins are the origins of the login page.
	LoginOrigins []string
	// Sandbox lets the control port's scripted phones, which have no session, sign a client in.
	Sandbox bool

	enrolments, calls, claims, networks, devices *limits.Limit
}

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	h.enrolments = limits.New(h.Now, maxEnrolments, time.Minute)
	h.calls = limits.New(h.Now, maxCalls, time.Minute)
	h.claims = limits.New(h.Now, maxClaims, time.Minute)
	h.networks = limits.New(h.Now, maxClaimsNetwork, time.Minute)
	h.devices = limits.New(h.Now, maxDevicesAnHour, devicesAreCounted)
	add := func(path string, act respond.Handler) {
		mux.Handle("POST "+path, h.Respond.Calls(act, h.refusal))
	}
	add(protocol.PathDesktopEnrol, h.enrol)
	add(protocol.PathDesktopWait, h.wait)
	add(protocol.PathDesktopCollect, h.collect)
	add(protocol.PathDesktopState, h.signed(h.state))
	add(protocol.PathDesktopClaim, h.signed(h.claim))
	add(protocol.PathDesktopDecide, h.signed(h.decide))
	add(protocol.PathDesktopSignOut, h.signed(h.signOut))
}
