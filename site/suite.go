package site

import (
	"context"
	"fmt"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

// Suite is a third-party app of a provider (第三方应用) as the API sees it: for
// web login the login suite (登录授权), whose SuiteID, Secret and ticket are
// its own; for sign-in inside the client the app that the company installed. It is safe for concurrent use. Keep it: it holds the token.
type Suite struct {
	client  *Client
	id      string
	secret  string
	tickets TicketSource
	tokens  *keeper
}

// Suite makes a Suite from its SuiteID and Secret. It does no I/O.
func (c *Client) Suite(id, secret string, tickets TicketSource) *Suite {
	s := &Suite{client: c, id: id, secret: secret, tickets: tickets}
	s.tokens = &keeper{now: c.now, fetch: s.fetch}
	return s
}

// ID is the SuiteID.
func (s *Suite) ID() string { return s.id }

// Token returns a suite_access_token that has not expired (90600). Calls made
// with it must be ready for the platform to withdraw it early.
func (s *Suite) Token(ctx context.Context) (string, error) {
	return s.tokens.get(ctx, "")
}

func (s *Suite) fetch(ctx context.Context) (string, protocol.Int, error) {
	if s.tickets == nil {
		return "", 0, ErrNoTicket
	}
	ticket, err := s.tickets.SuiteTicket(ctx, s.id)
	if err != nil {
		return "", 0, fmt.Errorf("site: suite_ticket: %w", err)
	}
	if ticket == "" {
		return "", 0, ErrNoTicket
	}
	var answer protocol.SuiteToken
	err = s.client.do(ctx, call{
		path:    protocol.PathGetSuiteToken,
		body:    protocol.GetSuiteToken{SuiteID: s.id, SuiteSecret: s.secret, SuiteTicket: ticket},
		secrets: []string{s.secret, ticket},
	}, &answer)
	return answer.SuiteAccessToken, answer.ExpiresIn, err
}

// Exchange spends the code of a login callback and returns who signed in
// (98179): for the login suite the code of LoginURL, for an app that companies
// install the one of AuthorizeURL (91121). The code works once and for five minutes; a used, expired or
// foreign one is protocol.CodeInvalidCode. An answer without both corpid and
// userid is ErrIncomplete, see AllowOpenID.
//
// The caller must have compared the callback's state with the one it gave to
// this very browser before it calls Exchange.
func (s *Suite) Exchange(ctx context.Context, code string, opts ...ExchangeOption) (Identity, error) {
	e := newExchange(opts)
	var answer protocol.UserInfo3rd
	err := s.tokens.exchange(ctx, code, func(token string) error {
		answer = protocol.UserInfo3rd{}
		return s.client.do(ctx, e.call(protocol.PathGetUserInfo3rd, protocol.QuerySuiteAccessToken, token, code), &answer)
	})
	if err != nil {
		return Identity{}, err
	}
	id := Identity{CorpID: answer.CorpID, UserID: answer.UserID, OpenUserID: answer.OpenUserID, OpenID: answer.OpenID}
	return e.check(id.withTicket(answer.UserTicket, answer.ExpiresIn))
}

// exchange refuses what can be no code before it fetches any token.
func (k *keeper) exchange(ctx context.Context, code string, call func(token string) error) error {
	if code == "" || len(code) > protocol.CodeMaxBytes {
		return fmt.Errorf("site: a code has 1 to %d bytes: %w", protocol.CodeMaxBytes, protocol.CodeInvalidCode)
	}
	return k.use(ctx, call)
}

// call is the request of an exchange.
func (e exchange) call(path, tokenName, token, code string) call {
	q := url.Values{tokenName: {token}, protocol.QueryCode: {code}}
	if e.verifier != "" {
		q.Set(protocol.QueryCodeVerifier, e.verifier)
	}
	return call{path: path, query: q, secrets: []string{token, code, e.verifier}}
}
