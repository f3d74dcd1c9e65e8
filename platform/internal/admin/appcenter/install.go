package appcenter

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// showInstall asks who may see the suite, and says what its provider will be able to do.
func (h *Handler) showInstall(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.installable(r, v)
	if err != nil {
		return err
	}
	return h.renderInstall(w, r, v, a, selection{}, "")
}

// installable is the suite in the path, if the visitor may install it.
func (h *Handler) installable(r *http.Request, v *console.Visit) (*apps.App, error) {
	a, err := h.suite(r, v)
	if err == nil && !v.Admin.Leads() {
		return nil, respond.Forbidden(nil)
	}
	return a, err
}

func (h *Handler) renderInstall(w http.ResponseWriter, r *http.Request, v *console.Visit, a *apps.App, s selection, problem string) error {
	p, err := h.picker(r, v.Corp.Row, s)
	if err != nil {
		return err
	}
	p.Error = problem
	path := "/market/" + url.PathEscape(a.SuiteID)
	return h.Console.RenderStatus(w, r, v, status(problem), "appcenter/install", InstallView{Frame: v.Frame(nav),
		Crumb: console.Crumb{URL: v.URL(path), Text: a.Name}, Name: a.Name, Logo: a.LogoDigest, Brand: a.Brand,
		Sensitive: a.Sensitive, Picker: p, PostURL: v.URL(path + "/install"), BackURL: v.URL(path)})
}

// status is that of a page whose form may have been refused.
func status(problem string) int {
	if problem != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// rangeEmpty is the problem of a range without anybody.
const rangeEmpty = "appcenter.range.empty"

// install installs a suite from the market; its provider hears of it by create_auth, in the
// same transaction.
func (h *Handler) install(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.installable(r, v)
	if err != nil {
		return err
	}
	s, err := h.selected(r, v.Corp.Row)
	switch {
	case err != nil:
		return err
	case s.searching:
		return h.renderInstall(w, r, v, a, s, "")
	case s.empty():
		return h.renderInstall(w, r, v, a, s, rangeEmpty)
	}
	row, _, err := h.installIn(r, v, a, s, apps.NewInstallation{})
	switch {
	case errors.Is(err, apps.ErrInstalled):
		h.Console.Flash(w, r, "appcenter.said.installed_already")
		return v.See(w, "/apps")
	case err != nil:
		return known(err)
	}
	i, err := h.Apps.InstallationByRow(r.Context(), row)
	if err != nil {
		return err
	}
	h.Console.Flash(w, r, "appcenter.said.installed")
	return v.See(w, appPath(i))
}

// installIn installs a suite in the visit's company and answers the installation's row and
// its install code. Unless it was begun on the provider's site, create_auth is sent.
func (h *Handler) installIn(r *http.Request, v *console.Visit, a *apps.App, s selection, n apps.NewInstallation) (row int64, code string, err error) {
	n.App, n.Corp, n.InstalledBy = a.Row, v.Corp.Row, v.Person.Row
	n.Departments, n.Members = s.departments, s.rows()
	entry := v.Entry(audit.SuiteInstalled, a.Name, "")
	entry.App = a.Row
	err = h.DB.Update(r.Context(), func(tx *sql.Tx) error {
		if row, err = h.Apps.Install(r.Context(), tx, n); err != nil {
			return err
		}
		code = h.Tokens.MintCode(tokens.InstallCode, rand.Text(), tokens.Code{App: a.Row, Corp: v.Corp.Row,
			Member: v.Admin.Member, Person: v.Person.Row, Installation: row, At: h.Now()})
		if !n.FromSite {
			if err := h.Apps.TellCreated(r.Context(), tx, row, code); err != nil {
				return err
			}
		}
		return h.Audit.RecordIn(r.Context(), tx, entry)
	})
	return row, code, err
}
