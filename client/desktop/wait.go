package desktop

import (
	"context"
	"net/url"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/wire"
)

// host is the platform's host, as a person compares it.
func (d *Desktop) host() string {
	u, err := url.Parse(d.platform.Platform())
	if err != nil {
		return d.platform.Platform()
	}
	return u.Host
}

// sleep waits by the client's clock, until ctx ends, or until somebody wants the state again.
func (d *Desktop) sleep(ctx context.Context, long time.Duration) error {
	awake := make(chan struct{})
	stop := d.AfterFunc(long, func() { close(awake) })
	defer stop()
	select {
	case <-awake:
		return nil
	case <-d.again:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wake has the state asked for now.
func (d *Desktop) wake() {
	select {
	case d.again <- struct{}{}:
	default: // it is about to be
	}
}

// after makes a context that ends by the client's clock.
func (d *Desktop) after(ctx context.Context, long time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := d.AfterFunc(long, cancel)
	return ctx, func() { stop(); cancel() }
}

// What a backoff begins and ends with.
const (
	firstWait = time.Second
	lastWait  = time.Minute
)

// backoff waits longer after each failure, and says once that it does.
type backoff struct {
	d    *Desktop
	next time.Duration
}

// wait waits after a failure.
func (b *backoff) wait(ctx context.Context, failure error) error {
	if b.next == 0 {
		b.next = firstWait
		b.d.Log.WarnContext(ctx, "the platform does not answer; trying again", "error", failure)
	}
	long := max(b.next, wire.RetryAfter(failure))
	b.next = min(2*b.next, lastWait)
	return b.d.sleep(ctx, long)
}

// reached says that it is over.
func (b *backoff) reached() {
	if b.next != 0 {
		b.d.Log.Info("the platform answers again")
	}
	b.next = 0
}
