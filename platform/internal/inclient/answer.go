package inclient

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// answer takes what a member answered on the page that asks. The link, the membership and the
// visible range are looked at again: all may have changed since.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request) error {
	s, in, err := h.who(r)
	switch {
	case err != nil:
		return err
	case !in: // signed out since
		q := r.URL.Query()
		q.Del(paramAs)
		return sendTo(w, signIn(r, &asked{query: q}), http.StatusSeeOther)
	case !s.CheckCSRF(r.PostFormValue("csrf")):
		return respond.BadForm()
	}
	a, bad, err := h.read(r.Context(), r)
	if err != nil {
		return err
	}
	if bad != nil {
		return h.showError(w, r, bad)
	}
	switch r.PostFormValue("decision") {
	case "refuse":
		return sendTo(w, a.back(""), http.StatusSeeOther)
	case "confirm":
	default:
		return respond.BadRequest(respond.Fact{Label: "error.fact.parameter", Value: "decision"})
	}
	list, reason, companies, err := h.candidates(r.Context(), a, s.Person)
	if err != nil {
		return err
	}
	c, ok := chosen(list, r.URL.Query().Get(paramAs))
	switch {
	case len(list) == 0:
		return h.refuse(w, r, h.refused(r, s, a, reason, companies))
	case !ok, r.URL.Query().Get(paramAs) != c.ID: // the one who was asked about is gone
		return sendTo(w, a.address(), http.StatusSeeOther)
	}
	return h.grant(w, r, s, a, yes{candidate: c, how: audit.Agreed, details: ticked(r, a)}, http.StatusSeeOther)
}

// yes is what a member agreed to.
type yes struct {
	candidate
	how     string
	details tokens.Details
}

// grant puts the consent on record and sends the browser back to the app with a code.
func (h *Handler) grant(w http.ResponseWriter, r *http.Request, s session.Session, a *asked, y yes, status int) error {
	if h.codes.Add(s.ID) {
		return respond.TooMany(time.Minute)
	}
	from := respond.ClientAddr(r)
	if err := h.Ask.Agree(r.Context(), ask.Yes{Person: s.Person, App: a.app, As: y.Choice, Browser: r.UserAgent(), From: from}); err != nil {
		return err
	}
	kind := tokens.InClientCode
	if a.app.Kind == apps.CorpApp {
		kind = tokens.CorpInClientCode
	}
	code := h.Tokens.MintCode(kind, rand.Text(), tokens.Code{App: a.app.Row, Corp: y.Corp.Row, Member: y.Member, Person: s.Person,
		Installation: y.installation, Origin: a.redirect.Origin, At: h.Now(), Challenge: a.challenge,
		Private: a.private(), Details: y.details})
	detail := audit.InClient + a.scope + ", " + y.how
	if browser := ask.DescribeBrowser(r.UserAgent()); browser != "" {
		detail += ", " + browser
	}
	// What is familiar is left alone: it tells of browsers that others could be sitting at, and
	// this is the person's own.
	h.Audit.Soon(audit.Entry{Corp: y.Corp.Row, Person: s.Person, Action: audit.SignedIn, App: a.app.Row, Address: from,
		Target: y.UserID, Detail: detail})
	return sendTo(w, a.back(code), status)
}

// back is the way back to the app: with a code or, for a refusal, without. It always has a
// fragment of its own, or browsers would carry #wechat_redirect on to the app's page.
func (a *asked) back(code string) string {
	to := a.redirect.To(code, a.state, 0)
	if !strings.Contains(to, "#") {
		to += "#"
	}
	return to
}

// sendTo redirects to an address that is ready. It holds a code, so nothing else says it.
func sendTo(w http.ResponseWriter, to string, status int) error {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
	return nil
}
