package desktop

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/protocol"
)

// maxCodes is how many QR codes are shown, one after the other, until somebody asks for more: as
// each lives five minutes, half an hour.
const maxCodes = 6

// signIn has a phone sign the device in, and keeps it. removed says that it was before.
func (d *Desktop) signIn(ctx context.Context, removed bool) (keep.Device, error) {
	f, err := d.show()
	if err != nil {
		return keep.Device{}, err
	}
	defer f.Close()
	reason := ""
	if removed {
		reason = screen.Removed
	}
	for {
		if reason != "" {
			if _, err := f.Ask(ctx, screen.Screen{Kind: screen.Over, Platform: d.host(), Reason: reason}); err != nil {
				return keep.Device{}, notSignedIn(err)
			}
		}
		var device keep.Device
		if device, reason, err = d.enrol(ctx, f); err != nil {
			return keep.Device{}, notSignedIn(err)
		}
		if reason == "" {
			d.Log.InfoContext(ctx, "signed in; login pages on this computer are answered", "platform", d.platform.Platform(), "address", d.Addr())
			return device, nil
		}
		d.Log.InfoContext(ctx, "not signed in", "why", reason)
	}
}

func notSignedIn(err error) error {
	if errors.Is(err, screen.ErrClosed) {
		return ErrNotSignedIn
	}
	return err
}

// enrol shows QR codes until a phone has answered one. Without a device the reason is one of
// package screen. The error may be screen.ErrClosed.
func (d *Desktop) enrol(ctx context.Context, f face) (device keep.Device, reason string, err error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return keep.Device{}, "", err
	}
	// Whether the key can be kept is settled before anybody scans for it.
	if err := d.keeper.Save(ctx, keep.Device{Key: key}); err != nil {
		return keep.Device{}, "", err
	}
	for n := range maxCodes {
		e, err := d.ask(ctx, f, key)
		if err != nil {
			return keep.Device{}, "", err
		}
		f.Show(screen.Screen{Kind: screen.Code, Platform: d.host(), URL: e.URL, Machine: d.Name, Renewed: n > 0})
		status, err := d.await(ctx, f, e)
		if err != nil {
			return keep.Device{}, "", err
		}
		switch status {
		case protocol.QRSuccess:
			return d.collect(ctx, f, e, key)
		case protocol.QRFail:
			return keep.Device{}, screen.Refused, nil
		case protocol.QRCancel:
			return keep.Device{}, screen.Reported, nil
		case protocol.QRTimeout:
			return keep.Device{}, screen.Slow, nil
		}
	}
	return keep.Device{}, screen.Expired, nil
}

// ask asks for a QR code until there is one.
func (d *Desktop) ask(ctx context.Context, f face, key ed25519.PrivateKey) (e protocol.DesktopEnrolled, err error) {
	f.Show(screen.Screen{Kind: screen.Connecting, Platform: d.host()})
	err = d.insist(ctx, f, func(ctx context.Context) (err error) {
		e, err = d.platform.Enrol(ctx, key, d.Name)
		if err != nil && !errors.Is(err, wire.ErrElsewhere) && ctx.Err() == nil {
			f.Show(screen.Screen{Kind: screen.Connecting, Platform: d.host(), Trouble: true})
		}
		return err
	})
	return e, err
}

// insist makes a call until the platform answers it, the window is closed, or ctx ends. Of
// refusals, those are answers that time does not mend.
func (d *Desktop) insist(ctx context.Context, f face, call func(context.Context) error) error {
	ctx, cancel := whileOpen(ctx, f)
	defer cancel(nil)
	b := backoff{d: d}
	for {
		err := call(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		reason := wire.Reason(err)
		if err == nil || errors.Is(err, wire.ErrElsewhere) || reason != "" && reason != protocol.DesktopTooMany {
			b.reached()
			return err
		}
		if err := b.wait(ctx, err); err != nil {
			return context.Cause(ctx)
		}
	}
}

// whileOpen makes a context that ends with the window, its cause then being screen.ErrClosed.
func whileOpen(ctx context.Context, f face) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-f.Closed():
			cancel(screen.ErrClosed)
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// collect fetches the device that a phone has confirmed, keeps it, and says so.
func (d *Desktop) collect(ctx context.Context, f face, e protocol.DesktopEnrolled, key ed25519.PrivateKey) (keep.Device, string, error) {
	var c protocol.DesktopCollected
	err := d.insist(ctx, f, func(ctx context.Context) (err error) {
		c, err = d.platform.Collect(ctx, e, key)
		return err
	})
	if wire.Reason(err) != "" {
		return keep.Device{}, screen.Lost, nil
	}
	if err != nil {
		return keep.Device{}, "", err
	}
	device := keep.Device{Key: key, ID: c.DeviceID}
	if err := d.keeper.Save(ctx, device); err != nil {
		return keep.Device{}, "", err
	}
	f.Show(screen.Screen{Kind: screen.SignedIn, Platform: d.host(), Person: c.Person, Companies: c.Companies})
	return device, "", nil
}
