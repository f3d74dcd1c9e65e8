package login

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// callbackName is a name of a function, in an object or not, and nothing that could be more.
var callbackName = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]{0,63}(\.[A-Za-z_$][A-Za-z0-9_$]{0,63}){0,3}$`)

// pollOld answers the state of an old page's attempt once it is not the one the caller knows,
// as JSONP: what programs that read these pages drive. The key in the page names the attempt
// only. The code is in the answer where the request bears the page's own signature, as that
// of our script does, or where the sandbox was told to be like the real host (OldPolls).
func (h *Handler) pollOld(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	callback := q.Get(protocol.QueryCallback)
	if callback != "" && !callbackName.MatchString(callback) {
		return protocol.Failure{ErrCode: protocol.CodeInvalidParameter, ErrMsg: "callback is not the name of a function"}
	}
	key := q.Get(protocol.QueryKey)
	var out protocol.OldPollState
	a, err := h.oldAttempt(r, key, protocol.QRStatus(q.Get(protocol.QueryLastStatus)))
	switch {
	case errors.Is(err, attempt.ErrGone):
		out.Status = protocol.QRErr
	case err != nil:
		return err
	default:
		state, err := h.stateFor(r, key, a)
		if err != nil {
			return err
		}
		out.Status = oldStatus(state.Status)
		if h.Attempts.Signed(key, r.Header.Get("Authorization")) || h.Sandbox && h.OldPolls {
			out.AuthCode = state.AuthCode
		}
	}
	return answerPoll(w, callback, out)
}

// oldAttempt waits for the next state of an attempt of the old pages; ErrGone for any other.
func (h *Handler) oldAttempt(r *http.Request, key string, last protocol.QRStatus) (*attempt.Attempt, error) {
	a, err := h.Attempts.Get(r.Context(), key)
	switch {
	case err != nil:
		return nil, err
	case a.Page == attempt.NewPage || !a.Site():
		return nil, attempt.ErrGone
	case r.Method == http.MethodHead:
		return a, nil
	}
	return h.Attempts.Wait(r.Context(), key, stateOf(last), hold)
}

// oldStatus is a status in the words of the old poll: it has none for a sign-in that was
// scanned and not confirmed in time.
func oldStatus(s protocol.QRStatus) protocol.QRStatus {
	if s == protocol.QRTimeout {
		return protocol.QRErr
	}
	return s
}

// answerPoll calls the callback with a state, to the letter as clients take it apart: nothing
// before it and nothing behind. Without a callback it is JSON.
func answerPoll(w http.ResponseWriter, callback string, s protocol.OldPollState) error {
	// A page of another origin may not run it as a script, whatever key it knows.
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	if callback == "" {
		return respond.WriteJSON(w, s)
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(callback + "(" + string(text) + ")")) // the only failure is a client that went away
	return nil
}
