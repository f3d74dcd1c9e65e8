package site

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/hufu-sso/hufu/protocol"
)

// Installed is a suite as it stands in one company that installed it (授权). Its
// calls see the visible range (可见范围) and nothing else. It is safe for
// concurrent use. Keep it: it holds the token.
type Installed struct {
	suite         *Suite
	corpID        string
	permanentCode string
	tokens        *keeper
}

// Corp makes an Installed from what PermanentCode answered. It does no I/O.
func (s *Suite) Corp(corpID, permanentCode string) *Installed {
	i := &Installed{suite: s, corpID: corpID, permanentCode: permanentCode}
	i.tokens = &keeper{now: s.client.now, fetch: i.fetch}
	return i
}

// Token returns an access_token of the installation that has not expired
// (90605). Calls made with it must be ready for the platform to withdraw it early.
func (i *Installed) Token(ctx context.Context) (string, error) {
	return i.tokens.get(ctx, "")
}

func (i *Installed) fetch(ctx context.Context) (string, protocol.Int, error) {
	answer, err := ask[protocol.AppToken](ctx, i.suite.client, i.suite.tokens, i.suite.with(protocol.PathGetCorpToken,
		protocol.Authorization{AuthCorpID: i.corpID, PermanentCode: i.permanentCode}, i.permanentCode))
	return answer.AccessToken, answer.ExpiresIn, err
}

// User returns a member (90332, 96255). protocol.CodeUserNotFound is an unknown
// userid, or a plain one where encrypted ones are due; protocol.CodeNoPrivilege
// one outside the visible range.
func (i *Installed) User(ctx context.Context, userID string) (protocol.User, error) {
	return user(ctx, i.suite.client, i.tokens, userID)
}

// SimpleUsers returns the direct members of a department, in the fewest words
// (90336).
func (i *Installed) SimpleUsers(ctx context.Context, department int64) ([]protocol.SimpleUser, error) {
	answer, err := ask[protocol.UserSimpleList](ctx, i.suite.client, i.tokens,
		get(protocol.PathUserSimpleList, protocol.QueryDepartmentID, department))
	return answer.UserList, err
}

// Users returns the direct members of a department (96260).
func (i *Installed) Users(ctx context.Context, department int64) ([]protocol.ListedUser, error) {
	answer, err := ask[protocol.UserList](ctx, i.suite.client, i.tokens,
		get(protocol.PathUserList, protocol.QueryDepartmentID, department))
	return answer.UserList, err
}

// UserIDs returns one page of all members' ids with their departments (96021).
// cursor is empty at first, then NextCursor of the page before, until that is
// empty; limit is 1 to protocol.ListUserIDsMax, and 0 means the most.
func (i *Installed) UserIDs(ctx context.Context, cursor string, limit int) (protocol.UserIDPage, error) {
	return ask[protocol.UserIDPage](ctx, i.suite.client, i.tokens,
		post(protocol.PathUserListID, protocol.ListUserIDs{Cursor: cursor, Limit: protocol.Int(limit)}))
}

// Departments returns a department and all beneath it, as far as they are
// visible; 0 means all that are (90344).
func (i *Installed) Departments(ctx context.Context, department int64) ([]protocol.Department, error) {
	answer, err := ask[protocol.DepartmentList](ctx, i.suite.client, i.tokens,
		get(protocol.PathDepartmentList, protocol.QueryID, department))
	return answer.Department, err
}

// Agent returns the app as it stands in the company: its name and its visible
// range as it was set (90363).
func (i *Installed) Agent(ctx context.Context, agentID int64) (protocol.Agent, error) {
	return ask[protocol.Agent](ctx, i.suite.client, i.tokens, get(protocol.PathAgentGet, protocol.QueryAgentID, agentID))
}

// OpenUserIDs turns plain userids, as kept from the time before encrypted ids,
// into what the provider sees today (97062): at most protocol.MaxConvertedIDs at
// once. A platform stops a caller who asks for too many that do not exist.
func (i *Installed) OpenUserIDs(ctx context.Context, userIDs []string) (protocol.OpenUserIDs, error) {
	return ask[protocol.OpenUserIDs](ctx, i.suite.client, i.tokens,
		post(protocol.PathUserIDToOpenUserID, protocol.UserIDToOpenUserID{UserIDList: userIDs}))
}

// get makes a call carry the access_token and one number; 0 is left out.
func get(path, name string, value int64) func(token string) call {
	return func(token string) call {
		query := url.Values{protocol.QueryAccessToken: {token}}
		if value != 0 {
			query.Set(name, strconv.FormatInt(value, 10))
		}
		return call{path: path, query: query}
	}
}

// post makes a call carry the access_token and a body.
func post(path string, body any) func(token string) call {
	return func(token string) call {
		return call{path: path, query: url.Values{protocol.QueryAccessToken: {token}}, body: body}
	}
}

// user gets a member with a keeper's access_token.
func user(ctx context.Context, client *Client, tokens *keeper, userID string) (protocol.User, error) {
	answer, err := ask[protocol.User](ctx, client, tokens, func(token string) call {
		return call{path: protocol.PathUserGet, query: url.Values{protocol.QueryAccessToken: {token}, protocol.QueryUserID: {userID}}}
	})
	if err == nil && answer.UserID == "" {
		err = fmt.Errorf("site: %s: %w: no userid in it", protocol.PathUserGet, ErrAnswer)
	}
	if err != nil {
		return protocol.User{}, err
	}
	return answer, nil
}
