package desktop

import (
	"errors"
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// refused is a refusal that is meant.
type refused string

func (r refused) Error() string { return "desktop: " + string(r) }

// said is what each reason is answered with.
var said = map[string]struct {
	status  int
	message string
}{
	protocol.DesktopUnsigned:       {http.StatusUnauthorized, "The call is not signed by a device that is known here."},
	protocol.DesktopMalformed:      {http.StatusBadRequest, "The request is not one of this path."},
	protocol.DesktopStatementWrong: {http.StatusBadRequest, "The statement is not signed, or not about this sign-in."},
	protocol.DesktopNumberMissing:  {http.StatusBadRequest, "The number has two digits."},
	protocol.DesktopChoiceMissing:  {http.StatusBadRequest, "As whom is not one of the choices."},
	protocol.DesktopNotAllowed:     {http.StatusForbidden, "The person is not a member who may use this app."},
	protocol.DesktopAdminsOnly:     {http.StatusForbidden, "Administrators alone may enter."},
	protocol.DesktopBlocked:        {http.StatusForbidden, "Too many wrong numbers; wait ten minutes."},
	protocol.DesktopTaken:          {http.StatusConflict, "A phone or another device was first."},
	protocol.DesktopNumberWrong:    {http.StatusConflict, "The number is wrong; the sign-in has ended."},
	protocol.DesktopGone:           {http.StatusGone, "There is no such sign-in, or its time is over."},
	protocol.DesktopOver:           {http.StatusGone, "The sign-in has been answered already."},
	protocol.DesktopTooMany:        {http.StatusTooManyRequests, "Too many calls; wait as long as Retry-After says."},
	protocol.DesktopBusy:           {http.StatusServiceUnavailable, "The platform cannot answer now."},
}

// reasons are the reasons of what the services answer.
var reasons = []struct {
	err    error
	reason string
}{
	{attempt.ErrGone, protocol.DesktopGone},
	{attempt.ErrOver, protocol.DesktopOver},
	{attempt.ErrTaken, protocol.DesktopTaken},
	{attempt.ErrBlocked, protocol.DesktopBlocked},
	{attempt.ErrWrongNumber, protocol.DesktopNumberWrong},
	{ask.ErrNoAdmin, protocol.DesktopAdminsOnly},
}

func (h *Handler) refusal(err error, problem *respond.Problem) respond.Refusal {
	reason := ""
	var own refused
	switch {
	case errors.As(err, &own):
		reason = string(own)
	case problem.Status == http.StatusTooManyRequests:
		reason = protocol.DesktopTooMany
	case problem.Status < http.StatusInternalServerError:
		reason = protocol.DesktopMalformed
	default:
		reason = protocol.DesktopBusy
		for _, r := range reasons {
			if errors.Is(err, r.err) {
				reason = r.reason
			}
		}
	}
	answer := said[reason]
	body := protocol.DesktopFailure{Reason: reason, Message: answer.message}
	if reason == protocol.DesktopUnsigned {
		body.Time = h.Now().UnixMilli()
	}
	return respond.Refusal{Status: answer.status, Reason: "desktop." + reason, RetryAfter: problem.RetryAfter, Body: body}
}

// tooMany says that a limit of calls in a minute is reached.
func tooMany() error { return respond.TooMany(time.Minute) }
