package protocol

import (
	"bytes"
	"net/url"
	"strings"
)

// QRStatus is the state of a sign-in as the waiting page sees it.
type QRStatus string

// The statuses. A wait begins with QRNever and then carries the last answer.
const (
	QRNever    QRStatus = "QRCODE_SCAN_NEVER"   // not scanned
	QRScanning QRStatus = "QRCODE_SCAN_ING"     // scanned, waiting for the member
	QRSuccess  QRStatus = "QRCODE_SCAN_SUCC"    // confirmed: auth_code is there
	QRFail     QRStatus = "QRCODE_SCAN_FAIL"    // refused by the member
	QRCancel   QRStatus = "QRCODE_SCAN_CANCEL"  // the member did not start this
	QRTimeout  QRStatus = "QRCODE_SCAN_TIMEOUT" // scanned but not confirmed in time
	QRErr      QRStatus = "QRCODE_SCAN_ERR"     // expired or unknown
)

// UnmarshalJSON accepts the words, and what some clients send in their place:
// 0 for QRNever, 1 for QRScanning; null is the empty status.
func (s *QRStatus) UnmarshalJSON(b []byte) error {
	var t Text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	*s = qrStatus(string(t))
	return nil
}

func qrStatus(s string) QRStatus {
	switch s {
	case "0":
		return QRNever
	case "1":
		return QRScanning
	}
	return QRStatus(s)
}

// WaitRequest is the body of PathLoginWait.
type WaitRequest struct {
	WebKey     string   `json:"webKey"` // 16 lower-case hex digits
	LastStatus QRStatus `json:"lastStatus"`
	// OpenDataSID is sent as null and has no known meaning.
	OpenDataSID any `json:"openDataSid"`
}

// ParseWaitRequest reads the body of a wait, JSON or form, whatever its
// declared type: clients of both kinds exist. An absent last status is
// QRNever. The error is ErrMalformed.
func ParseWaitRequest(body []byte) (WaitRequest, error) {
	var req WaitRequest
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '{' {
		if err := Decode(trimmed, &req); err != nil {
			return WaitRequest{}, err
		}
	} else {
		form, err := url.ParseQuery(strings.TrimSpace(string(body)))
		if err != nil || !form.Has("webKey") {
			return WaitRequest{}, ErrMalformed
		}
		req.WebKey = form.Get("webKey")
		req.LastStatus = qrStatus(form.Get("lastStatus"))
	}
	if req.LastStatus == "" {
		req.LastStatus = QRNever
	}
	return req, nil
}

// WaitAnswer is the answer of PathLoginWait.
type WaitAnswer struct {
	Data WaitState `json:"data"`
}

// WaitState is the state of one sign-in. The first four fields are WeCom's,
// the rest is Hufu's and absent where it does not apply.
type WaitState struct {
	Status        QRStatus `json:"status"`
	AuthCode      string   `json:"auth_code"` // the code, with QRSuccess
	OpenDataSID   string   `json:"openDataSid"`
	ConfirmCorpID string   `json:"confirm_corpid"`

	// Name (masked), Avatar (a path) and Number (to be typed on the phone)
	// come with QRScanning.
	Name   string `json:"name,omitempty"`
	Avatar string `json:"avatar,omitempty"`
	Number string `json:"number,omitempty"`
	// Desktop says that a desktop client has it: then there is no Name and no
	// Avatar, and Number is typed there.
	Desktop bool `json:"desktop,omitempty"`
	// RedirectURL is the redirect_uri made ready: with code and state for
	// QRSuccess, with state alone for QRFail.
	RedirectURL string `json:"redirect_url,omitempty"`
	// CodeExpiresIn is the remaining life of AuthCode in seconds.
	CodeExpiresIn Int `json:"code_expires_in,omitempty"`
	// Reason says why a QRErr: a stable word, not a sentence.
	Reason string `json:"reason,omitempty"`
}

// RenewRequest is the body of PathLoginRenew.
type RenewRequest struct {
	WebKey string `json:"webKey"`
}

// RenewAnswer is the answer of PathLoginRenew.
type RenewAnswer struct {
	Data RenewState `json:"data"`
}

// RenewState is the new QR code, or Status QRErr when the sign-in is over.
type RenewState struct {
	QR        *QR      `json:"qr,omitempty"`
	ExpiresIn Int      `json:"expires_in,omitempty"` // of this QR code, seconds
	Status    QRStatus `json:"status,omitempty"`
}

// QR is a QR code as one SVG path, to be stroked one module wide; the rows of modules have
// whole numbers for their middle, so the viewBox begins half a module above.
type QR struct {
	Path string `json:"path"`
	Size int    `json:"size"` // modules a side, quiet zone included
	// URL is the content, given in the sandbox only.
	URL string `json:"url,omitempty"`
}
