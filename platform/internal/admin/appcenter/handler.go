package appcenter

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// Handler serves the pages. Its fields are what it needs.
type Handler struct {
	Console   *console.Service
	Apps      *apps.Service
	Directory *directory.Service
	Tokens    *tokens.Keeper
	Audit     *audit.Log
	DB        *store.DB
	// Sessions keeps what set_session_info said: see apps.Session.
	Sessions shortlived.Store
	Now      func() time.Time
	// Sandbox lets business settings lead to this machine, and development origins count.
	Sandbox bool
}

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	page := func(pattern string, act func(http.ResponseWriter, *http.Request, *console.Visit) error) {
		mux.Handle(pattern, h.Console.Page(console.Admin, act))
	}
	sensitive := func(pattern string, act func(http.ResponseWriter, *http.Request, *console.Visit) error) {
		mux.Handle(pattern, h.Console.Sensitive(console.Admin, act))
	}
	page("GET /admin/{corp}/apps", h.showApps)
	page("GET /admin/{corp}/apps/{agent}", h.showInstalled)
	page("GET /admin/{corp}/apps/{agent}/range", h.showInstalledRange)
	page("POST /admin/{corp}/apps/{agent}/range", h.setInstalledRange)
	page("POST /admin/{corp}/apps/{agent}/plain-ids", h.setPlainIDs)
	page("POST /admin/{corp}/apps/{agent}/business", h.openBusiness)
	page("GET /admin/{corp}/apps/{agent}/uninstall", h.showUninstall)
	page("POST /admin/{corp}/apps/{agent}/uninstall", h.uninstall)
	page("GET /admin/{corp}/market", h.showMarket)
	page("GET /admin/{corp}/market/{suite}", h.showSuite)
	page("GET /admin/{corp}/market/{suite}/install", h.showInstall)
	page("POST /admin/{corp}/market/{suite}/install", h.install)
	page("GET /admin/{corp}/own-apps", h.showOwnApps)
	page("GET /admin/{corp}/own-apps/new", h.showNew)
	sensitive("POST /admin/{corp}/own-apps", h.create)
	page("GET /admin/{corp}/own-apps/{agent}", h.showOwn)
	page("POST /admin/{corp}/own-apps/{agent}/name", h.rename)
	page("POST /admin/{corp}/own-apps/{agent}/home", h.setHome)
	sensitive("POST /admin/{corp}/own-apps/{agent}/domains", h.setDomains)
	sensitive("POST /admin/{corp}/own-apps/{agent}/secret", h.resetSecret)
	page("POST /admin/{corp}/own-apps/{agent}/state", h.setState)
	page("GET /admin/{corp}/own-apps/{agent}/range", h.showOwnRange)
	page("POST /admin/{corp}/own-apps/{agent}/range", h.setOwnRange)
	page("GET /admin/{corp}/own-apps/{agent}/remove", h.showRemove)
	page("POST /admin/{corp}/own-apps/{agent}/remove", h.remove)
	mux.Handle("GET /3rdapp/install", h.Console.Respond.Page(h.showSiteInstall))
	mux.Handle("POST /3rdapp/install", h.Console.Respond.Page(h.siteInstall))
}

// sees tells who is shown an app: whoever sees the whole company, and a sub-admin it was
// given to.
func sees(a directory.Admin, holder int64) bool {
	_, given := a.Apps[holder]
	return a.SeesAll() || given
}

// agent is the agentid in the path.
func agent(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("agent"), 10, 64)
	if err != nil {
		return 0, respond.NotFound()
	}
	return n, nil
}

// installed is the installation in the path, of the corp in the path, if the visitor is
// shown it.
func (h *Handler) installed(r *http.Request, v *console.Visit) (*apps.Installation, error) {
	n, err := agent(r)
	if err != nil {
		return nil, err
	}
	i, err := h.Apps.InstallationByAgent(r.Context(), v.Corp.Row, n)
	return i, shown(v, err, func() int64 { return i.Row })
}

// own is the own app in the path, of the corp in the path, if the visitor is shown it.
func (h *Handler) own(r *http.Request, v *console.Visit) (*apps.App, error) {
	n, err := agent(r)
	if err != nil {
		return nil, err
	}
	a, err := h.Apps.CorpApp(r.Context(), v.Corp.Row, n)
	return a, shown(v, err, func() int64 { return a.Row })
}

// shown answers what is not the visitor's like what does not exist.
func shown(v *console.Visit, err error, holder func() int64) error {
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return respond.NotFound()
	case err != nil:
		return err
	case !sees(v.Admin, holder()):
		return respond.NotFound()
	}
	return nil
}

// when writes a time for reading.
func when(t time.Time) string { return t.In(console.Zone).Format("2006-01-02 15:04") }
