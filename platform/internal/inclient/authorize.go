package inclient

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// authorize answers a link: with the way back and a code, with a question, or with the reason
// why not.
func (h *Handler) authorize(w http.ResponseWriter, r *http.Request) error {
	switch {
	case away(r):
		return h.toPhone(w, r)
	case r.Method == http.MethodHead:
		return nil // a link preview begins nothing
	case framed(r):
		// The page says nothing of anybody, so an integrator may see words in the frame.
		respond.FrameAncestors(w, []string{"*"})
		return h.refuse(w, r, RefusedView{Reason: RefusedFrame})
	case !navigates(r):
		return respond.Forbidden(nil)
	}
	a, bad, err := h.read(r.Context(), r)
	if err != nil {
		return err
	}
	if bad != nil {
		return h.showError(w, r, bad)
	}
	s, in, err := h.who(r)
	if err != nil {
		return err
	}
	if !in {
		return h.showOutside(w, r, a)
	}
	list, reason, companies, err := h.candidates(r.Context(), a, s.Person)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return h.refuse(w, r, h.refused(r, s, a, reason, companies))
	}
	c, how, ok, err := h.silently(r, s, a, list)
	if err != nil {
		return err
	}
	if ok {
		return h.grant(w, r, s, a, yes{candidate: c, how: how}, http.StatusFound)
	}
	return h.ask(w, r, s, a, list)
}

// ask asks: first as a member of which company, where there is a choice, then whether.
func (h *Handler) ask(w http.ResponseWriter, r *http.Request, s session.Session, a *asked, list []candidate) error {
	c, ok := chosen(list, r.URL.Query().Get(paramAs))
	if !ok {
		return h.showChoose(w, r, s, a, list)
	}
	return h.showAsk(w, r, s, a, c, len(list) > 1)
}

func (h *Handler) showChoose(w http.ResponseWriter, r *http.Request, s session.Session, a *asked, list []candidate) error {
	v := ChooseView{Me: me(r, s), Asker: h.Ask.Asker(r.Context(), a.app, a.redirect.Origin), BackURL: a.back("")}
	for _, c := range list {
		v.Companies = append(v.Companies, Company{CorpID: c.Corp.CorpID, Company: c.Corp.Name, Name: c.Name, URL: a.with(c.ID)})
	}
	return h.Respond.Render(w, r, "inclient/choose", v)
}

func (h *Handler) showAsk(w http.ResponseWriter, r *http.Request, s session.Session, a *asked, c candidate, several bool) error {
	ctx := r.Context()
	v := AskView{CSRF: s.CSRF(), Me: me(r, s), Asker: h.Ask.Asker(ctx, a.app, a.redirect.Origin), Company: c.Corp.Name, Name: c.Name,
		Private: a.private(), DecideURL: a.with(c.ID)}
	if several {
		v.ChangeURL = a.address()
	}
	var err error
	if v.Share, err = h.Ask.Shared(ctx, a.app, c.Choice); err != nil {
		return err
	}
	if ask.ShowsIDs(v.Share) {
		v.CorpID, v.UserID = c.Corp.CorpID, c.UserID
	}
	if a.private() {
		m, err := h.Directory.Member(ctx, c.Member)
		if err != nil {
			return err
		}
		v.Details, v.Missing = offered(a.app, m)
	}
	// The answer leads to the app's page, and that may lead on.
	if h.Development {
		respond.FormsTo(w, "https:", "http:")
	} else {
		respond.FormsTo(w, "https:")
	}
	return h.Respond.Render(w, r, "inclient/ask", v)
}
