package respond

import (
	"net/http/httptest"
	"testing"
)

func TestConnectTo(t *testing.T) {
	t.Parallel()
	const before, after = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'",
		"; base-uri 'none'; form-action 'self'; frame-ancestors https://a.example"
	for _, test := range []struct {
		origins []string
		want    string
	}{
		{nil, ""},
		{[]string{"http://127.0.0.1:50000"}, " http://127.0.0.1:50000"},
		{[]string{"http://127.0.0.1:50000", "http://127.0.0.1:50001"}, " http://127.0.0.1:50000 http://127.0.0.1:50001"},
		{[]string{"http://127.0.0.1:50000", "*; script-src *"}, ""},
		{[]string{"http://a.example,http://b.example"}, ""},
	} {
		w := httptest.NewRecorder()
		FrameAncestors(w, []string{"https://a.example"})
		ConnectTo(w, test.origins...)
		if got := w.Header().Get("Content-Security-Policy"); got != before+test.want+after {
			t.Errorf("%q: %s", test.origins, got)
		}
	}
	// A page that nobody prepared stays as it is.
	w := httptest.NewRecorder()
	ConnectTo(w, "http://127.0.0.1:50000")
	if got := w.Header().Get("Content-Security-Policy"); got != "" {
		t.Errorf("an unprepared page: %s", got)
	}
}
