package apps_test

import (
	"strings"
	"testing"
)

// What a provider was shown opens again, to the rows it was made of; nothing else does.
func TestOpenIDs(t *testing.T) {
	t.Parallel()
	s, _ := open(t, t.TempDir(), true)
	a, b := provider(t, s, "wwaa"), provider(t, s, "wwbb")
	for _, corp := range []int64{0, 1, 1<<55 + 7} {
		if got, ok := a.OpenCorp(a.CorpIDFor(corp)); !ok || got != corp {
			t.Errorf("corp %d: %d %v", corp, got, ok)
		}
		for _, member := range []int64{0, 1, 1<<55 + 9} {
			if c, m, ok := a.OpenMember(a.OpenUserID(corp, member)); !ok || c != corp || m != member {
				t.Errorf("member %d of %d: %d %d %v", member, corp, m, c, ok)
			}
		}
	}
	corpID, userID := a.CorpIDFor(3), a.OpenUserID(3, 4)
	for _, text := range []string{
		"", "wp", corpID[:31], corpID + "A", "wo" + corpID[2:], userID, a.OpenID(3), b.CorpIDFor(3), strings.ToLower(corpID),
		corpID[:31] + "\n", corpID[:10] + "\n" + corpID[10:], changed(corpID, 3), changed(corpID, 20), changed(corpID, 31), "WP" + corpID[2:],
	} {
		if _, ok := a.OpenCorp(text); ok {
			t.Errorf("%q opened as a corp", text)
		}
	}
	for _, text := range []string{"", userID[:31], "wp" + userID[2:], corpID, a.OpenID(4), b.OpenUserID(3, 4), changed(userID, 2), changed(userID, 31)} {
		if _, _, ok := a.OpenMember(text); ok {
			t.Errorf("%q opened as a member", text)
		}
	}
}

// changed is a text with one character replaced; of the last one, only bits that carry
// nothing.
func changed(text string, at int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	i := strings.IndexByte(alphabet, text[at])
	return text[:at] + alphabet[i^1:i^1+1] + text[at+1:]
}
