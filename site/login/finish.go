package login

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// exchangeTime bounds one exchange, token refresh and OnSignIn included. It runs
// to its end even if the browser leaves.
const exchangeTime = 20 * time.Second

// callback is what a sign-in came back with.
type callback struct {
	code, authCode, state string
	panel                 bool // posted by a page of this site
}

// Finish takes the callback ?code&state, makes the session and sends the browser
// to the clean URL on which the sign-in was to end. Delivered again in the same
// browser it does the same once more, without a second exchange. A callback
// without code is a refused sign-in.
//
// The old login of a provider comes back with auth_code in place of code. Each is
// taken only by a sign-in that was begun that way.
func (h *Handler) Finish(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodGet) {
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	for _, name := range []string{protocol.QueryCode, protocol.QueryAuthCode, protocol.ParamState} {
		if err != nil || len(query[name]) > 1 {
			h.fail(w, r, &Failure{Reason: BadRequest})
			return
		}
	}
	location, failure := h.finish(w, r, callback{
		code: query.Get(protocol.QueryCode), authCode: query.Get(protocol.QueryAuthCode), state: query.Get(protocol.ParamState),
	})
	if failure != nil {
		h.fail(w, r, failure)
		return
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
}

// FinishPanel is Finish for redirect_type=callback: the page posts what
// onLoginSuccess was given as JSON {"code","state"} and is answered
// {"location"} or, with an error status, {"reason","title","text"}. Only the
// site's own pages may post here.
func (h *Handler) FinishPanel(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodPost) {
		return
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if !h.sameOrigin(r) {
		h.failJSON(w, r, &Failure{Reason: CrossOrigin})
		return
	}
	var body struct {
		Code  string `json:"code"`
		State string `json:"state"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 8<<10))
	if media != "application/json" || decoder.Decode(&body) != nil {
		h.failJSON(w, r, &Failure{Reason: BadRequest})
		return
	}
	location, failure := h.finish(w, r, callback{code: body.Code, state: body.State, panel: true})
	if failure != nil {
		h.failJSON(w, r, failure)
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Location string `json:"location"`
	}{location})
}

// finish ends the sign-in that bears the callback's state in the browser that sent
// r: session and outcome go into cookies on w, and the clean URL comes back.
func (h *Handler) finish(w http.ResponseWriter, r *http.Request, back callback) (location string, _ *Failure) {
	if !validState(back.state) {
		return "", &Failure{Reason: OtherBrowser}
	}
	key := digest(back.state)
	at, ok := h.attempts.find(r, key)
	if !ok || at.way() != ViaLink && at.App != h.appOf(at.way()) {
		return "", &Failure{Reason: OtherBrowser}
	}
	fail := func(reason Reason) (string, *Failure) {
		return "", &Failure{Reason: reason, Window: at.Window, Way: at.way()}
	}
	code, mixed := h.codeFor(at.way(), back)
	switch {
	case at.Done:
		return h.cleanURL(at), nil
	case h.attempts.expired(at):
		return fail(Expired)
	case mixed:
		return fail(BadRequest)
	case code == "":
		// The attempt stays: the person may go Back and scan once more.
		return fail(Refused)
	case !validCode(code):
		return fail(BadCode)
	}
	out, err := h.flights.Do(r.Context(), key, func() (outcome, bool) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exchangeTime)
		defer cancel()
		out := h.exchange(ctx, at, code)
		return out, out.failure == nil || !out.failure.passing()
	})
	if err != nil {
		out.failure = &Failure{Reason: Unavailable, Err: err}
	}
	if out.failure != nil {
		f := *out.failure
		f.Window, f.Way = at.Window, at.way()
		return "", &f
	}
	h.sessions.keep(w, out.session)
	h.markDone(w, key, at)
	return h.cleanURL(at), nil
}

// codeFor is the code that a sign-in of that way came back with. mixed says that the
// callback carries what belongs to another way.
func (h *Handler) codeFor(way Way, back callback) (code string, mixed bool) {
	if way == ViaOld && h.config.Old != nil && h.config.Old.Provider != nil {
		return back.authCode, back.code != "" || back.panel
	}
	return back.code, back.authCode != "" || back.panel && way != ViaLink
}

// outcome is how the one exchange of a state ended.
type outcome struct {
	session Session
	failure *Failure // nil: session holds
}

// markDone leaves in the browser that this state ended well, and nothing else
// that could end it again.
func (h *Handler) markDone(w http.ResponseWriter, key [sha256.Size]byte, at attempt) {
	at.Done, at.Verifier = true, ""
	h.attempts.keep(w, key, at)
}

// validCode refuses what can be no code (98179): more than 512 bytes, or
// anything but visible ASCII.
func validCode(code string) bool {
	return len(code) <= protocol.CodeMaxBytes && !strings.ContainsFunc(code, func(r rune) bool {
		return r <= ' ' || r >= 0x7f
	})
}

// cleanURL is where at ends: no code, no state in it.
func (h *Handler) cleanURL(at attempt) string {
	if !at.Window {
		return at.Return
	}
	return h.config.WindowPath + "?" + url.Values{"return": {at.Return}}.Encode()
}
