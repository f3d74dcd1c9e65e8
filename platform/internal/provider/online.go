package provider

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// renderOnline renders whether any company may install a suite, and what is needed before it
// is submitted.
func (h *Handler) renderOnline(w http.ResponseWriter, r *http.Request, v *console.Visit, app *apps.App, s said) error {
	path := suitePath(app)
	view := SuiteOnlineView{SuiteHead: head(v, app, "online"), SubmitURL: v.URL(path + "/submit"), WithdrawURL: v.URL(path + "/withdraw"),
		OfflineURL: v.URL(path + "/offline"), Needs: needs(v, app)}
	view.Ready = ready(view.Needs)
	return h.Console.RenderStatus(w, r, v, s.status(), "provider/online", view)
}

// needs is what a suite has to have before it is submitted (protocol.md 10.4).
func needs(v *console.Visit, app *apps.App) []Step {
	path := suitePath(app)
	return []Step{
		{Key: "home_url", Done: app.HomeURL != "", Value: app.HomeURL, URL: v.URL(path)},
		{Key: "instruction", Done: app.CallbackURL != "", Value: withoutQuery(app.CallbackURL), URL: v.URL(path + "/callbacks")},
		{Key: "data", Done: app.DataURL != "", Value: withoutQuery(app.DataURL), URL: v.URL(path + "/callbacks")},
	}
}

func ready(needs []Step) bool {
	for _, n := range needs {
		if !n.Done {
			return false
		}
	}
	return true
}

// submit asks the operator to put a suite online; one that is not ready is shown what it
// lacks.
func (h *Handler) submit(w http.ResponseWriter, r *http.Request, s settings) error {
	if stateOf(s.app) != StateDraft {
		return s.See(w, s.shown(s.app)) // sent twice, or the operator was quicker
	}
	if !ready(needs(s.Visit, s.app)) {
		h.Console.Flash(w, r, "provider.online.not_ready")
		return s.See(w, s.shown(s.app))
	}
	return h.setOnline(w, r, s, audit.SuiteSubmitted, "provider.online.submitted", func() error {
		return h.Apps.SetSubmitted(r.Context(), s.app.Row, true)
	})
}

// withdraw takes a submitted suite back.
func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request, s settings) error {
	return h.setOnline(w, r, s, audit.SuiteWithdrawn, "provider.online.withdrawn", func() error {
		return h.Apps.SetSubmitted(r.Context(), s.app.Row, false)
	})
}

// takeOffline takes a suite off the market; who has installed it keeps it.
func (h *Handler) takeOffline(w http.ResponseWriter, r *http.Request, s settings) error {
	return h.setOnline(w, r, s, audit.SuiteOffline, "provider.online.offline", func() error {
		return h.Apps.SetOnline(r.Context(), s.app.Row, false)
	})
}

func (h *Handler) setOnline(w http.ResponseWriter, r *http.Request, s settings, action audit.Action, key string, change func() error) error {
	if err := change(); err != nil {
		return err
	}
	if err := h.record(r, s.Visit, action, s.app, s.app.Name, s.app.SuiteID); err != nil {
		return err
	}
	h.Console.Flash(w, r, key)
	return s.See(w, s.shown(s.app))
}
