package protocol

// Paths of a desktop client's calls, under the phone's origin; ours alone, WeCom's own are not
// public. All are POSTs of JSON that answer JSON. A failure is a DesktopFailure.
const (
	// PathDesktopEnrol: DesktopEnrol, answers DesktopEnrolled. Signed by nobody.
	PathDesktopEnrol = "/desktop/enrol"
	// PathDesktopWait: DesktopWait with DesktopEnrolled.Signature as Authorization, answers
	// DesktopWaited once the status is another than the one given, or after half a minute.
	PathDesktopWait = "/desktop/wait"
	// PathDesktopCollect: DesktopCollect with DesktopEnrolled.Signature as Authorization, and
	// signed by the device key without HeaderDevice, answers DesktopCollected; once.
	PathDesktopCollect = "/desktop/collect"

	// Calls of a device, signed by its key: the four headers, over DesktopCall.

	// PathDesktopState: {}, answers DesktopState.
	PathDesktopState = "/desktop/state"
	// PathDesktopClaim: DesktopClaim, answers DesktopClaimed.
	PathDesktopClaim = "/desktop/claim"
	// PathDesktopDecide: DesktopDecide, answers DesktopDecided.
	PathDesktopDecide = "/desktop/decide"
	// PathDesktopSignOut: {}, answers {}; the device is no more.
	PathDesktopSignOut = "/desktop/sign-out"
)

// Headers of a call that is signed by a device key.
const (
	HeaderDevice    = "Hufu-Device"    // DesktopCollected.DeviceID
	HeaderTime      = "Hufu-Time"      // Unix milliseconds, decimal; within DesktopClockSkew of the platform's
	HeaderNonce     = "Hufu-Nonce"     // 128 random bits, base64url without padding; good once
	HeaderSignature = "Hufu-Signature" // Ed25519 over DesktopCall.Bytes, base64url without padding
)

// DesktopNameMaxBytes bounds DesktopEnrol.Name.
const DesktopNameMaxBytes = 80

// DesktopEnrol asks for a device to be signed in by a phone.
type DesktopEnrol struct {
	PublicKey string `json:"public_key"` // Ed25519, base64url without padding
	// Name is what the person will know the machine by, such as "host · Linux": at most
	// DesktopNameMaxBytes of printed characters.
	Name string `json:"name"`
}

// DesktopEnrolled is a QR code for the phone, and what names the sign-in to the client.
type DesktopEnrolled struct {
	// Platform is the origin that every signature names.
	Platform  string `json:"platform"`
	URL       string `json:"url"` // what the QR code says
	WebKey    string `json:"web_key"`
	Signature string `json:"signature"`  // secret; with "Bearer " in front
	ExpiresIn Int    `json:"expires_in"` // of the QR code, seconds
}

// DesktopWait asks how a device's sign-in stands.
type DesktopWait struct {
	WebKey     string   `json:"web_key"`
	LastStatus QRStatus `json:"last_status"` // as last answered; empty: QRNever
}

// DesktopWaited is how a device's sign-in stands.
type DesktopWaited struct {
	Status QRStatus `json:"status"`
	Number string   `json:"number,omitempty"` // to be typed on the phone, with QRScanning
}

// DesktopCollect asks for the device that a phone has confirmed.
type DesktopCollect struct {
	WebKey string `json:"web_key"`
}

// DesktopCollected is a device of a person.
type DesktopCollected struct {
	DeviceID  string           `json:"device_id"`
	Person    string           `json:"person"` // name
	Companies []DesktopCompany `json:"companies"`
}

// DesktopCompany is a company in which the device's person is a member.
type DesktopCompany struct {
	Company string `json:"company"`
	Name    string `json:"name"` // the member's name there
}

// DesktopState is what a device may know without a sign-in at hand.
type DesktopState struct {
	Person    string           `json:"person"`
	Companies []DesktopCompany `json:"companies"`
	// LoginOrigins are the origins of the login page: no other page is answered on loopback.
	LoginOrigins []string `json:"login_origins"`
	Lang         string   `json:"lang"` // of this call's Accept-Language: LangZH or LangEN
}

// DesktopClaim asks for the sign-in that a login page hands to this device.
type DesktopClaim struct {
	ClientKey string `json:"client_key"`
}

// DesktopClaimed is a sign-in that waits for this device, and for no other.
type DesktopClaimed struct {
	// Attempt, App and RedirectOrigin go into the DesktopStatement as they are.
	Attempt        string `json:"attempt"` // a name for it; opens nothing
	App            string `json:"app"`
	RedirectOrigin string `json:"redirect_origin"`

	Asker DesktopAsker `json:"asker"`
	Place DesktopPlace `json:"place"`
	// Choices are as whom the person may answer. A person in no company has one, without
	// Company; with several, one must be chosen.
	Choices []DesktopChoice `json:"choices"`
	// Admins says that administrators alone may enter.
	Admins    bool `json:"admins,omitempty"`
	ExpiresIn Int  `json:"expires_in"` // seconds, to the decision
}

// DesktopAsker is who asks.
type DesktopAsker struct {
	Brand  string `json:"brand"`
	Domain string `json:"domain"`        // host (and port) where the code goes
	Own    bool   `json:"own,omitempty"` // an app of the person's own company
}

// DesktopPlace is where the browser is that shows the login page.
type DesktopPlace struct {
	Browser     string `json:"browser"` // such as "Chrome 142 · Windows"; empty: cannot be told
	Address     string `json:"address"`
	SameNetwork bool   `json:"same_network"` // as this device's
	// NewBrowser, NewPlace: the person never confirmed a sign-in from such a one; warn.
	NewBrowser bool `json:"new_browser"`
	NewPlace   bool `json:"new_place"`
}

// What is shared, in DesktopChoice.Share.
const (
	ShareEncrypted = "encrypted" // corpid and userid, encrypted for this provider alone
	SharePlain     = "plain"     // plain corpid and userid (历史授权)
	ShareOwn       = "own"       // the plain userid, inside the company
	ShareOpenID    = "openid"    // of a person in no company: an openid for this provider alone
	// ShareOutside is an openid for the company alone whose own app asks: the person is not in it.
	ShareOutside = "outside"
	// ShareAdmin is that the person administers the company, and is in no address book: no userid.
	ShareAdmin = "admin"
)

// DesktopChoice is as whom a person may answer.
type DesktopChoice struct {
	As      string `json:"as"` // for DesktopDecide and DesktopStatement
	Company string `json:"company,omitempty"`
	Name    string `json:"name"`
	Share   string `json:"share"`
	CorpID  string `json:"corpid,omitempty"` // the plain values, where Share gives them away
	UserID  string `json:"userid,omitempty"`
}

// Values of DesktopDecide.Decision.
const (
	DesktopConfirm = "confirm"
	DesktopRefuse  = "refuse"
	DesktopReport  = "report" // "I did not start this": the administrators are told
)

// DesktopDecide is the person's answer to a sign-in that this device has claimed.
type DesktopDecide struct {
	ClientKey string `json:"client_key"`
	Decision  string `json:"decision"`
	As        string `json:"as,omitempty"`     // DesktopChoice.As; needed to confirm
	Number    string `json:"number,omitempty"` // two digits, as the login page shows them; needed to confirm
	// StatementSignature is Ed25519 over DesktopStatement.Bytes, base64url without padding.
	StatementSignature string `json:"statement_signature"`
}

// Values of DesktopDecided.Outcome.
const (
	DesktopConfirmed = "confirmed"
	DesktopRefused   = "refused"
	DesktopReported  = "reported"
)

// DesktopDecided is what became of an answer.
type DesktopDecided struct {
	Outcome string `json:"outcome"`
}

// DesktopFailure is the answer of a call that failed, with an HTTP status of 400 or more.
type DesktopFailure struct {
	Reason  string `json:"reason"`
	Message string `json:"message"` // an English sentence, for logs
	// Time is the platform's, Unix milliseconds, with DesktopUnsigned: a device whose clock
	// differs signs again by this one.
	Time int64 `json:"time,omitempty"`
}

// Values of DesktopFailure.Reason.
const (
	// DesktopUnsigned (401): unknown or removed device, bad signature, old time, or a nonce
	// that was used; which of them is not told. For a wait: not this sign-in's signature.
	DesktopUnsigned = "unsigned"
	// DesktopMalformed (400): the request is not one of this path.
	DesktopMalformed = "malformed"
	// DesktopStatementWrong (400): the statement is not signed, or not about this sign-in.
	DesktopStatementWrong = "statement"
	// DesktopNumberMissing (400): not two digits. It counts as no try.
	DesktopNumberMissing = "number_missing"
	// DesktopChoiceMissing (400): as is none of the choices.
	DesktopChoiceMissing = "choice"
	// DesktopNotAllowed (403): a corp app, and the person is not in its visible range.
	DesktopNotAllowed = "not_allowed"
	// DesktopAdminsOnly (403): administrators alone, and the person is none.
	DesktopAdminsOnly = "admins_only"
	// DesktopBlocked (403): too many wrong numbers.
	DesktopBlocked = "blocked"
	// DesktopTaken (409): a phone or another device was first.
	DesktopTaken = "taken"
	// DesktopNumberWrong (409): the sign-in has ended by it.
	DesktopNumberWrong = "number"
	// DesktopGone (410): no such sign-in, or its time is over.
	DesktopGone = "gone"
	// DesktopOver (410): it has been answered already, or collected.
	DesktopOver = "over"
	// DesktopTooMany (429): wait as long as Retry-After says.
	DesktopTooMany = "too_many"
	// DesktopBusy (5xx): the platform cannot answer now.
	DesktopBusy = "busy"
)
