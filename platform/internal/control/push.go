package control

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
)

// eventVerify asks for the URL check in place of an event.
const eventVerify = "verify"

// recentPushes is how many attempts /pushes lists.
const recentPushes = 100

// pushRecord is one attempt to push an event, as this port shows it.
type pushRecord struct {
	Event     string `json:"event"`
	Delivered bool   `json:"delivered"`
	Attempt   int    `json:"attempt"`
	At        string `json:"at"`
	Millis    int64  `json:"ms"`
	URL       string `json:"url"` // without its query
	Status    int    `json:"status"`
	Step      string `json:"failed_step,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Answer    string `json:"answer,omitempty"`
}

func toRecord(r push.Report) pushRecord {
	return pushRecord{Event: r.InfoType, Delivered: r.State == push.Delivered, Attempt: r.Attempt,
		At: r.At.UTC().Format(time.RFC3339), Millis: r.Took.Milliseconds(), URL: r.URL, Status: r.Status,
		Step: string(r.Step), Detail: r.Detail, Answer: r.Answer}
}

// pushNow pushes an event at once, or checks the callback's URL, and answers what the
// receiver said.
func (h *Handler) pushNow(ctx context.Context, r *http.Request) (any, error) {
	var in struct {
		Suite string `json:"suite"`
		Event string `json:"event"`
		URL   string `json:"url"`
		made
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	suite, err := h.suite(ctx, in.Suite)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(in.URL); err != nil || in.URL != "" && u.Scheme != "http" && u.Scheme != "https" {
		return nil, bad("url is an http or https address")
	}
	var report push.Report
	switch in.Event {
	case protocol.EventSuiteTicket:
		report, err = h.Push.Deliver(ctx, suite.Row, in.Event, in.URL)
	case eventVerify:
		report, err = h.Push.Verify(ctx, suite.Row, in.URL)
	case protocol.EventCreateAuth, protocol.EventChangeAuth, protocol.EventCancelAuth, protocol.EventChangeContact:
		var e push.Event
		if e, err = h.makeEvent(ctx, suite, in.Event, in.made); err == nil {
			report, err = h.Push.DeliverEvent(ctx, e, in.URL)
		}
	default:
		return nil, bad("event is suite_ticket, create_auth, change_auth, cancel_auth, change_contact or verify")
	}
	if err != nil {
		return nil, err
	}
	return toRecord(report), nil
}

func (h *Handler) listPushes(ctx context.Context, _ *http.Request) (any, error) {
	reports, err := h.Push.Recent(ctx, recentPushes)
	list := make([]pushRecord, 0, len(reports))
	for _, r := range reports {
		list = append(list, toRecord(r))
	}
	return list, err
}
