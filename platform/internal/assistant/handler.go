package assistant

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/launch"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// proofLife is how long a proof counts for what is sensitive.
const proofLife = 10 * time.Minute

const (
	workbenchPath = "/phone/workbench"
	openPath      = "/phone/workbench/open"
	assistantPath = "/phone/assistant/"
)

// Handler serves the workbench and the assistant. Its fields are what it needs.
type Handler struct {
	Respond   *respond.Responder
	Sessions  *session.Keeper // of the part "phone"
	Apps      *apps.Service
	Directory *directory.Service
	Launches  *launch.Service
	Audit     *audit.Log
	Now       func() time.Time
	// Sandbox says whether home pages may be plain http.
	Sandbox bool
}

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	page := h.Respond.Page
	mux.Handle("GET "+workbenchPath, page(h.signedIn(h.showWorkbench)))
	mux.Handle("POST "+openPath, page(h.signedIn(h.open)))
	mux.Handle("GET "+assistantPath+"{corp}", page(h.signedIn(h.at(h.showAssistant))))
	mux.Handle("POST "+assistantPath+"{corp}/brand", page(h.signedIn(h.at(h.saveBrand))))
	mux.Handle("POST "+assistantPath+"{corp}/login", page(h.signedIn(h.at(h.switchLogin))))
	mux.Handle("POST "+assistantPath+"{corp}/domains", page(h.signedIn(h.at(h.saveDomains))))
}

// signedIn wraps an action: it needs the phone's session, and a form that was sent from our
// page of this session.
func (h *Handler) signedIn(act func(http.ResponseWriter, *http.Request, session.Session) error) respond.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		s, err := h.Sessions.Read(r.Context(), r)
		switch {
		case errors.Is(err, session.ErrNone):
			next := workbenchPath
			if corp := r.PathValue("corp"); corp != "" {
				next = assistantPath + corp
			}
			return seeOther(w, r, "/phone/sign-in?next="+url.QueryEscape(next))
		case err != nil:
			return err
		case r.Method == http.MethodPost && !s.CheckCSRF(r.PostFormValue("csrf")):
			return respond.BadForm()
		}
		return act(w, r, s)
	}
}

func seeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, respond.Link(r, path), http.StatusSeeOther)
	return nil
}

// visit is one request to the assistant by somebody who may make it.
type visit struct {
	session.Session
	corp     directory.Corp
	provider *apps.Provider
	login    *apps.App // nil until 登录授权 is set up
}

func (v visit) path() string { return assistantPath + url.PathEscape(v.corp.CorpID) }

// at makes an action on a provider one of a session: for the creator and the system admins
// of a corp that is a provider. For all others there is no such page.
func (h *Handler) at(act func(http.ResponseWriter, *http.Request, visit) error) func(http.ResponseWriter, *http.Request, session.Session) error {
	return func(w http.ResponseWriter, r *http.Request, s session.Session) error {
		v, err := h.visit(r, s, r.PathValue("corp"))
		if errors.Is(err, directory.ErrNotFound) || errors.Is(err, apps.ErrNotFound) {
			return respond.NotFound()
		}
		if err != nil {
			return err
		}
		return act(w, r, v)
	}
}

func (h *Handler) visit(r *http.Request, s session.Session, corpid string) (visit, error) {
	v := visit{Session: s}
	var err error
	if v.corp, err = h.Directory.CorpByCorpID(r.Context(), corpid); err != nil {
		return v, err
	}
	admin, err := h.Directory.AdminOf(r.Context(), v.corp.Row, s.Person)
	if err != nil {
		return v, err
	}
	if !admin.Leads() {
		return v, directory.ErrNotFound
	}
	if v.provider, err = h.Apps.Provider(r.Context(), v.corp.Row); err != nil {
		return v, err
	}
	v.login, err = h.Apps.LoginSuiteOf(r.Context(), v.corp.Row)
	if errors.Is(err, apps.ErrNotFound) {
		v.login, err = nil, nil
	}
	return v, err
}

// fresh tells whether the person proved who they are a short time ago.
func (h *Handler) fresh(s session.Session) bool {
	age := h.Now().Sub(s.Proved)
	return !s.Proved.IsZero() && age >= 0 && age < proofLife
}

func (h *Handler) record(r *http.Request, v visit, action audit.Action, target, detail string) error {
	e := audit.Entry{Corp: v.corp.Row, Person: v.Person, Action: action, Target: target, Detail: detail, Address: respond.ClientAddr(r)}
	if v.login != nil {
		e.App = v.login.Row
	}
	return h.Audit.Record(r.Context(), e)
}
