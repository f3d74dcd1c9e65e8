package wire

import (
	"errors"
	"fmt"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// ErrUnreachable is wrapped by the error of a call that got no answer, or none of a platform.
var ErrUnreachable = errors.New("the platform cannot be reached")

// ErrElsewhere is wrapped by the error of an enrolment at a platform that goes by another
// address than the one it was called at. Signatures name that address, so they must be one.
var ErrElsewhere = errors.New("the platform goes by another address")

// Refused is the platform's own refusal of a call.
type Refused struct {
	Reason     string        // protocol.Desktop…
	Status     int           // of HTTP
	RetryAfter time.Duration // with DesktopTooMany; zero: not said

	time int64 // the platform's, with DesktopUnsigned
}

// Error names the reason, a stable word.
func (e *Refused) Error() string {
	return fmt.Sprintf("the platform refused: %.40q (status %d)", e.Reason, e.Status)
}

// Reason is why a platform refused a call, or empty for any other error. A platform that is busy
// has refused nothing: that error counts as ErrUnreachable.
func Reason(err error) string {
	if refused, ok := errors.AsType[*Refused](err); ok && refused.Reason != protocol.DesktopBusy {
		return refused.Reason
	}
	return ""
}

// RetryAfter is how long the platform asks to be left alone, or zero.
func RetryAfter(err error) time.Duration {
	if refused, ok := errors.AsType[*Refused](err); ok {
		return refused.RetryAfter
	}
	return 0
}
