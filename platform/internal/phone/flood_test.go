package phone_test

import (
	"net/http"
	"testing"
)

// Who is signed in asks for so many challenges and no more: each is kept for minutes.
// Somebody else's are not counted with them.
func TestChallengesAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, b := w.enrolled(0, "lin")
	_, other := w.enrolled(0, "other")
	for n := range 125 {
		got := b.post("/phone/account/passkey/begin", nil)
		if n < 120 && got.status != http.StatusOK || n >= 120 && got.status != http.StatusTooManyRequests {
			t.Fatalf("the %d. challenge: %d %s", n+1, got.status, got.body)
		}
	}
	if got := b.post("/phone/prove/passkey", nil); got.status != http.StatusTooManyRequests {
		t.Errorf("of a proof: %d", got.status)
	}
	if got := other.post("/phone/account/passkey/begin", nil); got.status != http.StatusOK {
		t.Errorf("somebody else's: %d", got.status)
	}
}
