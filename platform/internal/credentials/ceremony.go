package credentials

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// ceremonyLife is how long a challenge can be answered.
const ceremonyLife = 5 * time.Minute

var (
	// ErrNoPasskeys says that browsers offer no passkeys at the phone's origin.
	ErrNoPasskeys = errors.New("credentials: no passkeys at this origin")
	// ErrRefused says that a browser's answer is not good: another origin, an unknown or
	// foreign passkey, an old or used challenge, no user verification. The cause is for logs.
	ErrRefused = errors.New("credentials: the passkey is refused")
	// ErrOtherPerson says that a passkey is another person's than the one who was asked; it is
	// an ErrRefused too.
	ErrOtherPerson = fmt.Errorf("%w: of another person", ErrRefused)
)

// Ceremony is what a browser needs to ask its owner for a passkey.
type Ceremony struct {
	ID      string `json:"ceremony"`
	Options any    `json:"options"` // for navigator.credentials, in WebAuthn's JSON
}

// NewPasskey is a passkey that was checked and is not stored yet.
type NewPasskey struct{ stored stored }

// ceremony is a challenge as it is kept until it is answered, once.
type ceremony struct {
	Purpose string               `json:"purpose"`
	Person  int64                `json:"person"` // 0: unknown until the answer
	Session webauthn.SessionData `json:"session"`
}

// BeginRegistration asks for a new passkey of a person (0: one that does not exist yet).
// Account and name are shown by the browser. The purpose says what for, and from where: the
// answer is good for nothing else.
func (s *Service) BeginRegistration(ctx context.Context, purpose string, person int64, account, name string) (Ceremony, error) {
	if s.web == nil {
		return Ceremony{}, ErrNoPasskeys
	}
	o, err := s.ownerOf(ctx, person)
	if err != nil {
		return Ceremony{}, err
	}
	if len(o.credentials) >= MaxPasskeys {
		return Ceremony{}, ErrTooMany
	}
	o.name, o.display = account, name
	options, session, err := s.web.BeginRegistration(o,
		webauthn.WithExclusions(webauthn.Credentials(o.credentials).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, err
	}
	return s.keep(ctx, ceremony{purpose, person, *session}, options.Response)
}

// FinishRegistration checks a browser's answer; ErrRefused, possibly wrapped.
func (s *Service) FinishRegistration(ctx context.Context, purpose string, person int64, id, answer string) (NewPasskey, error) {
	c, err := s.take(ctx, purpose, id)
	if err != nil {
		return NewPasskey{}, err
	}
	if c.Person != person {
		return NewPasskey{}, fmt.Errorf("%w: begun by another person", ErrRefused)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return NewPasskey{}, refused(err)
	}
	made, err := s.web.CreateCredential(owner{handle: c.Session.UserID}, c.Session, parsed)
	if err != nil {
		return NewPasskey{}, refused(err)
	}
	// What was attested is not looked at again.
	made.Attestation = webauthn.CredentialAttestation{}
	return NewPasskey{stored{Handle: c.Session.UserID, Credential: *made}}, nil
}

// BeginAssertion asks for a passkey: of this person, or of anybody where it is 0.
func (s *Service) BeginAssertion(ctx context.Context, purpose string, person int64) (Ceremony, error) {
	if s.web == nil {
		return Ceremony{}, ErrNoPasskeys
	}
	if person == 0 {
		options, session, err := s.web.BeginDiscoverableLogin()
		if err != nil {
			return Ceremony{}, err
		}
		return s.keep(ctx, ceremony{purpose, 0, *session}, options.Response)
	}
	o, err := s.ownerOf(ctx, person)
	if err != nil {
		return Ceremony{}, err
	}
	if len(o.credentials) == 0 {
		return Ceremony{}, ErrNoPasskey
	}
	options, session, err := s.web.BeginLogin(o)
	if err != nil {
		return Ceremony{}, err
	}
	return s.keep(ctx, ceremony{purpose, person, *session}, options.Response)
}

// FinishAssertion checks a browser's answer and says whose passkey it is; ErrRefused,
// possibly wrapped.
func (s *Service) FinishAssertion(ctx context.Context, purpose, id, answer string) (person int64, err error) {
	c, err := s.take(ctx, purpose, id)
	if err != nil {
		return 0, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return 0, refused(err)
	}
	err = s.DB.Query(`SELECT person_id FROM passkeys WHERE credential_id = $1`).Row(ctx, []byte(parsed.RawID)).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("%w: unknown passkey", ErrRefused)
	}
	if err != nil {
		return 0, err
	}
	if c.Person != 0 && c.Person != person {
		return 0, ErrOtherPerson
	}
	o, err := s.ownerOf(ctx, person)
	if err != nil {
		return 0, err
	}
	var used *webauthn.Credential
	if c.Person == 0 {
		_, used, err = s.web.ValidatePasskeyLogin(func([]byte, []byte) (webauthn.User, error) { return o, nil }, c.Session, parsed)
	} else {
		used, err = s.web.ValidateLogin(o, c.Session, parsed)
	}
	if err != nil {
		return 0, refused(err)
	}
	if used.Authenticator.CloneWarning {
		return 0, fmt.Errorf("%w: its counter went back", ErrRefused)
	}
	raw, err := json.Marshal(stored{Handle: o.handle, Credential: *used})
	if err != nil {
		return 0, err
	}
	_, err = s.DB.Exec(ctx, `UPDATE passkeys SET credential = $1, used_at = $2 WHERE credential_id = $3`,
		raw, s.Now().UnixMilli(), used.ID)
	return person, err
}

func (s *Service) keep(ctx context.Context, c ceremony, options any) (Ceremony, error) {
	b := make([]byte, 16)
	rand.Read(b)
	id := base64.RawURLEncoding.EncodeToString(b)
	value, err := json.Marshal(c)
	if err != nil {
		return Ceremony{}, err
	}
	return Ceremony{id, options}, s.Store.Create(ctx, ceremonyKey(id), value, s.Now().Add(ceremonyLife))
}

// take spends a challenge: whatever the answer turns out to be, it is not asked again.
func (s *Service) take(ctx context.Context, purpose, id string) (c ceremony, err error) {
	if s.web == nil {
		return c, ErrNoPasskeys
	}
	if len(id) != 22 {
		return c, fmt.Errorf("%w: no challenge", ErrRefused)
	}
	rec, err := s.Store.Get(ctx, ceremonyKey(id))
	if errors.Is(err, shortlived.ErrNotFound) || err == nil && (rec.Version != 1 || !s.Now().Before(rec.Expires)) {
		return c, fmt.Errorf("%w: the challenge is over", ErrRefused)
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(rec.Value, &c); err != nil {
		return c, err
	}
	if c.Purpose != purpose {
		return c, fmt.Errorf("%w: a challenge for something else", ErrRefused)
	}
	// The value names its taker: of two at once, one succeeds.
	taker := make([]byte, 16)
	rand.Read(taker)
	err = s.Store.Swap(ctx, ceremonyKey(id), rec.Version, taker, rec.Expires)
	if errors.Is(err, shortlived.ErrConflict) || errors.Is(err, shortlived.ErrNotFound) {
		return c, fmt.Errorf("%w: the challenge is over", ErrRefused)
	}
	return c, err
}

func ceremonyKey(id string) string { return "passkey/" + id }

// refused says what go-webauthn did not like: its details name the step, never a secret.
func refused(err error) error {
	var p *protocol.Error
	if errors.As(err, &p) {
		return fmt.Errorf("%w: %s", ErrRefused, p.Details)
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}
