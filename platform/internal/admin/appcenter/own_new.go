package appcenter

import (
	"database/sql"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// showNew asks for the name of a new own app.
func (h *Handler) showNew(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	if !v.Admin.Leads() {
		return respond.Forbidden(nil)
	}
	return h.renderNew(w, r, v, nameField(""))
}

func (h *Handler) renderNew(w http.ResponseWriter, r *http.Request, v *console.Visit, f console.Field) error {
	back := v.URL("/own-apps")
	return h.Console.RenderStatus(w, r, v, status(f.Error), "appcenter/new", NewView{Frame: v.Frame(nav),
		Crumb: console.Crumb{URL: back, Label: "appcenter.tab.own"}, Field: f, PostURL: back, BackURL: back})
}

// create makes an own app and shows its secret, this once.
func (h *Handler) create(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	if !v.Admin.Leads() {
		return respond.Forbidden(nil)
	}
	text, problem := name(r)
	if problem != "" {
		f := nameField(text)
		f.Error = problem
		return h.renderNew(w, r, v, f)
	}
	var row int64
	var secret string
	err := h.DB.Update(r.Context(), func(tx *sql.Tx) (err error) {
		if row, secret, err = h.Apps.AddCorpApp(r.Context(), tx, v.Corp.Row, text); err != nil {
			return err
		}
		entry := v.Entry(audit.CorpAppCreated, text, "")
		entry.App = row
		return h.Audit.RecordIn(r.Context(), tx, entry)
	})
	if err != nil {
		return err
	}
	a, err := h.Apps.App(r.Context(), row)
	if err != nil {
		return err
	}
	return h.showSecret(w, r, v, a, secret)
}

// showRemove says what removing an own app does.
func (h *Handler) showRemove(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.removable(r, v)
	if err != nil {
		return err
	}
	back := v.URL(ownPath(a))
	return h.Console.Render(w, r, v, "appcenter/remove", ConfirmView{Frame: v.Frame(nav),
		Crumb: console.Crumb{URL: back, Text: a.Name}, Name: a.Name, PostURL: v.URL(ownPath(a) + "/remove"), BackURL: back})
}

func (h *Handler) removable(r *http.Request, v *console.Visit) (*apps.App, error) {
	a, err := h.own(r, v)
	if err == nil && !v.Admin.Leads() {
		return nil, respond.Forbidden(nil)
	}
	return a, err
}

// remove removes an own app, with its secret, its range and what people agreed to.
func (h *Handler) remove(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.removable(r, v)
	if err != nil {
		return err
	}
	err = h.DB.Update(r.Context(), func(tx *sql.Tx) error {
		if err := h.Apps.RemoveCorpApp(r.Context(), tx, a.Row); err != nil {
			return err
		}
		return h.Audit.RecordIn(r.Context(), tx, v.Entry(audit.CorpAppRemoved, a.Name, ""))
	})
	if err != nil {
		return shown(v, err, func() int64 { return a.Row })
	}
	h.Console.Flash(w, r, "appcenter.said.removed")
	return v.See(w, "/own-apps")
}
