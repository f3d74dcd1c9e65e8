package provider

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
)

// ticket is how a suite stands with its suite_ticket.
func (h *Handler) ticket(r *http.Request, v *console.Visit, app *apps.App) (Ticket, error) {
	t := Ticket{CSRF: v.Session.CSRF(), PushesURL: v.URL("/pushes?q=" + protocol.EventSuiteTicket)}
	if app.CallbackURL != "" {
		t.PushURL = v.URL(appPath(app) + "/ticket")
	}
	if app.Row == 0 {
		return t, nil
	}
	latest := func(state push.State) (push.Record, error) {
		page, err := h.Push.EventsOf(r.Context(), []int64{app.Row}, push.Query{Search: protocol.EventSuiteTicket, State: state, Limit: 1})
		if err != nil || len(page.Events) == 0 {
			return push.Record{}, err
		}
		return page.Events[0], nil
	}
	arrived, err := latest(push.Delivered)
	if err != nil {
		return t, err
	}
	failed, err := latest(push.GivenUp)
	if err != nil {
		return t, err
	}
	t.Delivered = console.Stamp(arrived.At)
	// A ticket that was given up because a newer one took its place has no step.
	if failed.Row > arrived.Row && failed.Step != "" {
		t.Failed, t.Step = console.Stamp(failed.At), string(failed.Step)
	}
	return t, nil
}

// pushTicket pushes a ticket now, once, and shows what the receiver said.
func (h *Handler) pushTicket(w http.ResponseWriter, r *http.Request, s settings) error {
	report, err := h.Push.Deliver(r.Context(), s.app.Row, protocol.EventSuiteTicket, "")
	if err != nil {
		return err
	}
	if err := h.record(r, s.Visit, audit.EventSentAgain, s.app, protocol.EventSuiteTicket, string(report.Step)); err != nil {
		return err
	}
	check := checkOf("ticket", report)
	return s.render(w, r, s.Visit, s.app, said{ticket: &check})
}
