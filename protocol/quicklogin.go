package protocol

// Quick login (桌面端快速登录): the login page finds a desktop client on its own machine, hands
// it a client key, and waits as it does for a phone. Everything about the sign-in goes between
// desktop client and platform; the page learns only whether a client is there and signed in.
// WeCom's own way is not public, so all of this is Hufu's.

// PathLoginDesktop answers the client key of an open page: POST ClientKeyRequest with the
// page's signature as Authorization, answers ClientKeyAnswer.
const PathLoginDesktop = "/wwlogin/sso/desktop"

// ParamFastLogin, "0" in a login link, keeps quick login off the page.
const ParamFastLogin = "fast_login"

// ClientKeyRequest is the body of PathLoginDesktop.
type ClientKeyRequest struct {
	WebKey string `json:"webKey"`
}

// ClientKeyAnswer is the answer of PathLoginDesktop.
type ClientKeyAnswer struct {
	Data ClientKeyState `json:"data"`
}

// ClientKeyState is a client key, or the status of a sign-in that can no longer be handed over.
type ClientKeyState struct {
	ClientKey string   `json:"client_key,omitempty"`
	ExpiresIn Int      `json:"expires_in,omitempty"` // seconds; a newer key ends the older
	Status    QRStatus `json:"status,omitempty"`
}

// LoopbackPorts are the ports of 127.0.0.1 on which a desktop client answers: the first that
// is free. The list is a copy.
func LoopbackPorts() []int { return []int{50000, 50001, 50002} }

// Paths of a desktop client on loopback. Both are POST with a JSON body, for the exact login
// origins only.
const (
	// PathLoopbackCheck: an empty object, answers LoopbackCheck.
	PathLoopbackCheck = "/hufu/check"
	// PathLoopbackConfirm: LoopbackConfirm, answers LoopbackOpened.
	PathLoopbackConfirm = "/hufu/confirm"
)

// LoopbackCheck says that a desktop client is there; nothing about its person.
type LoopbackCheck struct {
	SignedIn bool   `json:"signed_in"`
	Nonce    string `json:"nonce,omitempty"` // for one LoopbackConfirm within two minutes
}

// LoopbackConfirm hands a sign-in over.
type LoopbackConfirm struct {
	ClientKey string `json:"client_key"`
	Nonce     string `json:"nonce"`
}

// LoopbackOpened says whether the desktop client now shows the sign-in to its person.
type LoopbackOpened struct {
	Opened bool           `json:"opened"`
	Reason LoopbackReason `json:"reason,omitempty"` // where not opened
}

// LoopbackReason is why a desktop client does not show a sign-in: a stable word, for which
// the login page has a sentence.
type LoopbackReason string

const (
	LoopbackBusy        LoopbackReason = "busy"        // another one is on its screen
	LoopbackUnreachable LoopbackReason = "unreachable" // it does not reach the platform
	LoopbackGone        LoopbackReason = "gone"        // the sign-in is over, or another device has it
	LoopbackNotAllowed  LoopbackReason = "not_allowed" // its person may not sign in to this app
)
