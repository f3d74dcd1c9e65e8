package siteapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// details is what a user_ticket opens: whose details, and as much of them as were agreed to.
type details struct {
	member        directory.Member
	gender        protocol.Text
	avatar        string
	mobile, email string
}

// details opens the user_ticket of a request for the app that calls. It is not spent.
func (h *Handler) details(r *http.Request) (*caller, details, error) {
	c, err := h.caller(r)
	if err != nil {
		return nil, details{}, err
	}
	var in protocol.GetUserDetail
	if err := body(r, &in); err != nil {
		return nil, details{}, err
	}
	if in.UserTicket == "" {
		return nil, details{}, protocol.CodeMissingUserTicket
	}
	ticket, err := h.openUserTicket(c, in.UserTicket)
	if err != nil {
		return nil, details{}, err
	}
	m, err := h.ticketMember(r.Context(), c, ticket)
	if err != nil {
		return nil, details{}, err
	}
	about(r).corp = ticket.Corp
	// Members have no pictures: everybody's is the same one, which tells nobody apart.
	d := details{member: m, gender: "0", avatar: h.PublicURL + apps.AvatarPath}
	if ticket.Details.Has(tokens.Gender) {
		d.gender = protocol.Text(strconv.Itoa(m.Gender))
	}
	if ticket.Details.Has(tokens.Mobile) {
		d.mobile = m.Mobile
	}
	if ticket.Details.Has(tokens.Email) {
		d.email = m.Email
	}
	return c, d, nil
}

// openUserTicket opens a user_ticket that was given to the calling app.
func (h *Handler) openUserTicket(c *caller, text string) (tokens.UserTicketClaims, error) {
	t, err := h.Tokens.OpenUserTicket(text)
	switch {
	case errors.Is(err, tokens.ErrExpired):
		return t, respond.Because(protocol.CodeUserTicketExpired, "user_ticket expired")
	case err != nil:
		if kind := h.Tokens.Recognise(text); kind != "" {
			return t, respond.Because(protocol.CodeInvalidUserTicket, "not a user_ticket but a "+string(kind))
		}
		return t, respond.Because(protocol.CodeInvalidUserTicket, "not a user_ticket of this platform")
	case t.App != c.app.Row:
		return t, respond.Because(protocol.CodeInvalidUserTicket, "user_ticket of another app")
	case !c.app.Sensitive:
		return t, respond.Because(protocol.CodeNoSensitiveInfoRight, "the suite may not ask for details of members")
	}
	return t, nil
}

// ticketMember reads the member whose details a user_ticket opens, if what it stands on still
// does: membership, consent, installation and visible range. A consent that was withdrawn and
// given again is another one, and may show less.
func (h *Handler) ticketMember(ctx context.Context, c *caller, t tokens.UserTicketClaims) (directory.Member, error) {
	m, err := h.Directory.Member(ctx, t.Member)
	switch {
	case errors.Is(err, directory.ErrNotFound) || err == nil && (m.Status != directory.Active || m.Person != t.Person):
		return m, respond.Because(protocol.CodeInvalidUserTicket, "membership has ended")
	case err != nil:
		return m, err
	}
	stands, err := h.Consents.StoodAt(ctx, t.Person, t.Member, t.App, t.At)
	if err == nil && !stands {
		err = respond.Because(protocol.CodeInvalidUserTicket, "the member has withdrawn the consent")
	}
	if err != nil {
		return m, err
	}
	holder := c.app.Row
	if c.provider != nil {
		inst, err := h.Apps.Installation(ctx, t.App, t.Corp)
		if errors.Is(err, apps.ErrNotFound) || err == nil && inst.CreatedAt.After(t.At) {
			return m, respond.Because(protocol.CodeInvalidUserTicket, "the corp has uninstalled the app since")
		}
		if err != nil {
			return m, err
		}
		holder = inst.Row
	}
	in, err := h.Apps.InRange(ctx, holder, m.Row)
	if err == nil && !in {
		err = respond.Because(protocol.CodeNotInVisibleRange, "member is outside the app's visible range")
	}
	return m, err
}

// getUserDetail3rd answers what a member agreed to show a suite (91122).
func (h *Handler) getUserDetail3rd(w http.ResponseWriter, r *http.Request) error {
	answer, _, err := h.detail3rd(r)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, answer)
}

// oldGetUserDetail3rd is the same, with mobile and email as it was.
func (h *Handler) oldGetUserDetail3rd(w http.ResponseWriter, r *http.Request) error {
	answer, d, err := h.detail3rd(r)
	if err != nil {
		return err
	}
	answer.Mobile, answer.Email = d.mobile, d.email
	return respond.WriteJSON(w, answer)
}

func (h *Handler) detail3rd(r *http.Request) (protocol.UserDetail3rd, details, error) {
	c, d, err := h.details(r)
	if err != nil {
		return protocol.UserDetail3rd{}, d, err
	}
	v := view{corp: d.member.Corp.Row, provider: c.provider}
	if err := h.fit(r.Context(), &v); err != nil {
		return protocol.UserDetail3rd{}, d, err
	}
	id := v.userID(d.member.Row, d.member.UserID)
	return protocol.UserDetail3rd{Failure: protocol.Success(), CorpID: v.corpID(d.member.Corp), UserID: id, Name: id,
		Gender: d.gender, Avatar: d.avatar}, d, nil
}

// getUserDetail answers what a member agreed to show an app of the corp's own (95833).
func (h *Handler) getUserDetail(w http.ResponseWriter, r *http.Request) error {
	_, d, err := h.details(r)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.UserDetail{Failure: protocol.Success(), UserID: d.member.UserID,
		Gender: d.gender, Avatar: d.avatar, Mobile: d.mobile, Email: d.email})
}
