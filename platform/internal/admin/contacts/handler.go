package contacts

import (
	"context"
	"database/sql"
	"net/http"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Handler serves the address book and the administrators. Its fields are what it needs.
type Handler struct {
	Console     *console.Service
	DB          *store.DB
	Directory   *directory.Service
	Apps        *apps.Service
	Credentials *credentials.Service
	Audit       *audit.Log
	Now         func() time.Time
	// PhoneURL begins the address of an enrolment link.
	PhoneURL string

	imports runs
}

// runs are the imports that this process works on.
type runs struct {
	mu      sync.Mutex
	running map[int64]bool
	wait    sync.WaitGroup
	// context of Resume: ends every run; Background before.
	context context.Context
}

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	const contacts, admins = "/admin/{corp}/contacts", "/admin/{corp}/admins"
	page := func(pattern string, act action) { mux.Handle(pattern, h.Console.Page(console.Admin, act)) }
	sensitive := func(pattern string, act action) { mux.Handle(pattern, h.Console.Sensitive(console.Admin, act)) }

	page("GET "+contacts, h.showContacts)
	sensitive("POST "+contacts+"/export", h.export)

	page("GET "+contacts+"/members/new", h.showNewMember)
	page("POST "+contacts+"/members", h.addMember)
	page("GET "+contacts+"/members/{member}", h.at(h.showMember))
	page("POST "+contacts+"/members/{member}", h.at(h.saveMember))
	page("POST "+contacts+"/members/{member}/disable", h.at(h.disableMember))
	page("POST "+contacts+"/members/{member}/enable", h.at(h.enableMember))
	page("GET "+contacts+"/members/{member}/remove", h.at(h.showRemoveMember))
	page("POST "+contacts+"/members/{member}/remove", h.at(h.removeMember))
	sensitive("POST "+contacts+"/members/{member}/link", h.at(h.linkMember))

	page("GET "+contacts+"/departments/new", h.showNewDepartment)
	page("POST "+contacts+"/departments", h.addDepartment)
	page("GET "+contacts+"/departments/{number}", h.showDepartment)
	page("POST "+contacts+"/departments/{number}", h.saveDepartment)
	page("POST "+contacts+"/departments/{number}/remove", h.removeDepartment)

	page("GET "+contacts+"/import", h.showImport)
	page("POST "+contacts+"/import", h.upload)
	page("GET "+contacts+"/import/template", h.template)
	page("GET "+contacts+"/imports/{import}", h.showRun)
	page("POST "+contacts+"/imports/{import}/start", h.startRun)
	page("POST "+contacts+"/imports/{import}/cancel", h.cancelRun)
	page("GET "+contacts+"/imports/{import}/failed", h.failedLines)

	page("GET "+admins, h.managers(h.showAdmins))
	page("GET "+admins+"/new", h.managers(h.showNewAdmin))
	sensitive("POST "+admins, h.managers(h.addAdmin))
	sensitive("POST "+admins+"/hand-over", h.managers(h.handOver))
	page("GET "+admins+"/{admin}", h.managers(h.showAdmin))
	sensitive("POST "+admins+"/{admin}", h.managers(h.saveAdmin))
	sensitive("POST "+admins+"/{admin}/remove", h.managers(h.removeAdmin))
	sensitive("POST "+admins+"/{admin}/link", h.managers(h.linkAdmin))
}

type action = func(http.ResponseWriter, *http.Request, *console.Visit) error

// change runs fn in a transaction and writes the audit entry it answers in the same one.
func (h *Handler) change(r *http.Request, fn func(tx *sql.Tx) (audit.Entry, error)) error {
	return h.DB.Update(r.Context(), func(tx *sql.Tx) error {
		entry, err := fn(tx)
		if err != nil {
			return err
		}
		return h.Audit.RecordIn(r.Context(), tx, entry)
	})
}

// managers lets in who manages the administrators: neither a sub-admin nor an external one.
func (h *Handler) managers(act action) action {
	return func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		if !v.Admin.Leads() {
			return respond.Forbidden(nil)
		}
		return act(w, r, v)
	}
}
