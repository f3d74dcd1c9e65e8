package phone

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

const enrolPath = "/phone/enrol/"

// showEnrol shows what a link is for. It changes nothing.
func (h *Handler) showEnrol(w http.ResponseWriter, r *http.Request) error {
	e, err := h.Credentials.Open(r.Context(), r.PathValue("secret"))
	if err != nil {
		return h.linkOver(w, r, err)
	}
	return h.renderEnrol(w, r, e, EnrolView{Account: e.Account})
}

func (h *Handler) renderEnrol(w http.ResponseWriter, r *http.Request, e credentials.Enrolment, v EnrolView) error {
	path := enrolPath + r.PathValue("secret")
	o, err := h.owner(r)
	switch {
	case err == nil:
		me := o.me(r)
		v.CSRF, v.Me = o.CSRF(), &me
	case !errors.Is(err, session.ErrNone):
		return err
	}
	v.Kind, v.Company, v.Reset, v.Until = string(e.Kind), e.Company, e.Reset, when(e.Expires)
	if e.Person != 0 {
		v.Name = e.Name
	}
	v.AskName = e.Person == 0
	v.EnrolURL, v.Passkeys = respond.Link(r, path), h.passkeys(path+"/passkey")
	if !e.Reset {
		v.JoinURL = respond.Link(r, path+"/join")
		v.SignInURL = respond.Link(r, "/phone/sign-in?next="+path)
	}
	status := http.StatusOK
	if v.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/enrol", v)
}

// askEnrol asks the browser to make a passkey for a person who is about to be.
func (h *Handler) askEnrol(w http.ResponseWriter, r *http.Request) error {
	e, err := h.Credentials.Open(r.Context(), r.PathValue("secret"))
	if err != nil {
		return h.linkOver(w, r, err)
	}
	account, name := r.PostFormValue("account"), e.Name
	if problem, err := h.accountProblem(r, e, account); err != nil || problem != "" {
		if err == nil {
			err = respond.BadRequest() // the form, sent as it is, shows the problem
		}
		return err
	}
	if name == "" {
		name = r.PostFormValue("name")
	}
	c, err := h.Credentials.BeginRegistration(r.Context(), e.Purpose(), 0, account, name)
	return answerCeremony(w, c, err)
}

// enrol sets up credentials for a person who had none here, or lost them, and signs in.
func (h *Handler) enrol(w http.ResponseWriter, r *http.Request) error {
	ctx, secret := r.Context(), r.PathValue("secret")
	if err := h.checkForm(r); err != nil {
		return err
	}
	e, err := h.Credentials.Open(ctx, secret)
	if err != nil {
		return h.linkOver(w, r, err)
	}
	c := credentials.Choice{Name: r.PostFormValue("name"), Account: r.PostFormValue("account"), Password: r.PostFormValue("password"),
		KeyName: ask.DescribeBrowser(r.UserAgent())}
	v := EnrolView{Account: c.Account, TypedName: c.Name}
	if v.Problem, err = h.accountProblem(r, e, c.Account); err != nil {
		return err
	}
	if v.Problem == "" && c.Password != r.PostFormValue("confirm") {
		v.Problem = EnrolDiffers
	}
	if v.Problem != "" {
		return h.renderEnrol(w, r, e, v)
	}
	if ceremony := r.PostFormValue("ceremony"); ceremony != "" {
		key, err := h.Credentials.FinishRegistration(ctx, e.Purpose(), 0, ceremony, r.PostFormValue("passkey"))
		if errors.Is(err, credentials.ErrRefused) || errors.Is(err, credentials.ErrNoPasskeys) {
			v.Problem = ProofPasskey
			return h.renderEnrol(w, r, e, v)
		}
		if err != nil {
			return err
		}
		c.Passkey = &key
	}
	person, err := h.Credentials.SetUp(ctx, secret, c)
	if problem := enrolProblem(err); problem != "" {
		v.Problem = problem
		return h.renderEnrol(w, r, e, v)
	}
	if err != nil {
		return h.linkOver(w, r, err)
	}
	if err := h.Audit.Record(ctx, audit.Entry{Corp: e.Corp, Person: person.Row, Action: audit.MemberEnrolled,
		Target: person.Name, Address: respond.ClientAddr(r)}); err != nil {
		return err
	}
	if err := h.Sessions.End(ctx, w, r); err != nil { // of whoever was signed in here before
		return err
	}
	if _, err := h.Sessions.StartProved(ctx, w, r, person.Row, person.Name); err != nil {
		return err
	}
	return seeOther(w, r, "/phone/welcome?as="+string(e.Kind))
}

// accountProblem is what is wrong with a sign-in name before anything is made of it.
func (h *Handler) accountProblem(r *http.Request, e credentials.Enrolment, account string) (string, error) {
	if err := credentials.CheckAccount(account); err != nil {
		return enrolProblem(err), nil
	}
	p, err := h.Directory.PersonByAccount(r.Context(), account)
	switch {
	case err == nil && p.Row != e.Person:
		return enrolProblem(credentials.ErrAccountTaken), nil
	case err != nil && !errors.Is(err, directory.ErrNotFound):
		return "", err
	}
	return "", nil
}

// enrolProblem is what the form says about an error; empty where it is none of the form's.
func enrolProblem(err error) string {
	for problem, cause := range map[string]error{
		EnrolAccount: credentials.ErrAccountForm, EnrolTaken: credentials.ErrAccountTaken, EnrolShort: credentials.ErrPasswordShort,
		EnrolLong: credentials.ErrPasswordLong, EnrolSame: credentials.ErrPasswordName, EnrolNothing: credentials.ErrNothing,
		ProofPasskey: credentials.ErrPasskeyTaken,
	} {
		if errors.Is(err, cause) {
			return problem
		}
	}
	return ""
}

// join accepts a link with the account that is signed in here. Its other sessions end.
func (h *Handler) join(w http.ResponseWriter, r *http.Request) error {
	ctx, secret := r.Context(), r.PathValue("secret")
	o, err := h.owner(r)
	switch {
	case errors.Is(err, session.ErrNone):
		return seeOther(w, r, "/phone/sign-in?next="+cleanNext(enrolPath+secret))
	case err != nil:
		return err
	case !o.CheckCSRF(r.PostFormValue("csrf")):
		return respond.BadForm()
	}
	e, err := h.Credentials.Open(ctx, secret)
	if err == nil {
		err = h.Credentials.Join(ctx, secret, o.Person, o.ID)
	}
	if err != nil {
		return h.linkOver(w, r, err)
	}
	if err := h.Audit.Record(ctx, audit.Entry{Corp: e.Corp, Person: o.Person, Action: audit.MemberJoined,
		Target: o.Name, Address: respond.ClientAddr(r)}); err != nil {
		return err
	}
	return seeOther(w, r, "/phone/welcome?as="+string(e.Kind))
}

// linkOver says why a link does nothing.
func (h *Handler) linkOver(w http.ResponseWriter, r *http.Request, err error) error {
	for reason, cause := range map[string]error{
		OverUnknown: credentials.ErrNoLink, OverUsed: credentials.ErrUsed, OverExpired: credentials.ErrExpired,
		OverElsewhere: credentials.ErrOtherMembership, OverReset: credentials.ErrIsReset, OverAlready: credentials.ErrAlready,
	} {
		if !errors.Is(err, cause) {
			continue
		}
		v := OverView{Reason: reason}
		if o, err := h.owner(r); err == nil {
			me := o.me(r)
			v.Me = &me
		}
		return h.Respond.RenderStatus(w, r, http.StatusGone, "phone/over", v)
	}
	if errors.Is(err, directory.ErrEnrolled) { // the member has come in by another link meanwhile
		return h.Respond.RenderStatus(w, r, http.StatusGone, "phone/over", OverView{Reason: OverUsed})
	}
	return err
}

// showWelcome says that a link has done its work, and where to go on.
func (h *Handler) showWelcome(w http.ResponseWriter, r *http.Request, o owner) error {
	v := WelcomeView{Me: o.me(r), As: string(credentials.LinkMember), HomeURL: respond.Link(r, "/phone")}
	switch as := r.URL.Query().Get("as"); as {
	case string(credentials.LinkOperator):
		v.As, v.ConsoleURL = as, respond.Link(r, h.ConsoleURL+"/operator")
	case string(credentials.LinkAdmin):
		v.As, v.ConsoleURL = as, respond.Link(r, h.ConsoleURL+"/console")
	default: // the creator of a company comes as a member
		may, err := h.entersConsole(r.Context(), o.Person)
		if err != nil {
			return err
		}
		if may {
			v.ConsoleURL = respond.Link(r, h.ConsoleURL+"/console")
		}
	}
	return h.Respond.Render(w, r, "phone/welcome", v)
}
