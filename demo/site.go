package demo

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site/events"
	"github.com/hufu-sso/hufu/site/installs"
	"github.com/hufu-sso/hufu/site/login"
)

// Site is the sample site. Make it with New.
type Site struct {
	config     Config
	pages      *pages
	sessions   *login.Sessions
	service    *login.Handler   // sign-in to the provider's apps
	corp       *login.Handler   // sign-in to the corp app
	asking     []*login.Handler // the same two, with a question for details
	shown      shown
	admin      *login.AdminEntry
	installs   *installs.Installs
	known      known
	heard      heard
	receivers  []*events.Receiver
	tickets    *events.Tickets
	log        *slog.Logger
	host       string // of Config.Origin
	policy     string // Content-Security-Policy of every page
	ticketCall string // the control call that brings a ticket; empty: not on offer
	handler    http.Handler
}

// New checks c, reads what DataDir keeps and returns the site. It opens no
// connection.
func New(c Config) (*Site, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	s := &Site{config: c, log: c.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if c.Control != "" {
		s.ticketCall = fmt.Sprintf(`curl %s/push -H 'Content-Type: application/json' -d '{"suite":"%s","event":"%s"}'`,
			c.Control, c.LoginSuite.ID, protocol.EventSuiteTicket)
	}
	origin, err := url.Parse(c.Origin)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	s.host = origin.Host
	if s.pages, err = newPages(); err != nil {
		return nil, err
	}
	keys, err := cookieKeys(c.DataDir)
	if err != nil {
		return nil, err
	}
	if err := s.openTickets(); err != nil {
		return nil, err
	}
	if err := s.connect(keys); err != nil {
		return nil, err
	}
	if err := s.connectInstalls(keys); err != nil {
		return nil, err
	}
	hosts := c.LoginHost // the panel's and the old script's
	if c.InstallHost != c.LoginHost {
		hosts += " " + c.InstallHost
	}
	s.policy = "default-src 'none'; script-src 'self' " + hosts + "; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; frame-src " + hosts + "; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
	if s.handler, err = s.routes(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Site) openTickets() error {
	s.tickets = events.NewTickets()
	if s.config.DataDir != "" {
		var err error
		if s.tickets, err = events.OpenTickets(filepath.Join(s.config.DataDir, ticketsFile)); err != nil {
			return err
		}
	}
	s.tickets.WithClock(s.config.Now)
	return nil
}

func (s *Site) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.showHome)
	mux.HandleFunc("GET /panel", s.showPanel)
	mux.HandleFunc("GET /old-panel", s.showOldPanel)
	mux.HandleFunc("GET /window", s.showWindow)
	mux.Handle("GET "+PathAppHome, s.service.AppHome("/me"))
	mux.Handle("GET "+PathCorpAppHome, s.corp.AppHome("/me"))
	mux.Handle("GET /me", s.service.RequireLogin(http.HandlerFunc(s.showMe)))
	mux.Handle("GET /installs", s.service.RequireLogin(http.HandlerFunc(s.showInstalls)))
	mux.HandleFunc("POST /sign-out", s.service.SignOut)
	mux.HandleFunc("GET /ticket", s.tellTicket)
	mux.HandleFunc("GET /static/{sum}/{name}", s.serveStatic)
	s.service.Mount(mux)
	s.corp.Mount(mux)
	for _, h := range s.asking {
		h.Mount(mux)
	}
	s.admin.Mount(mux)
	s.installs.Mount(mux)
	mux.HandleFunc("GET /", s.showMissing)
	for path, suite := range map[string]Suite{
		PathLoginSuiteCallback: s.config.LoginSuite,
		PathSuiteCallback:      s.config.Suite,
	} {
		config := events.Config{
			SuiteID: suite.ID, ProviderCorpID: s.config.ProviderCorpID,
			Token: suite.Token, EncodingAESKey: suite.EncodingAESKey,
			Tickets: s.tickets, Now: s.config.Now, Log: s.log,
		}
		if path == PathSuiteCallback {
			config.Handle, config.ConfirmCancel = s.hear, s.confirmCancel
		}
		receiver, err := events.New(config)
		if err != nil {
			return nil, err
		}
		s.receivers = append(s.receivers, receiver)
		mux.Handle("GET "+path, receiver)
		mux.Handle("POST "+path, receiver)
	}
	return mux, nil
}

// Wait returns when every event that was answered has been handled, or with the
// error of ctx. Call it after the HTTP server has shut down.
func (s *Site) Wait(ctx context.Context) error {
	for _, r := range s.receivers {
		if err := r.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ServeHTTP implements http.Handler. A page asked for under another name of this
// machine is asked for again under the site's own: cookies are per host, and a
// sign-in begun elsewhere could not end here.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Host != s.host && r.Method == http.MethodGet && r.URL.Path != PathLoginSuiteCallback && r.URL.Path != PathSuiteCallback {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, s.config.Origin+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	header := w.Header()
	header.Set("Content-Security-Policy", s.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	s.handler.ServeHTTP(w, r)
}
