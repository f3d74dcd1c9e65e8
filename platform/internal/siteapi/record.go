package siteapi

import (
	"context"
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// subject is whom a call turns out to be of, while it is served.
type subject struct{ owner, app, corp int64 }

type subjectKey struct{}

// about is what is known so far of a request's call. Outside recorded it is nobody's.
func about(r *http.Request) *subject {
	if s, _ := r.Context().Value(subjectKey{}).(*subject); s != nil {
		return s
	}
	return &subject{}
}

// note puts the caller into the record of the call.
func (c *caller) note(r *http.Request) {
	s := about(r)
	switch {
	case c.app != nil:
		s.owner, s.app = c.app.CorpRow, c.app.Row
	case c.provider != nil:
		s.owner = c.provider.CorpRow
	}
	if c.inst != nil {
		s.corp = c.inst.CorpRow
	} else if c.provider == nil && c.app != nil {
		s.corp = c.app.CorpRow
	}
}

// strangers is how many calls in a minute are written down that turn out to be nobody's, with
// made-up tokens or ids: anybody can make as many as the disk holds.
const strangers = 60

// recorded writes every call and its fate down, for the console of who owns the app; of those
// that are nobody's, some.
func (h *Handler) recorded(serve respond.Handler) respond.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if h.Calls == nil {
			return serve(w, r)
		}
		s, start := &subject{}, time.Now() // durations are real even when the clock is moved
		r = r.WithContext(context.WithValue(r.Context(), subjectKey{}, s))
		err := serve(w, r)
		if s.owner == 0 && h.unowned.Add("") {
			return err
		}
		c := calls.Call{Owner: s.owner, App: s.app, Corp: s.corp, Path: r.URL.Path, Address: respond.ClientAddr(r),
			Took: time.Since(start), Request: respond.RequestID(r)}
		if err != nil {
			c.ErrCode, c.Reason = respond.Outcome(err)
		}
		h.Calls.Record(c)
		return err
	}
}
