package login

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/internal/seal"
)

// KeySize is the length in bytes of each key in Config.Keys and SessionConfig.Keys.
const KeySize = seal.KeySize

// Exchanger turns the code of a callback into an identity, once per call.
// *site.Suite (登录授权, ServiceApp) and *site.CorpApp (自建应用, CorpApp) are
// Exchangers. Its errors must not contain the code.
type Exchanger interface {
	Exchange(ctx context.Context, code string, opts ...site.ExchangeOption) (site.Identity, error)
}

// Config is what New needs. RedirectURI is required, and at least one way to sign
// in: Suite with AppID, InClient, or Old. Every other field has a safe default.
type Config struct {
	// Suite makes the exchange of the login page's codes.
	Suite Exchanger

	// AppID is the SuiteID of 登录授权 (ServiceApp) or the corp's CorpID (CorpApp).
	AppID string

	// AgentID is the agentid of the corp app; only for CorpApp.
	AgentID string

	// LoginType is protocol.LoginTypeServiceApp or protocol.LoginTypeCorpApp.
	// Empty means CorpApp when AgentID is set, else ServiceApp.
	LoginType string

	// RedirectURI is the absolute URL of finish. Its host, and port unless it is
	// the default one, must be a trusted domain (可信域名) of the app. Its origin
	// is the site's own origin: cookies and same-origin checks follow from it.
	RedirectURI string

	// LoginHost is scheme and host of the login page; default
	// https://login.work.weixin.qq.com.
	LoginHost string

	// InClient signs people in inside the client, where there is nothing to scan.
	// Nil: a browser inside the client gets the login page like any other.
	InClient *InClient

	// Old is the old scan login. Nil: not offered.
	Old *OldLogin

	// PKCE sends a code_challenge with each login link, in-client ones included, and
	// the code_verifier with each exchange, so that a code is worthless in any other
	// sign-in. Only a Hufu platform knows it: leave it off for the real WeCom. The
	// old pages know nothing of it.
	PKCE bool

	// Path is where Mount puts begin, panel, window, app and sign-out; default
	// "/login".
	Path string

	// Home is where a sign-in without a return path, and a sign-out, end;
	// default "/".
	Home string

	// WindowPath is the page on which a sign-in in a window of its own ends. Empty
	// means the one of this package. A page of the site's own loads
	// {Path}/login.js as a module and carries data-hufu-done, whose value is the
	// query parameter "return", on any element.
	WindowPath string

	// Keys seal the cookies: 32 random bytes each. The first seals, all open.
	// Without keys one is made at random: then a restart, or a second node,
	// signs everybody out and fails the sign-ins in progress.
	Keys [][]byte

	// Sessions lets several handlers share one session, for a site with several
	// apps. Nil means one of this handler's own, made from RedirectURI, Keys,
	// SessionLifetime and Now.
	Sessions *Sessions

	// SessionLifetime of a session made when Sessions is nil; default 12 hours.
	SessionLifetime time.Duration

	// AllowOpenID lets persons in who belong to no company: their session has an
	// OpenID and neither CorpID nor UserID. A site that reads an empty CorpID as
	// "anyone" must leave this off.
	AllowOpenID bool

	// InsecureHTTP allows a RedirectURI and a LoginHost with http on a host that
	// is not loopback: codes and cookies then cross the network in the clear.
	// Only for test networks.
	InsecureHTTP bool

	// OnSignIn is called once per sign-in, after the exchange and before the
	// session is given out. ErrNotAllowed (or an error that wraps it) turns the
	// person away; any other error is shown as a failure of the site.
	OnSignIn func(ctx context.Context, s Session) error

	// ErrorPage shows a sign-in that ended without a session, refused ones
	// included, in the site's own look; it must set f.Status(). The request has
	// lost its query except lang. Nil means a plain page in Chinese or English.
	ErrorPage func(w http.ResponseWriter, r *http.Request, f *Failure)

	// AppPage shows how to open the site inside the client, in the site's own look.
	// Nil means a plain page in Chinese or English.
	AppPage func(w http.ResponseWriter, r *http.Request, p *AppPage)

	// Lang is "zh" or "en". Empty means: the query parameter lang, then
	// Accept-Language, then zh.
	Lang string

	// Now is the clock; default time.Now.
	Now func() time.Time

	// Log receives one line per sign-in without a session: reason and cause,
	// never a code, state or query. Nil means none.
	Log *slog.Logger
}

// ErrNotAllowed is what Config.OnSignIn returns for a person who may not enter.
var ErrNotAllowed = errors.New("login: this person may not sign in here")

// complete checks c, fills in the defaults and returns the parsed redirect URI.
func (c *Config) complete() (*url.URL, error) {
	link := c.Suite != nil || c.AppID != "" || c.AgentID != "" || c.LoginType != ""
	switch {
	case c.RedirectURI == "" || link && (c.Suite == nil || c.AppID == ""):
		return nil, errors.New("login: Config needs Suite, AppID and RedirectURI")
	case !link && c.InClient == nil && c.Old == nil:
		return nil, errors.New("login: Config needs Suite and AppID, InClient, or Old")
	}
	if c.LoginType == "" {
		c.LoginType = protocol.LoginTypeServiceApp
		if c.AgentID != "" {
			c.LoginType = protocol.LoginTypeCorpApp
		}
	}
	switch c.LoginType {
	case protocol.LoginTypeServiceApp:
	case protocol.LoginTypeCorpApp:
		if c.AgentID == "" {
			return nil, errors.New("login: CorpApp needs AgentID")
		}
	default:
		return nil, fmt.Errorf("login: LoginType %q is neither ServiceApp nor CorpApp", c.LoginType)
	}
	redirect, err := parseOrigin("RedirectURI", c.RedirectURI, c.InsecureHTTP)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{protocol.QueryCode, protocol.QueryAuthCode, protocol.ParamState} {
		if redirect.Query().Has(name) {
			return nil, fmt.Errorf("login: RedirectURI must have no %s", name)
		}
	}
	if redirect.Fragment != "" {
		return nil, errors.New("login: RedirectURI must have no fragment")
	}
	if c.LoginHost == "" {
		c.LoginHost = "https://" + protocol.HostLogin
	}
	if _, err := parseOrigin("LoginHost", c.LoginHost, c.InsecureHTTP); err != nil {
		return nil, err
	}
	if err := c.completeWays(); err != nil {
		return nil, err
	}
	if c.Lang != "" && c.Lang != protocol.LangZH && c.Lang != protocol.LangEN {
		return nil, fmt.Errorf("login: Lang %q is neither zh nor en", c.Lang)
	}
	if c.Path == "" {
		c.Path = "/login"
	}
	c.Path = strings.TrimSuffix(c.Path, "/")
	if c.Home == "" {
		c.Home = "/"
	}
	if c.WindowPath == "" {
		c.WindowPath = c.Path + "/window"
	}
	for _, path := range []string{c.Path, c.Home, c.WindowPath} {
		if !ownPath(path) {
			return nil, errors.New("login: Path, Home and WindowPath must be paths that begin with /")
		}
	}
	if strings.ContainsAny(redirect.Path+c.Path+c.WindowPath, "{}%? ") {
		return nil, errors.New("login: RedirectURI, Path and WindowPath need a plain path")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return redirect, nil
}

// parseOrigin reads an absolute http or https URL; http needs a loopback host
// unless insecure is set.
func parseOrigin(field, raw string, insecure bool) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return nil, fmt.Errorf("login: %s is not an absolute URL", field)
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && (insecure || loopback(u.Hostname())):
	case u.Scheme == "http":
		return nil, fmt.Errorf("login: %s has http on a host that is not loopback; see InsecureHTTP", field)
	default:
		return nil, fmt.Errorf("login: %s must begin with https://", field)
	}
	return u, nil
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") { // RFC 6761, 6.3
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// originOf writes the origin of u as browsers write it in the Origin header.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	port := u.Port()
	if port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return u.Scheme + "://" + host
	}
	return u.Scheme + "://" + net.JoinHostPort(host, port)
}
