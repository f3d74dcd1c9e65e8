package desktop

import (
	"context"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// state tells a device whose it is, and which login pages it may answer.
func (h *Handler) state(w http.ResponseWriter, r *http.Request, d device) error {
	person, err := h.Directory.Person(r.Context(), d.Person)
	if err != nil {
		return err
	}
	companies, err := h.companies(r.Context(), d.Person)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.DesktopState{Person: person.Name, Companies: companies,
		LoginOrigins: h.LoginOrigins, Lang: respond.Lang(r)})
}

func (h *Handler) companies(ctx context.Context, person int64) ([]protocol.DesktopCompany, error) {
	members, err := h.Directory.Memberships(ctx, person)
	list := []protocol.DesktopCompany{}
	for _, m := range members {
		list = append(list, protocol.DesktopCompany{Company: m.Corp.Name, Name: m.Name})
	}
	return list, err
}
