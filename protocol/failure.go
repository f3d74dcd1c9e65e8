package protocol

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Failure is the envelope that begins every answer of the server API. A zero
// ErrCode is success, also when the field was absent: some token endpoints
// leave it out (90593, 90600). Business failures come with HTTP status 200.
//
// As an error it unwraps to its Code, so that
// errors.Is(err, protocol.CodeInvalidCode) works on what the site half
// returns. Never branch on ErrMsg (90313).
type Failure struct {
	ErrCode Code   `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

// Success is the envelope of a successful answer: errcode 0, errmsg "ok".
// Real clients want both fields in every answer, token calls included.
func Success() Failure {
	return Failure{ErrCode: CodeOK, ErrMsg: CodeOK.Text()}
}

// Err is f as an error, or nil when f is a success.
func (f Failure) Err() error {
	if f.ErrCode == CodeOK {
		return nil
	}
	return f
}

// Error shows the code and the text of the answer on one bounded line: the
// hint in it is what the platform's support asks for. It never holds what was
// sent.
func (f Failure) Error() string {
	const limit = 300 // bytes; a text with its hint tail has about 150
	msg := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(f.ErrMsg, ""))
	if len(msg) > limit {
		msg = strings.ToValidUTF8(msg[:limit], "") + "…"
	}
	msg = strings.TrimSpace(msg)
	if msg == "" {
		msg = strings.TrimSpace(f.ErrCode.Text())
	}
	return fmt.Sprintf("errcode %d: %s", int(f.ErrCode), msg)
}

// Unwrap returns the Code.
func (f Failure) Unwrap() error { return f.ErrCode }

// HintTail is what follows the text in an errmsg: a hint of 25 digits (unix
// seconds, microseconds, nine random digits), the caller's address and the
// lookup link. Token failures come without it (90313).
func HintTail(now time.Time, random uint64, ip string, code Code) string {
	return fmt.Sprintf(", hint: [%010d%06d%09d], from ip: %s, more info at https://%s/devtool/query?e=%d",
		now.Unix(), now.Nanosecond()/1000, random%1_000_000_000, ip, HostOpen, int(code))
}
