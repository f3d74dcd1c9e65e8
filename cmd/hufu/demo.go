package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/client/envfile"
	"github.com/hufu-sso/hufu/demo"
	"github.com/hufu-sso/hufu/platform"
)

type demoCommand struct {
	Data              string   `help:"Data directory. Default: the user's data directory." type:"path"`
	Fresh             bool     `help:"Throw the data away and begin anew; every id and secret changes."`
	Config            string   `help:"TOML file with these settings; default hufu.toml in this folder, if there is one." type:"path"`
	Site              string   `help:"Origin of your own site, in the place of the sample site, such as http://localhost:3000." placeholder:"ORIGIN"`
	Callback          string   `help:"Your site's instruction callback (指令回调URL)." placeholder:"URL"`
	SuiteCallback     string   `help:"Callback of the installed suite, where it is another. Default: --callback." placeholder:"URL"`
	Token             string   `help:"Token of your callback. Default: the sandbox's own."`
	AESKey            string   `name:"aes-key" help:"EncodingAESKey of your callback. Default: the sandbox's own."`
	SuiteID           string   `help:"Id of the installed suite. Default: the sandbox's own."`
	LoginSuiteID      string   `help:"Id of the login suite (登录授权). Default: the sandbox's own."`
	Brand             string   `help:"Brand name (品牌名称) on the login page."`
	Trust             []string `help:"One more trusted domain, HOST[:PORT]." placeholder:"HOST"`
	ExpiresIn         bool     `help:"Redirects carry expires_in beside code and state."`
	EnvFile           string   `help:"Write what a client needs, as NAME=value lines." type:"path" placeholder:"FILE"`
	LAN               bool     `help:"Listen on this machine's LAN address, so that a real phone can scan."`
	WecomHosts        bool     `help:"Serve WeCom's host names on loopback: TLS, local authority, proxy."`
	Crowd             bool     `help:"Fill one sample company with 5,000 members." default:"true" negatable:""`
	NumberMatch       string   `help:"When the number on the page must be typed on the phone: elsewhere (only where it is on another network) or always." enum:"elsewhere,always" default:"elsewhere"`
	OldPolls          bool     `help:"Hand codes to programs that poll the old login pages with the key in the page alone, as WeCom does."`
	Quiet             bool     `help:"Log warnings and errors only." default:"true" negatable:""`
	AttemptsPerMinute int      `help:"Sign-ins one address may begin in a minute." default:"120"`

	Port        int    `help:"Port of the platform." default:"8790"`
	SitePort    int    `help:"Port of the sample site." default:"8791"`
	ControlPort int    `help:"Port of the control API, on loopback." default:"8792"`
	TLSAddr     string `name:"tls-addr" help:"Address for WeCom's host names." default:"127.0.0.1:8443"`
	ProxyAddr   string `help:"Address of the proxy to them." default:"127.0.0.1:8794"`
}

// Run starts platform and site and prints where to go.
func (c *demoCommand) Run(ctx context.Context) (err error) {
	if c.Data == "" {
		if c.Data, err = defaultData(); err != nil {
			return err
		}
	}
	if err := c.check(); err != nil {
		return err
	}
	host := "127.0.0.1"
	config := platform.Config{Dir: c.Data, Sandbox: true, NumberAlways: c.NumberMatch == "always", OldPolls: c.OldPolls,
		AttemptsPerMinute: c.AttemptsPerMinute, Log: logger(c.Quiet),
		ControlAddr: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.ControlPort))}
	if c.LAN {
		lan, err := lanAddr()
		if err != nil {
			return err
		}
		host, config.CallbackNetworks = lan.String(), []netip.Prefix{netip.PrefixFrom(lan, lan.BitLen())}
		config.PublicURL = "http://" + net.JoinHostPort(host, strconv.Itoa(c.Port))
	}
	if err := c.free(host); err != nil {
		return err
	}
	if c.Fresh {
		if err := c.removeData(ctx); err != nil {
			return inUse(err, c.Data)
		}
	}
	config.Addr = net.JoinHostPort(host, strconv.Itoa(c.Port))
	if c.WecomHosts {
		config.WeComHosts = &platform.WeComHosts{TLSAddr: c.TLSAddr, ProxyAddr: c.ProxyAddr}
	}
	p, err := platform.New(ctx, config)
	if err != nil {
		return inUse(err, c.Data)
	}
	defer func() { err = errors.Join(err, p.Close()) }()

	site := platform.SampleSite{Origin: c.Site, LoginCallback: c.Callback, SuiteCallback: cmp.Or(c.SuiteCallback, c.Callback),
		Trust: c.Trust, Token: c.Token, AESKey: c.AESKey, SuiteID: c.SuiteID, LoginSuiteID: c.LoginSuiteID,
		Brand: c.Brand, Crowd: c.Crowd, ExpiresIn: c.ExpiresIn}
	var listener net.Listener
	if c.Site == "" {
		if listener, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(c.SitePort))); err != nil {
			return fmt.Errorf("the sample site cannot listen: %w", err)
		}
		defer listener.Close()
		site.Origin = "http://" + listener.Addr().String()
		site.LoginCallback, site.SuiteCallback = site.Origin+demo.PathLoginSuiteCallback, site.Origin+demo.PathSuiteCallback
		site.BusinessURL = site.Origin + demo.PathAdminEntry
		site.HomeURL, site.CorpHomeURL = site.Origin+demo.PathAppHome, site.Origin+demo.PathCorpAppHome
	}
	sample, err := p.Sample(ctx, site)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if listener != nil {
		handler, err := sampleSite(p, sample, site.Origin, c, config.Log)
		if err != nil {
			return err
		}
		server := newSiteServer(handler)
		context.AfterFunc(ctx, func() { server.Close() })
		go server.Serve(listener)
	}
	told := make(chan error, 1)
	go func() {
		err := c.tell(ctx, p, sample, site)
		if err != nil {
			cancel() // who waits for the env file must not wait in vain
		}
		told <- err
	}()
	err = p.Run(ctx)
	cancel()
	return errors.Join(err, ignoreCanceled(<-told))
}

// newSiteServer bounds what a slow or hostile client can hold, as the platform's server
// does; an exchange takes at most 20 seconds.
func newSiteServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
}

// siteData is where the sample site keeps its files: a folder of the data directory.
func (c *demoCommand) siteData() string { return filepath.Join(c.Data, "site") }

// removeData removes the files of platform and site and no others: the data directory may
// be a folder in which somebody works. The site's go only after the platform's have gone.
func (c *demoCommand) removeData(ctx context.Context) error {
	if err := platform.RemoveSandbox(ctx, c.Data); err != nil {
		return err
	}
	return demo.RemoveData(c.siteData())
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func sampleSite(p *platform.Platform, s platform.Sample, origin string, c *demoCommand, log *slog.Logger) (http.Handler, error) {
	return demo.New(demo.Config{API: p.PublicURL(), LoginHost: p.PublicURL(), InstallHost: p.PublicURL(), OAuthHost: p.PublicURL(), Control: p.ControlURL(),
		Origin: origin, ProviderCorpID: s.ProviderCorpID, ProviderSecret: s.ProviderSecret, PermanentCodes: s.PermanentCodes,
		LoginSuite: demo.Suite{ID: s.LoginSuiteID, Secret: s.LoginSuiteSecret, Token: s.Token, EncodingAESKey: s.EncodingAESKey},
		Suite:      demo.Suite{ID: s.SuiteID, Secret: s.SuiteSecret, Token: s.Token, EncodingAESKey: s.EncodingAESKey},
		CorpApp:    demo.CorpApp{CorpID: s.CorpID, AgentID: strconv.FormatInt(s.AgentID, 10), Secret: s.CorpSecret},
		Brand:      c.Brand, DataDir: c.siteData(), InsecureHTTP: c.LAN, Now: p.Now, Log: log})
}

// tell prints the links, and writes the env file once the first ticket has been delivered.
func (c *demoCommand) tell(ctx context.Context, p *platform.Platform, s platform.Sample, site platform.SampleSite) error {
	printLinks(p, site, c)
	if site.LoginCallback != "" {
		if err := tellTickets(ctx, os.Stdout, p, s, site); err != nil {
			return err
		}
	}
	if c.EnvFile == "" {
		return nil
	}
	return envfile.Write(c.EnvFile, envValues(p, s, site, c))
}

// defaultData is where programs keep a user's data on this system.
func defaultData() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "hufu"), nil
	}
	if dir := os.Getenv("LocalAppData"); dir != "" {
		return filepath.Join(dir, "hufu"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("name a data directory with --data: %w", err)
	}
	return filepath.Join(home, ".local", "share", "hufu"), nil
}

// lanAddr is this machine's address on the local network.
func lanAddr() (netip.Addr, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && p.Addr().IsPrivate() {
			return p.Addr(), nil
		}
	}
	return netip.Addr{}, errors.New("--lan: this machine has no private IPv4 address")
}
