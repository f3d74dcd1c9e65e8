package site

import (
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// maxID is the longest id, in bytes: userid and open_userid have at most 64.
const maxID = 64

// Identity is who signed in. A person of a company is CorpID together with
// UserID; neither says anything alone. For a provider both are encrypted ids
// unless the company installed the suite long ago, differ from one provider to
// another, and the encrypted forms are case-sensitive: compare exactly.
//
// A person in no company has OpenID alone, and is let through only with
// AllowOpenID.
type Identity struct {
	CorpID     string // 企业: which company
	UserID     string // 成员: who in it
	OpenUserID string // the same person in all apps of one provider; empty for a corp app
	OpenID     string // a person in no company; unique per provider, or per corp for a corp app

	// UserTicket opens what the person agreed to show beyond this, by UserDetail.
	// It comes with an in-client sign-in of protocol.ScopePrivateInfo alone, for a
	// member in the app's visible range (可见范围), and is good for TicketLife.
	UserTicket UserTicket
	TicketLife time.Duration
}

// ExchangeOption changes one exchange.
type ExchangeOption func(*exchange)

type exchange struct {
	verifier    string
	allowOpenID bool
}

// WithVerifier proves with a PKCE code_verifier (RFC 7636) that this site
// began the sign-in, for a login link that bore a CodeChallenge. It is an
// extension of Hufu's platform; the real WeCom ignores it.
func WithVerifier(codeVerifier string) ExchangeOption {
	return func(e *exchange) { e.verifier = codeVerifier }
}

// AllowOpenID accepts people who are in no company: the Identity then holds
// OpenID alone. Such a person has been checked by nobody's administrator.
func AllowOpenID() ExchangeOption {
	return func(e *exchange) { e.allowOpenID = true }
}

func newExchange(opts []ExchangeOption) exchange {
	var e exchange
	for _, opt := range opts {
		opt(&e)
	}
	return e
}

// withTicket adds the user_ticket of an answer. One that can be none is left out:
// who signed in does not hang on it.
func (id Identity) withTicket(ticket string, life protocol.Int) Identity {
	if validTicket(ticket) && life > 0 {
		id.UserTicket = UserTicket(ticket)
		id.TicketLife = time.Duration(min(life, protocol.Int(maxLife/time.Second))) * time.Second
	}
	return id
}

// check returns id if it names somebody who may be signed in, and otherwise
// nothing at all and ErrIncomplete.
func (e exchange) check(id Identity) (Identity, error) {
	switch {
	case !id.sane():
	case id.CorpID != "" && id.UserID != "":
		return id, nil
	case e.allowOpenID && id.CorpID == "" && id.UserID == "" && id.OpenID != "":
		return Identity{OpenID: id.OpenID}, nil
	}
	return Identity{}, ErrIncomplete
}

// sane tells whether each id is empty or can be one.
func (id Identity) sane() bool {
	for _, s := range []string{id.CorpID, id.UserID, id.OpenUserID, id.OpenID} {
		if s != "" && !validID(s) {
			return false
		}
	}
	return true
}

// validID refuses what can be no id.
func validID(s string) bool {
	return s != "" && len(s) <= maxID && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}
