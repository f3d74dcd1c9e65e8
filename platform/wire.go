package platform

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/control"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/familiar"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/login"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/phone"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/siteapi"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/platform/internal/wecomhosts"
	"github.com/hufu-sso/hufu/platform/web"
)

// wire makes the parts and joins them.
func (p *Platform) wire() error {
	c := p.config
	pages, err := respond.New(respond.Config{Assets: web.Files, Sandbox: c.Sandbox, PublicURL: p.origins.Phone,
		Now: p.clock.Now, Log: p.log, TrustedProxies: c.TrustedProxies})
	if err != nil {
		return err
	}
	if err := p.makeServices(); err != nil {
		return err
	}
	routes := newMuxes(c.Sandbox)
	handler := pages.Wrap(p.front(routes, pages))
	p.server = newServer(handler)
	if c.WeComHosts != nil {
		if p.hosts, err = wecomhosts.Open(wecomhosts.Config{Dir: c.Dir, TLSAddr: c.WeComHosts.TLSAddr,
			ProxyAddr: c.WeComHosts.ProxyAddr, Handler: handler, Log: p.log}); err != nil {
			return err
		}
	}
	// When all our addresses are known: no callback may reach them.
	p.outbound = outbound.New(outbound.Config{AllowLoopback: c.Sandbox, Allow: c.CallbackNetworks, Own: p.listens()})
	p.push = p.newPush()
	if err := p.mountAPI(routes, pages); err != nil {
		return err
	}
	p.mountLogin(routes, pages)
	p.mountPhone(routes, pages)
	for _, mux := range routes.all() {
		mux.HandleFunc("GET "+pathHealth, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
		if mux != routes.api || c.Sandbox {
			mux.Handle("GET /static/", pages.Static())
			mux.Handle("/", pages.Fallback(mux))
		}
	}
	routes.phone.Handle("GET /{$}", http.RedirectHandler("/phone", http.StatusSeeOther))
	return nil
}

// makeServices makes what the features share.
func (p *Platform) makeServices() (err error) {
	now := p.clock.Now
	p.directory = &directory.Service{DB: p.db, Now: now}
	p.apps = apps.New(p.db, p.ring, now)
	if p.tokens, err = tokens.New(p.db, p.ring, now); err != nil {
		return err
	}
	rule := attempt.NumberAlways
	if p.config.Sandbox && !p.config.NumberAlways {
		rule = attempt.NumberFromElsewhere
	}
	p.attempts, err = attempt.New(p.shortlived, p.clock, p.ring, rule)
	return err
}

// front is what every request passes before it reaches a route.
func (p *Platform) front(routes muxes, pages *respond.Responder) http.Handler {
	if p.config.Sandbox {
		return knownHost(p.origins.Phone, pages, routes.phone)
	}
	return routes.byHost(p.origins, pages)
}

func (p *Platform) mountAPI(routes muxes, pages *respond.Responder) error {
	api := &siteapi.Handler{Respond: pages, Apps: p.apps, Directory: p.directory, Tokens: p.tokens,
		Bans: siteapi.NewBans(p.clock.Now), Development: p.config.development()}
	if p.control != nil {
		if err := p.wireControl(api, pages); err != nil {
			return err
		}
	}
	api.Mount(routes.api)
	return nil
}

func (p *Platform) mountLogin(routes muxes, pages *respond.Responder) {
	c, now := p.config, p.clock.Now
	perMinute := c.AttemptsPerMinute
	if perMinute == 0 {
		perMinute = defaultAttempts
	}
	(&login.Handler{Respond: pages, Apps: p.apps, Directory: p.directory, Attempts: p.attempts, Tokens: p.tokens,
		Now: now, PublicURL: p.origins.Phone, Sandbox: c.Sandbox, Development: c.development(), Assets: web.Files,
		Begun: limits.New(now, perMinute, time.Minute)}).Mount(routes.login)
}

func (p *Platform) mountPhone(routes muxes, pages *respond.Responder) {
	now := p.clock.Now
	(&phone.Handler{Respond: pages, Apps: p.apps, Directory: p.directory, Attempts: p.attempts,
		Consents: &consent.Service{DB: p.db, Now: now}, Familiar: &familiar.Service{DB: p.db, Now: now},
		Audit: &audit.Log{DB: p.db, Now: now}, Now: now, WrongPasswords: phone.NewWrongPasswords(now),
		Sessions:  &session.Keeper{Store: p.shortlived, DB: p.db, Now: now, Part: "phone", Secure: secure(p.origins.Phone)},
		PublicURL: p.origins.Phone, Sandbox: p.config.Sandbox}).Mount(routes.phone)
}

func (p *Platform) wireControl(api *siteapi.Handler, pages *respond.Responder) error {
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
	p.ctl = newServer((&control.Handler{Respond: pages, Clock: p.clock, Apps: p.apps, Directory: p.directory,
		Attempts: p.attempts, Tokens: p.tokens, Push: p.push, Faults: faults, History: history,
		PublicURL: p.origins.Phone, Development: p.config.development()}).Serve(n))
	return nil
}
