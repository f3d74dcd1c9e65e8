package credentials

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// relyingParty is the name that a browser may show beside a passkey.
const relyingParty = "Hufu"

// Service reads and writes credentials. Make one with New; Directory and Sessions are set
// before first use.
type Service struct {
	DB        *store.DB
	Store     shortlived.Store // challenges
	Directory *directory.Service
	Sessions  *session.Keeper // of any part: ended where credentials change hands
	Now       func() time.Time

	web *webauthn.WebAuthn // nil: browsers do not offer passkeys at this origin
}

// New makes a Service for the phone's origin, without a trailing slash. Passkeys are bound to
// its host: with another host they are lost.
func New(db *store.DB, short shortlived.Store, phoneURL string, now func() time.Time) (*Service, error) {
	s := &Service{DB: db, Store: short, Now: now}
	u, err := url.Parse(phoneURL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("credentials: %q is not an origin", phoneURL)
	}
	if !offersPasskeys(u) {
		return s, nil
	}
	s.web, err = webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: relyingParty, RPOrigins: []string{phoneURL},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(),
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			UserVerification:   protocol.VerificationRequired,
		},
	})
	return s, err
}

// offersPasskeys tells whether browsers offer passkeys at an origin: over https, or on this
// machine by its name; never at an address, which cannot be an RP ID.
func offersPasskeys(u *url.URL) bool {
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	return u.Scheme == "https" || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// PasskeysWork tells whether browsers offer passkeys at the phone's origin.
func (s *Service) PasskeysWork() bool { return s.web != nil }
