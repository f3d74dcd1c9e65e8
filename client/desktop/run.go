package desktop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/loopback"
	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/protocol"
)

// stateEvery is how often the platform is asked whether the device still counts, and where its
// login pages are.
const stateEvery = 5 * time.Minute

// ErrNotSignedIn is the error of Run when nobody signs in any more: the window was
// closed, or the input of the terminal has ended.
var ErrNotSignedIn = errors.New("this computer is not signed in")

// errRemoved: the platform does not know the device any more.
var errRemoved = errors.New("the device was removed")

// Run signs in, where that has not been done, and answers login pages until ctx ends. The error
// is ctx's, ErrNotSignedIn, wraps wire.ErrElsewhere or keep.ErrBroken, or is the system's.
func (d *Desktop) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d.running = ctx
	serving := []func() error{func() error {
		s := &loopback.Server{SignedIn: func() bool { _, signed := d.known(); return signed }, Origins: d.loginOrigins,
			Confirm: d.confirm, Owner: d.Owner, Now: d.Now, Log: d.Log}
		return s.Serve(ctx, d.door)
	}}
	if d.windows != nil {
		serving = append(serving, func() error { return d.windows.Serve(ctx, d.glass) })
	}
	served := make(chan error, len(serving))
	for _, serve := range serving {
		go func() {
			err := serve()
			cancel(err) // a server that ends by itself ends the client
			served <- err
		}()
	}
	err := d.live(ctx)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	cancel(err)
	for range serving {
		<-served
	}
	d.requests.Wait()
	return err
}

// live signs in and stays signed in.
func (d *Desktop) live(ctx context.Context) error {
	device, err := d.keeper.Load(ctx)
	if err != nil && !errors.Is(err, keep.ErrNone) {
		return err
	}
	removed := false
	for {
		fresh := !device.SignedIn()
		if fresh {
			if device, err = d.signIn(ctx, removed); err != nil {
				return err
			}
		}
		d.know(device, true)
		if err := d.stay(ctx, device, !fresh); !errors.Is(err, errRemoved) {
			return err
		}
		d.know(keep.Device{}, false)
		d.Log.WarnContext(ctx, "this device was removed at the platform; it must be signed in again", "platform", d.platform.Platform())
		if err := d.keeper.Forget(ctx); err != nil {
			return err
		}
		d.tell("desktop.notice.removed")
		device, removed = keep.Device{}, true
	}
}

// stay asks for the state again and again. It returns errRemoved or ctx's error.
func (d *Desktop) stay(ctx context.Context, device keep.Device, greet bool) error {
	b := backoff{d: d}
	for {
		state, err := d.platform.State(ctx, device)
		switch {
		case err == nil:
			b.reached()
			d.mu.Lock()
			d.origins = state.LoginOrigins
			d.mu.Unlock()
			if greet {
				greet = false
				d.greet(state)
			}
			err = d.sleep(ctx, stateEvery)
		case wire.Reason(err) == protocol.DesktopUnsigned:
			return errRemoved
		case ctx.Err() == nil:
			err = b.wait(ctx, err)
		}
		if err != nil {
			return err
		}
	}
}

// greet says who is signed in, where that has not just been seen.
func (d *Desktop) greet(state protocol.DesktopState) {
	d.Log.Info("signed in; login pages on this computer are answered", "platform", d.platform.Platform(), "address", d.Addr())
	if d.terminal != nil {
		d.screen.Lock()
		defer d.screen.Unlock()
		d.terminal.Show(screen.Screen{Kind: screen.SignedIn, Platform: d.host(), Person: state.Person, Companies: state.Companies})
	}
}

// tell shows a notification, when there is no terminal to look at. That it fails is nothing to
// fail for.
func (d *Desktop) tell(key string) {
	if d.terminal != nil {
		return
	}
	go func() {
		if err := d.Notify(d.words.T("desktop.notice.title"), d.words.T(key)); err != nil {
			d.Log.Debug("no notification could be shown", "error", err)
		}
	}()
}

// SignOut removes the device that is kept for a platform, there and here. Without one it does
// nothing. When the platform cannot be told, the device is forgotten here all the same, and the
// error says so.
func SignOut(ctx context.Context, c Config) (err error) {
	d, err := start(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.unlock()) }()
	device, err := d.keeper.Load(ctx)
	if errors.Is(err, keep.ErrNone) {
		return nil
	}
	var told error
	if err == nil && device.SignedIn() {
		if told = d.platform.SignOut(ctx, device); wire.Reason(told) == protocol.DesktopUnsigned {
			told = nil // it was removed before
		}
	} else if err != nil && !errors.Is(err, keep.ErrBroken) {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := d.keeper.Forget(ctx); err != nil {
		return err
	}
	if told != nil {
		return fmt.Errorf("the device key is forgotten here, but the platform could not be told: remove the device on the phone, under account and security: %w", told)
	}
	return nil
}
