package respond

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode"
)

// Handler answers a request or returns why it could not. What it returns
// before writing anything is answered by the adapter around it.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Page adapts the handler of a page. Failures become error pages, or JSON when
// the request asks for it: a *Problem as it says, an oversized body 413, all
// else 500 with the cause in the log. Requests that change something are
// refused when another origin's page sent them.
func (p *Responder) Page(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := p.servePage(h, w, r); err != nil {
			p.failPage(w, r, err)
		}
	})
}

func (p *Responder) servePage(h Handler, w http.ResponseWriter, r *http.Request) error {
	if err := p.origins.Check(r); err != nil {
		return CrossOrigin(err)
	}
	if limit := limitOf(r); r.ContentLength > limit {
		return tooLarge(limit)
	}
	return h(w, r)
}

// problemOf is the Problem a failure is shown as.
func problemOf(err error) *Problem {
	var p *Problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge(large.Limit)
	case errors.As(err, &p):
		return p
	}
	return Internal(err)
}

func (p *Responder) failPage(w http.ResponseWriter, r *http.Request, err error) {
	if gone(r, err) {
		return
	}
	problem := problemOf(err)
	id := RequestID(r)
	// A refusal that was meant, such as an empty platform's, is no failure.
	if problem.Status == http.StatusInternalServerError || problem.Status > http.StatusInternalServerError && problem.Cause != nil {
		p.log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("id", id), slog.String("error", problem.Error()))
	}
	if rc := about(r); rc != nil {
		rc.problem = problem.Key
		if rc.started() {
			return
		}
	}
	lang := Lang(r)
	words := p.pages[lang].messages
	if _, ok := words[problem.Key+".title"]; !ok {
		p.log.LogAttrs(r.Context(), slog.LevelError, "problem without words", slog.String("id", id), slog.String("key", problem.Key))
		problem = Internal(nil)
	}
	view := ErrorView{Status: problem.Status, Key: problem.Key, Facts: words.clean(problem.Facts), RequestID: id}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if problem.Allow != "" {
		h.Set("Allow", problem.Allow)
	}
	if problem.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(problem.RetryAfter.Seconds()))))
	}
	if wantsJSON(r) {
		_ = writeJSON(w, problem.Status, words.errorAnswer(view))
		return
	}
	if err := p.renderFrame(w, problem.Status, lang, "error", newFrame(view, "")); err != nil {
		p.log.LogAttrs(r.Context(), slog.LevelError, "error page failed", slog.String("id", id), slog.String("error", err.Error()))
		http.Error(w, http.StatusText(problem.Status)+"\n"+id, problem.Status)
	}
}

// gone tells whether the failure is only that nobody waits for the answer.
func gone(r *http.Request, err error) bool {
	if r.Context().Err() == nil {
		return false
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, io.ErrUnexpectedEOF)
}

func (all messages) errorAnswer(v ErrorView) errorAnswer {
	a := errorAnswer{
		Error: v.Key, RequestID: v.RequestID,
		Title: all[v.Key+".title"].text, Why: all[v.Key+".why"].text, Todo: all[v.Key+".todo"].text,
	}
	for _, f := range v.Facts {
		a.Facts = append(a.Facts, factAnswer{Label: all[f.Label].text, Value: f.Value})
	}
	return a
}

// clean cuts values from outside to a readable length, drops what does not
// print and gives a label without words a plain one.
func (all messages) clean(facts []Fact) []Fact {
	out := make([]Fact, 0, len(facts))
	for _, f := range facts {
		if _, ok := all[f.Label]; !ok {
			f.Label = "error.fact.value"
		}
		cut := len(f.Value) > factLimit
		if cut {
			f.Value = f.Value[:factLimit]
		}
		f.Value = strings.Map(func(c rune) rune {
			if c == unicode.ReplacementChar || !unicode.IsPrint(c) {
				return -1
			}
			return c
		}, f.Value)
		if cut {
			f.Value += "…"
		}
		out = append(out, f)
	}
	return out
}
