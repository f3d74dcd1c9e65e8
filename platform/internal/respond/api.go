package respond

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/protocol"
)

// API adapts a handler of the JSON API. Failures become WeCom's envelope:
// HTTP 200, errcode, errmsg with its hint tail, the headers Error-Code and
// Error-Msg (90313). A protocol.Code or protocol.Failure in the error's chain
// is the answer; an oversized body is 40058; a limit reached is 45009; all
// else is -1 "system busy" with the cause in the log. A failure with the method
// Answer(protocol.Failure) any is answered with what that makes of the
// envelope: some endpoints carry empty lists even when they fail.
func (p *Responder) API(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rc := about(r); rc != nil {
			rc.fail = p.failAPI
		}
		if r.ContentLength > bodyLimit {
			p.failAPI(w, r, protocol.CodeInvalidParameter)
			return
		}
		if err := h(w, r); err != nil {
			p.failAPI(w, r, err)
		}
	})
}

// Because adds to a failure why it happened, for those who run the platform: the caller is
// told the code alone, as on the real host, and the request log has the reason. It holds no
// value of the request.
func Because(failure error, reason string) error { return reasoned{failure, reason} }

type reasoned struct {
	error
	reason string
}

func (r reasoned) Unwrap() error { return r.error }

func (p *Responder) failAPI(w http.ResponseWriter, r *http.Request, err error) {
	if gone(r, err) {
		return
	}
	code, foreseen := codeOf(err)
	if !foreseen {
		p.log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("id", RequestID(r)), slog.String("error", err.Error()))
	}
	if rc := about(r); rc != nil {
		rc.errcode = int(code)
		var why reasoned
		if errors.As(err, &why) {
			rc.problem = why.reason
		}
		if rc.started() {
			return
		}
	}
	msg := textOf(err, code)
	if !bare(code) {
		ip := ""
		if a := ClientAddr(r); a.IsValid() {
			ip = a.String()
		}
		msg += protocol.HintTail(p.now(), rand.Uint64(), ip, code)
	}
	w.Header().Set("Error-Code", strconv.Itoa(int(code)))
	w.Header().Set("Error-Msg", msg)
	failure := protocol.Failure{ErrCode: code, ErrMsg: msg}
	var more interface {
		Answer(protocol.Failure) any
	}
	if errors.As(err, &more) {
		_ = WriteJSON(w, more.Answer(failure))
		return
	}
	_ = WriteJSON(w, failure)
}

// Outcome is the code that API answers a failure with, and what the log says of it beyond
// the code: the reason of Because, or the sentence of the failure. Neither holds a value of
// the request.
func Outcome(err error) (protocol.Code, string) {
	code, _ := codeOf(err)
	var why reasoned
	var failure protocol.Failure
	switch {
	case errors.As(err, &why):
		return code, why.reason
	case errors.As(err, &failure):
		return code, failure.ErrMsg
	}
	return code, ""
}

// textOf is what an answer says before its tail: the text of its code or, where that is
// our own wording anyway, the sentence of the failure, which says more.
func textOf(err error, code protocol.Code) string {
	var failure protocol.Failure
	if code.Ours() && errors.As(err, &failure) && failure.ErrMsg != "" {
		return failure.ErrMsg
	}
	return code.Text()
}

// codeOf is the code a failure is answered with, and whether the failure was
// foreseen.
func codeOf(err error) (protocol.Code, bool) {
	var code protocol.Code
	if errors.As(err, &code) {
		return code, code != protocol.CodeSystemBusy
	}
	problem := problemOf(err)
	switch {
	case problem.Status == http.StatusTooManyRequests:
		return protocol.CodeTooFrequent, true
	case problem.Status >= http.StatusInternalServerError:
		return protocol.CodeSystemBusy, false
	}
	return protocol.CodeInvalidParameter, true
}

// bare tells which failures come without the hint tail: those of the token
// check, which stands before the API proper (protocol.md 11.1).
func bare(code protocol.Code) bool {
	switch code {
	case protocol.CodeInvalidAccessToken, protocol.CodeMissingAccessToken, protocol.CodeAccessTokenExpired,
		protocol.CodeInvalidSuiteAccessToken, protocol.CodeMissingSuiteAccessToken, protocol.CodeSuiteAccessTokenExpired:
		return true
	}
	return false
}
