package phone

import (
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

const (
	// proofLife is how long a proof counts for changes of one's own account.
	proofLife = 10 * time.Minute
	minute    = time.Minute
)

// showProve asks who is signed in to prove it, before a change of the account.
func (h *Handler) showProve(w http.ResponseWriter, r *http.Request, o owner) error {
	return h.renderProve(w, r, o, cleanNext(r.URL.Query().Get("next")), "")
}

func (h *Handler) renderProve(w http.ResponseWriter, r *http.Request, o owner, next, problem string) error {
	v := ProveView{CSRF: o.CSRF(), Name: o.Name, ProveURL: respond.Link(r, "/phone/prove"), Next: next,
		CancelURL: respond.Link(r, accountPath)}
	return h.renderProof(w, r, v, o.Person, "/phone/prove/passkey", problem)
}

// renderProof completes a page that asks one person for a proof: a passkey, or the password
// of who has none; in the sandbox a tap will do.
func (h *Handler) renderProof(w http.ResponseWriter, r *http.Request, v ProveView, person int64, passkeyURL, problem string) error {
	v.Problem = problem
	if h.Sandbox {
		v.Pick = formatID(person)
	}
	passkey, err := h.Credentials.HasPasskey(r.Context(), person)
	if err != nil {
		return err
	}
	v.Passkeys = h.passkeys(passkeyURL)
	if !passkey {
		v.Passkeys.URL = ""
		if v.Password, err = h.Credentials.HasPassword(r.Context(), person); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/prove", v)
}

// prove takes the proof and goes back.
func (h *Handler) prove(w http.ResponseWriter, r *http.Request, o owner) error {
	next := cleanNext(r.PostFormValue("next"))
	person, err := h.Directory.Person(r.Context(), o.Person)
	if err != nil {
		return err
	}
	p, err := h.proof(r, provePurpose(o), person.Account)
	if err != nil {
		return err
	}
	if problem := p.problemFor(o.Person); problem != "" {
		return h.renderProve(w, r, o, next, problem)
	}
	if err := h.Sessions.MarkProved(r.Context(), o.ID); err != nil {
		return err
	}
	return seeOther(w, r, next)
}

// problemFor is the problem of a proof that must be strong and this person's (0: anybody's).
func (p proof) problemFor(person int64) string {
	switch {
	case p.problem != "":
		return p.problem
	case person != 0 && p.person.Row != person:
		return ProofOther
	case p.weak:
		return ProofUsePasskey
	}
	return ""
}

func (h *Handler) askProve(w http.ResponseWriter, r *http.Request, o owner) error {
	c, err := h.Credentials.BeginAssertion(r.Context(), provePurpose(o), o.Person)
	return answerCeremony(w, c, err)
}

func provePurpose(o owner) string { return "prove " + o.ID }
