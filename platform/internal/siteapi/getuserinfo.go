package siteapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// seen is what an app is shown of the person behind a code.
type seen struct {
	corpID, userID, openUserID, openID string
	// ticket opens the details that the member agreed to show, expires seconds long; empty
	// where none were asked for.
	ticket  string
	expires protocol.Int
}

// member reads the member behind a code; 40029 where the membership has ended since.
func (h *Handler) member(ctx context.Context, row int64) (directory.Member, error) {
	m, err := h.Directory.Member(ctx, row)
	if errors.Is(err, directory.ErrNotFound) || err == nil && m.Status != directory.Active {
		return m, respond.Because(protocol.CodeInvalidCode, "membership has ended")
	}
	return m, err
}

// toProvider is what a provider sees: ids encrypted for it unless the corp's installation
// is from before (98179, 97104).
func (h *Handler) toProvider(ctx context.Context, c *caller, code tokens.Code) (seen, error) {
	p := c.provider
	if code.Member == 0 {
		return seen{openID: p.OpenID(code.Person)}, nil
	}
	m, err := h.member(ctx, code.Member)
	if err != nil {
		return seen{}, err
	}
	open := p.OpenUserID(m.Corp.Row, m.Row)
	plain, err := h.Apps.PlainIDs(ctx, p.CorpRow, m.Corp.Row)
	if err != nil {
		return seen{}, err
	}
	s := seen{corpID: p.CorpIDFor(m.Corp.Row), userID: open, openUserID: open}
	if plain {
		s.corpID, s.userID = m.Corp.CorpID, m.UserID
	}
	s.ticket, s.expires, err = h.userTicket(ctx, c, code.Installation, code)
	return s, err
}

// toCorp is what a corp's own app sees: the plain userid of a member, in its visible range
// or not, and an openid of anyone else (98177).
func (h *Handler) toCorp(ctx context.Context, c *caller, code tokens.Code) (seen, error) {
	if code.Corp == c.app.CorpRow && code.Member != 0 {
		m, err := h.member(ctx, code.Member)
		if err != nil {
			return seen{}, err
		}
		s := seen{userID: m.UserID}
		s.ticket, s.expires, err = h.userTicket(ctx, c, c.app.Row, code)
		return s, err
	}
	id, err := h.Apps.OpenIDInCorp(c.app.CorpRow, code.Person)
	return seen{openID: id}, err
}

// userTicket makes the user_ticket of a code whose member was asked for details (91121), for
// an app that may read them and has the member in its visible range, which is the holder's.
func (h *Handler) userTicket(ctx context.Context, c *caller, holder int64, code tokens.Code) (text string, expires protocol.Int, err error) {
	if !code.Private || !c.app.Sensitive {
		return "", 0, nil
	}
	in, err := h.Apps.InRange(ctx, holder, code.Member)
	if err != nil || !in {
		return "", 0, err
	}
	at := h.Now()
	if at.Before(code.At) {
		at = code.At // of a node whose clock is ahead: the consent must not look younger than the ticket
	}
	return h.Tokens.UserTicket(tokens.UserTicketClaims{App: c.app.Row, Corp: code.Corp, Member: code.Member, Person: code.Person,
		Details: code.Details, At: at}), seconds(tokens.UserTicketLife), nil
}

// getUserInfo3rd exchanges the code of a web login, or of a sign-in inside the client, for an
// identity (98179, 91121).
func (h *Handler) getUserInfo3rd(w http.ResponseWriter, r *http.Request) error {
	return h.exchange(w, r, func(ctx context.Context, c *caller, code tokens.Code) (any, error) {
		s, err := h.toProvider(ctx, c, code)
		return protocol.UserInfo3rd{Failure: protocol.Success(),
			CorpID: s.corpID, UserID: s.userID, OpenUserID: s.openUserID, OpenID: s.openID, UserTicket: s.ticket, ExpiresIn: s.expires}, err
	})
}

// oldGetUserInfo3rd is the same with the names it had.
func (h *Handler) oldGetUserInfo3rd(w http.ResponseWriter, r *http.Request) error {
	return h.exchange(w, r, func(ctx context.Context, c *caller, code tokens.Code) (any, error) {
		s, err := h.toProvider(ctx, c, code)
		return protocol.OldUserInfo3rd{Failure: protocol.Success(),
			CorpID: s.corpID, UserID: s.userID, OpenUserID: s.openUserID, OpenID: s.openID, UserTicket: s.ticket, ExpiresIn: s.expires}, err
	})
}

// getUserInfo exchanges a code for a corp's own app (98177).
func (h *Handler) getUserInfo(w http.ResponseWriter, r *http.Request) error {
	return h.exchange(w, r, func(ctx context.Context, c *caller, code tokens.Code) (any, error) {
		s, err := h.toCorp(ctx, c, code)
		return protocol.UserInfo{Failure: protocol.Success(), UserID: s.userID, OpenID: s.openID, UserTicket: s.ticket, ExpiresIn: s.expires}, err
	})
}

// oldGetUserInfo is the same with the names it had.
func (h *Handler) oldGetUserInfo(w http.ResponseWriter, r *http.Request) error {
	return h.exchange(w, r, func(ctx context.Context, c *caller, code tokens.Code) (any, error) {
		s, err := h.toCorp(ctx, c, code)
		return protocol.OldUserInfo{Failure: protocol.Success(), UserID: s.userID, OpenID: s.openID, UserTicket: s.ticket, ExpiresIn: s.expires}, err
	})
}
