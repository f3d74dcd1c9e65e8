package provider

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// renderCallbacks renders where a suite's events go.
func (h *Handler) renderCallbacks(w http.ResponseWriter, r *http.Request, v *console.Visit, app *apps.App, s said) error {
	c, err := h.Apps.SuiteCallback(r.Context(), app.Row)
	if err != nil {
		return err
	}
	view := SuiteCallbacksView{SuiteHead: head(v, app, "callbacks"), Callback: h.callbackForm(v, app, c, s, suitePath(app))}
	if view.Ticket, err = h.ticket(r, v, app); err != nil {
		return err
	}
	view.Ticket.Now = s.ticket
	return h.Console.RenderStatus(w, r, v, s.status(), "provider/callbacks", view)
}
