// Package locales has the desktop client's words, Chinese first: what its window, the terminal
// and notifications say. Command-line help and logs are English and live elsewhere.
package locales

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

//go:embed zh.json en.json
var files embed.FS

// Words are the texts of one language.
type Words struct {
	Lang  string // protocol.LangZH or LangEN
	texts map[string]string
}

// Languages are those in which there are words, the default first.
var Languages = []string{"zh", "en"}

var all = map[string]Words{"zh": read("zh"), "en": read("en")}

func read(lang string) Words {
	raw, err := files.ReadFile(lang + ".json")
	texts := map[string]string{}
	if err == nil {
		err = json.Unmarshal(raw, &texts)
	}
	if err != nil {
		panic(fmt.Sprintf("locales: %s: %v", lang, err)) // embedded: a test finds it
	}
	return Words{lang, texts}
}

// In returns the words of the first of tags that names a language we have, such as "en" or
// "zh_CN.UTF-8"; where none does, the Chinese ones.
func In(tags ...string) Words {
	for _, tag := range tags {
		lang := strings.ToLower(tag)
		if len(lang) > 2 {
			if !strings.ContainsRune("-_.@", rune(lang[2])) {
				continue
			}
			lang = lang[:2]
		}
		if w, ok := all[lang]; ok {
			return w
		}
	}
	return all[Languages[0]]
}

// Accepted returns the words of an Accept-Language header: of the first language in it that we
// have.
func Accepted(header string) Words {
	var tags []string
	for entry := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(entry, ";")
		tags = append(tags, strings.TrimSpace(tag))
	}
	return In(tags...)
}

// T is the text of a key, with {1}, {2}, … replaced. A key without a text is the text.
func (w Words) T(key string, values ...any) string {
	text, ok := w.texts[key]
	if !ok {
		return key
	}
	pairs := make([]string, 0, 2*len(values))
	for i, v := range values {
		pairs = append(pairs, "{"+strconv.Itoa(i+1)+"}", fmt.Sprint(v))
	}
	// In one pass: a value may itself read {2}.
	return strings.NewReplacer(pairs...).Replace(text)
}

// Keys are the keys of all texts.
func (w Words) Keys() []string {
	keys := make([]string, 0, len(w.texts))
	for key := range w.texts {
		keys = append(keys, key)
	}
	return keys
}
