package console

import (
	"context"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// ConsolesView is the page console/consoles.
type ConsolesView struct {
	CSRF     string  `json:"csrf"`
	Person   string  `json:"person"`
	Consoles []Entry `json:"consoles"`
	SignOut  string  `json:"sign_out_url"`
}

// Entry is a console that a person may enter.
type Entry struct {
	Kind    Kind   `json:"kind"`
	Company string `json:"company,omitempty"`
	CorpID  string `json:"corpid,omitempty"`
	URL     string `json:"url"`
}

// showConsoles lists the consoles this person may enter; the only one is entered at once.
func (s *Service) showConsoles(w http.ResponseWriter, r *http.Request) error {
	v, err := s.signedIn(w, r)
	if v == nil {
		return err
	}
	list, err := s.consoles(r.Context(), v)
	if err != nil {
		return err
	}
	if len(list) == 1 {
		http.Redirect(w, r, list[0].URL, http.StatusSeeOther)
		return nil
	}
	return s.Respond.Render(w, r, "console/consoles", ConsolesView{CSRF: v.Session.CSRF(), Person: v.Person.Name,
		Consoles: list, SignOut: respond.Link(r, "/console/sign-out")})
}

func (s *Service) consoles(ctx context.Context, v *Visit) ([]Entry, error) {
	var list []Entry
	operator, err := s.Directory.IsOperator(ctx, v.Person.Row)
	if err != nil {
		return nil, err
	}
	if operator {
		list = append(list, Entry{Kind: Operator, URL: v.Link(base(Operator, ""))})
	}
	admins, err := s.Directory.AdminCorps(ctx, v.Person.Row)
	if err != nil {
		return nil, err
	}
	for _, a := range admins {
		entry := func(k Kind) Entry {
			return Entry{Kind: k, Company: a.Corp.Name, CorpID: a.Corp.CorpID, URL: v.Link(base(k, a.Corp.CorpID))}
		}
		list = append(list, entry(Admin))
		if !a.Leads() {
			continue
		}
		switch _, err := s.Apps.Provider(ctx, a.Corp.Row); {
		case err == nil:
			list = append(list, entry(Provider))
		case !errors.Is(err, apps.ErrNotFound):
			return nil, err
		}
	}
	return list, nil
}
