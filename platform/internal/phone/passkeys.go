package phone

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// showAddPasskey asks for a passkey's name, and the browser for the passkey.
func (h *Handler) showAddPasskey(w http.ResponseWriter, r *http.Request, o owner) error {
	return h.renderAddPasskey(w, r, o, ask.DescribeBrowser(r.UserAgent()), "")
}

func (h *Handler) renderAddPasskey(w http.ResponseWriter, r *http.Request, o owner, name, problem string) error {
	v := PasskeyView{CSRF: o.CSRF(), Me: o.me(r), Name: name, Problem: problem, BackURL: respond.Link(r, accountPath),
		SaveURL: respond.Link(r, passkeyPath), Passkeys: h.passkeys(passkeyPath + "/begin")}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/passkey", v)
}

func addPurpose(o owner) string { return "add " + o.ID }

func (h *Handler) askAddPasskey(w http.ResponseWriter, r *http.Request, o owner) error {
	person, err := h.Directory.Person(r.Context(), o.Person)
	if err != nil {
		return err
	}
	c, err := h.Credentials.BeginRegistration(r.Context(), addPurpose(o), person.Row, person.Account, person.Name)
	return answerCeremony(w, c, err)
}

// addPasskey takes what the browser has made.
func (h *Handler) addPasskey(w http.ResponseWriter, r *http.Request, o owner) error {
	name := r.PostFormValue("name")
	key, err := h.Credentials.FinishRegistration(r.Context(), addPurpose(o), o.Person, r.PostFormValue("ceremony"), r.PostFormValue("passkey"))
	if err == nil {
		err = h.Credentials.AddPasskey(r.Context(), o.Person, name, key)
	}
	switch {
	case errors.Is(err, credentials.ErrRefused), errors.Is(err, credentials.ErrPasskeyTaken), errors.Is(err, credentials.ErrNoPasskeys):
		return h.renderAddPasskey(w, r, o, name, ProofPasskey)
	case errors.Is(err, credentials.ErrTooMany):
		return h.renderAddPasskey(w, r, o, name, PasskeyMany)
	case err != nil:
		return err
	}
	if err := h.note(r, o, audit.PasskeyAdded, name); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}

// passkey is the person's own passkey in the address; that of others does not exist.
func (h *Handler) passkey(r *http.Request, o owner) (credentials.Passkey, error) {
	row, err := rowIn(r)
	if err != nil {
		return credentials.Passkey{}, err
	}
	keys, err := h.Credentials.Passkeys(r.Context(), o.Person)
	if err != nil {
		return credentials.Passkey{}, err
	}
	for _, k := range keys {
		if k.ID == row {
			return k, nil
		}
	}
	return credentials.Passkey{}, respond.NotFound()
}

// showPasskey shows one passkey, to be renamed or removed.
func (h *Handler) showPasskey(w http.ResponseWriter, r *http.Request, o owner) error {
	k, err := h.passkey(r, o)
	if err != nil {
		return err
	}
	line := h.passkeyLine(r, k)
	path := passkeyPath + "/" + formatID(k.ID)
	return h.Respond.Render(w, r, "phone/passkey", PasskeyView{CSRF: o.CSRF(), Me: o.me(r), Name: k.Name, Made: &line,
		BackURL: respond.Link(r, accountPath), SaveURL: respond.Link(r, path+"/rename"), RemoveURL: respond.Link(r, path+"/remove")})
}

func (h *Handler) renamePasskey(w http.ResponseWriter, r *http.Request, o owner) error {
	k, err := h.passkey(r, o)
	if err != nil {
		return err
	}
	if err := h.Credentials.RenamePasskey(r.Context(), o.Person, k.ID, r.PostFormValue("name")); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}

// removePasskey takes a passkey away, unless nothing else would be left.
func (h *Handler) removePasskey(w http.ResponseWriter, r *http.Request, o owner) error {
	k, err := h.passkey(r, o)
	if err != nil {
		return err
	}
	err = h.Credentials.RemovePasskey(r.Context(), o.Person, k.ID)
	switch {
	case errors.Is(err, credentials.ErrLastCredential):
		return h.renderAccount(w, r, o, AccountLast)
	case err != nil:
		return err
	}
	if err := h.note(r, o, audit.PasskeyRemoved, k.Name); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}
