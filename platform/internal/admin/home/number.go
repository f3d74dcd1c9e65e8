package home

import (
	"database/sql"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// switchNumber turns the number match of the company's members on, or off at their own risk:
// without it, whoever confirms a QR code that somebody else sent signs that somebody in.
func (h *Handler) switchNumber(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	if !v.Admin.Leads() {
		return respond.Forbidden(nil)
	}
	on, action := r.PostFormValue("on") == "1", audit.NumberMatchOff
	if on {
		action = audit.NumberMatchOn
	}
	if on != v.Corp.NumberMatch {
		if err := h.DB.Update(r.Context(), func(tx *sql.Tx) error {
			if err := h.Directory.SetNumberMatch(r.Context(), tx, v.Corp.Row, on); err != nil {
				return err
			}
			return h.Audit.RecordIn(r.Context(), tx, v.Entry(action, v.Corp.Name, ""))
		}); err != nil {
			return err
		}
	}
	h.Console.Flash(w, r, "home.number.saved")
	return v.See(w, "")
}
