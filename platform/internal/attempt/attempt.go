package attempt

import (
	"errors"
	"net/netip"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// How long things live (design.md, One sign-in).
const (
	Life        = 30 * time.Minute // an attempt, over all renewals
	QRLife      = 5 * time.Minute  // one QR code; the one before it works as long
	ConfirmLife = 2 * time.Minute  // from scan to confirmation
	ClientLife  = 2 * time.Minute  // a key that a page hands to a desktop client
)

// Page says which page shows the QR code.
type Page byte

const (
	NewPage         Page = iota // of the login page and panel, of the consoles, of a desktop client
	OldProviderPage             // 3rd_qrConnect
	OldCorpPage                 // qrConnect
	pages                       // how many there are
)

// State of an attempt.
type State string

const (
	Created   State = "created"
	Scanned   State = "scanned"
	Confirmed State = "confirmed"
	Collected State = "collected" // a console's: its session has begun
	Refused   State = "refused"   // the member, or a wrong number
	Cancelled State = "cancelled" // "I did not start this"
	TimedOut  State = "timed out" // scanned, and not confirmed in time
	Expired   State = "expired"
)

var (
	// ErrGone says there is no such attempt, or its QR code or its time is over.
	ErrGone = errors.New("attempt: gone")
	// ErrTaken says another phone has scanned it.
	ErrTaken = errors.New("attempt: taken by another phone")
	// ErrOver says it has already been confirmed, refused or cancelled.
	ErrOver = errors.New("attempt: over")
	// ErrWrongNumber says the number typed was not the one on the page; the attempt is
	// refused by it.
	ErrWrongNumber = errors.New("attempt: wrong number")
	// ErrBlocked says that this person or address typed too many wrong numbers.
	ErrBlocked = errors.New("attempt: blocked after wrong numbers")
)

// Request is what a login page asks for.
type Request struct {
	App         int64       // app row
	Kind        tokens.Kind // of the code it ends in
	RedirectURI string      // checked, as it came
	Origin      string
	State       string
	Challenge   string     // PKCE S256; empty: none
	Address     netip.Addr // of the browser
	Browser     string     // User-Agent, cut
	// Console says that it ends in a session of the consoles: no app asks, no code is made,
	// its page bears a signature of its own (SignedConsole), and Collect ends it.
	Console bool
	// Page is the page that shows the QR code.
	Page Page
	// Admins says that only administrators may confirm (usertype=admin).
	Admins bool
	// Device, when set, is the public key (Ed25519, base64url) of a desktop client that asks to
	// be signed in. Like Console it ends in no code; its page's signature is one of its own
	// (SignedDevice), and CollectDevice ends it.
	Device string
}

// Site tells whether an app asks, and a code is the end of it: not a console, not a device.
func (r *Request) Site() bool { return !r.Console && r.Device == "" }

// Attempt is the record of one sign-in.
type Attempt struct {
	Request
	CreatedAt int64 // Unix ms, as all times here
	QR        int64 // number of the newest QR code
	QRAt      int64
	Client    int64 // number of the newest client key; 0: none was made
	ClientAt  int64

	Step    State // as stored; State judges by the clock
	Person  int64
	Phone   string // session that scanned, or device that claimed; only it may go on
	Name    string // masked, for the page
	Number  int64  // to be typed on the phone; 0: none was drawn
	ActedAt int64  // when scanned, confirmed, refused or cancelled
	Member  int64
	Corp    int64
	// ByClient says that a desktop client claimed it: the waiting page is told no name.
	ByClient bool
}

// State is the attempt's state at a time.
func (a *Attempt) State(now time.Time) State {
	ms := now.UnixMilli()
	switch a.Step {
	case Scanned:
		if ms >= a.ActedAt+ConfirmLife.Milliseconds() {
			return TimedOut
		}
	case Created:
		if ms >= a.CreatedAt+Life.Milliseconds() {
			return Expired
		}
	case Confirmed:
		if ms >= a.ActedAt+tokens.CodeLife.Milliseconds() {
			return Expired
		}
	}
	return a.Step
}

// next is when the state changes by itself.
func (a *Attempt) next() time.Time {
	switch a.Step {
	case Scanned:
		return time.UnixMilli(a.ActedAt).Add(ConfirmLife)
	case Confirmed:
		return time.UnixMilli(a.ActedAt).Add(tokens.CodeLife)
	}
	return time.UnixMilli(a.CreatedAt).Add(Life)
}

// Code is what the confirmed attempt's code says.
func (a *Attempt) Code() tokens.Code {
	return tokens.Code{
		App: a.App, Corp: a.Corp, Member: a.Member, Person: a.Person,
		Origin: a.Origin, At: time.UnixMilli(a.ActedAt), Challenge: a.Challenge,
	}
}
