// Package home is the first page of a company's admin console, GET /admin/{corp}, and what is
// decided there for the whole company: POST /admin/{corp}/number, whether its members type the
// number that a login page shows.
package home

import (
	"context"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// Handler serves the page. Its fields are what it needs.
type Handler struct {
	Console   *console.Service
	DB        *store.DB
	Directory *directory.Service
	Apps      *apps.Service
	Audit     *audit.Log
}

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	mux.Handle("GET /admin/{corp}", h.Console.Page(console.Admin, h.show))
	mux.Handle("POST /admin/{corp}/number", h.Console.Sensitive(console.Admin, h.switchNumber))
}

// View is the page home/home.
type View struct {
	console.Frame
	Whole bool   `json:"whole"` // the admin looks after the whole company
	Stats []Stat `json:"stats"`
	// Steps are what to do first, until all is done.
	Steps []Step `json:"steps,omitempty"`
	// NumberMatch is whether members type the number that a login page shows.
	NumberMatch bool `json:"number_match"`
	// NumberURL takes the switch of it; empty where the admin may not.
	NumberURL string `json:"number_url,omitempty"`
}

// Stat is a count and where it is looked at.
type Stat struct {
	Number  int    `json:"number"`
	AtLeast bool   `json:"at_least,omitempty"`
	Label   string `json:"label"` // locale key
	URL     string `json:"url"`
}

// Step is one thing to do first; its words are home.step.<Key>, .why and .go.
type Step struct {
	Key  string `json:"key"`
	Done bool   `json:"done"`
	URL  string `json:"url"`
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	view := View{Frame: v.Frame("home"), Whole: v.Admin.SeesAll(), NumberMatch: v.Corp.NumberMatch}
	if v.Admin.Leads() {
		view.NumberURL = v.URL("/number")
	}
	members, err := h.Directory.Members(ctx, directory.MemberQuery{Corp: v.Corp.Row, Scope: v.Admin.Scope(), Limit: 1})
	if err != nil {
		return err
	}
	view.Stats = append(view.Stats, Stat{Number: members.Total, AtLeast: members.AtLeast, Label: "home.members", URL: v.URL("/contacts")})
	shown, err := h.apps(ctx, v)
	if err != nil {
		return err
	}
	if !view.Whole {
		view.Stats = append(view.Stats, Stat{Number: shown, Label: "home.apps", URL: v.URL("/apps")})
		return h.Console.Render(w, r, v, "home/home", view)
	}
	departments, err := h.Directory.Departments(ctx, v.Corp.Row)
	if err != nil {
		return err
	}
	admins, err := h.Directory.Admins(ctx, v.Corp.Row)
	if err != nil {
		return err
	}
	view.Stats = append(view.Stats, Stat{Number: len(departments), Label: "home.departments", URL: v.URL("/contacts")},
		Stat{Number: shown, Label: "home.apps", URL: v.URL("/apps")})
	if !v.Admin.Leads() {
		return h.Console.Render(w, r, v, "home/home", view)
	}
	view.Stats = append(view.Stats, Stat{Number: len(admins), Label: "home.admins", URL: v.URL("/admins")})
	steps := []Step{
		{Key: "members", Done: members.Total > 1, URL: v.URL("/contacts")},
		{Key: "admins", Done: len(admins) > 1, URL: v.URL("/admins")},
		{Key: "apps", Done: shown > 0, URL: v.URL("/apps")},
	}
	for _, s := range steps {
		if !s.Done {
			view.Steps = steps
		}
	}
	return h.Console.Render(w, r, v, "home/home", view)
}

// apps counts the installed and own apps that the admin manages.
func (h *Handler) apps(ctx context.Context, v *console.Visit) (n int, err error) {
	installed, err := h.Apps.InstallationsOf(ctx, v.Corp.Row)
	if err != nil {
		return 0, err
	}
	own, err := h.Apps.CorpApps(ctx, v.Corp.Row)
	if err != nil {
		return 0, err
	}
	for _, i := range installed {
		if v.Admin.Manages(i.Row) {
			n++
		}
	}
	for _, a := range own {
		if v.Admin.Manages(a.Row) {
			n++
		}
	}
	return n, nil
}
