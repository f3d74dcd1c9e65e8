package desktop

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// decide takes the person's answer to a sign-in that this device has claimed. The answer is
// signed beside the call, and says all that was decided.
func (h *Handler) decide(w http.ResponseWriter, r *http.Request, d device) error {
	ctx := r.Context()
	var in protocol.DesktopDecide
	if err := read(d.raw, &in); err != nil {
		return err
	}
	a, err := h.Attempts.LookClient(ctx, in.ClientKey)
	if err != nil {
		return err
	}
	app, err := h.Apps.App(ctx, a.App)
	if err != nil {
		return err
	}
	if err := h.checkStatement(d, in, a, app); err != nil {
		return err
	}
	p := d.phone(r)
	outcome := protocol.DesktopConfirmed
	switch in.Decision {
	case protocol.DesktopConfirm:
		err = h.confirm(ctx, d, p, in, a, app)
	case protocol.DesktopRefuse:
		outcome = protocol.DesktopRefused
		_, err = h.Attempts.RefuseClient(ctx, in.ClientKey, p)
	case protocol.DesktopReport:
		outcome = protocol.DesktopReported
		if a, err = h.Attempts.ReportClient(ctx, in.ClientKey, p); err == nil {
			err = h.Ask.Reported(ctx, d.Person, a.App, a.Address)
		}
	default:
		return refused(protocol.DesktopMalformed)
	}
	if errors.Is(err, attempt.ErrOver) {
		outcome, err = h.before(ctx, in.ClientKey, p)
	}
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.DesktopDecided{Outcome: outcome})
}

// before is what became of an earlier answer by this very device, whose own answer got lost.
func (h *Handler) before(ctx context.Context, clientKey string, p attempt.Phone) (outcome string, err error) {
	a, err := h.Attempts.LookClient(ctx, clientKey)
	if err != nil {
		return "", err
	}
	outcome = map[attempt.State]string{attempt.Confirmed: protocol.DesktopConfirmed, attempt.Refused: protocol.DesktopRefused,
		attempt.Cancelled: protocol.DesktopReported}[a.State(h.Now())]
	if outcome == "" || !a.ByClient || a.Person != p.Person || a.Phone != p.Session {
		return "", attempt.ErrOver
	}
	return outcome, nil
}

// checkStatement holds what the device has signed against the sign-in itself.
func (h *Handler) checkStatement(d device, in protocol.DesktopDecide, a *attempt.Attempt, app *apps.App) error {
	name, err := h.Attempts.NameOf(in.ClientKey)
	if err != nil {
		return err
	}
	statement := protocol.DesktopStatement{Platform: h.PublicURL, Attempt: name, ClientKey: in.ClientKey, App: appName(app),
		RedirectOrigin: a.Origin, As: in.As, Decision: in.Decision, Time: d.at}
	signature, err := protocol.DesktopEncoding.DecodeString(in.StatementSignature)
	if err != nil || !ed25519.Verify(d.Key, statement.Bytes(), signature) {
		return refused(protocol.DesktopStatementWrong)
	}
	return nil
}

func (h *Handler) confirm(ctx context.Context, d device, p attempt.Phone, in protocol.DesktopDecide, a *attempt.Attempt, app *apps.App) error {
	choices, err := h.choices(ctx, d.Person, app, a.Admins)
	if err != nil {
		return err
	}
	yes := ask.Yes{Person: d.Person, App: app, Browser: a.Browser, From: a.Address, Desktop: true}
	found := false
	for _, c := range choices {
		if c.ID == in.As { // as signed: no choice stands in for another
			yes.As, found = c, true
		}
	}
	switch {
	case !found:
		return refused(protocol.DesktopChoiceMissing)
	case len(in.Number) != 2 || in.Number[0] < '0' || in.Number[0] > '9' || in.Number[1] < '0' || in.Number[1] > '9':
		return refused(protocol.DesktopNumberMissing)
	}
	_, err = h.Attempts.ConfirmClient(ctx, in.ClientKey, p, h.Ask.Decision(yes, in.Number))
	if errors.Is(err, attempt.ErrWrongNumber) {
		if failed := h.Ask.WrongNumber(ctx, yes); failed != nil {
			return failed
		}
	}
	if err != nil {
		return err
	}
	return h.Ask.SignedIn(ctx, yes)
}
