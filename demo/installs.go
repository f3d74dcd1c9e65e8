package demo

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/installs"
	"github.com/hufu-sso/hufu/site/login"
)

// connectInstalls makes what companies that install the suite meet, and the
// administrator's way in.
func (s *Site) connectInstalls(keys [][]byte) error {
	c := s.config
	client := site.New(site.Config{API: c.API, HTTPClient: c.HTTPClient, Now: c.Now})
	records := installs.NewRecords()
	var err error
	if c.DataDir != "" {
		if records, err = installs.OpenRecords(filepath.Join(c.DataDir, installsFile), keys); err != nil {
			return err
		}
	}
	s.installs, err = installs.New(installs.Config{
		Suite: client.Suite(c.Suite.ID, c.Suite.Secret, s.tickets), Store: records,
		URL: c.Origin + PathInstallFinish, Keys: keys, Home: "/installs", InstallHost: c.InstallHost,
		Tenant: s.tenant, ErrorPage: s.installOutcome, InsecureHTTP: c.InsecureHTTP, Now: c.Now, Log: s.log,
	})
	if err != nil {
		return err
	}
	s.known = known{installs: s.installs, codes: c.PermanentCodes}
	admin := login.AdminConfig{
		URL: c.Origin + PathAdminEntry, SuiteID: c.Suite.ID, Sessions: s.sessions, Home: "/me", Keys: keys,
		Suite: client.Suite(c.LoginSuite.ID, c.LoginSuite.Secret, s.tickets), Installed: &s.known,
		ArrivalPage: s.showArrival, ErrorPage: s.adminOutcome, InsecureHTTP: c.InsecureHTTP, Now: c.Now, Log: c.Log,
		Describe: func(ctx context.Context, session login.Session) (string, string) {
			return s.companyName(ctx, session.CorpID), ""
		},
	}
	if c.ProviderSecret != "" {
		admin.Provider = client.Provider(c.ProviderCorpID, c.ProviderSecret)
	}
	s.admin, err = login.NewAdminEntry(admin)
	return err
}

// tenant is the account of this site: the company whose member is signed in.
func (s *Site) tenant(r *http.Request) (string, error) {
	session, ok := s.sessions.Session(r)
	if !ok || session.CorpID == "" {
		return "", installs.ErrNoTenant
	}
	return session.CorpID, nil
}

// known takes over the permanent codes of Config as soon as the platform can be
// asked, which needs a ticket: at the first question about an install.
type known struct {
	installs *installs.Installs

	mu    sync.Mutex // guards codes
	codes map[string]string
}

// adopt takes over what it can; what it cannot yet stays for the next time.
func (k *known) adopt(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	left := map[string]string{}
	var all []error
	for corpID, code := range k.codes {
		install, err := k.installs.Find(ctx, corpID)
		if err == nil && install.PermanentCode == code {
			continue
		}
		if err = k.installs.Adopt(ctx, corpID, code, ""); err != nil && !site.Withdrawn(err) {
			left[corpID] = code
			all = append(all, err)
		}
	}
	k.codes = left
	return errors.Join(all...)
}

// waits tells whether a company's permanent code is still to be taken over.
func (k *known) waits(corpID string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.codes[corpID]
	return ok
}

// AgentID implements login.Installations.
func (k *known) AgentID(ctx context.Context, corpID string) (int64, error) {
	if err := k.adopt(ctx); err != nil {
		return 0, err
	}
	return k.installs.AgentID(ctx, corpID)
}

// Admins implements login.Installations.
func (k *known) Admins(ctx context.Context, corpID string) ([]protocol.Admin, error) {
	if err := k.adopt(ctx); err != nil {
		return nil, err
	}
	return k.installs.Admins(ctx, corpID)
}

type installsView struct {
	Companies []companyRow
	Late      bool // the platform could not be asked: the list may be short
	Heard     []heardRow
}

// companyRow is one company that installed the suite.
type companyRow struct {
	Name, CorpID    string
	AgentID         int64
	FromSite        bool
	Own             bool // of the member who looks
	Since, SinceISO string
}

// showInstalls lists the companies that installed the suite, and the events that
// told of them. A real site would show a company to nobody but itself.
func (s *Site) showInstalls(w http.ResponseWriter, r *http.Request) {
	session, _ := login.FromContext(r.Context())
	v := installsView{Heard: s.heard.list()}
	if err := s.known.adopt(r.Context()); err != nil {
		s.log.Warn("installs not taken over", "cause", err.Error())
		v.Late = true
	}
	list, err := s.installs.List(r.Context())
	if err != nil {
		s.log.Error("installs not read", "cause", err.Error())
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	for _, i := range list {
		v.Companies = append(v.Companies, companyRow{
			Name: i.CorpName, CorpID: i.CorpID, AgentID: i.AgentID, FromSite: i.Tenant != "", Own: i.CorpID == session.CorpID,
			Since: i.Since.Local().Format("2006-01-02 15:04"), SinceISO: i.Since.Format(time.RFC3339),
		})
	}
	// The install page wants to see that it was opened from this domain.
	w.Header().Set("Referrer-Policy", "strict-origin-when-cross-origin")
	s.show(w, r, http.StatusOK, "installs", frame{View: v})
}

// showArrival asks an administrator from the admin console whether he wants in.
func (s *Site) showArrival(w http.ResponseWriter, r *http.Request, a *login.Arrival) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	w.Header().Set("X-Frame-Options", "DENY")
	s.show(w, r, http.StatusOK, "arrival", frame{View: a})
}
