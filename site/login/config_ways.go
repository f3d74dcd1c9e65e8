package login

import (
	"context"
	"errors"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// InClient is sign-in inside the client (网页授权): the app opens signed in, without
// a QR code. It is an app that the person's company has installed (第三方应用), or a
// corp app; never the login suite (登录授权), which nobody installs.
//
// The site's host must be a trusted domain (可信域名) of that app too, and the app's
// home page (应用主页) should be Begin, or what AppHome answers.
type InClient struct {
	// Suite makes the exchange: *site.Suite of the installed app, or *site.CorpApp.
	// Nil means Config's own app with its AppID and AgentID, when that is a corp app.
	Suite Exchanger

	// AppID is the SuiteID, or the CorpID of a corp app. Required with Suite, empty
	// without.
	AppID string

	// AgentID is the agentid of a corp app. Empty for a suite, and without Suite.
	AgentID string

	// Host is scheme and host of the authorize page; default
	// https://open.weixin.qq.com.
	Host string

	// Scope is site's: snsapi_base, the default, is silent; snsapi_privateinfo asks
	// the person and brings a user_ticket.
	Scope string

	// OnTicket is given the user_ticket of a sign-in that brought one, after
	// OnSignIn has let the person in; Suite.UserDetail of package site reads what it
	// opens. It is the one hook that is given a secret. The ticket is kept nowhere
	// else, and the sign-in does not wait for more than the hook's return.
	OnTicket func(ctx context.Context, s Session, ticket site.UserTicket)
}

// OldLogin is the old scan login, for a site that has not moved to 登录授权 or has
// people who still follow old links. Begin takes it by itself only where Config has no
// Suite.
type OldLogin struct {
	// Provider makes the exchange of a provider's old login (3rd_qrConnect), whose
	// callback carries auth_code. *site.Provider is one.
	Provider LoginInformer

	// Suite makes the exchange of a corp app's old login (qrConnect), whose callback
	// carries code. Nil, with Provider nil too, means Config's own app with its AppID
	// and AgentID, when that is a corp app.
	Suite Exchanger

	// AppID is the provider's own CorpID (not a SuiteID), or the CorpID of a corp
	// app. Required with Provider or Suite, empty without.
	AppID string

	// AgentID is the agentid of a corp app. Empty for a provider.
	AgentID string

	// UserType is, for a provider, who may sign in: protocol.UserMember, the
	// default, or protocol.UserAdmin.
	UserType string

	// Host is scheme and host of the old page; default
	// https://open.work.weixin.qq.com.
	Host string
}

// completeWays checks InClient and Old and fills in their defaults. Both are copied:
// the caller's stay as they are.
func (c *Config) completeWays() error {
	ownApp := c.Suite != nil && c.LoginType == protocol.LoginTypeCorpApp
	if c.InClient != nil {
		in := *c.InClient
		c.InClient = &in
		if ownApp && in.Suite == nil && in.AppID+in.AgentID == "" {
			in.Suite, in.AppID, in.AgentID = c.Suite, c.AppID, c.AgentID
		}
		in.Host = orElse(in.Host, "https://"+protocol.HostOAuth)
		in.Scope = orElse(in.Scope, protocol.ScopeBase)
		switch {
		case in.Suite == nil || in.AppID == "":
			return errors.New("login: InClient needs Suite and AppID: of the app that companies install, or of a corp app")
		case c.Suite != nil && c.LoginType == protocol.LoginTypeServiceApp && in.AppID == c.AppID:
			return errors.New("login: InClient.AppID is the login suite's; it takes the SuiteID of the app that companies install")
		case in.Scope != protocol.ScopeBase && in.Scope != protocol.ScopePrivateInfo:
			return errors.New("login: InClient.Scope is neither " + protocol.ScopeBase + " nor " + protocol.ScopePrivateInfo)
		}
		if _, err := parseOrigin("InClient.Host", in.Host, c.InsecureHTTP); err != nil {
			return err
		}
		*c.InClient = in
	}
	if c.Old != nil {
		old := *c.Old
		if ownApp && old.Provider == nil && old.Suite == nil && old.AppID+old.AgentID == "" {
			old.Suite, old.AppID, old.AgentID = c.Suite, c.AppID, c.AgentID
		}
		if old.Provider != nil {
			old.UserType = orElse(old.UserType, protocol.UserMember)
		}
		old.Host = orElse(old.Host, "https://"+protocol.HostOpen)
		switch {
		case (old.Provider == nil) == (old.Suite == nil) || old.AppID == "":
			return errors.New("login: Old needs AppID and one of Provider and Suite")
		case old.Provider != nil && (old.AgentID != "" || old.UserType != protocol.UserMember && old.UserType != protocol.UserAdmin):
			return errors.New("login: Old of a provider has no AgentID, and UserType member or admin")
		case old.Suite != nil && (old.AgentID == "" || old.UserType != ""):
			return errors.New("login: Old of a corp app needs AgentID and has no UserType")
		}
		if _, err := parseOrigin("Old.Host", old.Host, c.InsecureHTTP); err != nil {
			return err
		}
		c.Old = &old
	}
	return nil
}

// onHufu tells whether the in-client page is another platform's than WeCom: its
// client is a page too, which any browser opens.
func (in *InClient) onHufu() bool {
	u, err := url.Parse(in.Host)
	return err == nil && !ofWeCom(u.Hostname())
}

func orElse(v, other string) string {
	if v != "" {
		return v
	}
	return other
}
