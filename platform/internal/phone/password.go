package phone

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

func (h *Handler) showPassword(w http.ResponseWriter, r *http.Request, o owner) error {
	return h.renderPassword(w, r, o, "")
}

func (h *Handler) renderPassword(w http.ResponseWriter, r *http.Request, o owner, problem string) error {
	person, err := h.Directory.Person(r.Context(), o.Person)
	if err != nil {
		return err
	}
	has, err := h.Credentials.HasPassword(r.Context(), o.Person)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/password", PasswordView{CSRF: o.CSRF(), Me: o.me(r), Account: person.Account,
		Has: has, SaveURL: respond.Link(r, passwordPath), BackURL: respond.Link(r, accountPath), Problem: problem})
}

// setPassword sets or replaces the password. The person is signed out everywhere else: who
// changes a password may do so because somebody else knows the old one.
func (h *Handler) setPassword(w http.ResponseWriter, r *http.Request, o owner) error {
	password := r.PostFormValue("password")
	if password != r.PostFormValue("confirm") {
		return h.renderPassword(w, r, o, EnrolDiffers)
	}
	err := h.Credentials.SetPassword(r.Context(), o.Person, password)
	if problem := enrolProblem(err); problem != "" {
		return h.renderPassword(w, r, o, problem)
	}
	if err != nil {
		return err
	}
	if err := h.endElsewhere(r, o); err != nil {
		return err
	}
	if err := h.note(r, o, audit.PasswordSet, ""); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}
