package provider

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Handler serves the provider console. Its fields are what it needs.
type Handler struct {
	Console   *console.Service
	Apps      *apps.Service
	Directory *directory.Service
	Push      *push.Queue
	Calls     *calls.Log
	Audit     *audit.Log
	// Client fetches the files that prove a domain.
	Client *outbound.Client
	Now    func() time.Time
	// DomainCheck asks for a proof of every domain; without it the pages show none.
	DomainCheck bool
	// Development offers development origins: sandbox only.
	Development bool
}

// action is the handler of one page or form.
type action = func(http.ResponseWriter, *http.Request, *console.Visit) error

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	const root = "/provider/{corp}"
	page := func(method, path string, act action) {
		mux.Handle(method+" "+root+path, h.Console.Page(console.Provider, act))
	}
	sensitive := func(path string, act action) {
		mux.Handle("POST "+root+path, h.Console.Sensitive(console.Provider, act))
	}
	get := func(path string, act action) { page("GET", path, act) }
	post := func(path string, act action) { page("POST", path, act) }

	get("", h.showHome)
	get("/brand", h.showBrand)
	post("/brand", h.saveBrand)
	post("/brand/logo", h.saveLogo)
	sensitive("/brand/networks", h.saveNetworks)
	get("/general", h.showGeneral)
	sensitive("/general/secret", h.resetProviderSecret)
	sensitive("/general/callback", h.saveEventCallback)
	post("/general/check", h.checkEventCallback)

	login := h.loginPlace()
	get("/login", h.showLogin)
	sensitive("/login", h.createLogin)
	post("/login/switch", h.switchLogin)
	sensitive("/login/development", h.saveDevelopment)
	sensitive("/login/domains", h.at(login, h.saveDomains))
	sensitive("/login/callback", h.at(login, h.saveCallback))
	sensitive("/login/secret", h.at(login, h.resetSecret))
	post("/login/check", h.at(login, h.checkCallback))
	post("/login/ticket", h.at(login, h.pushTicket))

	basics, callbacks, online := h.suitePlace("", h.renderBasics), h.suitePlace("/callbacks", h.renderCallbacks), h.suitePlace("/online", h.renderOnline)
	get("/suites", h.showSuites)
	get("/suites/new", h.showNewSuite)
	sensitive("/suites", h.createSuite)
	get("/suites/{suite}", h.at(basics, h.show))
	post("/suites/{suite}/profile", h.at(basics, h.saveProfile))
	post("/suites/{suite}/logo", h.at(basics, h.saveSuiteLogo))
	sensitive("/suites/{suite}/business", h.at(basics, h.saveBusiness))
	sensitive("/suites/{suite}/domains", h.at(basics, h.saveDomains))
	sensitive("/suites/{suite}/sensitive", h.at(basics, h.saveSensitive))
	sensitive("/suites/{suite}/secret", h.at(basics, h.resetSecret))
	get("/suites/{suite}/callbacks", h.at(callbacks, h.show))
	sensitive("/suites/{suite}/callback", h.at(callbacks, h.saveCallback))
	post("/suites/{suite}/check", h.at(callbacks, h.checkCallback))
	post("/suites/{suite}/ticket", h.at(callbacks, h.pushTicket))
	get("/suites/{suite}/online", h.at(online, h.show))
	post("/suites/{suite}/submit", h.at(online, h.submit))
	post("/suites/{suite}/withdraw", h.at(online, h.withdraw))
	post("/suites/{suite}/offline", h.at(online, h.takeOffline))
	get("/suites/{suite}/installs", h.at(basics, h.showSuiteInstalls))

	get("/domain", h.showDomain)
	get("/domain/file", h.domainFile)
	post("/domain/check", h.checkDomain)
	get("/installs", h.showInstalls)
	get("/pushes", h.showPushes)
	get("/pushes/{event}", h.showPush)
	post("/pushes/{event}/again", h.pushAgain)
	get("/calls", h.showCalls)
	get("/codes", h.showCodes)
}

// place is where the settings of a suite are shown: the login suite's on one page, another
// suite's on tabs. Forms that both have are handled once, and come back to their place.
type place struct {
	// find answers the suite that the address names, if it is this provider's.
	find func(*http.Request, *console.Visit) (*apps.App, error)
	// path is under which its pages are, within the console; shown is the page of this place.
	path  func(*apps.App) string
	shown func(*apps.App) string
	// render shows the page of this place, with what a form has to say.
	render func(http.ResponseWriter, *http.Request, *console.Visit, *apps.App, said) error
}

// said is what a page shows beyond what is stored: a form that was refused, as it was typed,
// or what a check has found.
type said struct {
	callback    *CallbackForm
	domains     *DomainsForm
	development *console.Field
	profile     *ProfileForm
	business    *console.Field
	logo        string // why a picture was refused
	ticket      *Check
}

// status is 422 where a form was refused.
func (s said) status() int {
	if s.callback != nil && s.callback.refused || s.domains != nil || s.development != nil || s.profile != nil ||
		s.business != nil || s.logo != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// settings is one request about a suite of this provider.
type settings struct {
	*console.Visit
	place
	app *apps.App
}

// at makes the action on a suite an action of the console.
func (h *Handler) at(p place, act func(http.ResponseWriter, *http.Request, settings) error) action {
	return func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		app, err := p.find(r, v)
		if err != nil {
			return err
		}
		return act(w, r, settings{v, p, app})
	}
}

// show renders a place as it is stored.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, s settings) error {
	return s.render(w, r, s.Visit, s.app, said{})
}

// saved says so on the page of the place.
func (h *Handler) saved(w http.ResponseWriter, r *http.Request, s settings) error {
	h.Console.Flash(w, r, "provider.saved")
	return s.See(w, s.shown(s.app))
}

func (h *Handler) loginPlace() place {
	path := func(*apps.App) string { return "/login" }
	return place{find: h.loginSuite, path: path, shown: path, render: h.renderLogin}
}

func (h *Handler) suitePlace(tab string, render func(http.ResponseWriter, *http.Request, *console.Visit, *apps.App, said) error) place {
	return place{find: h.suite, path: suitePath, render: render,
		shown: func(app *apps.App) string { return suitePath(app) + tab }}
}

func suitePath(app *apps.App) string { return "/suites/" + url.PathEscape(app.SuiteID) }

// appPath is the page of any suite of a provider.
func appPath(app *apps.App) string {
	if app.Kind == apps.LoginSuite {
		return "/login"
	}
	return suitePath(app)
}

func (h *Handler) loginSuite(r *http.Request, v *console.Visit) (*apps.App, error) {
	app, err := h.Apps.LoginSuiteOf(r.Context(), v.Corp.Row)
	if errors.Is(err, apps.ErrNotFound) {
		return nil, respond.NotFound()
	}
	return app, err
}

// suite is the suite in the path. Another provider's does not exist here.
func (h *Handler) suite(r *http.Request, v *console.Visit) (*apps.App, error) {
	app, err := h.Apps.Suite(r.Context(), r.PathValue("suite"))
	switch {
	case errors.Is(err, apps.ErrNotFound), err == nil && (app.CorpRow != v.Corp.Row || app.Kind != apps.Suite):
		return nil, respond.NotFound()
	case err != nil:
		return nil, err
	}
	return app, nil
}

// suites are all suites of the provider, the login suite first.
func (h *Handler) suites(r *http.Request, v *console.Visit) ([]*apps.App, error) {
	list, err := h.Apps.SuitesOf(r.Context(), v.Corp.Row)
	if err != nil {
		return nil, err
	}
	login, err := h.Apps.LoginSuiteOf(r.Context(), v.Corp.Row)
	if errors.Is(err, apps.ErrNotFound) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	all := []*apps.App{login}
	for _, app := range list {
		if app.Row != login.Row {
			all = append(all, app)
		}
	}
	return all, nil
}

// rows are the rows of suites.
func rows(list []*apps.App) []int64 {
	var rows []int64
	for _, app := range list {
		rows = append(rows, app.Row)
	}
	return rows
}

// record writes who did what to what.
func (h *Handler) record(r *http.Request, v *console.Visit, action audit.Action, app *apps.App, target, detail string) error {
	e := v.Entry(action, target, detail)
	if app != nil {
		e.App = app.Row
	}
	return h.Audit.Record(r.Context(), e)
}
