// Package ask is what a person is told and asked when a site wants to know who they are, and
// what becomes of a yes: who asks, from where, as whom one may answer, what is shared, what is
// written down. The phone's QR codes, desktop clients and pages inside the client stand on it.
//
// It owns no SQL and no URLs. How an answer reaches the site is its callers' business.
package ask

import (
	"context"
	"net/netip"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/familiar"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Service answers the questions above. Its fields are what it needs.
type Service struct {
	Apps      *apps.Service
	Directory *directory.Service
	Consents  *consent.Service
	Familiar  *familiar.Service
	Audit     *audit.Log
}

// Asker is who asks a person to sign in.
type Asker struct {
	Brand  string `json:"brand"`  // the provider's brand name, or the corp app's name
	Domain string `json:"domain"` // host (and port) of redirect_uri, where the code goes
	// Own marks a corp app: Brand belongs to the person's own company.
	Own bool `json:"own,omitempty"`
}

// Asker says who asks: an app, for a code that goes to origin.
func (s *Service) Asker(_ context.Context, app *apps.App, origin string) Asker {
	_, domain, _ := strings.Cut(origin, "://")
	if app.Kind == apps.CorpApp {
		return Asker{Brand: app.Name, Domain: domain, Own: true}
	}
	return Asker{Brand: app.Brand, Domain: domain}
}

// Place is where the browser is that wants to be signed in.
type Place struct {
	Browser     string `json:"browser"`      // "Chrome 142 · Windows"; "" when it cannot be told
	Address     string `json:"address"`      // client address of that browser
	SameNetwork bool   `json:"same_network"` // equals the phone's: IPv4 whole, IPv6 /64
	// NewBrowser and NewPlace: this person never confirmed a sign-in from such
	// a browser or network. Either one brings the warning and preselects
	// refusal.
	NewBrowser bool `json:"new_browser"`
	NewPlace   bool `json:"new_place"`
}

// Strange tells whether the person must be warned.
func (p Place) Strange() bool { return p.NewBrowser || p.NewPlace }

// Place says where a browser is, by its User-Agent and address, to a person who is asked at
// the address here.
func (s *Service) Place(ctx context.Context, person int64, browser string, from, here netip.Addr) (Place, error) {
	p := Place{Browser: DescribeBrowser(browser), Address: from.String(), SameNetwork: respond.SameNetwork(from, here)}
	seen, err := s.Familiar.Look(ctx, person, BrowserKind(browser), respond.Network(from).String())
	// Before a person's first sign-in everything is new, and a warning says nothing.
	p.NewBrowser = seen.Any && !seen.Browser
	p.NewPlace = !seen.Network && !p.SameNetwork
	return p, err
}
