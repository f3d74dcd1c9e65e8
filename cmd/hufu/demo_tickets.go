package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/protocol"
)

// tellTickets waits for the first ticket of both suites. Where one was not delivered it says
// so, and how to have the next one sent.
func tellTickets(ctx context.Context, out io.Writer, p *platform.Platform, s platform.Sample, site platform.SampleSite) error {
	lost := false
	for _, suite := range []struct {
		row          int64
		id, callback string
	}{{s.LoginSuiteRow, s.LoginSuiteID, site.LoginCallback}, {s.SuiteRow, s.SuiteID, site.SuiteCallback}} {
		fate, err := p.FirstTicket(ctx, suite.row)
		if err != nil {
			return err
		}
		if fate.Delivered {
			continue
		}
		lost = true
		fmt.Fprintf(out, "\nsuite_ticket 未送达 not delivered: %s: %s\n%s\n", suite.callback, why(fate), askForTicket(p.ControlURL(), suite.id))
	}
	if lost {
		fmt.Fprint(out, "\n  每 10 分钟也会重发 / it is also sent every 10 minutes\n")
	}
	return nil
}

// maxQuoted is how many letters of a callback's answer are shown.
const maxQuoted = 80

// why says in one line how the delivery failed, and what was answered, if anything was.
func why(fate platform.TicketFate) string {
	text := fate.Step + " " + fate.Detail
	if fate.Answer == "" {
		return text
	}
	answer, more := []rune(fate.Answer), ""
	if len(answer) > maxQuoted {
		answer, more = answer[:maxQuoted], "…"
	}
	return text + "; 回答是 the answer was " + strconv.Quote(string(answer)) + more
}

// askForTicket is the next step: a command for the shell that has a ticket sent now. The
// letters of both arguments need no escape within quotes.
func askForTicket(control, suiteID string) string {
	return fmt.Sprintf("  启动你的网站，然后 start your site, then:\n  curl %s/push -H 'Content-Type: application/json' -d '{\"suite\":\"%s\",\"event\":\"%s\"}'",
		control, suiteID, protocol.EventSuiteTicket)
}
