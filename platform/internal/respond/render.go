package respond

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
)

// bufferKept is the largest buffer that goes back to the pool.
const bufferKept = 256 << 10

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func putBuffer(b *bytes.Buffer) {
	if b.Cap() <= bufferKept {
		b.Reset()
		buffers.Put(b)
	}
}

// Render answers with a page ("phone/confirm" is templates/phone/confirm.html)
// in the request's language, or with the view as JSON when the request accepts
// application/json and not text/html. Nothing is sent when it returns an error
// about the page; errors of a connection that went away are swallowed.
func (p *Responder) Render(w http.ResponseWriter, r *http.Request, page string, view any) error {
	return p.RenderStatus(w, r, http.StatusOK, page, view)
}

// RenderStatus is Render with a status other than 200.
func (p *Responder) RenderStatus(w http.ResponseWriter, r *http.Request, status int, page string, view any) error {
	if wantsJSON(r) {
		return writeJSON(w, status, view)
	}
	return p.renderFrame(w, status, Lang(r), page, newFrame(view, ""))
}

func (p *Responder) renderFrame(w http.ResponseWriter, status int, lang, page string, f frame) error {
	b := buffers.Get().(*bytes.Buffer)
	defer putBuffer(b)
	if err := p.execute(b, lang, page, f); err != nil {
		return err
	}
	h := w.Header()
	pageHeaders(h)
	h.Set("Content-Language", lang)
	// What stands between a template's definitions comes first.
	return send(w, status, bytes.TrimSpace(b.Bytes()))
}

func (p *Responder) execute(b *bytes.Buffer, lang, page string, f frame) error {
	t, err := p.pages[lang].page(page)
	if err != nil {
		return err
	}
	if err := t.Execute(b, f); err != nil {
		return fmt.Errorf("page %s: %w", page, err)
	}
	return nil
}

// WriteJSON answers 200 with v, in the content type clients insist on
// (clients.md).
func WriteJSON(w http.ResponseWriter, v any) error {
	return writeJSON(w, http.StatusOK, v)
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	b := buffers.Get().(*bytes.Buffer)
	defer putBuffer(b)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	return send(w, status, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func send(w http.ResponseWriter, status int, body []byte) error {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	return sent(err)
}

// sent swallows the error of a write: the answer is already under way and the
// only reason is a client that went away.
func sent(error) error { return nil }
