package operator

import (
	"database/sql"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
)

// InvitedView is the page operator/invited.
type InvitedView struct {
	console.Frame
	Crumb  console.Crumb  `json:"-"`
	Secret console.Secret `json:"secret"`
	URL    string         `json:"-"`
}

// inviteOperator makes the link by which one more person becomes an operator.
func (h *Handler) inviteOperator(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx, secret := r.Context(), ""
	if err := h.Directory.DB.Update(ctx, func(tx *sql.Tx) (err error) {
		secret, err = h.Credentials.NewLink(ctx, tx, credentials.Link{Kind: credentials.LinkOperator, MadeBy: v.Person.Row})
		if err != nil {
			return err
		}
		return h.Audit.RecordIn(ctx, tx, v.Entry(audit.OperatorLinkMade, "", ""))
	}); err != nil {
		return err
	}
	s := h.link(secret)
	s.Label = "operator.invited.link"
	return h.Console.Render(w, r, v, "operator/invited", InvitedView{Frame: v.Frame("home"),
		Crumb: console.Crumb{URL: v.URL(""), Label: "operator.home.title"}, Secret: s, URL: v.URL("")})
}
