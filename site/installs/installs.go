package installs

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/internal/once"
	"github.com/hufu-sso/hufu/site/internal/seal"
)

// Config is what New needs. Suite and Store are required; for installs begun on the
// site URL, Tenant and Keys as well.
type Config struct {
	// Suite is the app that companies install.
	Suite *site.Suite

	// Store keeps the installs.
	Store Store

	// URL is the absolute address at which an install ends. Its domain, and the one of
	// the page that leads to Path, must be the app's 安装完成回调域名; that page must let
	// its origin be seen (Referrer-Policy strict-origin-when-cross-origin). Empty:
	// installs come from the app market alone.
	URL string

	// Tenant names the account of the site for which the browser that sent r begins or
	// ends an install: of the session, never of a query or form. ErrNoTenant, or an
	// empty name, turns the browser away.
	Tenant func(r *http.Request) (string, error)

	// Keys seal the cookies, as in login.Config.
	Keys [][]byte

	// Path is where an install begins; default "/install".
	Path string

	// Home is where an install ends after URL; default "/".
	Home string

	// InstallHost is scheme and host of the install page; default
	// https://open.work.weixin.qq.com.
	InstallHost string

	// Test asks for test installs (测试授权), all that a suite has which is not online.
	Test bool

	// OnInstalled is called after an install was kept, anew or changed.
	OnInstalled func(ctx context.Context, i Install) error

	// OnRemoved purges what the site keeps of a company that has withdrawn, confirmed
	// by the platform (90642). While it fails the record stays.
	OnRemoved func(ctx context.Context, i Install) error

	// ErrorPage shows an install that did not end well, in the site's own look; it must
	// set f.Status(). Nil means a plain page in Chinese or English.
	ErrorPage func(w http.ResponseWriter, r *http.Request, f *Failure)

	// InsecureHTTP allows http on a host that is not loopback: for test networks only.
	InsecureHTTP bool

	// Now is the clock; default time.Now.
	Now func() time.Time

	// Log receives what went wrong, without codes; nil means none.
	Log *slog.Logger
}

// ErrNoTenant is what Config.Tenant returns for a browser that no account of the
// site is signed in to.
var ErrNoTenant = errors.New("installs: no account of the site is signed in")

// Installs keeps the companies that installed a suite. Make it with New. It is safe
// for concurrent use.
type Installs struct {
	config Config
	web    *web // nil: installs come from the app market alone

	mu    sync.Mutex // guards corps
	corps map[string]corp
}

// corp is the client of one company, as long as its permanent code stands.
type corp struct {
	code      string
	installed *site.Installed
}

// New checks c and returns its Installs.
func New(c Config) (*Installs, error) {
	if c.Suite == nil || c.Store == nil {
		return nil, errors.New("installs: Config needs Suite and Store")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	i := &Installs{corps: map[string]corp{}}
	if c.URL != "" {
		var err error
		if i.web, err = newWeb(&c); err != nil {
			return nil, err
		}
	}
	i.config = c
	return i, nil
}

// newWeb checks the part of c that browsers meet.
func newWeb(c *Config) (*web, error) {
	if c.Tenant == nil {
		return nil, errors.New("installs: Config.URL needs Tenant: an install belongs to an account of the site")
	}
	if c.Path == "" {
		c.Path = "/install"
	}
	if c.Home == "" {
		c.Home = "/"
	}
	if c.InstallHost == "" {
		c.InstallHost = "https://" + protocol.HostOpen
	}
	back, err := parseURL("URL", c.URL, c.InsecureHTTP)
	if err != nil {
		return nil, err
	}
	if _, err := parseURL("InstallHost", c.InstallHost, c.InsecureHTTP); err != nil {
		return nil, err
	}
	for _, path := range []string{c.Path, c.Home, back.Path} {
		if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "{}%? \\") {
			return nil, errors.New("installs: Path, Home and URL need a plain path")
		}
	}
	sealer, err := seal.New(c.Keys, "hufu site install state v1")
	if err != nil {
		return nil, fmt.Errorf("installs: %w", err)
	}
	jar := seal.CookiesFor(back)
	return &web{
		back: back, sealer: sealer, cookies: jar, context: c.Suite.ID() + "\n" + c.URL,
		prefix: jar.Name("hufu_install_" + short(c.Suite.ID()+"\n"+c.URL) + "_"), flights: once.New[outcome](c.Now),
	}, nil
}

func parseURL(field, raw string, insecure bool) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("installs: Config.%s is not an absolute URL without a query", field)
	}
	if host := u.Hostname(); u.Scheme != "https" && (u.Scheme != "http" || !insecure && host != "127.0.0.1" && host != "::1" && host != "localhost" && !strings.HasSuffix(host, ".localhost")) {
		return nil, fmt.Errorf("installs: Config.%s must begin with https://", field)
	}
	return u, nil
}

// Find returns a company's install; the error is site.ErrNotInstalled where there is
// none.
func (i *Installs) Find(ctx context.Context, corpID string) (Install, error) {
	return i.config.Store.Find(ctx, i.config.Suite.ID(), corpID)
}

// List returns all installs, the oldest first.
func (i *Installs) List(ctx context.Context) ([]Install, error) {
	return i.config.Store.List(ctx, i.config.Suite.ID())
}

// Corp returns the client of a company; the error is site.ErrNotInstalled where it
// has not installed. It keeps the client, and with it the token, while the permanent
// code stands: ask anew for each piece of work.
func (i *Installs) Corp(ctx context.Context, corpID string) (*site.Installed, error) {
	install, err := i.Find(ctx, corpID)
	if err != nil {
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	c, ok := i.corps[corpID]
	if !ok || subtle.ConstantTimeCompare([]byte(c.code), []byte(install.PermanentCode)) != 1 {
		c = corp{install.PermanentCode, i.config.Suite.Corp(corpID, install.PermanentCode)}
		i.corps[corpID] = c
	}
	return c.installed, nil
}

// AgentID is the suite's agentid in a company.
func (i *Installs) AgentID(ctx context.Context, corpID string) (int64, error) {
	install, err := i.Find(ctx, corpID)
	return install.AgentID, err
}

// Admins are the administrators of the suite in a company (get_admin_list, 90606),
// external ones left out. The platform is asked each time: a right may have been
// withdrawn.
func (i *Installs) Admins(ctx context.Context, corpID string) ([]protocol.Admin, error) {
	install, err := i.Find(ctx, corpID)
	if err != nil {
		return nil, err
	}
	return i.config.Suite.AdminList(ctx, corpID, install.AgentID)
}

// Format implements fmt.Formatter: Installs show their suite and no code.
func (i *Installs) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "installs.Installs("+i.config.Suite.ID()+")")
}
