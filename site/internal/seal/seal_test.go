package seal

import (
	"bytes"
	"errors"
	"testing"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	one, two := bytes.Repeat([]byte{1}, KeySize), bytes.Repeat([]byte{2}, KeySize)
	make := func(purpose string, keys ...[]byte) Sealer {
		t.Helper()
		s, err := New(keys, purpose)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	text := make("a", one).Seal([]byte("plain"), "here")
	for name, row := range map[string]struct {
		sealer        Sealer
		text, context string
		opens         bool
	}{
		"as sealed":        {make("a", one), text, "here", true},
		"older key":        {make("a", two, one), text, "here", true},
		"another key":      {make("a", two), text, "here", false},
		"another purpose":  {make("b", one), text, "here", false},
		"another context":  {make("a", one), text, "there", false},
		"random key":       {make("a"), text, "here", false},
		"a line break":     {make("a", one), text[:8] + "\n" + text[8:], "here", false},
		"cut off":          {make("a", one), text[:8], "here", false},
		"nothing":          {make("a", one), "", "here", false},
		"changed":          {make("a", one), "A" + text[1:], "here", text[0] == 'A'},
		"something behind": {make("a", one), text + "AAAA", "here", false},
	} {
		plain, ok := row.sealer.Open(row.text, row.context)
		if ok != row.opens || ok && string(plain) != "plain" || !ok && plain != nil {
			t.Errorf("%s: %q %v", name, plain, ok)
		}
	}
	if again := make("a", one).Seal([]byte("plain"), "here"); again == text {
		t.Error("sealed twice alike")
	}
	if _, err := New([][]byte{one, {1, 2}}, "a"); !errors.Is(err, ErrKey) {
		t.Errorf("short key: %v", err)
	}
}
