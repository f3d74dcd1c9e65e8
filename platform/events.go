package platform

import (
	"context"
	"fmt"

	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
)

// newPush makes the queue of pushed events and tells it what suites are.
func (p *Platform) newPush() *push.Queue {
	return push.New(push.Config{
		DB: p.db, Clock: p.clock, Keys: p.ring, Log: p.log,
		Client: p.outbound,
		Target: p.target,
		Mint:   p.mint,
		Suites: p.apps.Suites,

		Attempted: p.tickets.attempted,
	})
}

func (p *Platform) target(ctx context.Context, suiteRow int64) (push.Target, error) {
	suite, err := p.apps.App(ctx, suiteRow)
	if err != nil {
		return push.Target{}, err
	}
	c, err := p.apps.SuiteCallback(ctx, suiteRow)
	return push.Target{URL: c.URL, Token: c.Token, EncodingAESKey: c.EncodingAESKey,
		SuiteID: suite.SuiteID, ProviderCorpID: suite.CorpID}, err
}

// mint makes the suite_ticket of this moment: a ticket is never stored.
func (p *Platform) mint(ctx context.Context, suiteRow int64, infoType string) ([]byte, error) {
	if infoType != protocol.EventSuiteTicket {
		return nil, fmt.Errorf("events of kind %s are not made at delivery", infoType)
	}
	suite, err := p.apps.App(ctx, suiteRow)
	if err != nil {
		return nil, err
	}
	return protocol.Event{SuiteID: suite.SuiteID, InfoType: infoType, TimeStamp: p.clock.Now().Unix(),
		SuiteTicket: p.tokens.Ticket(suiteRow)}.XML(), nil
}
