package site

import (
	"errors"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

const defaultOAuth = "https://" + protocol.HostOAuth

// AuthorizeLink is a link that signs a person in inside the client (网页授权,
// 91120; of a corp app 91022). Outside the client the page says how to open it
// there.
type AuthorizeLink struct {
	// Host is scheme and host of the page; https://open.weixin.qq.com when empty.
	// For the sandbox it is HUFU_OPEN of its env file.
	Host string
	// AppID is the SuiteID of an app that the person's company has installed (not
	// the login suite's), or the CorpID of a company with an app of its own.
	// Required.
	AppID string
	// AgentID is the agentid of the corp app. Without it WeCom takes every Scope
	// for snsapi_base. Empty for a suite.
	AgentID string
	// Scope is protocol.ScopeBase, the default, which is silent, or
	// protocol.ScopePrivateInfo, which asks the person and brings a user_ticket.
	Scope string
	// RedirectURI is as in LoginLink; its host must be a trusted domain (可信域名)
	// of the app. Required.
	RedirectURI string
	// State is as in LoginLink. Required.
	State string
	// CodeChallenge is as in LoginLink. Only Hufu's platform takes it: leave it
	// empty for the real WeCom, which says nothing of further parameters.
	CodeChallenge string
}

// AuthorizeURL builds the link. Its errors name the field that is wrong and hold
// no values. The parameters are in the order of the documentation, and
// #wechat_redirect is last: readers of this link were known to insist on both.
func AuthorizeURL(link AuthorizeLink) (string, error) {
	base, err := linkBase("AuthorizeLink", link.Host, defaultOAuth)
	if err != nil {
		return "", err
	}
	scope := link.Scope
	switch scope {
	case "":
		scope = protocol.ScopeBase
	case protocol.ScopeBase, protocol.ScopePrivateInfo:
	default:
		return "", errors.New("site: AuthorizeLink.Scope must be " + protocol.ScopeBase + " or " + protocol.ScopePrivateInfo)
	}
	if err := checkLink("AuthorizeLink", link.AppID, link.RedirectURI, link.State); err != nil {
		return "", err
	}
	if err := checkChallenge("AuthorizeLink", link.CodeChallenge); err != nil {
		return "", err
	}
	var q orderedQuery
	q.add(protocol.ParamAppID, link.AppID)
	q.add(protocol.ParamRedirectURI, link.RedirectURI)
	q.add(protocol.ParamResponseType, protocol.ResponseTypeCode)
	q.add(protocol.ParamScope, scope)
	q.add(protocol.ParamState, link.State)
	if link.AgentID != "" {
		q.add(protocol.ParamAgentID, link.AgentID)
	}
	if link.CodeChallenge != "" {
		q.add(protocol.ParamCodeChallenge, link.CodeChallenge)
		q.add(protocol.ParamCodeChallengeMethod, protocol.ChallengeS256)
	}
	base.Path += protocol.PathAuthorize
	base.RawQuery = q.String()
	base.Fragment = protocol.AuthorizeFragment
	return base.String(), nil
}

// orderedQuery is a query whose names stay in the order they were added in.
type orderedQuery struct{ strings.Builder }

func (q *orderedQuery) add(name, value string) {
	if q.Len() > 0 {
		q.WriteByte('&')
	}
	q.WriteString(name + "=" + url.QueryEscape(value))
}
