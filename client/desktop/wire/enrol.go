package wire

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// Enrol asks for a QR code with which a phone makes key a device of its person. name is what
// that person will know this machine by; what is too long or not printed is left out. The error
// may wrap ErrElsewhere.
func (c *Client) Enrol(ctx context.Context, key ed25519.PrivateKey, name string) (protocol.DesktopEnrolled, error) {
	var e protocol.DesktopEnrolled
	err := c.do(ctx, call{path: protocol.PathDesktopEnrol, body: constant(protocol.DesktopEnrol{
		PublicKey: protocol.DesktopEncoding.EncodeToString(key.Public().(ed25519.PublicKey)), Name: printed(name)})}, &e)
	if err != nil {
		return protocol.DesktopEnrolled{}, err
	}
	if e.Platform != c.platform {
		if !isOrigin(e.Platform) {
			return protocol.DesktopEnrolled{}, fmt.Errorf("%w: it names none", ErrElsewhere)
		}
		return protocol.DesktopEnrolled{}, fmt.Errorf("%w: %s, not %s", ErrElsewhere, e.Platform, c.platform)
	}
	if !strings.HasPrefix(e.URL, c.platform+"/q/") || e.WebKey == "" || e.Signature == "" || e.ExpiresIn <= 0 {
		return protocol.DesktopEnrolled{}, fmt.Errorf("%w: %s does not answer as a Hufu platform", ErrUnreachable, c.platform)
	}
	return e, nil
}

// Wait returns once the status is another than last, or after half a minute.
func (c *Client) Wait(ctx context.Context, e protocol.DesktopEnrolled, last protocol.QRStatus) (protocol.DesktopWaited, error) {
	var w protocol.DesktopWaited
	err := c.do(ctx, call{path: protocol.PathDesktopWait, page: e.Signature, timeout: waitTimeout,
		body: constant(protocol.DesktopWait{WebKey: e.WebKey, LastStatus: last})}, &w)
	return w, err
}

// Collect asks, once, for the device that a phone has confirmed.
func (c *Client) Collect(ctx context.Context, e protocol.DesktopEnrolled, key ed25519.PrivateKey) (protocol.DesktopCollected, error) {
	var d protocol.DesktopCollected
	err := c.do(ctx, call{path: protocol.PathDesktopCollect, page: e.Signature, key: key,
		body: constant(protocol.DesktopCollect{WebKey: e.WebKey})}, &d)
	if err == nil && d.DeviceID == "" {
		err = fmt.Errorf("%w: %s does not answer as a Hufu platform", ErrUnreachable, c.platform)
	}
	return d, err
}
