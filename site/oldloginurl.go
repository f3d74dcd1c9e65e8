package site

import (
	"errors"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

const defaultOpen = "https://" + protocol.HostOpen

// OldLoginLink is a link to one of the old QR pages, for sites that have not
// moved to LoginURL: OldLoginURL makes the provider's of it, OldCorpLoginURL a
// corp app's.
type OldLoginLink struct {
	// Host is scheme and host of the page; https://open.work.weixin.qq.com when
	// empty. For the sandbox it is HUFU_OPEN of its env file.
	Host string
	// AppID is the provider's own CorpID (not a SuiteID) for OldLoginURL, the
	// company's CorpID for OldCorpLoginURL. Required.
	AppID string
	// UserType is who may sign in through OldLoginURL:
	// protocol.UserMember for anybody of a company, or
	// protocol.UserAdmin, which is what the page takes when this is empty.
	// Refused for OldCorpLoginURL.
	UserType string
	// AgentID is the app's agentid; required for OldCorpLoginURL, refused for
	// OldLoginURL.
	AgentID string
	// RedirectURI and State are as in LoginLink; Lang too. OldLoginURL's redirect
	// must be on the domain of 登录授权 (授权完成回调域名). Both required.
	RedirectURI, State string
	Lang               string
}

// OldLoginURL builds a link to the provider's old QR page (3rd_qrConnect,
// 91124). Its callback carries auth_code and expires_in in place of code:
// Provider.LoginInfo spends it. Its errors name the field that is wrong and hold
// no values.
//
// The page wants a Referer of a domain that 登录授权 lists for beginning
// (登录授权发起域名): let a person follow the link on a page of the site, and send no
// Referrer-Policy that withholds the origin.
func OldLoginURL(link OldLoginLink) (string, error) {
	switch link.UserType {
	case "", protocol.UserAdmin, protocol.UserMember:
	default:
		return "", errors.New("site: OldLoginLink.UserType must be admin or member")
	}
	if link.AgentID != "" {
		return "", errors.New("site: OldLoginLink.AgentID is for OldCorpLoginURL")
	}
	return link.url(protocol.PathOldProviderLogin)
}

// OldCorpLoginURL builds a link to the old QR page of a corp app (qrConnect,
// 91019). Its callback carries code, as LoginURL's does: CorpApp.Exchange spends
// it. A person who refuses comes back with state alone.
func OldCorpLoginURL(link OldLoginLink) (string, error) {
	switch {
	case link.UserType != "":
		return "", errors.New("site: OldLoginLink.UserType is for OldLoginURL")
	case link.AgentID == "":
		return "", errors.New("site: OldLoginLink.AgentID is empty")
	}
	return link.url(protocol.PathOldCorpLogin)
}

func (l OldLoginLink) url(path string) (string, error) {
	base, err := linkBase("OldLoginLink", l.Host, defaultOpen)
	if err != nil {
		return "", err
	}
	if err := checkLink("OldLoginLink", l.AppID, l.RedirectURI, l.State); err != nil {
		return "", err
	}
	if err := checkLang("OldLoginLink", l.Lang); err != nil {
		return "", err
	}
	q := url.Values{
		protocol.ParamAppID:       {l.AppID},
		protocol.ParamRedirectURI: {l.RedirectURI},
		protocol.ParamState:       {l.State},
	}
	for name, value := range map[string]string{
		protocol.ParamAgentID: l.AgentID, protocol.ParamUserType: l.UserType, protocol.ParamLang: l.Lang,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	base.Path += path
	base.RawQuery = q.Encode()
	return base.String(), nil
}
