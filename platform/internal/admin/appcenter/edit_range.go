package appcenter

import (
	"database/sql"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// covering is what a range is edited of: an installation or an own app.
type covering struct {
	holder, app int64
	name, path  string
	own         bool
}

func (h *Handler) installedCovering(r *http.Request, v *console.Visit) (covering, error) {
	i, err := h.installed(r, v)
	if err != nil {
		return covering{}, err
	}
	return covering{holder: i.Row, app: i.App.Row, name: i.App.Name, path: appPath(i)}, allowed(v)
}

func (h *Handler) ownCovering(r *http.Request, v *console.Visit) (covering, error) {
	a, err := h.own(r, v)
	if err != nil {
		return covering{}, err
	}
	return covering{holder: a.Row, app: a.Row, name: a.Name, path: ownPath(a), own: true}, allowed(v)
}

// allowed: a range may reach over the whole company, so only who sees it all changes one.
func allowed(v *console.Visit) error {
	if !v.Admin.SeesAll() {
		return respond.Forbidden(nil)
	}
	return nil
}

func (h *Handler) showInstalledRange(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	c, err := h.installedCovering(r, v)
	if err != nil {
		return err
	}
	return h.showRange(w, r, v, c)
}

func (h *Handler) showOwnRange(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	c, err := h.ownCovering(r, v)
	if err != nil {
		return err
	}
	return h.showRange(w, r, v, c)
}

func (h *Handler) setInstalledRange(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	c, err := h.installedCovering(r, v)
	if err != nil {
		return err
	}
	return h.setRange(w, r, v, c)
}

func (h *Handler) setOwnRange(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	c, err := h.ownCovering(r, v)
	if err != nil {
		return err
	}
	return h.setRange(w, r, v, c)
}

func (h *Handler) showRange(w http.ResponseWriter, r *http.Request, v *console.Visit, c covering) error {
	s, err := h.current(r, c.holder)
	if err != nil {
		return err
	}
	return h.renderRange(w, r, v, c, s, "")
}

func (h *Handler) renderRange(w http.ResponseWriter, r *http.Request, v *console.Visit, c covering, s selection, problem string) error {
	p, err := h.picker(r, v.Corp.Row, s)
	if err != nil {
		return err
	}
	p.Error = problem
	back := v.URL(c.path)
	return h.Console.RenderStatus(w, r, v, status(problem), "appcenter/range", RangeView{Frame: v.Frame(nav),
		Crumb: console.Crumb{URL: back, Text: c.name}, Name: c.name, Own: c.own, Picker: p, PostURL: v.URL(c.path + "/range"), BackURL: back})
}

// setRange changes who may see an app; a suite's provider hears of it by change_auth, in the
// same transaction. A suite is installed for somebody; an own app may have nobody yet.
func (h *Handler) setRange(w http.ResponseWriter, r *http.Request, v *console.Visit, c covering) error {
	s, err := h.selected(r, v.Corp.Row)
	switch {
	case err != nil:
		return err
	case s.searching:
		return h.renderRange(w, r, v, c, s, "")
	case s.empty() && !c.own:
		return h.renderRange(w, r, v, c, s, rangeEmpty)
	}
	entry := v.Entry(audit.AppRangeChanged, c.name, "")
	entry.App = c.app
	err = h.DB.Update(r.Context(), func(tx *sql.Tx) error {
		if err := h.Apps.SetRange(r.Context(), tx, c.holder, s.departments, s.rows()); err != nil {
			return err
		}
		return h.Audit.RecordIn(r.Context(), tx, entry)
	})
	if err != nil {
		return shown(v, err, func() int64 { return c.holder })
	}
	h.Console.Flash(w, r, "appcenter.said.saved")
	return v.See(w, c.path)
}
