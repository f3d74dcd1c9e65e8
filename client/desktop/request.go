package desktop

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/protocol"
)

// request shows a sign-in, sends the person's answer to the platform, and shows what became of
// it. A window that is closed without an answer is a refusal.
func (d *Desktop) request(f face, device keep.Device, clientKey string, c protocol.DesktopClaimed) {
	ctx, cancel := d.after(d.running, time.Duration(c.ExpiresIn)*time.Second)
	defer cancel()
	s := screen.Screen{Kind: screen.Request, Platform: d.host(), Claimed: c}
	for {
		answer, err := f.Ask(ctx, s)
		closed := errors.Is(err, screen.ErrClosed)
		if closed {
			answer = screen.Answer{Decision: protocol.DesktopRefuse}
		} else if err != nil {
			d.end(f, c, protocol.DesktopGone)
			return
		}
		if len(c.Choices) == 1 {
			answer.As = c.Choices[0].As
		}
		problem := check(c, answer)
		if problem == "" {
			outcome, err := d.platform.Decide(ctx, device, wire.Decision{ClientKey: clientKey, Claimed: c,
				Decision: answer.Decision, As: answer.As, Number: answer.Number})
			reason := ""
			if reason, problem = d.ended(ctx, answer.Decision, outcome, err); problem == "" || closed {
				d.end(f, c, reason)
				return
			}
		}
		s.Problem, s.As = problem, answer.As
		if problem == screen.ProblemAs {
			s.As = "" // to be chosen anew
		}
	}
}

// end shows how it ended.
func (d *Desktop) end(f face, c protocol.DesktopClaimed, reason string) {
	if d.running.Err() != nil {
		return
	}
	d.Log.Info("a sign-in has ended", "site", c.Asker.Domain, "outcome", reason)
	f.Show(screen.Screen{Kind: screen.Ended, Platform: d.host(), Reason: reason, Claimed: c})
}

// check finds what is missing in an answer, or nothing.
func check(c protocol.DesktopClaimed, a screen.Answer) (problem string) {
	switch a.Decision {
	case protocol.DesktopRefuse, protocol.DesktopReport:
		return ""
	case protocol.DesktopConfirm:
	default:
		return screen.ProblemNumber
	}
	if !slices.ContainsFunc(c.Choices, func(choice protocol.DesktopChoice) bool { return choice.As == a.As }) {
		return screen.ProblemAs
	}
	if len(a.Number) != 2 || strings.Trim(a.Number, "0123456789") != "" {
		return screen.ProblemNumber
	}
	return ""
}

// ended reads what became of a decision: a reason of screen.Ended, or a problem after which the
// person may answer again.
func (d *Desktop) ended(ctx context.Context, decision, outcome string, err error) (reason, problem string) {
	if err == nil {
		wants := map[string]string{protocol.DesktopConfirm: protocol.DesktopConfirmed, protocol.DesktopRefuse: protocol.DesktopRefused,
			protocol.DesktopReport: protocol.DesktopReported}
		if wants[decision] != outcome {
			d.Log.Error("the platform says of a decision what it cannot be", "decision", decision)
			return screen.Failed, ""
		}
		return outcome, ""
	}
	if ctx.Err() != nil {
		return protocol.DesktopGone, ""
	}
	d.Log.Warn("a decision was not accepted", "why", err)
	switch reason := wire.Reason(err); reason {
	case "", protocol.DesktopTooMany:
		return screen.Failed, screen.ProblemUnreachable
	case protocol.DesktopNumberMissing:
		return screen.Failed, screen.ProblemNumber
	case protocol.DesktopChoiceMissing:
		return screen.Failed, screen.ProblemAs
	case protocol.DesktopUnsigned:
		d.wake() // it was removed, most likely
		return screen.Failed, ""
	default:
		if slices.Contains(screen.EndedReasons, reason) {
			return reason, ""
		}
		return screen.Failed, ""
	}
}
