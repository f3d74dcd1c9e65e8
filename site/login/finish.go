package login

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// exchangeTime bounds one exchange, token refresh and OnSignIn included. It runs
// to its end even if the browser leaves.
const exchangeTime = 20 * time.Second

// Finish takes the callback ?code&state, makes the session and sends the browser
// to the clean URL on which the sign-in was to end. Delivered again in the same
// browser it does the same once more, without a second exchange. A callback
// without code is a refused sign-in.
func (h *Handler) Finish(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodGet) {
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query["code"]) > 1 || len(query["state"]) > 1 {
		h.fail(w, r, &Failure{Reason: BadRequest})
		return
	}
	location, failure := h.finish(w, r, query.Get("code"), query.Get("state"))
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
	location, failure := h.finish(w, r, body.Code, body.State)
	if failure != nil {
		h.failJSON(w, r, failure)
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Location string `json:"location"`
	}{location})
}

// finish ends the sign-in that bears state in the browser that sent r: session
// and outcome go into cookies on w, and the clean URL comes back.
func (h *Handler) finish(w http.ResponseWriter, r *http.Request, code, state string) (location string, _ *Failure) {
	if !validState(state) {
		return "", &Failure{Reason: OtherBrowser}
	}
	key := digest(state)
	at, ok := h.attempts.find(r, key)
	switch {
	case !ok:
		return "", &Failure{Reason: OtherBrowser}
	case at.Done:
		return h.cleanURL(at), nil
	case h.attempts.expired(at):
		return "", &Failure{Reason: Expired, Window: at.Window}
	case code == "":
		// The attempt stays: the person may go Back and scan once more.
		return "", &Failure{Reason: Refused, Window: at.Window}
	case !validCode(code):
		return "", &Failure{Reason: BadCode, Window: at.Window}
	}
	out, err := h.flights.Do(r.Context(), key, func() (outcome, bool) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), exchangeTime)
		defer cancel()
		out := h.exchange(ctx, code, at.Verifier)
		return out, out.failure == nil || !out.failure.passing()
	})
	if err != nil {
		out.failure = &Failure{Reason: Unavailable, Err: err}
	}
	if out.failure != nil {
		f := *out.failure
		f.Window = at.Window
		return "", &f
	}
	h.sessions.keep(w, out.session)
	h.markDone(w, key, at)
	return h.cleanURL(at), nil
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

// exchange spends the code and makes the session.
func (h *Handler) exchange(ctx context.Context, code, verifier string) outcome {
	var opts []site.ExchangeOption
	if verifier != "" {
		opts = append(opts, site.WithVerifier(verifier))
	}
	if h.config.AllowOpenID {
		opts = append(opts, site.AllowOpenID())
	}
	id, err := h.config.Suite.Exchange(ctx, code, opts...)
	if err != nil {
		return outcome{failure: exchangeFailure(err)}
	}
	if !h.complete(id) {
		return outcome{failure: &Failure{Reason: Incomplete}}
	}
	session, err := h.sessions.issue(ctx, Session{
		AppID: h.config.AppID, CorpID: id.CorpID, UserID: id.UserID, OpenUserID: id.OpenUserID, OpenID: id.OpenID,
	})
	if err == nil && h.config.OnSignIn != nil {
		err = h.config.OnSignIn(ctx, session)
	}
	switch {
	case errors.Is(err, ErrNotAllowed):
		return outcome{failure: &Failure{Reason: NotAllowed, Err: err}}
	case err != nil:
		return outcome{failure: &Failure{Reason: Unavailable, Err: fmt.Errorf("after the exchange: %w", err)}}
	}
	return outcome{session: session}
}

// complete tells whether id names a person. The exchanger has looked as well;
// no session may hang on that alone.
func (h *Handler) complete(id site.Identity) bool {
	if id.CorpID != "" && id.UserID != "" {
		return true
	}
	return h.config.AllowOpenID && id.OpenID != "" && id.CorpID == "" && id.UserID == ""
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
