package phone

import (
	"strings"
	"testing"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	for qr, want := range map[string]bool{
		"http://localhost:8790/q/a": true, "http://127.0.0.1:8790/q/a": true, "http://[::1]:8790/q/a": true, "https://login.example/q/a": true,
		"http://login.example/q/a": false, "http://192.168.1.5:8790/q/a": false, "http://localhost.evil.example/q/a": false,
	} {
		c, _, err := atQR(t.Context(), qr)
		if err != nil || c.safe() != want {
			t.Errorf("%s: %v, want %v", qr, err, want)
		}
	}
}

// TestPasswordOverPlainHTTP ends before anything is sent.
func TestPasswordOverPlainHTTP(t *testing.T) {
	t.Parallel()
	c, _, err := atQR(t.Context(), "http://login.example/q/a")
	if err != nil {
		t.Fatal(err)
	}
	s := &scan{Options: Options{Account: "a", Password: "b"}, client: c}
	if _, err := s.signIn(t.Context(), view{SignInURL: "/s"}); err == nil || !strings.Contains(err.Error(), "plain HTTP") {
		t.Errorf("got %v", err)
	}
}
