package desktop

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/protocol"
)

// errQRExpired: nobody has scanned the QR code in its time.
var errQRExpired = errors.New("the QR code has expired")

// await waits until a phone has answered the QR code, showing the number on the way. A QR code
// that nobody scanned is protocol.QRErr.
func (d *Desktop) await(ctx context.Context, f face, e protocol.DesktopEnrolled) (protocol.QRStatus, error) {
	ctx, cancel := whileOpen(ctx, f)
	defer cancel(nil)
	var scanned atomic.Bool
	stop := d.AfterFunc(time.Duration(e.ExpiresIn)*time.Second, func() {
		if !scanned.Load() {
			cancel(errQRExpired)
		}
	})
	defer stop()
	last, b := protocol.QRNever, backoff{d: d}
	for {
		begun := d.Now()
		w, err := d.platform.Wait(ctx, e, last)
		switch {
		case errors.Is(context.Cause(ctx), errQRExpired):
			return protocol.QRErr, nil
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case wire.Reason(err) != "" && wire.Reason(err) != protocol.DesktopTooMany:
			return protocol.QRErr, nil
		case err != nil:
			// An ended wait shows above.
			_ = b.wait(ctx, err)
			continue
		}
		b.reached()
		switch w.Status {
		case protocol.QRSuccess, protocol.QRFail, protocol.QRCancel, protocol.QRTimeout, protocol.QRErr:
			return w.Status, nil
		case last:
			if d.Now().Sub(begun) < time.Second {
				_ = d.sleep(ctx, time.Second) // the platform holds a wait longer than that
			}
			continue
		case protocol.QRScanning:
			scanned.Store(true)
			f.Show(screen.Screen{Kind: screen.Number, Platform: d.host(), Number: w.Number})
		}
		last = w.Status
	}
}
