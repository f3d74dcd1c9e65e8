package login

import (
	"context"
	"errors"
	"fmt"

	"github.com/hufu-sso/hufu/site"
)

// exchange spends the code and makes the session.
func (h *Handler) exchange(ctx context.Context, at attempt, code string) outcome {
	id, userType, failure := h.identify(ctx, at, code)
	switch {
	case failure != nil:
		return outcome{failure: failure}
	case !h.complete(id):
		return outcome{failure: &Failure{Reason: Incomplete}}
	}
	session, err := h.sessions.issue(ctx, Session{
		AppID: h.appOf(at.way()), Way: at.way(), UserType: userType,
		CorpID: id.CorpID, UserID: id.UserID, OpenUserID: id.OpenUserID, OpenID: id.OpenID,
	})
	if err == nil && h.config.OnSignIn != nil {
		err = h.config.OnSignIn(ctx, session)
	}
	switch {
	case errors.Is(err, ErrNotAllowed):
		return outcome{failure: &Failure{Reason: NotAllowed, Err: err}}
	case err != nil:
		return outcome{failure: &Failure{Reason: Unavailable, Err: fmt.Errorf("after the exchange: %w", err)}}
	}
	if at.way() == ViaClient && id.UserTicket != "" && h.config.InClient.OnTicket != nil {
		h.config.InClient.OnTicket(ctx, session, id.UserTicket)
	}
	return outcome{session: session}
}

// identify asks the app of the sign-in's way whom the code names.
func (h *Handler) identify(ctx context.Context, at attempt, code string) (site.Identity, int, *Failure) {
	suite := h.config.Suite
	switch at.way() {
	case ViaClient:
		suite = h.config.InClient.Suite
	case ViaOld:
		if h.config.Old.Provider != nil {
			return h.informed(ctx, code)
		}
		suite = h.config.Old.Suite
	}
	var opts []site.ExchangeOption
	if at.Verifier != "" {
		opts = append(opts, site.WithVerifier(at.Verifier))
	}
	if h.config.AllowOpenID {
		opts = append(opts, site.AllowOpenID())
	}
	id, err := suite.Exchange(ctx, code, opts...)
	if err != nil {
		return site.Identity{}, 0, exchangeFailure(err)
	}
	return id, 0, nil
}

// informed spends the auth_code of a provider's old login.
func (h *Handler) informed(ctx context.Context, code string) (site.Identity, int, *Failure) {
	info, err := h.config.Old.Provider.LoginInfo(ctx, code)
	switch {
	case err != nil:
		return site.Identity{}, 0, exchangeFailure(err)
	case info.CorpID != "" && info.UserID == "":
		// An administrator from outside the address book, whom nothing tells from others.
		return site.Identity{}, 0, &Failure{Reason: NoMember}
	}
	return info.Identity, int(info.UserType), nil
}

// complete tells whether id names a person. The exchanger has looked as well;
// no session may hang on that alone.
func (h *Handler) complete(id site.Identity) bool {
	if id.CorpID != "" && id.UserID != "" {
		return true
	}
	return h.config.AllowOpenID && id.OpenID != "" && id.CorpID == "" && id.UserID == ""
}
