package terminal

import (
	"context"
	"log/slog"
)

// maxHeld bounds the records that wait for an answer; those after them are dropped.
const maxHeld = 32

// Quiet is a log on the same terminal that does not speak between the lines of a question: what
// comes while one stands there follows its answer.
func (t *Terminal) Quiet(to slog.Handler) slog.Handler { return hushed{Handler: to, t: t} }

type hushed struct {
	slog.Handler
	t *Terminal
}

// Handle passes a record on, now or later.
func (q hushed) Handle(ctx context.Context, r slog.Record) error {
	q.t.mu.Lock()
	defer q.t.mu.Unlock()
	if !q.t.stands {
		return q.Handler.Handle(ctx, r)
	}
	if len(q.t.held) < maxHeld {
		ctx, r := context.WithoutCancel(ctx), r.Clone()
		// A log that fails is no failure of what it tells.
		q.t.held = append(q.t.held, func() { _ = q.Handler.Handle(ctx, r) })
	}
	return nil
}

// WithAttrs is slog's.
func (q hushed) WithAttrs(attrs []slog.Attr) slog.Handler {
	return hushed{q.Handler.WithAttrs(attrs), q.t}
}

// WithGroup is slog's.
func (q hushed) WithGroup(name string) slog.Handler { return hushed{q.Handler.WithGroup(name), q.t} }

// hush keeps logs silent until the question that begins is answered.
func (t *Terminal) hush() (over func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stands = true
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		for _, say := range t.held {
			say()
		}
		t.stands, t.held = false, nil
	}
}
