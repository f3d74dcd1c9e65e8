package site

import (
	"context"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

// CorpApp is an application that a company made for itself (自建应用). It is
// safe for concurrent use. Keep it: it holds the token.
type CorpApp struct {
	client *Client
	corpID string
	secret string
	tokens *keeper
}

// CorpApp makes a CorpApp from the company's CorpID and the app's Secret. It
// does no I/O.
func (c *Client) CorpApp(corpID, secret string) *CorpApp {
	a := &CorpApp{client: c, corpID: corpID, secret: secret}
	a.tokens = &keeper{now: c.now, fetch: a.fetch}
	return a
}

// Token returns an access_token that has not expired (91039). Calls made with
// it must be ready for the platform to withdraw it early.
func (a *CorpApp) Token(ctx context.Context) (string, error) {
	return a.tokens.get(ctx, "")
}

func (a *CorpApp) fetch(ctx context.Context) (string, protocol.Int, error) {
	var answer protocol.AppToken
	err := a.client.do(ctx, call{
		path:    protocol.PathGetToken,
		query:   url.Values{protocol.QueryCorpID: {a.corpID}, protocol.QueryCorpSecret: {a.secret}},
		secrets: []string{a.secret},
	}, &answer)
	return answer.AccessToken, answer.ExpiresIn, err
}

// Exchange spends the code of a login callback, of LoginURL, AuthorizeURL or
// OldCorpLoginURL, and returns who signed in (98177): CorpID is the app's own company, UserID plain. The rules are those
// of Suite.Exchange.
func (a *CorpApp) Exchange(ctx context.Context, code string, opts ...ExchangeOption) (Identity, error) {
	e := newExchange(opts)
	var answer protocol.UserInfo
	err := a.tokens.exchange(ctx, code, func(token string) error {
		answer = protocol.UserInfo{}
		return a.client.do(ctx, e.call(protocol.PathGetUserInfo, protocol.QueryAccessToken, token, code), &answer)
	})
	if err != nil {
		return Identity{}, err
	}
	id := Identity{UserID: answer.UserID, OpenID: answer.OpenID}
	if id.UserID != "" {
		id.CorpID = a.corpID
	}
	return e.check(id.withTicket(answer.UserTicket, answer.ExpiresIn))
}

// User returns a member of the company (90332). protocol.CodeUserNotFound is
// an unknown userid, protocol.CodeNoPrivilege one outside the visible range
// (可见范围).
func (a *CorpApp) User(ctx context.Context, userID string) (protocol.User, error) {
	return user(ctx, a.client, a.tokens, userID)
}
