package site

import (
	"context"
	"fmt"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

// LoginInfo is who came through the old QR login (3rd_qrConnect) or the
// business-settings jump (业务设置), with the right the person has (91125).
type LoginInfo struct {
	// Identity has a CorpID always. UserID is empty for a creator or an external
	// administrator who is not in the address book: such a person can be told from
	// nobody else.
	Identity
	// UserType is one of the UserType constants of package protocol.
	UserType protocol.Int
	// Agents are the provider's apps that an administrator manages or uses.
	Agents []protocol.LoginAgent
	// Departments are those of a sub-administrator (分级管理员).
	Departments []protocol.LoginDepartment
}

// Admin tells whether the person administers the company in some way.
func (l LoginInfo) Admin() bool {
	return l.UserType >= protocol.UserTypeCreator && l.UserType <= protocol.UserTypeSubAdmin
}

// Manages tells whether the person may manage the app with that agentid in the
// company: a creator, system or external administrator every app, a
// sub-administrator those that were given to him to manage.
func (l LoginInfo) Manages(agentID int64) bool {
	if !l.Admin() || l.UserType != protocol.UserTypeSubAdmin {
		return l.Admin()
	}
	for _, a := range l.Agents {
		if int64(a.AgentID) == agentID && a.AuthType == protocol.AuthTypeManage {
			return true
		}
	}
	return false
}

// LoginInfo spends the auth_code of the old QR login or of the business-settings
// jump (91125). The code works once and for five minutes; another is
// protocol.CodeInvalidCode or protocol.CodeInvalidAuthCode. An answer without a
// corpid or with an unknown usertype is ErrIncomplete.
//
// The caller must have compared the state of an old QR login, as for
// Suite.Exchange. The jump has none: see site/login, AdminEntry.
func (p *Provider) LoginInfo(ctx context.Context, authCode string) (LoginInfo, error) {
	var answer protocol.LoginInfo
	err := p.tokens.exchange(ctx, authCode, func(token string) error {
		answer = protocol.LoginInfo{}
		return p.client.do(ctx, call{
			path: protocol.PathGetLoginInfo, query: url.Values{protocol.QueryAccessToken: {token}},
			body: protocol.GetLoginInfo{AuthCode: authCode}, secrets: []string{token, authCode},
		}, &answer)
	})
	if err != nil {
		return LoginInfo{}, err
	}
	info := LoginInfo{UserType: answer.UserType, Agents: answer.Agent, Identity: Identity{
		CorpID: answer.CorpInfo.CorpID, UserID: answer.UserInfo.UserID, OpenUserID: answer.UserInfo.OpenUserID,
	}}
	if answer.AuthInfo != nil {
		info.Departments = answer.AuthInfo.Department
	}
	if !info.sane() || info.CorpID == "" || !info.Admin() && (info.UserType != protocol.UserTypeMember || info.UserID == "") {
		return LoginInfo{}, ErrIncomplete
	}
	return info, nil
}

// OpenCorpID turns the plain corpid of a company that installed one of the
// provider's apps into what the provider sees today (95604);
// protocol.CodeAPIUnauthorized is one that installed none.
func (p *Provider) OpenCorpID(ctx context.Context, corpID string) (string, error) {
	answer, err := ask[protocol.OpenCorpID](ctx, p.client, p.tokens, func(token string) call {
		return call{path: protocol.PathCorpIDToOpenCorpID, query: url.Values{protocol.QueryProviderAccessToken: {token}},
			body: protocol.CorpIDToOpenCorpID{CorpID: corpID}}
	})
	if err == nil && !validID(answer.OpenCorpID) {
		err = fmt.Errorf("site: %s: %w: no corpid in it", protocol.PathCorpIDToOpenCorpID, ErrAnswer)
	}
	if err != nil {
		return "", err
	}
	return answer.OpenCorpID, nil
}
