package platform

import (
	"cmp"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/admin/appcenter"
	"github.com/hufu-sso/hufu/platform/internal/admin/contacts"
	"github.com/hufu-sso/hufu/platform/internal/admin/home"
	"github.com/hufu-sso/hufu/platform/internal/admin/logs"
	"github.com/hufu-sso/hufu/platform/internal/announce"
	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/assistant"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/control"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/desktop"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/familiar"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/inclient"
	"github.com/hufu-sso/hufu/platform/internal/launch"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/login"
	"github.com/hufu-sso/hufu/platform/internal/operator"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/phone"
	"github.com/hufu-sso/hufu/platform/internal/provider"
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
	if err := p.makeServices(pages); err != nil {
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
	p.announceChanges()
	if err := p.mountAPI(routes, pages); err != nil {
		return err
	}
	p.mountLogin(routes, pages)
	p.mountPhone(routes, pages)
	p.mountConsoles(routes, pages)
	for _, mux := range routes.all() {
		mux.HandleFunc("GET "+pathHealth, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
		if mux != routes.api || c.Sandbox {
			mux.Handle("GET /static/", pages.Static())
			mux.Handle("GET /logo/{name}", pages.Page(p.apps.ServeLogo))
			mux.Handle("GET "+apps.AvatarPath, pages.Page(p.apps.ServeAvatar))
			mux.Handle("/", pages.Fallback(mux))
		}
	}
	routes.phone.Handle("GET /{$}", http.RedirectHandler("/phone", http.StatusSeeOther))
	if !c.Sandbox {
		routes.console.Handle("GET /{$}", http.RedirectHandler("/console", http.StatusSeeOther))
	}
	return nil
}

// makeServices makes what the features share.
func (p *Platform) makeServices(pages *respond.Responder) (err error) {
	now := p.clock.Now
	p.directory = &directory.Service{DB: p.db, Now: now}
	p.apps = apps.New(p.db, p.ring, now)
	p.apps.NoDomainCheck = p.config.NoDomainCheck
	p.audit = &audit.Log{DB: p.db, Now: now}
	p.calls = &calls.Log{DB: p.db, Now: now}
	p.consents = &consent.Service{DB: p.db, Now: now}
	p.ask = &ask.Service{Apps: p.apps, Directory: p.directory, Consents: p.consents, Audit: p.audit,
		Familiar: &familiar.Service{DB: p.db, Now: now}}
	p.handoffs = &handoff.Service{Store: p.shortlived, Now: now}
	p.phones = &session.Keeper{Store: p.shortlived, DB: p.db, Now: now, Part: "phone", Secure: secure(p.origins.Phone)}
	if p.tokens, err = tokens.New(p.db, p.ring, now); err != nil {
		return err
	}
	if p.credentials, err = credentials.New(p.db, p.shortlived, p.origins.Phone, now); err != nil {
		return err
	}
	p.credentials.Directory, p.credentials.Sessions = p.directory, p.phones
	rule := attempt.NumberAlways
	if p.config.Sandbox && !p.config.NumberAlways {
		rule = attempt.NumberFromElsewhere
	}
	if p.attempts, err = attempt.New(p.shortlived, p.clock, p.ring, rule); err != nil {
		return err
	}
	p.console = &console.Service{Respond: pages, Directory: p.directory, Apps: p.apps, Attempts: p.attempts,
		Handoffs: p.handoffs, Audit: p.audit, Now: now, Begun: limits.New(now, p.perMinute(), time.Minute),
		Sessions: &session.Keeper{Store: p.shortlived, DB: p.db, Now: now, Part: "console", Secure: secure(p.origins.Console)},
		PhoneURL: p.origins.Phone, ConsoleURL: p.origins.Console, Sandbox: p.config.Sandbox}
	return nil
}

// announceChanges has suites told what happens to installations and address books, from here on.
func (p *Platform) announceChanges() {
	told := &announce.Service{Apps: p.apps, Directory: p.directory, Push: p.push, Now: p.clock.Now}
	p.directory.Changed = told.Contact
	p.apps.Told = apps.Told{Created: told.Created, Changed: told.Changed, Cancelled: told.Cancelled}
}

// perMinute is how many sign-ins one address may begin.
func (p *Platform) perMinute() int { return cmp.Or(p.config.AttemptsPerMinute, defaultAttempts) }

// front is what every request passes before it reaches a route.
func (p *Platform) front(routes muxes, pages *respond.Responder) http.Handler {
	if p.config.Sandbox {
		return knownHost(p.origins.Phone, pages, p.untilSetUp(pages, routes.phone))
	}
	return p.untilSetUp(pages, routes.byHost(p.origins, pages))
}

func (p *Platform) mountAPI(routes muxes, pages *respond.Responder) error {
	api := &siteapi.Handler{Respond: pages, Apps: p.apps, Directory: p.directory, Tokens: p.tokens, Consents: p.consents,
		Sessions: p.shortlived, Calls: p.calls, Now: p.clock.Now, PublicURL: p.origins.Phone,
		Bans: siteapi.NewBans(p.clock.Now), Sandbox: p.config.Sandbox, Development: p.config.development()}
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
	(&login.Handler{Respond: pages, Apps: p.apps, Directory: p.directory, Attempts: p.attempts, Tokens: p.tokens,
		Now: now, PublicURL: p.origins.Phone, LoginURL: p.origins.Login, Sandbox: c.Sandbox, OldPolls: c.OldPolls, Development: c.development(), Assets: web.Files,
		Begun: limits.New(now, p.perMinute(), time.Minute)}).Mount(routes.login)
}

func (p *Platform) mountPhone(routes muxes, pages *respond.Responder) {
	now := p.clock.Now
	(&phone.Handler{Respond: pages, Apps: p.apps, Directory: p.directory, Attempts: p.attempts,
		Consents: p.consents, Ask: p.ask, Audit: p.audit, Now: now, WrongPasswords: phone.NewWrongPasswords(now), Sessions: p.phones,
		Credentials: p.credentials, Handoffs: p.handoffs, ConsoleURL: p.origins.Console,
		PublicURL: p.origins.Phone, Sandbox: p.config.Sandbox}).Mount(routes.phone)
	(&desktop.Handler{Respond: pages, Apps: p.apps, Directory: p.directory, Attempts: p.attempts, Ask: p.ask, Audit: p.audit,
		Credentials: p.credentials, Phones: p.phones, Store: p.shortlived, Now: now, PublicURL: p.origins.Phone,
		LoginOrigins: p.loginOrigins(), Sandbox: p.config.Sandbox}).Mount(routes.phone)
	launches := &launch.Service{Store: p.shortlived, Now: now}
	(&assistant.Handler{Respond: pages, Sessions: p.phones, Apps: p.apps, Directory: p.directory, Launches: launches, Audit: p.audit,
		Now: now, Sandbox: p.config.Sandbox}).Mount(routes.phone)
	client := &inclient.Handler{Respond: pages, Sessions: p.phones, Apps: p.apps, Directory: p.directory, Ask: p.ask, Launches: launches,
		Tokens: p.tokens, Audit: p.audit, Now: now, PublicURL: p.origins.Phone, Sandbox: p.config.Sandbox, Development: p.config.development()}
	client.Mount(routes.phone)
	if routes.login != routes.phone {
		client.MountAway(routes.login)
	}
}

func (p *Platform) mountConsoles(routes muxes, pages *respond.Responder) {
	mux, now, phoneURL := routes.console, p.clock.Now, p.origins.Phone
	p.contacts = &contacts.Handler{Console: p.console, DB: p.db, Directory: p.directory, Apps: p.apps,
		Credentials: p.credentials, Audit: p.audit, Now: now, PhoneURL: phoneURL}
	for _, feature := range []interface{ Mount(*http.ServeMux) }{
		p.console, p.contacts,
		&home.Handler{Console: p.console, DB: p.db, Directory: p.directory, Apps: p.apps, Audit: p.audit},
		&logs.Handler{Console: p.console, Respond: pages, Audit: p.audit},
		&appcenter.Handler{Console: p.console, Apps: p.apps, Directory: p.directory, Tokens: p.tokens, Audit: p.audit,
			DB: p.db, Sessions: p.shortlived, Now: now, Sandbox: p.config.Sandbox},
		&operator.Handler{Console: p.console, Directory: p.directory, Apps: p.apps, Credentials: p.credentials,
			Audit: p.audit, PhoneURL: phoneURL},
		&provider.Handler{Console: p.console, Apps: p.apps, Directory: p.directory, Push: p.push, Calls: p.calls,
			Audit: p.audit, Client: p.outbound, Now: now, DomainCheck: p.config.domainCheck(), Development: p.config.development()},
	} {
		feature.Mount(mux)
	}
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
		Attempts: p.attempts, Tokens: p.tokens, Consents: p.consents, Push: p.push, Faults: faults, History: history,
		PublicURL: p.origins.Phone, Development: p.config.development()}).Serve(n))
	return nil
}
