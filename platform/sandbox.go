package platform

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/sample"
)

// SampleSite is the site that a sandbox's sample provider runs: the sample site, or a
// developer's own in its place.
type SampleSite struct {
	Origin        string   // such as http://127.0.0.1:8791
	LoginCallback string   // instruction callback of the login suite
	SuiteCallback string   // of the installed suite
	Trust         []string // more trusted domains, host[:port]
	Token         string   // of both callbacks; empty: the sandbox's own
	AESKey        string   // EncodingAESKey of both; empty: the sandbox's own
	LoginSuiteID  string   // empty: the sandbox's own
	SuiteID       string   // empty: the sandbox's own
	Brand         string   // 品牌名称; empty: it stays, at first the sample's
	ExpiresIn     bool     // redirects carry expires_in beside code and state
	CorpHomeURL   string   // 应用主页 of the corp app; empty: it stays
	BusinessURL   string   // 业务设置URL of the installed suite; empty: it stays
	HomeURL       string   // 应用主页 of the installed suite; empty: it stays, at first the origin
	Crowd         bool     // one company is filled up to 5,000 members, in departments six deep
}

// Sample is what a site needs to know of the sandbox's sample data.
type Sample struct {
	sample.Data
	Token, EncodingAESKey string
	AgentID               int64
}

// sampleBrand is the sample provider's brand name.
const sampleBrand = "青禾协作"

// Sample fills a sandbox, once, with companies, members and a provider, points the
// provider's apps at a site, and answers what that site needs.
func (p *Platform) Sample(ctx context.Context, site SampleSite) (Sample, error) {
	if !p.config.Sandbox {
		return Sample{}, errors.New("platform: sample data is for a sandbox")
	}
	maker := &sample.Maker{DB: p.db, Keys: p.ring, Directory: p.directory, Apps: p.apps, Crowd: site.Crowd}
	data, err := maker.Ensure(ctx, cmp.Or(site.Brand, sampleBrand))
	if err != nil {
		return Sample{}, err
	}
	addresses, err := siteAddresses(site)
	if err != nil {
		return Sample{}, err
	}
	callback := maker.Callback()
	if site.Token != "" {
		callback.Token = site.Token
	}
	if site.AESKey != "" {
		callback.EncodingAESKey = site.AESKey
	}
	loginSuiteID, suiteID := cmp.Or(site.LoginSuiteID, maker.LoginSuiteID()), cmp.Or(site.SuiteID, maker.SuiteID())
	if strings.EqualFold(loginSuiteID, suiteID) {
		return Sample{}, fmt.Errorf("platform: %s cannot be both suites' id", suiteID)
	}
	if strings.EqualFold(loginSuiteID, data.SuiteID) {
		// The two are swapped: the second gives its id up before the first takes it.
		data.SuiteID += "-swapped"
		if err := p.apps.SetSuiteID(ctx, data.SuiteRow, data.SuiteID); err != nil {
			return Sample{}, err
		}
	}
	login, err := p.apps.App(ctx, data.LoginSuiteRow)
	if err != nil {
		return Sample{}, err
	}
	// No flag says from where the old login may begin: what the console has set stays.
	loginAddresses := addresses
	loginAddresses.Launch = login.Addresses.Launch
	installed := addresses
	installed.Install = siteHosts(addresses)
	steps := []error{
		p.apps.SetAddresses(ctx, data.LoginSuiteRow, loginAddresses),
		p.apps.SetAddresses(ctx, data.SuiteRow, installed),
		p.apps.SetExpiresInURL(ctx, data.LoginSuiteRow, site.ExpiresIn),
		p.setSampleURLs(ctx, data.SuiteRow, site),
		p.setSuite(ctx, data.LoginSuiteRow, &data.LoginSuiteID, loginSuiteID, site.LoginCallback, callback),
		p.setSuite(ctx, data.SuiteRow, &data.SuiteID, suiteID, site.SuiteCallback, callback),
	}
	if site.Brand != "" {
		steps = append(steps, p.apps.SetBrand(ctx, data.ProviderRow, site.Brand))
	}
	if data.AgentRow != 0 { // it may have been removed
		steps = append(steps, p.apps.SetAddresses(ctx, data.AgentRow, addresses),
			p.apps.SetExpiresInURL(ctx, data.AgentRow, site.ExpiresIn))
		if site.CorpHomeURL != "" {
			steps = append(steps, p.apps.SetHomeURL(ctx, data.AgentRow, site.CorpHomeURL))
		}
	}
	return Sample{Data: data, Token: callback.Token, EncodingAESKey: callback.EncodingAESKey, AgentID: sample.AgentID},
		errors.Join(steps...)
}

// setSampleURLs points the installed suite's home page and business settings at a site; what
// a console has set beside them stays.
func (p *Platform) setSampleURLs(ctx context.Context, row int64, site SampleSite) error {
	suite, err := p.apps.App(ctx, row)
	if err != nil {
		return err
	}
	home := cmp.Or(site.HomeURL, suite.HomeURL)
	if home == "" && site.Origin != "" {
		home = strings.TrimRight(site.Origin, "/") + "/"
	}
	return p.apps.SetURLs(ctx, row, apps.URLs{Home: home, Business: cmp.Or(site.BusinessURL, suite.BusinessURL), Data: suite.DataURL})
}

// siteHosts are the host[:port]s of what is trusted: where an install that begins on the
// site may end (安装完成回调域名).
func siteHosts(a apps.Addresses) []string {
	hosts := slices.Clone(a.Trusted)
	for _, origin := range a.Development {
		if _, host, ok := strings.Cut(origin, "://"); ok {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

func (p *Platform) setSuite(ctx context.Context, row int64, id *string, newID, url string, c apps.Callback) error {
	if newID != *id {
		if err := p.apps.SetSuiteID(ctx, row, newID); err != nil {
			return err
		}
		*id = newID
	}
	c.URL = url
	return p.apps.SetCallback(ctx, row, c)
}

// siteAddresses trusts a site: an https origin by its domain, an http origin as a
// development origin.
func siteAddresses(site SampleSite) (apps.Addresses, error) {
	a := apps.Addresses{Trusted: site.Trust}
	if site.Origin == "" {
		return a, nil
	}
	u, err := url.Parse(site.Origin)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
		return a, errors.New("platform: the site's origin is written like http://localhost:3000 or https://app.example.com")
	}
	if u.Scheme == "https" {
		a.Trusted = append(a.Trusted, u.Host)
		return a, nil
	}
	if u.Port() == "" {
		return a, errors.New("platform: an http origin needs its port, such as http://localhost:3000")
	}
	a.Development = []string{u.Scheme + "://" + u.Host}
	return a, nil
}
