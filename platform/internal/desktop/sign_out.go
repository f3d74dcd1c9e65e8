package desktop

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// signOut removes the device that asks for it.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request, d device) error {
	_, err := h.Credentials.RemoveDesktopClient(r.Context(), d.Person, d.ID)
	if err != nil && !errors.Is(err, credentials.ErrNoDesktopClient) {
		return err
	}
	if err := h.Audit.Record(r.Context(), audit.Entry{Person: d.Person, Action: audit.DesktopRemoved, Target: d.Name,
		Address: respond.ClientAddr(r)}); err != nil {
		return err
	}
	return respond.WriteJSON(w, struct{}{})
}
