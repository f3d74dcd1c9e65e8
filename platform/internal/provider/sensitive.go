package provider

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// saveSensitive switches on or off that a suite may ask members for details
// (成员敏感信息授权). Companies that installed it see so, and each member still decides.
func (h *Handler) saveSensitive(w http.ResponseWriter, r *http.Request, s settings) error {
	on := r.PostFormValue("on") == "1"
	if !on && r.PostFormValue("on") != "0" {
		return respond.BadRequest(respond.Fact{Label: "error.fact.parameter", Value: "on"})
	}
	if err := h.Apps.SetSensitive(r.Context(), s.app.Row, on); err != nil {
		return err
	}
	action, key := audit.SensitiveOff, "provider.sensitive.switched_off"
	if on {
		action, key = audit.SensitiveOn, "provider.sensitive.switched_on"
	}
	if err := h.record(r, s.Visit, action, s.app, s.app.Name, s.app.SuiteID); err != nil {
		return err
	}
	h.Console.Flash(w, r, key)
	return s.See(w, s.shown(s.app))
}
