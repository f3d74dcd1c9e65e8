package session

import (
	"testing"
	"time"
)

// Records of sessions that were started before there were proofs are still good.
func TestDecode(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_790_000_000_000)
	for text, want := range map[string]Session{
		"7 1790000000000 张 伟":                    {Person: 7, Since: at, Name: "张 伟"},
		"7 1790000000000 ":                       {Person: 7, Since: at},
		"7 1790000000000 12 34":                  {Person: 7, Since: at, Name: "12 34"},
		"v2 7 1790000000000 0 张 伟":               {Person: 7, Since: at, Name: "张 伟"},
		"v2 7 1790000000000 1790000000000 12 34": {Person: 7, Since: at, Proved: at, Name: "12 34"},
	} {
		got, ended, err := decode([]byte(text))
		if err != nil || ended || got != want {
			t.Errorf("%q: %+v, %v, %v", text, got, ended, err)
		}
		if again, _, err := decode(encode(want)); err != nil || again != want {
			t.Errorf("%q again: %+v, %v", text, again, err)
		}
	}
	for _, text := range []string{"7", "7 x n", "v2 7 1 n", "v2 7 1 0", "v2", "v3 7 1 0 n"} {
		if _, _, err := decode([]byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	if _, ended, err := decode(nil); !ended || err != nil {
		t.Errorf("an ended session: %v, %v", ended, err)
	}
}
