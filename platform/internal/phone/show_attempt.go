package phone

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/directory"
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
	p := Place{Browser: describeBrowser(a.Browser), Address: a.Address.String(),
		SameNetwork: respond.SameNetwork(a.Address, respond.ClientAddr(r))}
	seen, err := h.Familiar.Look(r.Context(), o.Person, browserKind(a.Browser), respond.Network(a.Address).String())
	// Before a person's first sign-in everything is new, and a warning says nothing.
	p.NewBrowser = seen.Any && !seen.Browser
	p.NewPlace = !seen.Network && !p.SameNetwork
	return p, err
}

func (h *Handler) renderAsk(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt) error {
	if a.Console {
		return h.renderConsoleAsk(w, r, o, a)
	}
	asker, _, err := h.asker(r.Context(), a)
	if err != nil {
		return err
	}
	place, err := h.place(r, o, a)
	if err != nil {
		return err
	}
	return h.Respond.Render(w, r, "phone/ask", AskView{CSRF: o.CSRF(), Me: o.me(r), Asker: asker, Place: place,
		ContinueURL: h.link(r, "/scan"), ReportURL: h.link(r, "/report")})
}

// link is the address of one of this QR code's actions.
func (h *Handler) link(r *http.Request, action string) string {
	return respond.Link(r, "/q/"+r.PathValue("key")+action)
}

// choices lists the memberships a person may act as here: for a corp app only the one in
// its corp. None means: as a person in no company.
func (h *Handler) choices(r *http.Request, o owner, app *apps.App) ([]directory.Member, error) {
	members, err := h.Directory.Memberships(r.Context(), o.Person)
	if err != nil || app.Kind != apps.CorpApp {
		return members, err
	}
	for _, m := range members {
		if m.Corp.Row == app.CorpRow {
			return []directory.Member{m}, nil
		}
	}
	return nil, nil
}

// chosen is the membership that the request's "as" names, or the only one there is.
func chosen(r *http.Request, list []directory.Member) (directory.Member, bool) {
	if len(list) == 1 {
		return list[0], true
	}
	as := r.URL.Query().Get("as")
	for _, m := range list {
		if strconv.FormatInt(m.Row, 10) == as {
			return m, true
		}
	}
	return directory.Member{}, false
}

// acting is as whom a decision is made: chosen, by one row where the decision names it. ok
// is false for a person in no company; undecided says that there is a choice to make first.
func (h *Handler) acting(r *http.Request, o owner, app *apps.App) (m directory.Member, ok, undecided bool, err error) {
	if row, bad := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64); bad == nil {
		m, err = h.Directory.Member(r.Context(), row)
		if err == nil && m.Person == o.Person && m.Status == directory.Active &&
			(app.Kind != apps.CorpApp || m.Corp.Row == app.CorpRow) {
			return m, true, false, nil
		}
		if err != nil && !errors.Is(err, directory.ErrNotFound) {
			return m, false, false, err
		}
	}
	list, err := h.choices(r, o, app)
	if err != nil {
		return m, false, false, err
	}
	m, ok = chosen(r, list)
	return m, ok, !ok && len(list) > 0, nil
}

func (h *Handler) renderConfirm(w http.ResponseWriter, r *http.Request, o owner, a *attempt.Attempt, numberProblem string) error {
	if a.Console {
		return h.renderConsoleConfirm(w, r, o, a, numberProblem)
	}
	asker, app, err := h.asker(r.Context(), a)
	if err != nil {
		return err
	}
	list, err := h.choices(r, o, app)
	if err != nil {
		return err
	}
	member, ok := chosen(r, list)
	if !ok && len(list) > 0 {
		return h.renderChoose(w, r, o, asker, list, 0)
	}
	place, err := h.place(r, o, a)
	if err != nil {
		return err
	}
	v := ConfirmView{CSRF: o.CSRF(), Me: o.me(r), Asker: asker, Place: place, Name: o.Name,
		Share: ShareOpenID, NumberAsked: a.Number != 0, NumberProblem: numberProblem,
		DecideURL: h.link(r, "/decide"), ReportURL: h.link(r, "/report")}
	if asker.Own {
		v.Share = ShareOutside
	}
	if ok {
		v.Company, v.Name = member.Corp.Name, member.Name
		v.NumberAsked = a.Number != 0 && member.Corp.NumberMatch
		as := "?as=" + strconv.FormatInt(member.Row, 10)
		v.DecideURL = h.link(r, "/decide"+as)
		if len(list) > 1 {
			v.ChangeURL = h.link(r, "/choose"+as)
		}
		if v.Share, err = h.share(r, app, member); err != nil {
			return err
		}
		if v.Share != ShareEncrypted {
			v.CorpID, v.UserID = member.Corp.CorpID, member.UserID
		}
	}
	status := http.StatusOK
	if numberProblem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/confirm", v)
}

func (h *Handler) share(r *http.Request, app *apps.App, m directory.Member) (string, error) {
	if app.Kind == apps.CorpApp {
		return ShareOwn, nil
	}
	plain, err := h.Apps.PlainIDs(r.Context(), app.CorpRow, m.Corp.Row)
	if plain {
		return SharePlain, err
	}
	return ShareEncrypted, err
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
	if a.Console {
		return h.Respond.Render(w, r, "phone/console_done", ConsoleDoneView{Me: o.me(r), Outcome: outcome})
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
	v := GoneView{Me: &me}
	switch {
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
	return h.Respond.RenderStatus(w, r, http.StatusGone, "phone/gone", v)
}
