package phone

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// desktopLines lists a person's desktop clients.
func (h *Handler) desktopLines(r *http.Request, o owner) ([]DesktopLine, error) {
	clients, err := h.Credentials.DesktopClients(r.Context(), o.Person)
	if err != nil {
		return nil, err
	}
	var list []DesktopLine
	for _, c := range clients {
		list = append(list, DesktopLine{ID: formatID(c.ID), Machine: c.Name, Address: c.Address, Since: when(c.Created), Used: when(c.Used),
			RemoveURL: respond.Link(r, accountPath+"/desktop/"+formatID(c.ID)+"/remove")})
	}
	return list, nil
}

// removeDesktop signs one of the person's desktop clients out. No fresh proof is asked for:
// whoever finds a strange one acts at once.
func (h *Handler) removeDesktop(w http.ResponseWriter, r *http.Request, o owner) error {
	row, err := rowIn(r)
	if err != nil {
		return err
	}
	c, err := h.Credentials.RemoveDesktopClient(r.Context(), o.Person, row)
	if errors.Is(err, credentials.ErrNoDesktopClient) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	if err := h.note(r, o, audit.DesktopRemoved, c.Name); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}

// endElsewhere signs the person out everywhere but here: on phones, in consoles, and in
// desktop clients.
func (h *Handler) endElsewhere(r *http.Request, o owner) error {
	if err := h.Sessions.EndOthers(r.Context(), o.Person, o.ID); err != nil {
		return err
	}
	return h.Credentials.RemoveDesktopClients(r.Context(), o.Person)
}
