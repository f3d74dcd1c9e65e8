package site

import (
	"context"
	"fmt"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

// with makes a call carry the suite_access_token.
func (s *Suite) with(path string, body any, secrets ...string) func(token string) call {
	return func(token string) call {
		return call{path: path, query: url.Values{protocol.QuerySuiteAccessToken: {token}}, body: body, secrets: secrets}
	}
}

// PreAuthCode returns a code with which one install of the suite can be begun
// (90601). It lives 20 minutes.
func (s *Suite) PreAuthCode(ctx context.Context) (string, error) {
	answer, err := ask[protocol.PreAuthCode](ctx, s.client, s.tokens, s.with(protocol.PathGetPreAuthCode, nil))
	if err == nil && answer.PreAuthCode == "" {
		err = fmt.Errorf("site: %s: %w: no code in it", protocol.PathGetPreAuthCode, ErrAnswer)
	}
	return answer.PreAuthCode, err
}

// SetSession settles what the install of a pre_auth_code may be (90602):
// protocol.AuthFormal, or protocol.AuthTest, which a suite that is not online
// (未上线) needs before each install.
func (s *Suite) SetSession(ctx context.Context, preAuthCode string, authType protocol.Int) error {
	_, err := ask[protocol.Failure](ctx, s.client, s.tokens, s.with(protocol.PathSetSessionInfo, protocol.SetSessionInfo{
		PreAuthCode: preAuthCode, SessionInfo: protocol.SessionInfo{AuthType: authType},
	}, preAuthCode))
	return err
}

// PermanentCode spends the auth_code of an install, from its callback or from a
// create_auth event, and returns who installed and the permanent code (90603).
// The auth_code works once and for ten minutes; another is
// protocol.CodeInvalidAuthCode.
//
// Keep the permanent code as a secret: with the suite's own it opens the
// company's contacts. Package site/installs keeps it sealed.
func (s *Suite) PermanentCode(ctx context.Context, authCode string) (protocol.PermanentCode, error) {
	if authCode == "" || len(authCode) > protocol.CodeMaxBytes {
		return protocol.PermanentCode{}, fmt.Errorf("site: an auth_code has 1 to %d bytes: %w", protocol.CodeMaxBytes, protocol.CodeInvalidAuthCode)
	}
	answer, err := ask[protocol.PermanentCode](ctx, s.client, s.tokens,
		s.with(protocol.PathGetPermanentCode, protocol.GetPermanentCode{AuthCode: authCode}, authCode))
	if err == nil && (answer.PermanentCode == "" || !validID(answer.AuthCorpInfo.CorpID)) {
		err = fmt.Errorf("site: %s: %w: no permanent code or no corpid in it", protocol.PathGetPermanentCode, ErrAnswer)
	}
	if err != nil {
		return protocol.PermanentCode{}, err
	}
	return answer, nil
}

// AuthInfo returns what a company has granted (90604). protocol.CodeInvalidPermanentCode
// and protocol.CodeInvalidAuthorization say that it has withdrawn: see Withdrawn.
func (s *Suite) AuthInfo(ctx context.Context, corpID, permanentCode string) (protocol.AuthInfo, error) {
	answer, err := ask[protocol.AuthInfo](ctx, s.client, s.tokens, s.with(protocol.PathGetAuthInfo,
		protocol.Authorization{AuthCorpID: corpID, PermanentCode: permanentCode}, permanentCode))
	if err == nil && answer.AuthCorpInfo.CorpID == "" {
		err = fmt.Errorf("site: %s: %w: no corpid in it", protocol.PathGetAuthInfo, ErrAnswer)
	}
	if err != nil {
		return protocol.AuthInfo{}, err
	}
	return answer, nil
}

// AdminList returns the administrators of the suite in a company that installed
// it (90606). External ones are not in it.
func (s *Suite) AdminList(ctx context.Context, corpID string, agentID int64) ([]protocol.Admin, error) {
	answer, err := ask[protocol.AdminList](ctx, s.client, s.tokens, s.with(protocol.PathServiceGetAdminList,
		protocol.GetAdminList{AuthCorpID: corpID, AgentID: protocol.Int(agentID)}))
	return answer.Admin, err
}
