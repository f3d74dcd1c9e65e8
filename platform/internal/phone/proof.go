package phone

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// proof is who a form has proved, or the problem to show beside it.
type proof struct {
	person  directory.Person
	how     string // handoff.ByPasskey, ByPassword, ByPick
	problem string
	// weak says that a person who has a passkey came with the password: enough for the phone,
	// not for what asks for a fresh proof.
	weak bool
}

// proof reads a passkey's answer, account and password or, in the sandbox, the person picked.
func (h *Handler) proof(r *http.Request, purpose, account string) (p proof, err error) {
	ctx := r.Context()
	switch picked, ceremony := r.PostFormValue("person"), r.PostFormValue("ceremony"); {
	case h.Sandbox && picked != "":
		p.how = handoff.ByPick
		p.person, err = h.picked(ctx, picked)
		if errors.Is(err, directory.ErrNotFound) {
			p.problem, err = SignInWrong, nil
		}
	case ceremony != "":
		p.how = handoff.ByPasskey
		row, err := h.Credentials.FinishAssertion(ctx, purpose, ceremony, r.PostFormValue("passkey"))
		switch {
		case errors.Is(err, credentials.ErrOtherPerson):
			p.problem = ProofOther
			return p, nil
		case errors.Is(err, credentials.ErrRefused), errors.Is(err, credentials.ErrNoPasskeys):
			p.problem = ProofPasskey
			return p, nil
		case err != nil:
			return p, err
		}
		p.person, err = h.Directory.Person(ctx, row)
		return p, err
	default:
		p.how = handoff.ByPassword
		p.person, p.problem, err = h.byPassword(r, account, r.PostFormValue("password"))
		if err == nil && p.problem == "" {
			p.weak, err = h.Credentials.HasPasskey(ctx, p.person.Row)
		}
	}
	return p, err
}

// passkeys says how a page asks for one: url answers challenges.
func (h *Handler) passkeys(url string) Passkeys {
	if !h.Credentials.PasskeysWork() {
		return Passkeys{Off: true}
	}
	return Passkeys{URL: url}
}

// limited wraps an action that needs no session: a network does it so often and no more. A
// browser with a session sends that session's forms.
func (h *Handler) limited(act respond.Handler) respond.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if h.tries.Add(respond.Network(respond.ClientAddr(r)).String()) {
			return respond.TooMany(minute)
		}
		return act(w, r)
	}
}

// paced wraps an action that keeps something for minutes: a person does it so often and no
// more.
func (h *Handler) paced(act func(http.ResponseWriter, *http.Request, owner) error) func(http.ResponseWriter, *http.Request, owner) error {
	return func(w http.ResponseWriter, r *http.Request, o owner) error {
		if h.tries.Add("person/" + formatID(o.Person)) {
			return respond.TooMany(minute)
		}
		return act(w, r, o)
	}
}

// fresh wraps an action that needs a proof of the last minutes: without one the person
// proves themselves first, and comes back to the page with the form.
func (h *Handler) fresh(act func(http.ResponseWriter, *http.Request, owner) error) respond.Handler {
	return h.signedIn(func(w http.ResponseWriter, r *http.Request, o owner) error {
		if age := h.Now().Sub(o.Proved); !o.Proved.IsZero() && age >= 0 && age < proofLife {
			return act(w, r, o)
		}
		return seeOther(w, r, "/phone/prove?next="+cleanNext(backFrom(r)))
	})
}

// backFrom is the page whose form was sent, or which was asked for.
func backFrom(r *http.Request) string {
	switch {
	case r.URL.Path == passwordPath:
		return passwordPath
	case r.URL.Path == passkeyPath || r.URL.Path == passkeyPath+"/begin":
		return passkeyPath
	}
	return accountPath
}

// answerCeremony sends a challenge to the page's script.
func answerCeremony(w http.ResponseWriter, c credentials.Ceremony, err error) error {
	switch {
	case errors.Is(err, credentials.ErrNoPasskeys), errors.Is(err, credentials.ErrNoPasskey), errors.Is(err, credentials.ErrTooMany):
		return respond.NotFound()
	case err != nil:
		return err
	}
	return respond.WriteJSON(w, c)
}
