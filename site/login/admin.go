package login

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/internal/once"
	"github.com/hufu-sso/hufu/site/internal/seal"
)

// LoginInformer exchanges an auth_code through get_login_info (91125).
// *site.Provider is one.
type LoginInformer interface {
	LoginInfo(ctx context.Context, authCode string) (site.LoginInfo, error)
}

// Installations knows the companies that installed the suite. *installs.Installs
// of site/installs is one. The error of both is site.ErrNotInstalled for a company
// that has not.
type Installations interface {
	// AgentID is the suite's agentid in the company.
	AgentID(ctx context.Context, corpID string) (int64, error)
	// Admins are those of the suite in the company (get_admin_list, 90606).
	Admins(ctx context.Context, corpID string) ([]protocol.Admin, error)
}

// AdminMode says what an AdminEntry makes of who arrives.
type AdminMode string

// The modes.
const (
	// AdminConfirm shows who has arrived; a session begins when the person agrees.
	AdminConfirm AdminMode = "confirm"
	// AdminRestart spends the code, discards whom it names, and begins an ordinary
	// sign-in at AdminConfig.Restart. The session is then a member's like any other.
	AdminRestart AdminMode = "restart"
)

// AdminConfig is what NewAdminEntry needs. URL, SuiteID, Sessions and one of Suite
// and Provider are required.
type AdminConfig struct {
	// URL is the business-settings URL (业务设置URL) of the suite, without what the
	// platform adds to it. Its origin is the one of Sessions.
	URL string

	// SuiteID is the suite whose business settings this is. Each suite has an entry
	// and a URL of its own.
	SuiteID string

	// Sessions of the site: Handler.Sessions where one exists.
	Sessions *Sessions

	// Suite exchanges the code through the login suite (登录授权, getuserinfo3rd).
	// The answer does not say who is an administrator: Installed must.
	Suite Exchanger

	// Provider exchanges the code through get_login_info. With Suite as well it
	// serves where the login suite cannot: it is switched off, or has no ticket.
	Provider LoginInformer

	// Installed says who administers the suite, and which companies have it. Required
	// with Suite. Without it a sub-administrator (分级管理员), whose right differs from
	// app to app, is let in by none of the ways; and where the provider's old scan login
	// is on, its codes let administrators in of companies that have not installed the
	// suite: set it there.
	Installed Installations

	// Mode is AdminConfirm, the default, or AdminRestart.
	Mode AdminMode

	// Restart is the path at which AdminRestart begins a sign-in; default "/login".
	Restart string

	// Describe answers the names to show for a person on the way in, and for the one
	// whose session this browser has. Nil, or an empty name, shows the id.
	Describe func(ctx context.Context, s Session) (company, member string)

	// ArrivalPage shows who has arrived, in the site's own look. Nil means a plain
	// page in Chinese or English.
	ArrivalPage func(w http.ResponseWriter, r *http.Request, a *Arrival)

	// Home, Keys, OnSignIn, ErrorPage, Lang, InsecureHTTP, Now and Log are as in
	// Config. OnSignIn is called when the person has agreed.
	Home         string
	Keys         [][]byte
	OnSignIn     func(ctx context.Context, s Session) error
	ErrorPage    func(w http.ResponseWriter, r *http.Request, f *Failure)
	Lang         string
	InsecureHTTP bool
	Now          func() time.Time
	Log          *slog.Logger
}

// AdminEntry takes administrators who come from the admin console by the
// business-settings jump (业务设置, 98170), for one suite:
//
//	GET  {URL}?auth_code=…  arrive: one exchange, the right is checked, clean URL
//	GET  {URL}              shows who has arrived, and whose session this browser has
//	POST {URL}              enter, or leave: a session begins here, and only here
//
// The jump bears no state: anybody can send a browser here with a code of his own.
// So nothing begins, and nothing of a session changes, before the person has seen
// who would be signed in and has agreed on the site's own page. Which account of the
// site that is, is for OnSignIn to say; nothing here links accounts.
//
// Make it with NewAdminEntry; the zero AdminEntry answers 503. It is safe for
// concurrent use.
type AdminEntry struct {
	config  AdminConfig
	web     *Handler // ways of answering, shared with sign-ins
	sealer  seal.Sealer
	cookies seal.Cookies
	name    string // of the cookie
	context string // bound into it
	codes   *once.Flights[arrived]
	entered *once.Flights[outcome]
}

// NewAdminEntry checks c and returns its AdminEntry.
func NewAdminEntry(c AdminConfig) (*AdminEntry, error) {
	entry, err := c.complete()
	if err != nil {
		return nil, err
	}
	sealer, err := seal.New(c.Keys, "hufu site admin entry v1")
	if err != nil {
		return nil, err
	}
	origin := originOf(entry)
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(origin); err != nil {
		return nil, err
	}
	cookies := seal.CookiesFor(entry)
	name := cookies.Name("hufu_admin_" + short(c.SuiteID))
	return &AdminEntry{
		config: c, sealer: sealer, cookies: cookies, name: name, context: name + "\n" + origin + "\n" + c.SuiteID,
		web: &Handler{
			config:   Config{AppID: c.SuiteID, Home: c.Home, ErrorPage: c.ErrorPage, Lang: c.Lang, Log: c.Log},
			redirect: entry, origin: origin, sessions: c.Sessions, guard: guard,
		},
		codes: once.New[arrived](c.Now), entered: once.New[outcome](c.Now),
	}, nil
}

// complete checks c, fills in the defaults and returns the parsed URL.
func (c *AdminConfig) complete() (*url.URL, error) {
	switch {
	case c.URL == "" || c.SuiteID == "" || c.Sessions == nil || c.Suite == nil && c.Provider == nil:
		return nil, errors.New("login: AdminConfig needs URL, SuiteID, Sessions, and Suite or Provider")
	case c.Suite != nil && c.Installed == nil && c.Mode != AdminRestart:
		return nil, errors.New("login: AdminConfig.Suite needs Installed, which says who is an administrator")
	}
	entry, err := parseOrigin("AdminConfig.URL", c.URL, c.InsecureHTTP)
	if err != nil {
		return nil, err
	}
	if entry.RawQuery != "" || entry.Fragment != "" || originOf(entry) != c.Sessions.origin {
		return nil, errors.New("login: AdminConfig.URL has no query or fragment, and the origin of Sessions")
	}
	switch c.Mode {
	case "":
		c.Mode = AdminConfirm
	case AdminConfirm, AdminRestart:
	default:
		return nil, errors.New("login: AdminConfig.Mode is neither confirm nor restart")
	}
	if c.Lang != "" && c.Lang != protocol.LangZH && c.Lang != protocol.LangEN {
		return nil, errors.New("login: AdminConfig.Lang is neither zh nor en")
	}
	if c.Home == "" {
		c.Home = "/"
	}
	if c.Restart == "" {
		c.Restart = "/login"
	}
	if !ownPath(c.Home) || !ownPath(c.Restart) || !ownPath(pathOf(entry)) {
		return nil, errors.New("login: AdminConfig.Home and Restart must be paths that begin with /, and URL needs a plain one")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return entry, nil
}

// Mount puts the entry's URL on mux.
func (e *AdminEntry) Mount(mux *http.ServeMux) {
	if e.web == nil {
		return
	}
	path := pathOf(e.web.redirect)
	if path[len(path)-1] == '/' {
		path += "{$}"
	}
	mux.HandleFunc("GET "+path, e.Arrive)
	mux.HandleFunc("POST "+path, e.Enter)
}
