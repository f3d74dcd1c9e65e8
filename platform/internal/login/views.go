package login

import (
	"encoding/json"
	"html/template"
	"strconv"

	"github.com/hufu-sso/hufu/protocol"
)

// State is what stands in the place of the QR.
type State string

// The states. A page is rendered waiting, and login.js moves it on; the others
// are given by stories only.
const (
	StateWaiting   State = "waiting"
	StateScanned   State = "scanned"   // who, and "confirm on your phone"
	StateNumber    State = "number"    // the number to type on the phone
	StateDesktop   State = "desktop"   // a desktop client has it: the number to type there
	StateDone      State = "done"      // confirmed, on the way to the site
	StateBlocked   State = "blocked"   // confirmed, but the site must be gone to by a click
	StateRefused   State = "refused"   // the member refused
	StateCancelled State = "cancelled" // the member did not start this
	StateTimedOut  State = "timedout"  // scanned, not confirmed in time
	StateExpired   State = "expired"   // the QR has died
	StateUntrusted State = "untrusted" // framed by a page that would never get the code
	StateCopy      State = "copy"      // the phone's address, where no tab may be opened
	StateHelp      State = "help"      // "not working?"
)

// States lists every state, in the order of a sign-in.
func States() []State {
	return []State{
		StateWaiting, StateScanned, StateNumber, StateDesktop, StateDone, StateBlocked, StateRefused,
		StateCancelled, StateTimedOut, StateExpired, StateUntrusted, StateCopy, StateHelp,
	}
}

// Frame is what the page and its error page share.
type Frame struct {
	// Brand is the name the site is known by (品牌名称); empty where no app is known.
	Brand string `json:"brand"`
	// Scheme is protocol.ColorLight, ColorDark or ColorAuto; empty is light, for
	// a panel stands in a page that is light unless it says otherwise.
	Scheme string `json:"color_scheme"`
	// Embedded takes the page's own surroundings away: the ground is the host's.
	Embedded bool `json:"embedded"`
	// Other is the address of this very page in the other language, all other
	// parameters kept. Path and query.
	Other string `json:"-"`
	// RequestID is what the reader quotes when asking for help.
	RequestID string `json:"request_id"`
	// Settings is what login.js knows.
	Settings Settings `json:"settings"`

	settings string // stands in the document for Settings where a mold is made
}

// SettingsText is Settings as it stands in the document. JSON made by encoding/json has no
// character that could end a script element.
func (f Frame) SettingsText() (template.JS, error) {
	if f.settings != "" {
		return template.JS(f.settings), nil
	}
	text, err := json.Marshal(f.Settings)
	return template.JS(text), err
}

// ColorScheme is the scheme that the view forces; see respond.
func (f Frame) ColorScheme() string {
	if f.Scheme == "" {
		return protocol.ColorLight
	}
	return f.Scheme
}

// Page is the view of "login/page".
type Page struct {
	Frame
	// Site is host[:port] of the redirect address: where the member comes out.
	Site string `json:"site"`
	// QR is drawn into the document. Its URL is set in the sandbox only and
	// makes the QR a link.
	QR protocol.QR `json:"qr"`
	// State is the first state; empty is StateWaiting.
	State State `json:"state,omitempty"`
	// Member is filled in by login.js once somebody scans; here for stories.
	Member Member `json:"-"`
	// Quick is what the button for quick login shows, one of Ways; empty is WayOffered. Like
	// ByDesktop, which says that a desktop client answered, it is for stories.
	Quick     string `json:"-"`
	ByDesktop bool   `json:"-"`
}

// WayOffered is how the button for quick login begins; login/desktop.js names the others.
const WayOffered = "offered"

// Way is what the button for quick login shows first.
func (p Page) Way() string {
	if p.Quick == "" {
		return WayOffered
	}
	return p.Quick
}

// Closed tells whether the button does nothing: the browser, or a page around this one, allows
// nothing.
func (p Page) Closed() bool { return p.Quick == "denied" || p.Quick == "withheld" }

// Reasons are the ways of quick login that have a sentence under the button: why it does not
// go on. The last four are protocol.LoopbackReason.
func (Page) Reasons() []string {
	return []string{"asking", "absent", "signedout", "denied", "withheld", "busy", "unreachable", "gone", "not_allowed"}
}

// Ways lists everything that the button for quick login can show.
func Ways() []string {
	return append([]string{WayOffered, "found", "looking", "opening", "opened"}, Page{}.Reasons()...)
}

// Path is the QR code as the attribute d of an SVG path. It is made of digits and path
// commands only, and escaping its thousands of characters is a good part of what the page
// would cost.
func (p Page) Path() template.HTMLAttr { return template.HTMLAttr(`d="` + p.QR.Path + `"`) }

// Stage is the state to show first.
func (p Page) Stage() State {
	if p.State == "" {
		return StateWaiting
	}
	return p.State
}

// Member is who scanned.
type Member struct {
	Name   string // masked
	Avatar string // a path of ours; empty shows the initial
	Number string // two digits; empty where no number is asked for
	Parent string // the framing origin, for StateUntrusted
}

// Error is the view of "login/error": the page may be framed by anybody, so it
// holds no secret, and its script tells the host through onLoginFail.
type Error struct {
	Frame
	// Code is the page code, −310xx.
	Code protocol.PageCode `json:"errCode"`
	// Rule is the rule that redirect_uri broke (apps.Rule); empty for codes
	// that are not about redirect_uri.
	Rule string `json:"rule,omitempty"`
	// LoginType decides which console field is named: protocol.LoginTypeServiceApp
	// or LoginTypeCorpApp; empty names none.
	LoginType string `json:"login_type,omitempty"`
	// Sandbox names the sandbox's own settings in place of a console field.
	Sandbox bool `json:"-"`
	// Received is the value that arrived; empty shows that there was none.
	Received string `json:"received"`
	// Configured are the values that would have passed. At most ConfiguredShown
	// are shown; nil shows no row.
	Configured []string `json:"configured"`
}

// ConfiguredShown bounds the list on an error page: a panel has no room for more.
const ConfiguredShown = 3

// Key is the middle of the locale keys that explain the error:
// login.error.<key>.title, .why and .todo.
func (e Error) Key() string {
	switch {
	case e.Rule != "":
		return e.Rule
	case e.Code == protocol.PageRedirectEmpty:
		return "empty"
	case e.Code == protocol.PageRedirectNotCallbackDomain, e.Code == protocol.PageRedirectNotTrustedDomain:
		return "not_listed"
	case e.Code == protocol.PageOriginRefused:
		return "parent"
	}
	return strconv.Itoa(-int(e.Code))
}

// Field is the end of the locale key that says in which console the domains
// are configured; empty where that would not help.
func (e Error) Field() string {
	switch {
	case len(e.Configured) == 0 && e.Rule != "none_trusted":
		return ""
	case e.Sandbox:
		return "sandbox"
	case e.LoginType == protocol.LoginTypeServiceApp:
		return "service"
	case e.LoginType == protocol.LoginTypeCorpApp:
		return "corp"
	}
	return ""
}

// Shown is the part of Configured that has room.
func (e Error) Shown() []string {
	return e.Configured[:min(len(e.Configured), ConfiguredShown)]
}

// More is how many configured values Shown leaves out.
func (e Error) More() int {
	return len(e.Configured) - len(e.Shown())
}

// Settings is the JSON in the document that login.js works from. The names of
// the first four, and the spelling of the second word of sessionSignature, are
// those that other people's clients look for in the page (protocol.md 1.6).
type Settings struct {
	WebKey           string `json:"web_key,omitempty"` // 16 hex digits; absent in stories and errors
	State            string `json:"state"`
	RedirectURI      string `json:"redirect_uri"`
	SessionSignature string `json:"sessionSignature,omitempty"` // "Bearer …"
	RedirectType     string `json:"redirect_type"`              // protocol.RedirectTop, RedirectCallback or RedirectSelf
	// TargetOrigin is the origin of the checked redirect address: the only one
	// that a code is ever addressed to.
	TargetOrigin string `json:"target_origin,omitempty"`
	// TrustedOrigins may hear what is no code but not everybody's business.
	TrustedOrigins []string `json:"trusted_origins,omitempty"`
	ExpiresIn      int      `json:"expires_in,omitempty"` // seconds that the drawn QR lives
	QRCode         string   `json:"qrcode,omitempty"`     // /wwlogin/sso/qrcode?key=<web_key>
	AppID          string   `json:"appid"`
	Development    bool     `json:"development,omitempty"` // the app has development origins
	// Desktop is how the page finds a desktop client; nil offers no quick login.
	Desktop *Desktop `json:"desktop,omitempty"`
	// Error goes out as onLoginFail at once; set on the error page alone.
	Error *protocol.LoginFail `json:"error,omitempty"`
	// Failures are the payloads of onLoginFail for what may happen later.
	Failures *Failures `json:"failures,omitempty"`
}

// Failures are the ends of a sign-in that the page itself reports.
type Failures struct {
	Refused   protocol.LoginFail `json:"refused"`
	Expired   protocol.LoginFail `json:"expired"`
	Untrusted protocol.LoginFail `json:"untrusted"`
}

// PageFailures is the Failures of every good page.
func PageFailures() *Failures {
	return &Failures{
		Refused:   Fail(protocol.PageRefused),
		Expired:   Fail(protocol.PageExpired),
		Untrusted: Fail(protocol.PageOriginRefused),
	}
}

// Fail is the payload of onLoginFail for a page code.
func Fail(code protocol.PageCode) protocol.LoginFail {
	return protocol.LoginFail{ErrCode: code, ErrMsg: code.Text()}
}
