package events_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site/events"
)

// A cancel_auth is confirmed before anything sees it; unconfirmed it does
// nothing, and may come again.
func TestCancelIsConfirmedFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.gone = false
	b.accept(b.event(cancelEvent("c1")))
	if got := b.effects(); !strings.HasPrefix(got, "[] [c1]") {
		t.Errorf("still authorised: effects %s", got)
	}
	b.gone, b.hookErr = true, errors.New("platform unreachable")
	b.accept(b.event(cancelEvent("c1")))
	if got := b.effects(); !strings.HasPrefix(got, "[] [c1 c1]") {
		t.Errorf("unreachable: effects %s", got)
	}
	b.hookErr = nil
	b.accept(b.event(cancelEvent("c1")))
	if got := b.effects(); !strings.HasPrefix(got, "[cancel_auth c1] [c1 c1 c1]") {
		t.Errorf("confirmed: effects %s", got)
	}

	config := b.config()
	config.ConfirmCancel = nil
	receiver, err := events.New(config)
	if err != nil {
		t.Fatal(err)
	}
	b.receiver = receiver
	b.accept(b.event(cancelEvent("c2")))
	if got := b.effects(); strings.Contains(got, "c2") || !strings.Contains(b.log.String(), "ConfirmCancel is nil") {
		t.Errorf("without a way to confirm: effects %s", got)
	}
}

// The answer does not wait for the hook; events keep their order; Wait waits.
func TestAnswerComesFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	config := b.config()
	release := make(chan struct{})
	count := config.Handle
	config.Handle = func(ctx context.Context, e protocol.Event) error {
		<-release
		if _, ok := ctx.Deadline(); !ok {
			t.Error("hook without a deadline")
		}
		return count(ctx, e)
	}
	receiver, err := events.New(config)
	if err != nil {
		t.Fatal(err)
	}
	post := func(i int) int {
		p := b.event(protocol.Event{InfoType: protocol.EventChangeAuth, AuthCorpID: fmt.Sprint(i), TimeStamp: start})
		w := httptest.NewRecorder()
		receiver.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/?"+p.query.Encode(), strings.NewReader(string(p.body))))
		return w.Code
	}
	var want []string
	accepted := 0
	for ; post(accepted) == http.StatusOK; accepted++ {
		want = append(want, fmt.Sprint("change_auth ", accepted))
	}
	if accepted < 1024 || accepted > 1025 {
		t.Errorf("%d events were queued", accepted)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := receiver.Wait(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait: %v", err)
	}
	close(release)
	if err := receiver.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(b.handled) != fmt.Sprint(want) {
		t.Error("events were handled out of order, or not all")
	}
	// What found no room was refused, so that it is pushed again, and then taken.
	if code := post(accepted); code != http.StatusOK {
		t.Errorf("second attempt: %d", code)
	}
	if err := receiver.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestHookThatPanics(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	config := b.config()
	handle := config.Handle
	config.Handle = func(ctx context.Context, e protocol.Event) error {
		if e.AuthCorpID == "bad" {
			panic("hook")
		}
		return handle(ctx, e)
	}
	var err error
	if b.receiver, err = events.New(config); err != nil {
		t.Fatal(err)
	}
	for _, corp := range []string{"bad", "good"} {
		b.accept(b.event(protocol.Event{InfoType: protocol.EventChangeAuth, AuthCorpID: corp, TimeStamp: start}))
	}
	if got := b.effects(); !strings.HasPrefix(got, "[change_auth good]") || !strings.Contains(b.log.String(), "hook panicked") {
		t.Errorf("effects %s, log %s", got, b.log)
	}
}

// A ticket that could not be kept is refused, so that it is pushed again.
func TestStoreThatFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	config := b.config()
	store := &failing{TicketStore: b.tickets, err: errors.New("disk full")}
	config.Tickets = store
	var err error
	if b.receiver, err = events.New(config); err != nil {
		t.Fatal(err)
	}
	p := b.event(ticketEvent("T1", start))
	if w := b.post(p); w.Code != http.StatusForbidden {
		t.Errorf("answered %s", answer(w))
	}
	store.err = nil
	b.accept(p)
}

type failing struct {
	events.TicketStore
	err error
}

func (f *failing) KeepTicket(ctx context.Context, suite, ticket string, made time.Time) (bool, error) {
	if f.err != nil {
		return false, f.err
	}
	return f.TicketStore.KeepTicket(ctx, suite, ticket, made)
}

// Nothing that was received is in the log.
func TestLogHoldsNoContent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.accept(b.event(ticketEvent("canary-ticket", start)))
	p := b.event(ticketEvent("canary-older", start-1))
	b.post(p)
	b.post(b.seal([]byte("canary-plain"), suiteID, b.clock()))
	b.send(httptest.NewRequest(http.MethodPost, "/canary-path?nonce=canary-nonce", strings.NewReader("canary-body")))
	if log := b.log.String(); strings.Contains(log, "canary") || strings.Contains(log, p.query.Get("msg_signature")) || strings.Count(log, "\n") != 3 {
		t.Errorf("log %s", log)
	}
}
