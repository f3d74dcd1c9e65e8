package demo

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// Paths that the platform has to know: the trusted redirect addresses and the
// instruction callbacks of the sample provider, below Config.Origin.
const (
	PathServiceFinish      = "/login/finish"
	PathCorpFinish         = "/corp/login/finish"
	PathAppHome            = "/app-home"      // 应用主页 of the installed suite
	PathCorpAppHome        = "/corp/app-home" // 应用主页 of the corp app
	PathLoginSuiteCallback = "/callback/login-suite"
	PathSuiteCallback      = "/callback/suite"
	PathAdminEntry         = "/admin-entry"    // 业务设置URL
	PathInstallFinish      = "/install/finish" // where an install ends
)

// Config is what New needs. All fields without a default are required.
type Config struct {
	// API is the base URL of the server API; default https://qyapi.weixin.qq.com.
	API string

	// LoginHost is scheme and host of the login page; default
	// https://login.work.weixin.qq.com.
	LoginHost string

	// InstallHost is scheme and host of the install page and of the old login pages;
	// default https://open.work.weixin.qq.com.
	InstallHost string

	// OAuthHost is scheme and host of the in-client page (网页授权); default
	// https://open.weixin.qq.com.
	OAuthHost string

	// Control is the base URL of the sandbox's control API, shown to people who
	// wait for a suite_ticket. Empty: not shown.
	Control string

	// Origin of this site, such as http://127.0.0.1:8791. Browsers that come by
	// another name are sent there, because the sign-in's cookies live there.
	Origin string

	// ProviderCorpID is the provider's own corpid, which the platform seals the
	// URL check of a callback for.
	ProviderCorpID string

	// ProviderSecret exchanges the code of the old login (3rd_qrConnect), and that of
	// the business settings (业务设置) where the login suite cannot. Empty: neither is
	// there.
	ProviderSecret string

	// PermanentCodes are those of companies that had installed the suite before this
	// site heard of it, by the corpid that the provider sees.
	PermanentCodes map[string]string

	// LoginSuite is the login suite (登录授权); Suite the installed one.
	LoginSuite, Suite Suite

	// CorpApp is the corp app (自建应用).
	CorpApp CorpApp

	// Brand and BrandEN are the provider's brand name (品牌名称) in Chinese and
	// English; default 青禾协作 and Qinghe. A Brand alone serves both.
	Brand, BrandEN string

	// DataDir keeps the suite tickets, the installs and the key that seals cookies and
	// installs, so that a restart signs nobody out and needs no new ticket. It is made with mode 0700
	// if need be. Empty: nothing is kept.
	DataDir string

	// InsecureHTTP allows an Origin with http that is not loopback, for trying
	// with a real phone on a local network.
	InsecureHTTP bool

	// HTTPClient for calls to the API; nil means the one of package site.
	HTTPClient *http.Client

	// Now is the clock; default time.Now.
	Now func() time.Time

	// Log receives failed sign-ins and refused events, without codes or queries.
	// Nil means none.
	Log *slog.Logger
}

// Suite is what the provider console shows for one suite.
type Suite struct {
	ID, Secret            string
	Token, EncodingAESKey string // of its instruction callback
}

// CorpApp is what the admin console shows for one corp app.
type CorpApp struct {
	CorpID, AgentID, Secret string
}

func (c *Config) complete() error {
	for _, v := range []string{
		c.Origin, c.ProviderCorpID, c.LoginSuite.ID, c.LoginSuite.Secret, c.Suite.ID, c.Suite.Secret,
		c.CorpApp.CorpID, c.CorpApp.AgentID, c.CorpApp.Secret,
	} {
		if v == "" {
			return errors.New("demo: Config lacks the origin, the provider's corpid, a suite or the corp app")
		}
	}
	origin, err := url.Parse(c.Origin)
	if err != nil || origin.Host == "" || origin.Path != "" || origin.RawQuery != "" {
		return errors.New("demo: Config.Origin must be scheme and host, such as http://127.0.0.1:8791")
	}
	if c.API == "" {
		c.API = "https://qyapi.weixin.qq.com"
	}
	if c.LoginHost == "" {
		c.LoginHost = "https://login.work.weixin.qq.com"
	}
	if c.InstallHost == "" {
		c.InstallHost = "https://open.work.weixin.qq.com"
	}
	if c.OAuthHost == "" {
		c.OAuthHost = "https://open.weixin.qq.com"
	}
	if c.Brand == "" {
		c.Brand, c.BrandEN = "青禾协作", "Qinghe"
	}
	if c.BrandEN == "" {
		c.BrandEN = c.Brand
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return nil
}
