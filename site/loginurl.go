package site

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

const defaultLogin = "https://" + protocol.HostLogin

// LoginLink is a link to the login page (企业微信Web登录, 98171).
type LoginLink struct {
	// Host is scheme and host of the login page;
	// https://login.work.weixin.qq.com when empty. For the sandbox it is
	// HUFU_LOGIN of its env file.
	Host string
	// LoginType is protocol.LoginTypeServiceApp or protocol.LoginTypeCorpApp.
	// Empty means CorpApp when AgentID is set, else ServiceApp.
	LoginType string
	// AppID is the SuiteID of the login suite (登录授权) for ServiceApp, the
	// company's CorpID for CorpApp. Required.
	AppID string
	// AgentID is the app's agentid; required for CorpApp, refused for
	// ServiceApp.
	AgentID string
	// RedirectURI is the absolute URL of the site's callback, not encoded. Its
	// host, with its port unless it is the scheme's own, must be a trusted
	// domain (可信域名) of the app. Required.
	RedirectURI string
	// State comes back unchanged with the code. It must be unguessable and
	// bound to the browser: it is what stops others from signing this browser
	// in. 1 to 128 of a-z, A-Z, 0-9. Required.
	State string
	// Lang is "zh" or "en"; empty leaves it to the page.
	Lang string
	// CodeChallenge is the S256 challenge of a PKCE verifier (RFC 7636), see
	// WithVerifier. Hufu's platform knows it; the real WeCom ignores it.
	CodeChallenge string
}

var (
	statePattern     = regexp.MustCompile(`^[a-zA-Z0-9]{1,128}$`)
	challengePattern = regexp.MustCompile(`^[a-zA-Z0-9_-]{43}$`)
)

// LoginURL builds the link. Its errors name the field that is wrong and hold
// no values.
func LoginURL(link LoginLink) (string, error) {
	base, err := linkBase("LoginLink", link.Host, defaultLogin)
	if err != nil {
		return "", err
	}
	kind, err := link.loginType()
	if err != nil {
		return "", err
	}
	if err := link.check(); err != nil {
		return "", err
	}
	q := url.Values{
		protocol.ParamLoginType:   {kind},
		protocol.ParamAppID:       {link.AppID},
		protocol.ParamRedirectURI: {link.RedirectURI},
		protocol.ParamState:       {link.State},
	}
	if link.AgentID != "" {
		q.Set(protocol.ParamAgentID, link.AgentID)
	}
	if link.Lang != "" {
		q.Set(protocol.ParamLang, link.Lang)
	}
	if link.CodeChallenge != "" {
		q.Set(protocol.ParamCodeChallenge, link.CodeChallenge)
		q.Set(protocol.ParamCodeChallengeMethod, protocol.ChallengeS256)
	}
	base.Path += protocol.PathLogin
	base.RawQuery = q.Encode()
	return base.String(), nil
}

func (l LoginLink) loginType() (string, error) {
	switch {
	case l.LoginType == protocol.LoginTypeServiceApp && l.AgentID == "",
		l.LoginType == protocol.LoginTypeCorpApp && l.AgentID != "":
		return l.LoginType, nil
	case l.LoginType == "" && l.AgentID != "":
		return protocol.LoginTypeCorpApp, nil
	case l.LoginType == "":
		return protocol.LoginTypeServiceApp, nil
	}
	return "", fmt.Errorf("site: LoginLink.LoginType must be %s without AgentID, or %s with it",
		protocol.LoginTypeServiceApp, protocol.LoginTypeCorpApp)
}

func (l LoginLink) check() error {
	if err := checkLink("LoginLink", l.AppID, l.RedirectURI, l.State); err != nil {
		return err
	}
	if err := checkLang("LoginLink", l.Lang); err != nil {
		return err
	}
	return checkChallenge("LoginLink", l.CodeChallenge)
}

// linkBase is the base URL in host, or else in standard; of names the link's type.
func linkBase(of, host, standard string) (*url.URL, error) {
	if host == "" {
		host = standard
	}
	base := parseBase(host)
	if base == nil {
		return nil, errors.New("site: " + of + ".Host is not an http or https base URL")
	}
	return base, nil
}

// checkLink checks what every link has.
func checkLink(of, appID, redirectURI, state string) error {
	redirect, err := url.Parse(redirectURI)
	switch {
	case appID == "":
		return errors.New("site: " + of + ".AppID is empty")
	case err != nil || redirect.Scheme != "https" && redirect.Scheme != "http" || redirect.Host == "" || redirect.User != nil:
		return errors.New("site: " + of + ".RedirectURI is not an absolute http or https URL; it must not be encoded")
	case strings.Contains(redirectURI, `\`):
		return errors.New("site: " + of + ".RedirectURI holds a backslash")
	case !statePattern.MatchString(state):
		return fmt.Errorf("site: %s.State must be 1 to %d letters and digits", of, protocol.StateMaxBytes)
	}
	return nil
}

func checkLang(of, lang string) error {
	if lang != "" && lang != protocol.LangZH && lang != protocol.LangEN {
		return errors.New("site: " + of + ".Lang must be zh or en")
	}
	return nil
}

func checkChallenge(of, challenge string) error {
	if challenge != "" && !challengePattern.MatchString(challenge) {
		return errors.New("site: " + of + ".CodeChallenge must be 43 characters of base64url")
	}
	return nil
}
