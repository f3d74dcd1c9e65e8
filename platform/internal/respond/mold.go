package respond

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
)

// moldsKept bounds the pages that are kept; past it all are made anew as they are asked for.
const moldsKept = 512

// molds keeps pages that were rendered once with marks in the place of their values.
type molds struct {
	word string // begins every mark; random, so that no value from outside can be one
	find *regexp.Regexp

	mu   sync.RWMutex
	kept map[string]*mold
}

// mold is a page cut at its marks: pieces[0], value, pieces[1], value, … pieces[n].
type mold struct {
	pieces [][]byte
	values []int
}

func newMolds() *molds {
	b := make([]byte, 12)
	rand.Read(b)
	word := "mark" + hex.EncodeToString(b)
	return &molds{word: word, find: regexp.MustCompile(word + `n(\d+)n`), kept: map[string]*mold{}}
}

func (m *molds) mark(i int) string { return m.word + "n" + strconv.Itoa(i) + "n" }

// RenderMold is Render for a page of which most is the same for many requests. What differs
// comes as values, already escaped for the place where they stand. marked makes the view with
// mark(i) in the place of value i; it is asked once per key, and the page it gives is kept: key
// names everything else the view says. view is what a request for JSON is answered with.
func (p *Responder) RenderMold(w http.ResponseWriter, r *http.Request, page, key string, view any,
	marked func(mark func(i int) string) any, values ...string) error {
	if wantsJSON(r) {
		return writeJSON(w, http.StatusOK, view)
	}
	lang := Lang(r)
	key = page + "\x00" + lang + "\x00" + key
	p.molds.mu.RLock()
	m := p.molds.kept[key]
	p.molds.mu.RUnlock()
	if m == nil {
		var err error
		if m, err = p.cast(page, lang, marked(p.molds.mark), len(values)); err != nil {
			return err
		}
		p.molds.mu.Lock()
		if len(p.molds.kept) >= moldsKept {
			clear(p.molds.kept)
		}
		p.molds.kept[key] = m
		p.molds.mu.Unlock()
	}
	b := buffers.Get().(*bytes.Buffer)
	defer putBuffer(b)
	for i, piece := range m.pieces {
		b.Write(piece)
		if i < len(m.values) {
			b.WriteString(values[m.values[i]])
		}
	}
	h := w.Header()
	pageHeaders(h)
	h.Set("Content-Language", lang)
	return send(w, http.StatusOK, b.Bytes())
}

func (p *Responder) cast(page, lang string, view any, values int) (*mold, error) {
	var b bytes.Buffer
	if err := p.execute(&b, lang, page, newFrame(view, "")); err != nil {
		return nil, err
	}
	text, m, at, seen := bytes.TrimSpace(b.Bytes()), &mold{}, 0, map[int]bool{}
	for _, found := range p.molds.find.FindAllSubmatchIndex(text, -1) {
		n, err := strconv.Atoi(string(text[found[2]:found[3]]))
		if err != nil || n >= values {
			return nil, fmt.Errorf("page %s: mark %s has no value", page, text[found[2]:found[3]])
		}
		m.pieces, m.values = append(m.pieces, text[at:found[0]]), append(m.values, n)
		at, seen[n] = found[1], true
	}
	if len(seen) != values {
		return nil, fmt.Errorf("page %s: %d of %d values have a place", page, len(seen), values)
	}
	m.pieces = append(m.pieces, text[at:])
	return m, nil
}
