package inclient

import (
	"context"
	"errors"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
)

// candidate is a membership as which a person may open the app.
type candidate struct {
	ask.Choice
	installation int64 // row; 0 for a corp's own app
}

// Reasons why a person may not open an app, in RefusedView.Reason.
const (
	RefusedNoCompany = "no_company" // in no company at all
	RefusedNoMember  = "no_member"  // not of the company whose app it is, or that the link names
	RefusedNoInstall = "no_install" // no company of the person has installed the suite
	RefusedRange     = "range"      // the visible range does not cover the person
	RefusedFrame     = "frame"      // a part of another page wants it
)

// reasons are all of them; each has its words.
var reasons = []string{RefusedNoCompany, RefusedNoMember, RefusedNoInstall, RefusedRange, RefusedFrame}

// candidates lists as whom a person may open the app of a link. Where there is nobody, reason
// says why, and where it is the visible range, companies say whose.
func (h *Handler) candidates(ctx context.Context, a *asked, person int64) (list []candidate, reason string, companies []string, err error) {
	choices, err := h.Ask.Choices(ctx, person, a.app, false)
	if err != nil {
		return nil, "", nil, err
	}
	switch {
	case len(choices) == 0 && (a.app.Kind == apps.CorpApp || a.corp != 0):
		return nil, RefusedNoMember, nil, nil
	case len(choices) == 0:
		return nil, RefusedNoCompany, nil, nil
	}
	reason = RefusedNoInstall
	if a.corp != 0 {
		reason = RefusedNoMember
	}
	for _, c := range choices {
		if a.corp != 0 && c.Corp.Row != a.corp {
			continue
		}
		one := candidate{Choice: c}
		holder := a.app.Row
		if a.app.Kind != apps.CorpApp {
			inst, err := h.Apps.Installation(ctx, a.app.Row, c.Corp.Row)
			if errors.Is(err, apps.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, "", nil, err
			}
			one.installation, holder = inst.Row, inst.Row
		}
		in, err := h.Apps.InRange(ctx, holder, c.Member)
		if err != nil {
			return nil, "", nil, err
		}
		if !in {
			reason, companies = RefusedRange, append(companies, c.Corp.Name)
			continue
		}
		list = append(list, one)
	}
	return list, reason, companies, nil
}

// chosen is the candidate that as names, or the only one there is.
func chosen(list []candidate, as string) (candidate, bool) {
	if len(list) == 1 {
		return list[0], true
	}
	for _, c := range list {
		if c.ID == as {
			return c, true
		}
	}
	return candidate{}, false
}
