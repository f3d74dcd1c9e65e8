package phone

// Passkeys is how a page asks the browser for a passkey. Its script posts the form's csrf,
// account and name to URL for a challenge, and sends the form with ceremony and passkey.
type Passkeys struct {
	URL string `json:"url,omitempty"` // empty: the page does not ask for one
	Off bool   `json:"off,omitempty"` // browsers offer none at this origin: the page says why
}

// Problems of a proof beside those of the sign-in form.
const (
	ProofPasskey    = "passkey"     // the passkey is not good, or unknown here
	ProofOther      = "other"       // of another person than the one who must prove
	ProofUsePasskey = "use_passkey" // a password, of a person who has a passkey
)

// EnterView is the page phone/enter: who comes into a console. Its forms post account and
// password, a passkey, or the sandbox's person.
type EnterView struct {
	CSRF     string   `json:"csrf"`
	Label    string   `json:"label"` // locale key of what is entered
	Host     string   `json:"host"`  // of the consoles
	EnterURL string   `json:"enter_url"`
	Account  string   `json:"account,omitempty"`
	Problem  string   `json:"problem,omitempty"`
	Passkeys Passkeys `json:"passkeys"`
	People   []Person `json:"people,omitempty"`
}

// ProveView is the page phone/prove: a fresh proof of one person, for a console (Label, Host)
// or for a change of one's own account. Its forms post password, a passkey, or Pick as person.
type ProveView struct {
	CSRF      string   `json:"csrf"`
	Name      string   `json:"name"` // whose proof
	Label     string   `json:"label,omitempty"`
	Host      string   `json:"host,omitempty"`
	ProveURL  string   `json:"prove_url"`
	CancelURL string   `json:"cancel_url,omitempty"`
	Next      string   `json:"next,omitempty"`
	Passkeys  Passkeys `json:"passkeys"`
	Password  bool     `json:"password"` // asked for: the person has no passkey
	Pick      string   `json:"pick,omitempty"`
	Problem   string   `json:"problem,omitempty"`
}

// Problems of the form of a link and of the password's, beside ProofPasskey.
const (
	EnrolAccount = "account"
	EnrolTaken   = "taken"
	EnrolShort   = "short"
	EnrolLong    = "long"
	EnrolSame    = "same" // the password is the sign-in name
	EnrolDiffers = "differs"
	EnrolNothing = "nothing"
)

// EnrolProblems are all of them; each has its words.
var EnrolProblems = []string{EnrolAccount, EnrolTaken, EnrolShort, EnrolLong, EnrolSame, EnrolDiffers, EnrolNothing, ProofPasskey}

// EnrolView is the page phone/enrol, opened with a link. One form posts account, password and
// confirm, and name where it is asked for; the other joins with the account signed in here.
type EnrolView struct {
	CSRF      string   `json:"csrf"`
	Me        *Me      `json:"me,omitempty"` // nil when nobody is signed in
	Kind      string   `json:"kind"`         // operator, member, admin
	Company   string   `json:"company,omitempty"`
	Name      string   `json:"name,omitempty"` // whom the link is for
	AskName   bool     `json:"ask_name"`
	TypedName string   `json:"typed_name,omitempty"`
	Reset     bool     `json:"reset,omitempty"` // the link replaces credentials
	Until     string   `json:"until"`
	Account   string   `json:"account,omitempty"`
	Problem   string   `json:"problem,omitempty"`
	EnrolURL  string   `json:"enrol_url"`
	JoinURL   string   `json:"join_url,omitempty"`
	SignInURL string   `json:"sign_in_url,omitempty"`
	Passkeys  Passkeys `json:"passkeys"`
}

// Reasons why a link leads nowhere, in OverView.Reason.
const (
	OverUnknown   = "unknown"
	OverUsed      = "used"
	OverExpired   = "expired"
	OverElsewhere = "elsewhere" // the person belongs to another company too
	OverReset     = "reset"     // nobody joins with a link that replaces credentials
	OverAlready   = "already"   // already what the link would make of the person
	OverEnter     = "enter"     // a handoff
)

// OverReasons are all of them; each has its words.
var OverReasons = []string{OverUnknown, OverUsed, OverExpired, OverElsewhere, OverReset, OverAlready, OverEnter}

// OverView is the page phone/over.
type OverView struct {
	Me     *Me    `json:"me,omitempty"`
	Reason string `json:"reason"`
}

// WelcomeView is the page phone/welcome, after a link has done its work.
type WelcomeView struct {
	Me         Me     `json:"me"`
	As         string `json:"as"` // operator, member, admin
	HomeURL    string `json:"home_url"`
	ConsoleURL string `json:"console_url,omitempty"`
}

// Problems of the account page, in AccountView.Problem.
const AccountLast = "last" // the last credential stays

// AccountView is the page phone/account.
type AccountView struct {
	CSRF          string        `json:"csrf"`
	Me            Me            `json:"me"`
	Account       string        `json:"account"` // sign-in name
	Problem       string        `json:"problem,omitempty"`
	Passkeys      []PasskeyLine `json:"passkeys"`
	PasskeysOff   bool          `json:"passkeys_off,omitempty"`
	AddPasskeyURL string        `json:"add_passkey_url,omitempty"` // empty: none can be added
	HasPassword   bool          `json:"has_password"`
	PasswordURL   string        `json:"password_url"`
	Devices       []DeviceLine  `json:"devices"`
	Desktops      []DesktopLine `json:"desktops"`
	EndOthersURL  string        `json:"end_others_url"`
	Sites         []SiteLine    `json:"sites"`
	WithdrawURL   string        `json:"withdraw_url"`
}

// PasskeyLine is one passkey; times are for reading.
type PasskeyLine struct {
	Name    string `json:"name"` // empty: none given
	Created string `json:"created"`
	Used    string `json:"used,omitempty"` // empty: never
	URL     string `json:"url"`
}

// DeviceLine is one browser in which the person is signed in.
type DeviceLine struct {
	ID          string `json:"id"`
	Browser     string `json:"browser"`
	Address     string `json:"address"`
	SameNetwork bool   `json:"same_network"`
	Since       string `json:"since"`
	Console     bool   `json:"console,omitempty"` // in a console, not on the phone
	Current     bool   `json:"current,omitempty"`
	EndURL      string `json:"end_url"`
}

// DesktopLine is one desktop client that confirms sign-ins in the person's name.
type DesktopLine struct {
	ID        string `json:"id"`
	Machine   string `json:"machine"` // as the client names it
	Address   string `json:"address"` // from which it was signed in
	Since     string `json:"since"`
	Used      string `json:"used,omitempty"` // empty: never
	RemoveURL string `json:"remove_url"`
}

// SiteLine is one consent.
type SiteLine struct {
	ID      string `json:"id"` // value of the field site
	Brand   string `json:"brand"`
	Own     bool   `json:"own,omitempty"`     // a corp app
	Opened  bool   `json:"opened,omitempty"`  // a suite, opened inside the client; else a website's sign-in
	Company string `json:"company,omitempty"` // as a member of which; empty: of none
	Since   string `json:"since"`
}

// PasskeyMany is a problem of PasskeyView: there are as many as there may be.
const PasskeyMany = "many"

// PasskeyView is the page phone/passkey: a new one, or Made. Its form posts name.
type PasskeyView struct {
	CSRF      string       `json:"csrf"`
	Me        Me           `json:"me"`
	Name      string       `json:"name"`
	Made      *PasskeyLine `json:"made,omitempty"`
	SaveURL   string       `json:"save_url"`
	RemoveURL string       `json:"remove_url,omitempty"`
	BackURL   string       `json:"back_url"`
	Passkeys  Passkeys     `json:"passkeys"`
	Problem   string       `json:"problem,omitempty"`
}

// PasswordView is the page phone/password. Its form posts password and confirm.
type PasswordView struct {
	CSRF    string `json:"csrf"`
	Me      Me     `json:"me"`
	Account string `json:"account"`
	Has     bool   `json:"has"` // there is one already
	SaveURL string `json:"save_url"`
	BackURL string `json:"back_url"`
	Problem string `json:"problem,omitempty"`
}
