package appcenter

import (
	"crypto/rand"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// openBusiness sends an administrator to the provider's site (业务设置), with a code by which
// the site learns who came. All that the page has shown is read again: the right, the
// installation and the URL may have changed since.
func (h *Handler) openBusiness(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	i, err := h.installed(r, v)
	if err != nil {
		return err
	}
	if !v.Admin.Manages(i.Row) {
		return respond.Forbidden(nil)
	}
	// Not i.App: what the installation was read with may be older than the suite.
	app, err := h.Apps.App(r.Context(), i.App.Row)
	if err != nil {
		return err
	}
	to, problem, err := h.Apps.Business(r.Context(), app, h.Sandbox)
	if err != nil {
		return err
	}
	if problem != "" {
		return businessRefused(app, problem)
	}
	entry := v.Entry(audit.BusinessOpened, app.Name, to.Host)
	entry.App = app.Row
	if err := h.Audit.Record(r.Context(), entry); err != nil {
		return err
	}
	code := h.Tokens.MintCode(tokens.AdminCode, rand.Text(), tokens.Code{App: app.Row, Corp: v.Corp.Row,
		Member: v.Admin.Member, Person: v.Person.Row, Origin: to.Origin, Installation: i.Row, At: h.Now()})
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Location", to.With(apps.Param{Name: "auth_code", Value: code}))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// businessRefused is the page for what has changed since the button was shown.
func businessRefused(app *apps.App, problem apps.BusinessProblem) error {
	p := &respond.Problem{Status: http.StatusConflict, Key: "appcenter.business_unset",
		Facts: []respond.Fact{{Label: "appcenter.fact.suite", Value: app.Name}}}
	switch problem {
	case apps.BusinessRefused:
		p.Key = "appcenter.business_refused"
	case apps.BusinessUnproved:
		p.Key = "appcenter.business_unproved"
	}
	return p
}
