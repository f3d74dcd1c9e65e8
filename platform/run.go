package platform

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// stopWithin is how long a stop waits for requests that are being answered.
const stopWithin = 10 * time.Second

// forgetEvery is how often the ids of codes spent long ago are dropped.
const forgetEvery = time.Hour

// Run answers until ctx ends, then lets what is being answered finish: a waiting page gets
// its present state at once and asks again.
func (p *Platform) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var once sync.Once
	var failure error
	// The first part that ends by itself ends the others.
	start := func(part func() error) {
		wg.Go(func() {
			if err := part(); err != nil && !errors.Is(err, http.ErrServerClosed) {
				once.Do(func() { failure = err })
			}
			cancel()
		})
	}
	serve := func(server *http.Server, l net.Listener) {
		start(func() error { return server.Serve(l) })
		wg.Go(func() {
			<-ctx.Done()
			stop, done := context.WithTimeout(context.Background(), stopWithin)
			defer done()
			if err := server.Shutdown(stop); err != nil {
				p.log.Warn("stopped before every request was answered", "error", err)
			}
		})
	}
	if err := p.contacts.Resume(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	serve(p.server, p.listener)
	if p.ctl != nil {
		serve(p.ctl, p.control)
	}
	if p.hosts != nil {
		start(func() error { return p.hosts.Serve(ctx) })
	}
	start(func() error { return p.push.Run(ctx) })
	p.forgetCodes(ctx)
	wg.Go(func() {
		<-ctx.Done()
		p.attempts.Drain()
	})
	wg.Wait()
	p.contacts.Wait()
	return failure
}

// forgetCodes drops old rows now and every hour of the platform's clock.
func (p *Platform) forgetCodes(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	if err := p.tokens.Forget(ctx, time.Now()); err != nil && ctx.Err() == nil {
		p.log.Warn("old spent codes were not dropped", "error", err)
	}
	if err := p.calls.Prune(ctx); err != nil && ctx.Err() == nil {
		p.log.Warn("old API calls were not dropped", "error", err)
	}
	p.clock.AfterFunc(forgetEvery, func() { p.forgetCodes(ctx) })
}

// Close closes what New opened. Run must have returned.
func (p *Platform) Close() error {
	p.clock.Stop()
	var errs []error
	if p.hosts != nil {
		errs = append(errs, closed(p.hosts.Close()))
	}
	for _, l := range []net.Listener{p.listener, p.control} {
		if l != nil {
			errs = append(errs, closed(l.Close()))
		}
	}
	if p.shortlived != nil {
		errs = append(errs, p.shortlived.Close())
	}
	if p.calls != nil {
		p.calls.Flush()
	}
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	return errors.Join(errs...)
}

// closed forgives a listener that its server has closed before.
func closed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// PublicURL is the origin under which phones reach the platform; in the sandbox everything.
func (p *Platform) PublicURL() string { return p.origins.Phone }

// Origins are the addresses under which the platform is reached.
func (p *Platform) Origins() Origins { return p.origins }

// Addr is where the platform listens.
func (p *Platform) Addr() net.Addr { return p.listener.Addr() }

// ControlURL is the control port's base URL; empty where there is none.
func (p *Platform) ControlURL() string {
	if p.control == nil {
		return ""
	}
	return "http://" + p.control.Addr().String()
}

// Now is the platform's clock, which the sandbox can move; a site that runs beside it
// should use the same.
func (p *Platform) Now() time.Time { return p.clock.Now() }

// Hosts is where WeCom's host names are served.
type Hosts struct {
	TLS, Proxy string // host:port
	CAFile     string // certificate of the local authority, PEM
}

// WeComHosts tells where WeCom's host names are served; nil where they are not.
func (p *Platform) WeComHosts() *Hosts {
	if p.hosts == nil {
		return nil
	}
	return &Hosts{TLS: p.hosts.TLSAddr(), Proxy: p.hosts.ProxyAddr(), CAFile: p.hosts.CAFile()}
}
