package login

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// Reason says why a sign-in ended without a session. The text of a Reason is
// stable: sites may switch on it and scripts read it.
type Reason string

// The reasons.
const (
	// Refused: the person refused or cancelled on the phone, or did not agree inside
	// the client; the browser came back without a code. Not an error.
	Refused Reason = "refused"

	// OtherBrowser: the callback bears no state of this browser. Its link was
	// opened elsewhere, begun at another app, or made up.
	OtherBrowser Reason = "other_browser"

	// Expired: the sign-in began too long ago.
	Expired Reason = "expired"

	// BadRequest: the callback is malformed.
	BadRequest Reason = "bad_request"

	// CrossOrigin: a POST that did not come from the site's own pages.
	CrossOrigin Reason = "cross_origin"

	// BadCode: the code is wrong, used, expired, or belongs to another sign-in
	// (40029).
	BadCode Reason = "bad_code"

	// DomainMismatch: the redirect_uri's domain is not a trusted domain of the app
	// that exchanges the code (50001).
	DomainMismatch Reason = "domain_mismatch"

	// NoTicket: the suite has no suite_ticket, or only one that has expired
	// (40085), so it can exchange no code. The code is not spent.
	NoTicket Reason = "no_ticket"

	// Incomplete: the answer did not say who the person is: no corpid, no userid,
	// or a person in no company where Config.AllowOpenID is off.
	Incomplete Reason = "incomplete"

	// NotAllowed: Config.OnSignIn turned the person away.
	NotAllowed Reason = "not_allowed"

	// NotAdmin: the person who came by the business-settings jump (业务设置) does not
	// administer the suite.
	NotAdmin Reason = "not_admin"

	// NoMember: who came by the jump is no member of the company: an external
	// administrator or a creator outside the address book, whom nothing tells from
	// others.
	NoMember Reason = "no_member"

	// NotInstalled: the site knows of no installation of the suite by the company that
	// the jump came from, so it cannot ask who administers it.
	NotInstalled Reason = "not_installed"

	// Unconfirmed: the platform did not say whether who came by the jump administers
	// the suite. The code is spent.
	Unconfirmed Reason = "unconfirmed"

	// NoArrival: nobody has arrived by the jump in this browser, or it is too long
	// ago, or has been answered.
	NoArrival Reason = "no_arrival"

	// Repeated: this browser signs in inside the client again and again within
	// seconds, because the site keeps none of its sessions, or its pages send everybody
	// to begin.
	Repeated Reason = "repeated"

	// SwitchedOff: the platform refuses the exchange, because the login suite (登录授权) is
	// switched off (50003) and so is the old login (48002), or nothing is set up to use
	// it. The code is not spent.
	SwitchedOff Reason = "switched_off"

	// Unavailable: the exchange could not be made or the site failed; worth
	// another try.
	Unavailable Reason = "unavailable"
)

// Failure is a sign-in that ended without a session.
type Failure struct {
	Reason Reason
	Err    error // the cause, for the site's log; may be nil; not for the person's eyes

	// Window says that the sign-in ran in a window of its own. A link that begins it
	// anew bears window=1, or the page behind the window is left waiting.
	Window bool

	// Way is how the sign-in ran; empty where nothing says which it was.
	Way Way
}

func (f *Failure) Error() string { return "login: " + string(f.Reason) }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Status is the HTTP status that fits f. Refused is an outcome, not an error: 200.
func (f *Failure) Status() int {
	switch f.Reason {
	case Refused:
		return http.StatusOK
	case OtherBrowser, CrossOrigin, NotAllowed, Incomplete, DomainMismatch, NotAdmin, NoMember, NotInstalled:
		return http.StatusForbidden
	case Expired, BadRequest, BadCode, NoArrival:
		return http.StatusBadRequest
	case Repeated:
		return http.StatusTooManyRequests
	case NoTicket, SwitchedOff:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadGateway
}

// passing tells whether the same callback may succeed later: nothing was decided
// about the code or the person.
func (f *Failure) passing() bool {
	return f.Reason == Unavailable || f.Reason == NoTicket || f.Reason == SwitchedOff
}

// exchangeFailure sorts an error of an Exchanger.
func exchangeFailure(err error) *Failure {
	reason := Unavailable
	switch {
	case errors.Is(err, site.ErrNoTicket), errors.Is(err, protocol.CodeInvalidSuiteTicket):
		reason = NoTicket
	case errors.Is(err, site.ErrIncomplete):
		reason = Incomplete
	case errors.Is(err, protocol.CodeInvalidCode), errors.Is(err, protocol.CodeInvalidAuthCode):
		reason = BadCode
	case errors.Is(err, protocol.CodeRedirectURIUnauthorized):
		reason = DomainMismatch
	case errors.Is(err, protocol.CodeAppDisabled), errors.Is(err, protocol.CodeAPIForbidden):
		reason = SwitchedOff
	}
	return &Failure{Reason: reason, Err: err}
}
