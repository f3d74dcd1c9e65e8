package platform

import (
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

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/control"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/familiar"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/login"
	"github.com/hufu-sso/hufu/platform/internal/phone"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/siteapi"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/platform/internal/wecomhosts"
	"github.com/hufu-sso/hufu/platform/web"
)

// Platform is a platform that listens. Make one with New.
type Platform struct {
	config Config
	log    *slog.Logger
	clock  *clock.Clock

	db         *store.DB
	shortlived *shortlived.Engine
	ring       *keys.Ring

	directory *directory.Service
	apps      *apps.Service
	attempts  *attempt.Service
	tokens    *tokens.Keeper
	push      *push.Queue
	tickets   *firstTickets

	listener net.Listener
	server   *http.Server
	control  net.Listener
	hosts    *wecomhosts.Hosts
	ctl      *http.Server
}

// ErrInUse is the error of New and RemoveSandbox when another program has the data directory
// open.
var ErrInUse = errors.New("another program has the data directory open")

// New opens the stores and starts to listen; Run answers. What it opened is closed again
// when it fails.
func New(ctx context.Context, c Config) (_ *Platform, err error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := &Platform{config: c, log: c.Log, clock: clock.New(), tickets: newFirstTickets()}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.listener, err = net.Listen("tcp", c.Addr); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if c.ControlAddr != "" {
		if p.control, err = net.Listen("tcp", c.ControlAddr); err != nil {
			return nil, fmt.Errorf("listen for control: %w", err)
		}
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	return p, p.wire()
}

// open opens the stores and settles what is fixed at the first start.
func (p *Platform) open(ctx context.Context) (err error) {
	dir := p.config.Dir
	if p.db, err = store.Open(ctx, filepath.Join(dir, "hufu.db")); err != nil {
		return err
	}
	if p.shortlived, err = openShortlived(dir, p.clock.Now); err != nil {
		return err
	}
	if p.ring, err = keys.Open(ctx, p.db, filepath.Join(dir, "wrap.key")); err != nil {
		return err
	}
	if err := p.db.SetMark(ctx, "sandbox", strconv.FormatBool(p.config.Sandbox)); err != nil {
		return fmt.Errorf("%s was made for another use (sandbox or not), which cannot be changed: %w", dir, err)
	}
	if p.config.PublicURL == "" {
		_, port, err := net.SplitHostPort(p.listener.Addr().String())
		if err != nil {
			return err
		}
		p.config.PublicURL = "http://localhost:" + port
	}
	return nil
}

// openShortlived opens the file that only one program at a time can have open.
func openShortlived(dir string, now func() time.Time) (*shortlived.Engine, error) {
	e, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), now)
	if errors.Is(err, shortlived.ErrInUse) {
		return nil, fmt.Errorf("%w: %w", ErrInUse, err)
	}
	return e, err
}

// wire makes the parts and joins them.
func (p *Platform) wire() error {
	c, now := p.config, p.clock.Now
	respond, err := respond.New(respond.Config{Assets: web.Files, Sandbox: c.Sandbox, PublicURL: c.PublicURL,
		Now: now, Log: p.log, TrustedProxies: c.TrustedProxies})
	if err != nil {
		return err
	}
	p.directory = &directory.Service{DB: p.db, Now: now}
	p.apps = apps.New(p.db, p.ring, now)
	if p.tokens, err = tokens.New(p.db, p.ring, now); err != nil {
		return err
	}
	rule := attempt.NumberAlways
	if c.Sandbox && !c.NumberAlways {
		rule = attempt.NumberFromElsewhere
	}
	if p.attempts, err = attempt.New(p.shortlived, p.clock, p.ring, rule); err != nil {
		return err
	}
	mux := http.NewServeMux()
	var routes http.Handler = mux
	if c.Sandbox {
		routes = knownHost(c.PublicURL, respond, mux)
	}
	handler := respond.Wrap(routes)
	p.server = newServer(handler)
	if c.WeComHosts != nil {
		if p.hosts, err = wecomhosts.Open(wecomhosts.Config{Dir: c.Dir, TLSAddr: c.WeComHosts.TLSAddr,
			ProxyAddr: c.WeComHosts.ProxyAddr, Handler: handler, Log: p.log}); err != nil {
			return err
		}
	}
	p.push = p.newPush() // when all our addresses are known: no callback may reach them
	api := &siteapi.Handler{Respond: respond, Apps: p.apps, Directory: p.directory, Tokens: p.tokens,
		Bans: siteapi.NewBans(now), Development: c.development()}
	if p.control != nil {
		if err := p.wireControl(api, respond); err != nil {
			return err
		}
	}
	api.Mount(mux)
	perMinute := c.AttemptsPerMinute
	if perMinute == 0 {
		perMinute = defaultAttempts
	}
	(&login.Handler{Respond: respond, Apps: p.apps, Directory: p.directory, Attempts: p.attempts, Tokens: p.tokens,
		Now: now, PublicURL: c.PublicURL, Sandbox: c.Sandbox, Development: c.development(), Assets: web.Files,
		Begun: limits.New(now, perMinute, time.Minute)}).Mount(mux)
	(&phone.Handler{Respond: respond, Apps: p.apps, Directory: p.directory, Attempts: p.attempts,
		Consents: &consent.Service{DB: p.db, Now: now}, Familiar: &familiar.Service{DB: p.db, Now: now},
		Audit: &audit.Log{DB: p.db, Now: now}, Now: now, WrongPasswords: phone.NewWrongPasswords(now),
		Sessions:  &session.Keeper{Store: p.shortlived, Now: now, Part: "phone", Secure: secure(c.PublicURL)},
		PublicURL: c.PublicURL, Sandbox: c.Sandbox}).Mount(mux)
	mux.Handle("GET /static/", respond.Static())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("GET /{$}", http.RedirectHandler("/phone", http.StatusSeeOther))
	mux.Handle("/", respond.Fallback(mux))
	return nil
}

func (p *Platform) wireControl(api *siteapi.Handler, respond *respond.Responder) error {
	faults, history := &control.Faults{}, &control.History{}
	api.Fault, p.attempts.Observe = faults.Fault, history.Observe
	_, port, err := net.SplitHostPort(p.control.Addr().String())
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	p.ctl = newServer((&control.Handler{Respond: respond, Clock: p.clock, Apps: p.apps, Directory: p.directory,
		Attempts: p.attempts, Tokens: p.tokens, Push: p.push, Faults: faults, History: history,
		PublicURL: p.config.PublicURL, Development: p.config.development()}).Serve(n))
	return nil
}

// newServer bounds what a slow or hostile client can hold. A wait is kept open for less
// than the write timeout.
func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
}

func secure(publicURL string) bool { return publicURL[:5] == "https" }

// listens lists our own addresses, which no callback may reach.
func (p *Platform) listens() []netip.AddrPort {
	addrs := []string{p.listener.Addr().String()}
	if p.control != nil {
		addrs = append(addrs, p.control.Addr().String())
	}
	if p.hosts != nil {
		addrs = append(addrs, p.hosts.TLSAddr(), p.hosts.ProxyAddr())
	}
	var list []netip.AddrPort
	for _, addr := range addrs {
		if ap, err := netip.ParseAddrPort(addr); err == nil {
			list = append(list, ap)
		}
	}
	return list
}
