package push

import (
	"context"
	"errors"

	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

// Check sends the check of a callback's URL to a target whose values need not be stored yet:
// those of a form that is about to be saved, or of a callback that is no suite's (the data
// callback, the system events of a provider). It is the check of Verify (protocol.md 7), but
// leaves no record and names no event.
func (q *Queue) Check(ctx context.Context, target Target) Report {
	report := Report{InfoType: checkType, State: GivenUp, Attempt: 1, At: q.Clock.Now(), URL: withoutQuery(target.URL)}
	key, err := sealed.ParseKey(target.EncodingAESKey)
	switch err = errors.Join(err, sealed.CheckToken(target.Token)); {
	case target.URL == "":
		report.fail(StepNoCallback, "no URL")
		return report
	case err != nil:
		report.fail(StepPrepare, "Token or EncodingAESKey is not valid")
		return report
	}
	timestamp, nonce := q.stamp()
	_, echo := q.stamp()
	address := withQuery(target.URL, sealed.New(target.Token, key).SealCheck(echo, target.ProviderCorpID, timestamp, nonce))
	answer := q.send(ctx, &report, func(ctx context.Context) (outbound.Result, error) {
		return q.Client.Get(ctx, address)
	})
	if report.Step == "" && answer != echo {
		report.fail(StepReply, checkDetail(answer, echo))
	}
	if report.Step == "" {
		report.State = Delivered
	}
	return report
}
