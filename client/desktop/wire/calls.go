package wire

import (
	"context"
	"slices"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/protocol"
)

// State asks who the device's person is and which login pages may call. Origins that are none
// are left out.
func (c *Client) State(ctx context.Context, d keep.Device) (protocol.DesktopState, error) {
	var s protocol.DesktopState
	err := c.do(ctx, device(d, protocol.PathDesktopState, constant(struct{}{})), &s)
	s.LoginOrigins = slices.DeleteFunc(s.LoginOrigins, func(o string) bool { return !isOrigin(o) })
	return s, err
}

// Claim makes the sign-in of a client key this device's, and learns who asks.
func (c *Client) Claim(ctx context.Context, d keep.Device, clientKey string) (protocol.DesktopClaimed, error) {
	var claimed protocol.DesktopClaimed
	err := c.do(ctx, device(d, protocol.PathDesktopClaim, constant(protocol.DesktopClaim{ClientKey: clientKey})), &claimed)
	return claimed, err
}

// Decision is a person's answer to a sign-in.
type Decision struct {
	ClientKey string
	Claimed   protocol.DesktopClaimed // what the person was shown
	Decision  string                  // protocol.DesktopConfirm, …
	As        string                  // protocol.DesktopChoice.As
	Number    string                  // two digits, to confirm
}

// Decide signs the person's answer, about exactly what they were shown, and sends it. The
// outcome is one of protocol.DesktopDecided.
func (c *Client) Decide(ctx context.Context, d keep.Device, n Decision) (outcome string, err error) {
	var decided protocol.DesktopDecided
	err = c.do(ctx, device(d, protocol.PathDesktopDecide, func(at int64) any {
		statement := protocol.DesktopStatement{Platform: c.platform, Attempt: n.Claimed.Attempt, ClientKey: n.ClientKey,
			App: n.Claimed.App, RedirectOrigin: n.Claimed.RedirectOrigin, As: n.As, Decision: n.Decision, Time: at}
		return protocol.DesktopDecide{ClientKey: n.ClientKey, Decision: n.Decision, As: n.As, Number: n.Number,
			StatementSignature: signature(d.Key, statement.Bytes())}
	}), &decided)
	return decided.Outcome, err
}

// SignOut removes the device at the platform.
func (c *Client) SignOut(ctx context.Context, d keep.Device) error {
	return c.do(ctx, device(d, protocol.PathDesktopSignOut, constant(struct{}{})), &struct{}{})
}
