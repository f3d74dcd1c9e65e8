package phone

// Addresses in views (…URL) are ready for href and action: made with
// respond.Link, so that a language chosen by hand stays chosen. Every form
// posts the field csrf. Names and values are plain text; the templates escape.

// Asker is who asks a person to sign in.
type Asker struct {
	Brand  string `json:"brand"`  // the provider's brand name, or the corp app's name
	Domain string `json:"domain"` // host (and port) of redirect_uri, where the code goes
	// Own marks a corp app: Brand belongs to the person's own company.
	Own bool `json:"own,omitempty"`
}

// Place is where the browser that shows the QR code is.
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
	ContinueURL string `json:"continue_url"` // marks the QR scanned
	ReportURL   string `json:"report_url"`   // "I did not start this"
}

// ChooseView is the page phone/choose. Its form posts company.
type ChooseView struct {
	CSRF      string          `json:"csrf"`
	Me        Me              `json:"me"`
	Asker     Asker           `json:"asker"`
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

// What is shared, in ConfirmView.Share.
const (
	// ShareEncrypted is the default: corpid and userid encrypted for this
	// provider alone.
	ShareEncrypted = "encrypted"
	// SharePlain is an installation under 历史授权: plain corpid and userid.
	SharePlain = "plain"
	// ShareOwn is a corp app: the plain userid, inside the company.
	ShareOwn = "own"
	// ShareOpenID is a person in no company: an openid for this provider alone.
	ShareOpenID = "openid"
	// ShareOutside is a person who is no member of the company whose own app asks: an
	// openid for that company alone.
	ShareOutside = "outside"
)

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
	// Company and Name are as whom; Company is "" for a person in no company, and for one
	// in none that counts here (ShareOutside).
	Company   string `json:"company,omitempty"`
	Name      string `json:"name"`
	ChangeURL string `json:"change_url,omitempty"` // phone/choose; "" when there is no choice
	Share     string `json:"share"`
	CorpID    string `json:"corpid,omitempty"` // the plain values, for SharePlain and ShareOwn
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
)

// GoneReasons are all of them; each has its words.
var GoneReasons = []string{
	GoneUnknown, GoneExpired, GoneSlow, GoneUsed, GoneRefused, GoneCancelled, GoneOther,
	GoneNumber, GoneBlocked,
}

// GoneView is the page phone/gone.
type GoneView struct {
	Me     *Me    `json:"me,omitempty"` // nil when nobody is signed in
	Reason string `json:"reason"`
}
