package appcenter

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// businessWhy says why business settings cannot be opened.
var businessWhy = map[apps.BusinessProblem]string{
	apps.BusinessUnset:    "appcenter.business.unset",
	apps.BusinessRefused:  "appcenter.business.refused",
	apps.BusinessUnproved: "appcenter.business.unproved",
}

// showInstalled shows one installed suite.
func (h *Handler) showInstalled(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	i, err := h.installed(r, v)
	if err != nil {
		return err
	}
	view := InstalledView{Frame: v.Frame(nav), Crumb: console.Crumb{URL: v.URL("/apps"), Label: "appcenter.tab.apps"},
		Name: i.App.Name, Logo: i.App.LogoDigest, Brand: i.App.Brand, SuiteID: i.App.SuiteID, AgentID: i.AgentID,
		Since: when(i.CreatedAt), FromSite: i.FromSite, Test: i.Test, Fetched: i.HasPermanentCode, Sensitive: i.App.Sensitive, PlainIDs: i.PlainIDs}
	if view.Range, err = h.rangeOf(r, v.Corp.Row, i.Row); err != nil {
		return err
	}
	if view.By, err = h.nameOf(r, i.InstalledBy); err != nil {
		return err
	}
	path := appPath(i)
	if v.Admin.SeesAll() {
		view.RangeURL = v.URL(path + "/range")
	}
	if v.Admin.Leads() {
		view.PlainIDsURL, view.UninstallURL = v.URL(path+"/plain-ids"), v.URL(path+"/uninstall")
	}
	to, problem, err := h.Apps.Business(r.Context(), i.App, h.Sandbox)
	switch {
	case err != nil:
		return err
	case problem != "":
		view.BusinessWhy = businessWhy[problem]
	case !v.Admin.Manages(i.Row):
		view.BusinessWhy = "appcenter.business.not_yours"
	default:
		view.BusinessHost, view.BusinessURL = to.Host, v.URL(path+"/business")
		respond.FormsTo(w, to.Origin)
	}
	return h.Console.Render(w, r, v, "appcenter/installed", view)
}

// nameOf is a person's name; empty where there is none.
func (h *Handler) nameOf(r *http.Request, personRow int64) (string, error) {
	if personRow == 0 {
		return "", nil
	}
	p, err := h.Directory.Person(r.Context(), personRow)
	if errors.Is(err, directory.ErrNotFound) {
		return "", nil
	}
	return p.Name, err
}

// setPlainIDs says whether the provider sees plain ids of this company (历史授权).
func (h *Handler) setPlainIDs(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	i, err := h.installed(r, v)
	if err != nil {
		return err
	}
	if !v.Admin.Leads() {
		return respond.Forbidden(nil)
	}
	on := r.PostFormValue("on") == "1"
	if err := h.Apps.SetPlainIDs(r.Context(), i.Row, on); err != nil {
		return err
	}
	entry := v.Entry(audit.PlainIDsOff, i.App.Name, "")
	if on {
		entry.Action = audit.PlainIDsOn
	}
	entry.App = i.App.Row
	if err := h.Audit.Record(r.Context(), entry); err != nil {
		return err
	}
	h.Console.Flash(w, r, "appcenter.said.saved")
	return v.See(w, appPath(i))
}

// showUninstall says what uninstalling does.
func (h *Handler) showUninstall(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	i, err := h.installed(r, v)
	if err != nil {
		return err
	}
	if !v.Admin.Leads() {
		return respond.Forbidden(nil)
	}
	back := v.URL(appPath(i))
	return h.Console.Render(w, r, v, "appcenter/uninstall", ConfirmView{Frame: v.Frame(nav),
		Crumb: console.Crumb{URL: back, Text: i.App.Name}, Name: i.App.Name, Brand: i.App.Brand,
		PostURL: v.URL(appPath(i) + "/uninstall"), BackURL: back})
}

// uninstall removes an installed suite; its provider hears of it by cancel_auth, in the same
// transaction.
func (h *Handler) uninstall(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	i, err := h.installed(r, v)
	if err != nil {
		return err
	}
	if !v.Admin.Leads() {
		return respond.Forbidden(nil)
	}
	entry := v.Entry(audit.SuiteUninstalled, i.App.Name, "")
	entry.App = i.App.Row
	err = h.DB.Update(r.Context(), func(tx *sql.Tx) error {
		if err := h.Apps.Uninstall(r.Context(), tx, i.Row); err != nil {
			return err
		}
		return h.Audit.RecordIn(r.Context(), tx, entry)
	})
	if err != nil && !errors.Is(err, apps.ErrNotFound) { // another tab was faster
		return err
	}
	h.Console.Flash(w, r, "appcenter.said.uninstalled")
	return v.See(w, "/apps")
}
