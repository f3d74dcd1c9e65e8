package operator

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// makeLink makes another link for a creator who has not enrolled yet. Who has enrolled is
// beyond an operator's reach: the company's people are not the platform's.
func (h *Handler) makeLink(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	c, err := h.corp(ctx, r)
	if err != nil {
		return err
	}
	creator, err := h.creator(ctx, c)
	if errors.Is(err, directory.ErrNotFound) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	var secret string
	if creator.Status == directory.NotEnrolled {
		err = h.Directory.DB.Update(ctx, func(tx *sql.Tx) error {
			if secret, err = h.Credentials.NewLink(ctx, tx, credentials.Link{Kind: credentials.LinkMember, Corp: c.Row,
				Member: creator.Row, MadeBy: v.Person.Row}); err != nil {
				return err
			}
			return h.Audit.RecordIn(ctx, tx, v.Entry(audit.CreatorLinkMade, c.Name+" "+c.CorpID, creator.UserID))
		})
	}
	if errors.Is(err, credentials.ErrOtherMembership) || err == nil && secret == "" {
		view, err := h.corpView(ctx, v, c)
		if err != nil {
			return err
		}
		view.LinkProblem = "operator.corp.link_enrolled"
		return h.Console.RenderStatus(w, r, v, http.StatusUnprocessableEntity, "operator/corp", view)
	}
	if err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "operator/created", CreatedView{Frame: v.Frame("corps"),
		Crumb: console.Crumb{URL: v.URL(corpPath(c.CorpID)), Text: c.Name},
		Title: "operator.created.again", Sub: "operator.created.corp_sub", Name: c.Name, CorpID: c.CorpID, UserID: creator.UserID,
		Secret: h.link(secret), URL: v.URL(corpPath(c.CorpID))})
}
