package phone

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// endDevice signs the person out on one of their devices; on this one, the sign-in follows.
func (h *Handler) endDevice(w http.ResponseWriter, r *http.Request, o owner) error {
	row, err := rowIn(r)
	if err != nil {
		return err
	}
	err = h.Sessions.EndDevice(r.Context(), o.Person, row)
	if errors.Is(err, session.ErrNoDevice) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	if err := h.note(r, o, audit.DeviceEnded, ""); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}

// endOthers signs the person out everywhere but here.
func (h *Handler) endOthers(w http.ResponseWriter, r *http.Request, o owner) error {
	if err := h.endElsewhere(r, o); err != nil {
		return err
	}
	if err := h.note(r, o, audit.DeviceEnded, ""); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}
