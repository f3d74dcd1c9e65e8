package phone

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// showAttempt shows what a QR code leads to, wherever the sign-in stands: who asks, the
// choice of company, the confirmation, or how it ended. It changes nothing.
func (h *Handler) showAttempt(w http.ResponseWriter, r *http.Request) error {
	o, err := h.owner(r)
	if errors.Is(err, session.ErrNone) {
		return h.toSignIn(w, r)
	}
	if err != nil {
		return err
	}
	a, err := h.Attempts.Look(r.Context(), r.PathValue("key"))
	if err != nil {
		return h.gone(w, r, o, a, err)
	}
	switch a.State(h.Now()) {
	case attempt.Created:
		return h.renderAsk(w, r, o, a)
	case attempt.Scanned:
		if a.Person != o.Person || a.Phone != o.ID {
			return h.gone(w, r, o, a, attempt.ErrTaken)
		}
		return h.renderConfirm(w, r, o, a, "")
	case attempt.TimedOut, attempt.Expired:
		return h.gone(w, r, o, a, attempt.ErrGone)
	}
	return h.renderDone(w, r, o, a)
}

func (h *Handler) place(r *http.Request, o owner, a *attempt.Attempt) (Place, error) {
	return h.Ask.Place(r.Context(), o.Person, a.Browser, a.Address, respond.ClientAddr(r))
}

func (h *Handler) renderAsk(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt) error {
	switch {
	case a.Console:
		return h.renderConsoleAsk(w, r, o, a)
	case a.Device != "":
		return h.renderDesktopAsk(w, r, o, a)
	case inACompany(a):
		if stop, err := h.before(w, r, o, a); stop || err != nil {
			return err
		}
	}
	asker, _, err := h.asker(r.Context(), a)
	if err != nil {
		return err
	}
	place, err := h.place(r, o, a)
	if err != nil {
		return err
	}
	return h.Respond.Render(w, r, "phone/ask", AskView{CSRF: o.CSRF(), Me: o.me(r), Asker: asker, Place: place, Admins: a.Admins,
		ContinueURL: h.link(r, "/scan"), ReportURL: h.link(r, "/report")})
}

// link is the address of one of this QR code's actions.
func (h *Handler) link(r *http.Request, action string) string {
	return respond.Link(r, "/q/"+r.PathValue("key")+action)
}

// as is what the address says of as whom.
func as(r *http.Request) string { return r.URL.Query().Get("as") }

func (h *Handler) renderConfirm(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt, numberProblem string) error {
	switch {
	case a.Console:
		return h.renderConsoleConfirm(w, r, o, a, numberProblem)
	case a.Device != "":
		return h.renderDesktopConfirm(w, r, o, a, numberProblem)
	}
	asker, app, err := h.asker(r.Context(), a)
	if err != nil {
		return err
	}
	list, err := h.Ask.Choices(r.Context(), o.Person, app, a.Admins)
	if err != nil {
		return err
	}
	choice, ok := ask.Chosen(list, as(r))
	switch {
	case !ok && len(list) > 0:
		return h.renderChoose(w, r, o, a, asker, list, "")
	case !ok && inACompany(a):
		return h.gone(w, r, o, a, nobody(a))
	}
	place, err := h.place(r, o, a)
	if err != nil {
		return err
	}
	v := ConfirmView{CSRF: o.CSRF(), Me: o.me(r), Asker: asker, Place: place, Name: o.Name, Admins: a.Admins,
		NumberAsked: a.Number != 0, NumberProblem: numberProblem,
		DecideURL: h.link(r, "/decide"), ReportURL: h.link(r, "/report")}
	if v.Share, err = h.Ask.Shared(r.Context(), app, choice); err != nil {
		return err
	}
	if ok {
		v.Company, v.Name = choice.Corp.Name, choice.Name
		v.NumberAsked = a.Number != 0 && choice.Corp.NumberMatch
		query := "?as=" + choice.ID
		v.DecideURL = h.link(r, "/decide"+query)
		if len(list) > 1 {
			v.ChangeURL = h.link(r, "/choose"+query)
		}
		if ask.ShowsIDs(v.Share) {
			v.CorpID, v.UserID = choice.Corp.CorpID, choice.UserID
		}
	}
	status := http.StatusOK
	if numberProblem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/confirm", v)
}

func (h *Handler) renderDone(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt) error {
	if a.Person != o.Person || a.Phone != o.ID {
		return h.gone(w, r, o, a, attempt.ErrOver)
	}
	outcome := DoneConfirmed
	switch a.Step {
	case attempt.Refused:
		outcome = DoneRefused
	case attempt.Cancelled:
		outcome = DoneReported
	}
	switch {
	case a.Console:
		return h.Respond.Render(w, r, "phone/console_done", ConsoleDoneView{Me: o.me(r), Outcome: outcome})
	case a.Device != "":
		return h.Respond.Render(w, r, "phone/desktop_done", DesktopDoneView{Me: o.me(r), Machine: a.Browser, Outcome: outcome,
			AccountURL: respond.Link(r, accountPath)})
	}
	asker, _, err := h.asker(r.Context(), a)
	if err != nil {
		return err
	}
	return h.Respond.Render(w, r, "phone/done", DoneView{Me: o.me(r), Asker: asker, Outcome: outcome})
}

// gone says why a QR code leads nowhere.
func (h *Handler) gone(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt, cause error) error {
	me := o.me(r)
	v, status := GoneView{Me: &me}, http.StatusGone
	switch {
	case errors.Is(cause, ask.ErrNoAdmin):
		v.Reason, status = GoneAdmins, http.StatusForbidden
	case errors.Is(cause, ask.ErrNoMember):
		v.Reason, status = GoneMembers, http.StatusForbidden
	case errors.Is(cause, attempt.ErrTaken):
		v.Reason = GoneOther
	case errors.Is(cause, attempt.ErrWrongNumber):
		v.Reason = GoneNumber
	case errors.Is(cause, attempt.ErrBlocked):
		v.Reason = GoneBlocked
	case errors.Is(cause, attempt.ErrOver) && a != nil:
		v.Reason = map[attempt.State]string{attempt.Refused: GoneRefused, attempt.Cancelled: GoneCancelled}[a.Step]
		if v.Reason == "" {
			v.Reason = GoneUsed
		}
	case errors.Is(cause, attempt.ErrGone):
		v.Reason = GoneUnknown
		if a != nil {
			v.Reason = GoneExpired
			if a.State(h.Now()) == attempt.TimedOut {
				v.Reason = GoneSlow
			}
		}
	default:
		return cause
	}
	return h.Respond.RenderStatus(w, r, status, "phone/gone", v)
}
