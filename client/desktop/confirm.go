package desktop

import (
	"slices"

	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/protocol"
)

// confirm takes over a sign-in that a login page hands to this client, and has it shown. off is
// called when it is on the screen no more.
func (d *Desktop) confirm(clientKey string, off func()) protocol.LoopbackReason {
	device, signed := d.known()
	if !signed {
		return protocol.LoopbackUnreachable
	}
	claimed, err := d.platform.Claim(d.running, device, clientKey)
	if err == nil && !showable(claimed) {
		d.Log.Error("the platform asks for something that this version cannot show: a newer one is needed")
		return protocol.LoopbackUnreachable
	}
	if err != nil {
		d.Log.Warn("a sign-in could not be taken over", "why", err)
		switch wire.Reason(err) {
		case protocol.DesktopGone, protocol.DesktopTaken, protocol.DesktopOver:
			return protocol.LoopbackGone
		case protocol.DesktopNotAllowed, protocol.DesktopAdminsOnly, protocol.DesktopBlocked:
			return protocol.LoopbackNotAllowed
		case protocol.DesktopUnsigned:
			d.wake() // it was removed, most likely
		}
		return protocol.LoopbackUnreachable
	}
	f, err := d.show()
	if err != nil {
		d.Log.Error("a sign-in could not be shown", "error", err)
		return protocol.LoopbackUnreachable
	}
	d.Log.Info("a sign-in waits for its person", "site", claimed.Asker.Domain)
	d.tell("desktop.notice.request")
	d.requests.Go(func() {
		defer off()
		defer f.Close()
		d.request(f, device, clientKey, claimed)
	})
	return ""
}

// showable tells whether everything that the person would agree to has its words.
func showable(c protocol.DesktopClaimed) bool {
	return len(c.Choices) > 0 && c.Attempt != "" && c.ExpiresIn > 0 &&
		!slices.ContainsFunc(c.Choices, func(choice protocol.DesktopChoice) bool { return !slices.Contains(screen.Shares, choice.Share) })
}
