package events

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

var (
	errUnreadable = errors.New("body cannot be read or is too long")
	errOld        = errors.New("sealed more than ten minutes ago, or by a clock far behind ours")
	errSuite      = errors.New("event of another suite")
	errSeen       = errors.New("event was received before")
	errOlder      = errors.New("a newer suite_ticket is kept")
	errTicket     = errors.New("suite_ticket is empty or too long")
	errFull       = errors.New("too many events wait for Handle")
)

// receive takes one pushed event. Until it returns nil nothing has happened.
func (r *Receiver) receive(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	event, sealedAt, err := r.open(w, req)
	if err != nil {
		return err
	}
	// The body, not its encryption: each attempt of a push is encrypted anew.
	id := sha256.Sum256(event.Body)
	now := r.config.Now()
	if !r.seen.add(id, now, latest(now, sealedAt).Add(maxAge)) {
		return errSeen
	}
	if event.InfoType == protocol.EventSuiteTicket {
		err = r.keepTicket(ctx, event)
	} else if r.config.Handle != nil && !r.queue.add(event) {
		err = errFull
	}
	if err != nil {
		r.seen.forget(id) // so that the next attempt is taken
	}
	return err
}

// open reads and checks a packet and returns the event in it.
func (r *Receiver) open(w http.ResponseWriter, req *http.Request) (protocol.Event, time.Time, error) {
	fail := func(err error) (protocol.Event, time.Time, error) { return protocol.Event{}, time.Time{}, err }

	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
	if err != nil {
		return fail(errUnreadable)
	}
	envelope, err := protocol.ParseEnvelope(body)
	if err != nil {
		return fail(err)
	}
	q := req.URL.Query()
	plain, err := r.codec.OpenMessage(q, envelope, r.config.SuiteID)
	if err != nil {
		return fail(err)
	}
	sealedAt, err := r.fresh(q.Get(protocol.QueryTimestamp))
	if err != nil {
		return fail(err)
	}
	event, err := protocol.ParseEvent(plain)
	if err != nil {
		return fail(err)
	}
	if event.SuiteID != r.config.SuiteID {
		return fail(errSuite)
	}
	return event, sealedAt, nil
}

// fresh reads the signed timestamp of a packet and refuses an old one. The
// event's own time does not count here: a platform that was down delivers late
// but seals anew. A time ahead of ours is accepted, as clocks differ; what has
// been seen is remembered for longer then.
func (r *Receiver) fresh(timestamp string) (time.Time, error) {
	seconds, err := strconv.ParseUint(timestamp, 10, 40) // 40 bits last beyond the year 36000
	if err != nil {
		return time.Time{}, protocol.ErrMalformed
	}
	at := time.Unix(int64(seconds), 0)
	if r.config.Now().Sub(at) > maxAge {
		return time.Time{}, errOld
	}
	return at, nil
}

func (r *Receiver) keepTicket(ctx context.Context, e protocol.Event) error {
	if e.SuiteTicket == "" || len(e.SuiteTicket) > protocol.CodeMaxBytes {
		return errTicket
	}
	kept, err := r.config.Tickets.KeepTicket(ctx, e.SuiteID, e.SuiteTicket, time.Unix(e.TimeStamp, 0))
	if err != nil {
		return fmt.Errorf("suite_ticket not kept: %w", err)
	}
	if !kept {
		return errOlder
	}
	return nil
}

// handle runs the hooks of one event, in their fixed order.
func (r *Receiver) handle(ctx context.Context, e protocol.Event) {
	err := r.hooks(ctx, e)
	if err == nil {
		return
	}
	r.seen.forget(sha256.Sum256(e.Body))
	r.config.Log.LogAttrs(ctx, slog.LevelError, "event not handled", slog.String("suite", e.SuiteID),
		slog.String("type", e.InfoType), slog.String("corp", e.AuthCorpID), slog.String("error", err.Error()))
}

func (r *Receiver) hooks(ctx context.Context, e protocol.Event) (err error) {
	// A hook's panic must not end the site, nor the events that wait behind it.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("hook panicked: %v", p)
		}
	}()
	if e.InfoType == protocol.EventCancelAuth {
		if r.config.ConfirmCancel == nil {
			return errors.New("cancel_auth dropped: Config.ConfirmCancel is nil")
		}
		gone, err := r.config.ConfirmCancel(ctx, e)
		if err != nil {
			return fmt.Errorf("cancel_auth not confirmed: %w", err)
		}
		if !gone {
			return errors.New("cancel_auth refused: the platform still knows the authorisation")
		}
	}
	return r.config.Handle(ctx, e)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
