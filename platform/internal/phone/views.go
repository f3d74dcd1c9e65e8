package phone

import "github.com/hufu-sso/hufu/platform/internal/ask"

// Addresses in views (…URL) are ready for href and action: made with
// respond.Link, so that a language chosen by hand stays chosen. Every form
// posts the field csrf. Names and values are plain text; the templates escape.

// Asker is who asks a person to sign in.
type Asker = ask.Asker

// Place is where the browser is that shows the QR code.
type Place = ask.Place

// Me is the person signed in on this phone.
type Me struct {
	Name    string `json:"name"`
	HomeURL string `json:"home_url"` // phone/home
}

// Problems of the sign-in form, in SignInView.Problem.
const (
	SignInEmpty   = "empty"   // account or password missing
	SignInWrong   = "wrong"   // no such account or wrong password; never says which
	SignInBlocked = "blocked" // too many failures from here
)

// SignInView is the page phone/signin. The form posts account, password and
// next; the sandbox's list posts person and next.
type SignInView struct {
	CSRF      string `json:"csrf"`
	SignInURL string `json:"sign_in_url"`
	Next      string `json:"next"`            // path to go on to; checked again by the handler
	Asker     *Asker `json:"asker,omitempty"` // who waits, when a QR brought the person here
	Account   string `json:"account,omitempty"`
	Problem   string `json:"problem,omitempty"`
	// Passkeys has a form of its own, which posts next too.
	Passkeys Passkeys `json:"passkeys"`
	// People is the sandbox's list; empty elsewhere. With a list the form hides
	// in a fold.
	People []Person `json:"people,omitempty"`
}

// Person is one line of the sandbox's list.
type Person struct {
	ID        string   `json:"id"` // value of the field person
	Name      string   `json:"name"`
	Companies []string `json:"companies"` // names; empty for a person in no company
	Role      string   `json:"role"`      // the highest the person has anywhere; empty: none
}

// Values of Person.Role.
const (
	RoleOperator = "operator" // runs the platform
	RoleCreator  = "creator"
	RoleSystem   = "system"
	RoleExternal = "external"
	RoleSub      = "sub"
)

// Problems of the field for a link, in HomeView.LinkProblem.
const (
	LinkEmpty   = "empty"
	LinkForeign = "foreign" // not the address of one of our QR codes
)

// HomeView is the page phone/home. Its form posts link.
type HomeView struct {
	CSRF        string       `json:"csrf"`
	Name        string       `json:"name"`
	Memberships []Membership `json:"memberships"`
	OpenURL     string       `json:"open_url"` // takes the link
	Link        string       `json:"link,omitempty"`
	LinkProblem string       `json:"link_problem,omitempty"`
	SignOutURL  string       `json:"sign_out_url"`
	AccountURL  string       `json:"account_url"`
	// WorkbenchURL is what the person can open (package assistant).
	WorkbenchURL string `json:"workbench_url"`
	// ConsoleURL and ConsoleHost are of the consoles, for who may enter one.
	ConsoleURL  string `json:"console_url,omitempty"`
	ConsoleHost string `json:"-"`
}

// Membership is a person as a member of one company.
type Membership struct {
	Company    string `json:"company"`
	Name       string `json:"name"`       // as this company knows the person
	UserID     string `json:"userid"`     // plain userid in that company
	Department string `json:"department"` // "" when none
}

// AskView is the page phone/ask, opened from the QR: nothing has changed yet.
// Both forms post nothing but csrf.
type AskView struct {
	CSRF        string `json:"csrf"`
	Me          Me     `json:"me"`
	Asker       Asker  `json:"asker"`
	Place       Place  `json:"place"`
	Admins      bool   `json:"admins,omitempty"` // administrators alone are let in
	ContinueURL string `json:"continue_url"`     // marks the QR scanned
	ReportURL   string `json:"report_url"`       // "I did not start this"
}

// ChooseView is the page phone/choose. Its form posts company.
type ChooseView struct {
	CSRF      string          `json:"csrf"`
	Me        Me              `json:"me"`
	Asker     Asker           `json:"asker"`
	Admins    bool            `json:"admins,omitempty"`
	ChooseURL string          `json:"choose_url"`
	ReportURL string          `json:"report_url"`
	Companies []CompanyChoice `json:"companies"`
}

// CompanyChoice is one company a person may sign in as a member of.
type CompanyChoice struct {
	ID      string `json:"id"`     // value of the field company
	CorpID  string `json:"corpid"` // plain, for the terminal phone's --as
	Company string `json:"company"`
	Name    string `json:"name"`              // the member's name there
	Current bool   `json:"current,omitempty"` // chosen now, or last time
}

// Problems of the number field, in ConfirmView.NumberProblem.
const (
	NumberEmpty = "empty" // missing or not two digits: not counted as a try
)

// ConfirmView is the page phone/confirm. Its form posts decision ("confirm" or
// "refuse") and, when NumberAsked, number.
type ConfirmView struct {
	CSRF  string `json:"csrf"`
	Me    Me     `json:"me"`
	Asker Asker  `json:"asker"`
	Place Place  `json:"place"`
	// Admins says that the person enters as an administrator of Company.
	Admins bool `json:"admins,omitempty"`
	// Company and Name are as whom; Company is "" for a person in no company, and for one
	// in none that counts here (ask.ShareOutside).
	Company   string `json:"company,omitempty"`
	Name      string `json:"name"`
	ChangeURL string `json:"change_url,omitempty"` // phone/choose; "" when there is no choice
	Share     string `json:"share"`                // one of ask's
	CorpID    string `json:"corpid,omitempty"`     // the plain values, where Share gives them away
	UserID    string `json:"userid,omitempty"`
	// NumberAsked shows the field for the two digits on the computer.
	NumberAsked   bool   `json:"number_asked"`
	NumberProblem string `json:"number_problem,omitempty"`
	DecideURL     string `json:"decide_url"`
	ReportURL     string `json:"report_url"`
}

// Outcomes, in DoneView.Outcome.
const (
	DoneConfirmed = "confirmed"
	DoneRefused   = "refused"
	DoneReported  = "reported" // "I did not start this": ended, admins told
)

// DoneView is the page phone/done.
type DoneView struct {
	Me      Me     `json:"me"`
	Asker   Asker  `json:"asker"`
	Outcome string `json:"outcome"`
}

// Reasons why a sign-in cannot go on, in GoneView.Reason.
const (
	GoneUnknown   = "unknown"   // no such QR code
	GoneExpired   = "expired"   // the QR code or the attempt is over
	GoneSlow      = "slow"      // scanned, but not confirmed in two minutes
	GoneUsed      = "used"      // confirmed already
	GoneRefused   = "refused"   // refused already
	GoneCancelled = "cancelled" // reported as not one's own
	GoneOther     = "other"     // another person or phone scanned it first
	GoneNumber    = "number"    // wrong number typed: refused
	GoneBlocked   = "blocked"   // three wrong numbers in ten minutes
	GoneAdmins    = "admins"    // administrators alone may sign in, and the person is none
	GoneMembers   = "members"   // members of companies alone may sign in, and the person is none
)

// GoneReasons are all of them; each has its words.
var GoneReasons = []string{
	GoneUnknown, GoneExpired, GoneSlow, GoneUsed, GoneRefused, GoneCancelled, GoneOther,
	GoneNumber, GoneBlocked, GoneAdmins, GoneMembers,
}

// GoneView is the page phone/gone.
type GoneView struct {
	Me     *Me    `json:"me,omitempty"` // nil when nobody is signed in
	Reason string `json:"reason"`
}
