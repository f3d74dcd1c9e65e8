package respond

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// message is one sentence of a locale file, split at its placeholders {1},
// {2} … so that filling it in costs no parsing.
type message struct {
	text  string   // as written
	parts []string // text around the placeholders; nil without any
	args  []int    // argument (from 0) after parts[i]
}

type messages map[string]message

// loadMessages reads locales/<lang>/<feature>.json: flat objects whose keys
// begin with the feature's name.
func loadMessages(assets fs.FS, lang string) (messages, error) {
	files, err := fs.Glob(assets, "locales/"+lang+"/*.json")
	if err != nil {
		return nil, err
	}
	all := messages{}
	for _, name := range files {
		raw, err := fs.ReadFile(assets, name)
		if err != nil {
			return nil, err
		}
		var flat map[string]string
		if err := json.Unmarshal(raw, &flat); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		prefix := strings.TrimSuffix(path.Base(name), ".json") + "."
		for key, text := range flat {
			if !strings.HasPrefix(key, prefix) {
				return nil, fmt.Errorf("%s: key %q does not begin with %q", name, key, prefix)
			}
			if all[key], err = parseMessage(text); err != nil {
				return nil, fmt.Errorf("%s: key %q: %w", name, key, err)
			}
		}
	}
	return all, nil
}

// sameKeys fails unless both languages say the same things.
func sameKeys(all map[string]messages) error {
	var missing []error
	for _, lang := range Languages {
		for other, theirs := range all {
			for _, key := range slices.Sorted(maps.Keys(theirs)) {
				mine, ok := all[lang][key]
				switch {
				case !ok:
					missing = append(missing, fmt.Errorf("locales/%s lacks %q, which locales/%s has", lang, key, other))
				case mine.arity() != theirs[key].arity():
					missing = append(missing, fmt.Errorf("%q takes %d values in %s but %d in %s", key, mine.arity(), lang, theirs[key].arity(), other))
				}
			}
		}
	}
	return errors.Join(missing...)
}

func parseMessage(text string) (message, error) {
	m := message{text: text}
	if text == "" {
		return m, errors.New("empty text")
	}
	rest := text
	for {
		before, after, ok := strings.Cut(rest, "{")
		if !ok {
			break
		}
		number, tail, ok := strings.Cut(after, "}")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 1 || n > 9 {
			return m, errors.New("a placeholder is {1} to {9}")
		}
		m.parts, m.args = append(m.parts, before), append(m.args, n-1)
		rest = tail
	}
	if m.parts != nil {
		m.parts = append(m.parts, rest)
	}
	return m, nil
}

// arity is how many values the message takes.
func (m message) arity() int {
	if len(m.args) == 0 {
		return 0
	}
	return slices.Max(m.args) + 1
}

func (m message) fill(args []any) (string, error) {
	if len(args) != m.arity() {
		return "", fmt.Errorf("message %q takes %d values, got %d", m.text, m.arity(), len(args))
	}
	if m.parts == nil {
		return m.text, nil
	}
	var b strings.Builder
	for i, n := range m.args {
		b.WriteString(m.parts[i])
		fmt.Fprint(&b, args[n])
	}
	b.WriteString(m.parts[len(m.args)])
	return b.String(), nil
}

// say is the template function t.
func (all messages) say(key string, args ...any) (string, error) {
	m, ok := all[key]
	if !ok {
		return "", fmt.Errorf("no message %q", key)
	}
	return m.fill(args)
}

// Says tells whether there is a message of this key that takes no values: for keys that come
// from a browser.
func (p *Responder) Says(key string) bool {
	m, ok := p.pages[Languages[0]].messages[key]
	return ok && m.arity() == 0
}

// Say is the text of a message in the language of a request, for what is no page: a file that
// is taken out. A key or values that do not fit are the key itself, for a test to find.
func (p *Responder) Say(r *http.Request, key string, args ...any) string {
	text, err := p.pages[Lang(r)].messages.say(key, args...)
	if err != nil {
		return key
	}
	return text
}
