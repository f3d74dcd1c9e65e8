package site

import (
	"context"
	"fmt"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

// checkTicket refuses it before any token is fetched.
func checkTicket(ticket UserTicket) error {
	if !validTicket(string(ticket)) {
		return fmt.Errorf("site: a user_ticket has 1 to %d bytes: %w", protocol.CodeMaxBytes, protocol.CodeInvalidUserTicket)
	}
	return nil
}

// UserDetail returns what a member agreed to show to the app that the company
// installed (91122). It spends nothing: the ticket may be used until it expires.
//
// protocol.CodeUserTicketExpired is a ticket past its life,
// protocol.CodeInvalidUserTicket one of another app or none at all,
// protocol.CodeNotInVisibleRange a member who has left the visible range
// (可见范围), and protocol.CodeNoSensitiveInfoRight an app without 成员敏感信息授权.
func (s *Suite) UserDetail(ctx context.Context, ticket UserTicket) (protocol.UserDetail3rd, error) {
	if err := checkTicket(ticket); err != nil {
		return protocol.UserDetail3rd{}, err
	}
	answer, err := ask[protocol.UserDetail3rd](ctx, s.client, s.tokens,
		s.with(protocol.PathGetUserDetail3rd, protocol.GetUserDetail{UserTicket: string(ticket)}, string(ticket)))
	if err == nil && !(validID(answer.CorpID) && validID(answer.UserID)) {
		return protocol.UserDetail3rd{}, fmt.Errorf("site: %s: %w: no corpid and userid in it", protocol.PathGetUserDetail3rd, ErrAnswer)
	}
	return answer, err
}

// UserDetail returns what a member agreed to show to the corp app (95833). The
// rules are those of Suite.UserDetail.
func (a *CorpApp) UserDetail(ctx context.Context, ticket UserTicket) (protocol.UserDetail, error) {
	if err := checkTicket(ticket); err != nil {
		return protocol.UserDetail{}, err
	}
	answer, err := ask[protocol.UserDetail](ctx, a.client, a.tokens, func(token string) call {
		return call{path: protocol.PathGetUserDetail, query: url.Values{protocol.QueryAccessToken: {token}},
			body: protocol.GetUserDetail{UserTicket: string(ticket)}, secrets: []string{string(ticket)}}
	})
	if err == nil && !validID(answer.UserID) {
		return protocol.UserDetail{}, fmt.Errorf("site: %s: %w: no userid in it", protocol.PathGetUserDetail, ErrAnswer)
	}
	return answer, err
}
