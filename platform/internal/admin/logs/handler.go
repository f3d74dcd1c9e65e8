package logs

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Handler serves the logs. Its fields are what it needs.
type Handler struct {
	Console *console.Service
	Respond *respond.Responder
	Audit   *audit.Log
}

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	for _, l := range []log{signIns, changes, platform} {
		base, allowed := "/admin/{corp}/", whole
		if l.kind == console.Operator {
			base, allowed = "/operator/", func(act action) action { return act }
		}
		mux.Handle("GET "+base+l.path, h.Console.Page(l.kind, allowed(h.show(l))))
		mux.Handle("POST "+base+l.path+"/export", h.Console.Sensitive(l.kind, allowed(h.export(l))))
	}
}

// log is one of the logs.
type log struct {
	kind console.Kind
	// actions are what it shows; they are filtered one by one, or else by group.
	actions      []audit.Action
	byGroup      bool
	path, active string
	export       string // begins the file's name
	title, sub   string // locale keys, as the others
	search       string
	empty        console.Empty
}

var (
	signIns = log{kind: console.Admin, actions: audit.ActionsOf(audit.SignIns), path: "sign-ins", active: "signins", export: "sign-ins", title: "logs.signins.title", sub: "logs.signins.sub",
		search: "logs.signins.search", empty: console.Empty{Title: "logs.signins.empty", Text: "logs.signins.empty_help"}}
	changes = log{kind: console.Admin, actions: allChanges(), byGroup: true, path: "audit", active: "audit", export: "audit", title: "logs.audit.title", sub: "logs.audit.sub",
		search: "logs.audit.search", empty: console.Empty{Title: "logs.audit.empty", Text: "logs.audit.empty_help"}}
	platform = log{kind: console.Operator, actions: append(audit.ActionsOf(audit.Platform), audit.ConsoleEntered, audit.WrongNumber, audit.SignInReported),
		path: "audit", active: "audit", export: "platform", title: "logs.platform.title", sub: "logs.platform.sub", search: "logs.audit.search",
		empty: console.Empty{Title: "logs.platform.empty", Text: "logs.platform.empty_help"}}
	nothingFound = console.Empty{Title: "logs.nothing", Text: "logs.nothing_help"}
)

type action = func(w http.ResponseWriter, r *http.Request, v *console.Visit) error

// whole lets admins of the whole company through.
func whole(act action) action {
	return func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		if !v.Admin.SeesAll() {
			return respond.Forbidden(nil)
		}
		return act(w, r, v)
	}
}
