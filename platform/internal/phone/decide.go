package phone

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// back is the QR code's own page, which shows wherever the sign-in stands now: after every
// action, so that Reload and Back do nothing twice.
func back(w http.ResponseWriter, r *http.Request, query string) error {
	return seeOther(w, r, "/q/"+url.PathEscape(r.PathValue("key"))+query)
}

// scan marks the QR code as scanned by this phone.
func (h *Handler) scan(w http.ResponseWriter, r *http.Request, o owner) error {
	if a, err := h.Attempts.Look(r.Context(), r.PathValue("key")); err == nil {
		if stop, err := h.before(w, r, o, a); stop || err != nil {
			return err
		}
	}
	a, err := h.Attempts.Scan(r.Context(), r.PathValue("key"), o.phone(r))
	if err != nil && !errors.Is(err, attempt.ErrOver) {
		return h.gone(w, r, o, a, err)
	}
	return back(w, r, "")
}

// before says what keeps this phone from scanning: the proof that a QR code of ours asks for,
// or that administrators, or members, alone may answer, and the QR code is left to one. stop
// says that the answer is written.
func (h *Handler) before(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt) (stop bool, err error) {
	switch {
	case !a.Site():
		weak, err := h.unproved(r, o)
		if err != nil || !weak {
			return false, err
		}
		return true, proveFirst(w, r)
	case inACompany(a):
		_, app, err := h.asker(r.Context(), a)
		if err != nil {
			return false, err
		}
		list, err := h.Ask.Choices(r.Context(), o.Person, app, a.Admins)
		if err != nil || len(list) > 0 {
			return false, err
		}
		return true, h.gone(w, r, o, a, nobody(a))
	}
	return false, nil
}

// inACompany tells whether nobody may answer as a person in no company.
func inACompany(a *attempt.Attempt) bool { return a.Admins || a.Page == attempt.OldProviderPage }

// nobody is why a person has no company to answer for.
func nobody(a *attempt.Attempt) error {
	if a.Admins {
		return ask.ErrNoAdmin
	}
	return ask.ErrNoMember
}

// showChoose shows the companies again, for a person who changes their mind.
func (h *Handler) showChoose(w http.ResponseWriter, r *http.Request, o owner) error {
	a, err := h.Attempts.Look(r.Context(), r.PathValue("key"))
	if err != nil || !a.Site() || a.State(h.Now()) != attempt.Scanned {
		return back(w, r, "")
	}
	asker, app, err := h.asker(r.Context(), a)
	if err != nil {
		return err
	}
	list, err := h.Ask.Choices(r.Context(), o.Person, app, a.Admins)
	if err != nil {
		return err
	}
	current, _ := ask.Chosen(list, as(r))
	return h.renderChoose(w, r, o, a, asker, list, current.ID)
}

func (h *Handler) renderChoose(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt, asker Asker, list []ask.Choice, current string) error {
	v := ChooseView{CSRF: o.CSRF(), Me: o.me(r), Asker: asker, Admins: a.Admins,
		ChooseURL: h.link(r, "/choose"), ReportURL: h.link(r, "/report")}
	for _, c := range list {
		v.Companies = append(v.Companies, CompanyChoice{ID: c.ID, CorpID: c.Corp.CorpID, Company: c.Corp.Name,
			Name: c.Name, Current: c.ID == current})
	}
	return h.Respond.Render(w, r, "phone/choose", v)
}

// choose keeps the choice in the address: nothing is decided yet.
func (h *Handler) choose(w http.ResponseWriter, r *http.Request, _ owner) error {
	return back(w, r, "?as="+url.QueryEscape(r.PostFormValue("company")))
}

// decide confirms or refuses.
func (h *Handler) decide(w http.ResponseWriter, r *http.Request, o owner) error {
	key, p := r.PathValue("key"), o.phone(r)
	switch r.PostFormValue("decision") {
	case "refuse":
		a, err := h.Attempts.Refuse(r.Context(), key, p)
		if err != nil && !errors.Is(err, attempt.ErrOver) {
			return h.gone(w, r, o, a, err)
		}
		return back(w, r, "")
	case "confirm":
		return h.confirm(w, r, o, key, p)
	}
	return respond.BadRequest(respond.Fact{Label: "phone.fact.field", Value: "decision"})
}

func (h *Handler) confirm(w http.ResponseWriter, r *http.Request, o owner, key string, p attempt.Phone) error {
	ctx := r.Context()
	a, err := h.Attempts.Look(ctx, key)
	if err != nil {
		return h.gone(w, r, o, a, err)
	}
	if a.Step == attempt.Scanned && (a.Person != o.Person || a.Phone != o.ID) {
		return h.gone(w, r, o, a, attempt.ErrTaken)
	}
	if !a.Site() {
		return h.confirmOurs(w, r, o, key, p, a)
	}
	app, err := h.Apps.App(ctx, a.App)
	if err != nil {
		return err
	}
	choice, err := h.Ask.Acting(ctx, o.Person, app, a.Admins, as(r))
	switch {
	case errors.Is(err, ask.ErrUndecided):
		return back(w, r, "")
	case errors.Is(err, ask.ErrNoAdmin):
		return h.gone(w, r, o, a, err)
	case err != nil:
		return err
	case choice.Corp.Row == 0 && inACompany(a):
		return h.gone(w, r, o, a, nobody(a))
	}
	yes := ask.Yes{Person: o.Person, App: app, As: choice, Browser: a.Browser, From: a.Address}
	d := h.Ask.Decision(yes, r.PostFormValue("number"))
	if a.Number != 0 && !d.NumberOff && !twoDigits(d.Number) {
		return h.renderConfirm(w, r, o, a, NumberEmpty)
	}
	a, err = h.Attempts.Confirm(ctx, key, p, d)
	switch {
	case errors.Is(err, attempt.ErrOver):
		return back(w, r, "")
	case errors.Is(err, attempt.ErrWrongNumber):
		if err := h.Ask.WrongNumber(ctx, yes); err != nil {
			return err
		}
		return h.gone(w, r, o, a, attempt.ErrWrongNumber)
	case err != nil:
		return h.gone(w, r, o, a, err)
	}
	if err := h.Ask.SignedIn(ctx, yes); err != nil {
		return err
	}
	return back(w, r, "")
}

func twoDigits(s string) bool {
	return len(s) == 2 && s[0] >= '0' && s[0] <= '9' && s[1] >= '0' && s[1] <= '9'
}

// report ends a sign-in that its person did not start, and tells the admins of every
// company the person is in.
func (h *Handler) report(w http.ResponseWriter, r *http.Request, o owner) error {
	ctx := r.Context()
	a, err := h.Attempts.Report(ctx, r.PathValue("key"), o.phone(r))
	if errors.Is(err, attempt.ErrOver) {
		return back(w, r, "")
	}
	if err != nil {
		return h.gone(w, r, o, a, err)
	}
	if !a.Site() {
		if err := h.tellOurs(ctx, o, a, audit.SignInReported); err != nil {
			return err
		}
		return back(w, r, "")
	}
	if err := h.Ask.Reported(ctx, o.Person, a.App, a.Address); err != nil {
		return err
	}
	return back(w, r, "")
}
