package phone

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// showEnter asks for a proof on behalf of a console. It changes nothing.
func (h *Handler) showEnter(w http.ResponseWriter, r *http.Request) error {
	request, err := h.Handoffs.Look(r.Context(), r.PathValue("id"))
	if err != nil {
		return h.enterGone(w, r, err)
	}
	return h.renderEnter(w, r, request, "", "")
}

func (h *Handler) renderEnter(w http.ResponseWriter, r *http.Request, request handoff.Request, account, problem string) error {
	ctx := r.Context()
	respond.FormsTo(w, h.ConsoleURL) // where the browser goes once the person is proved
	_, host, _ := strings.Cut(h.ConsoleURL, "://")
	path := "/phone/enter/" + r.PathValue("id")
	csrf := ""
	o, err := h.owner(r)
	switch {
	case err == nil:
		csrf = o.CSRF()
	case !errors.Is(err, session.ErrNone):
		return err
	}
	label := request.Label
	if !h.Respond.Says(label) {
		label = "phone.enter.console"
	}
	if request.Purpose == handoff.Prove {
		person, err := h.Directory.Person(ctx, request.Person)
		if errors.Is(err, directory.ErrNotFound) {
			return h.enterGone(w, r, handoff.ErrGone)
		}
		if err != nil {
			return err
		}
		v := ProveView{CSRF: csrf, Name: person.Name, Label: label, Host: host, ProveURL: respond.Link(r, path)}
		return h.renderProof(w, r, v, person.Row, path+"/passkey", problem)
	}
	v := EnterView{CSRF: csrf, Label: label, Host: host, EnterURL: respond.Link(r, path), Account: account, Problem: problem,
		Passkeys: h.passkeys(path + "/passkey")}
	if err == nil && account == "" {
		person, err := h.Directory.Person(ctx, o.Person)
		if err != nil {
			return err
		}
		v.Account = person.Account
	}
	if h.Sandbox {
		if v.People, err = h.people(ctx); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/enter", v)
}

// enter proves the person at this browser and sends it back to the console, with a ticket
// that is worth something only to the browser that began there.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := h.checkForm(r); err != nil {
		return err
	}
	request, err := h.Handoffs.Look(r.Context(), id)
	if err != nil {
		return h.enterGone(w, r, err)
	}
	account := r.PostFormValue("account")
	if request.Purpose == handoff.Prove {
		person, err := h.Directory.Person(r.Context(), request.Person)
		if err != nil {
			return err
		}
		account = person.Account
	}
	p, err := h.proof(r, enterPurpose(id), account)
	if err != nil {
		return err
	}
	if problem := p.problemFor(request.Person); problem != "" {
		return h.renderEnter(w, r, request, account, problem)
	}
	ticket, err := h.Handoffs.Done(r.Context(), id, p.person.Row, p.how)
	if err != nil {
		return h.enterGone(w, r, err)
	}
	back := h.ConsoleURL + "/console/return/" + url.PathEscape(id) + "?ticket=" + url.QueryEscape(ticket)
	http.Redirect(w, r, respond.Link(r, back), http.StatusSeeOther)
	return nil
}

// checkForm refuses a form that a signed-in browser sent without its session's token. A
// signed-out browser has none; forms of other sites' pages are refused before.
func (h *Handler) checkForm(r *http.Request) error {
	o, err := h.owner(r)
	switch {
	case errors.Is(err, session.ErrNone):
		return nil
	case err != nil:
		return err
	case !o.CheckCSRF(r.PostFormValue("csrf")):
		return respond.BadForm()
	}
	return nil
}

// askEnter asks for a passkey: anybody's, or of who must prove.
func (h *Handler) askEnter(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	request, err := h.Handoffs.Look(r.Context(), id)
	if errors.Is(err, handoff.ErrGone) {
		return respond.Expired()
	}
	if err != nil {
		return err
	}
	c, err := h.Credentials.BeginAssertion(r.Context(), enterPurpose(id), request.Person)
	return answerCeremony(w, c, err)
}

func (h *Handler) enterGone(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, handoff.ErrGone) {
		return err
	}
	return h.Respond.RenderStatus(w, r, http.StatusGone, "phone/over", OverView{Reason: OverEnter})
}

func enterPurpose(id string) string { return "enter " + id }

func formatID(row int64) string { return strconv.FormatInt(row, 10) }
