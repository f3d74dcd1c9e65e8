package protocol

import (
	"bytes"
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// unmarshalXML reads one element and refuses anything but blanks after it.
// encoding/xml expands no entities of the document's own.
func unmarshalXML(body []byte, v any) error {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	d := xml.NewDecoder(bytes.NewReader(body))
	// The cause is dropped on purpose: it quotes the input.
	if d.Decode(v) != nil || len(bytes.TrimSpace(body[d.InputOffset():])) > 0 {
		return ErrMalformed
	}
	return nil
}

func appendSet(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return appendText(b, name, value)
}

func appendText(b []byte, name, value string) []byte {
	return appendElement(b, name, "<![CDATA["+cdata(value)+"]]>")
}

// appendNumber is for what stands on the wire without CDATA.
func appendNumber(b []byte, name, value string) []byte {
	var escaped bytes.Buffer
	xml.Escape(&escaped, []byte(value))
	return appendElement(b, name, escaped.String())
}

func appendElement(b []byte, name, value string) []byte {
	b = append(append(append(b, '<'), name...), '>')
	b = append(b, value...)
	return append(append(append(b, '<', '/'), name...), '>')
}

// cdata makes any text safe inside CDATA: its end mark is split over two
// sections, and characters that XML 1.0 cannot hold become U+FFFD.
func cdata(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
			r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune {
			return r
		}
		return utf8.RuneError
	}, s)
	return strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>")
}
