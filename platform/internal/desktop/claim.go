package desktop

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// claim pins a sign-in to this device and says who asks, and as whom the person may answer.
func (h *Handler) claim(w http.ResponseWriter, r *http.Request, d device) error {
	ctx := r.Context()
	var in protocol.DesktopClaim
	if err := read(d.raw, &in); err != nil {
		return err
	}
	here := respond.ClientAddr(r)
	if h.claims.Add(strconv.FormatInt(d.Person, 10)) || h.networks.Add(respond.Network(here).String()) {
		return tooMany()
	}
	// Before it is pinned: who may not answer leaves it to a phone.
	app, choices, err := h.asked(ctx, d, in.ClientKey)
	if err != nil {
		return err
	}
	a, err := h.Attempts.Claim(ctx, in.ClientKey, d.phone(r))
	if err != nil {
		return err
	}
	place, err := h.Ask.Place(ctx, d.Person, a.Browser, a.Address, here)
	if err != nil {
		return err
	}
	out := protocol.DesktopClaimed{App: appName(app), RedirectOrigin: a.Origin,
		Asker: protocol.DesktopAsker(h.Ask.Asker(ctx, app, a.Origin)), Place: protocol.DesktopPlace(place), Admins: a.Admins}
	if out.Attempt, err = h.Attempts.NameOf(in.ClientKey); err != nil {
		return err
	}
	for _, c := range choices {
		share, err := h.Ask.Shared(ctx, app, c)
		if err != nil {
			return err
		}
		line := protocol.DesktopChoice{As: c.ID, Company: c.Corp.Name, Name: c.Name, Share: share}
		if ask.ShowsIDs(share) {
			line.CorpID, line.UserID = c.Corp.CorpID, c.UserID
		}
		out.Choices = append(out.Choices, line)
	}
	left := time.UnixMilli(a.ActedAt).Add(attempt.ConfirmLife).Sub(h.Now())
	out.ExpiresIn = protocol.Int(left.Seconds())
	return respond.WriteJSON(w, out)
}

// asked reads what a client key leads to: who asks, and as whom the device's person may
// answer, which is someone.
func (h *Handler) asked(ctx context.Context, d device, clientKey string) (*apps.App, []ask.Choice, error) {
	a, err := h.Attempts.LookClient(ctx, clientKey)
	if err != nil {
		return nil, nil, err
	}
	app, err := h.Apps.App(ctx, a.App)
	if err != nil {
		return nil, nil, err
	}
	choices, err := h.choices(ctx, d.Person, app, a.Admins)
	return app, choices, err
}

// choices lists as whom a person may answer through a desktop client: as an active member, or
// an administrator where such are asked; to a corp app, in its visible range. Never as a
// person in no company, which a disabled member's client would fall back to.
func (h *Handler) choices(ctx context.Context, person int64, app *apps.App, admins bool) ([]ask.Choice, error) {
	list, err := h.Ask.Choices(ctx, person, app, admins)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 && admins {
		return nil, ask.ErrNoAdmin
	}
	if app.Kind == apps.CorpApp {
		seen := list
		list = nil
		for _, c := range seen {
			in, err := h.Apps.InRange(ctx, app.Row, c.Member)
			if err != nil {
				return nil, err
			}
			if in {
				list = append(list, c)
			}
		}
	}
	if len(list) == 0 {
		return nil, refused(protocol.DesktopNotAllowed)
	}
	return list, nil
}

// appName names an app in a statement: the suite id, or corpid and agentid.
func appName(app *apps.App) string {
	if app.Kind == apps.CorpApp {
		return app.CorpID + "/" + strconv.FormatInt(app.AgentID, 10)
	}
	return app.SuiteID
}
