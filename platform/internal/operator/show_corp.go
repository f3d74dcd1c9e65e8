package operator

import (
	"context"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// CorpView is the page operator/corp.
type CorpView struct {
	console.Frame
	Crumb       console.Crumb `json:"-"`
	Name        string        `json:"name"`
	CorpID      string        `json:"corpid"`
	Creator     string        `json:"creator,omitempty"` // name; empty: gone
	CreatorID   string        `json:"creator_userid,omitempty"`
	Enrolled    bool          `json:"enrolled"` // the creator has credentials
	LinkURL     string        `json:"link_url"`
	LinkProblem string        `json:"link_problem,omitempty"`
	// Brand and OldLogin are of a provider; Brand is "" while it is none.
	Brand        string        `json:"brand,omitempty"`
	OldLogin     bool          `json:"old_login,omitempty"`
	AdmitURL     string        `json:"admit_url,omitempty"`
	BrandField   console.Field `json:"brand_field"`
	ProvidersURL string        `json:"-"`
}

func (h *Handler) showCorp(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	c, err := h.corp(r.Context(), r)
	if err != nil {
		return err
	}
	view, err := h.corpView(r.Context(), v, c)
	if err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "operator/corp", view)
}

func (h *Handler) corpView(ctx context.Context, v *console.Visit, c directory.Corp) (CorpView, error) {
	view := CorpView{Frame: v.Frame("corps"), Crumb: console.Crumb{URL: v.URL("/corps"), Label: "operator.corps.title"},
		Name: c.Name, CorpID: c.CorpID, LinkURL: v.URL(corpPath(c.CorpID) + "/link"), ProvidersURL: v.URL("/providers"),
		AdmitURL: v.URL(corpPath(c.CorpID) + "/provider"), BrandField: brandField("")}
	creator, err := h.creator(ctx, c)
	if err == nil {
		view.Creator, view.CreatorID = creator.Name, creator.UserID
		view.Enrolled = creator.Status != directory.NotEnrolled
	} else if !errors.Is(err, directory.ErrNotFound) {
		return view, err
	}
	p, err := h.Apps.Provider(ctx, c.Row)
	if errors.Is(err, apps.ErrNotFound) {
		return view, nil
	}
	if err == nil {
		view.Brand, view.OldLogin = p.Brand, p.OldLogin
	}
	return view, err
}

func brandField(value string) console.Field {
	return console.Field{Name: "brand", Label: "operator.corp.brand", Help: "operator.corp.brand_help", Value: value, Max: maxName}
}

// creator is the member who created a company, enrolled or not.
func (h *Handler) creator(ctx context.Context, c directory.Corp) (directory.Member, error) {
	admins, err := h.Directory.Admins(ctx, c.Row)
	if err != nil {
		return directory.Member{}, err
	}
	for _, a := range admins {
		if a.Kind == directory.Creator {
			return h.Directory.Member(ctx, a.Member)
		}
	}
	return directory.Member{}, directory.ErrNotFound
}
