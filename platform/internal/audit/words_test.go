package audit_test

import (
	"encoding/json"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/web"
)

// Every action and every group has words in both languages, and each action is in one group:
// a log's page has no other to show.
func TestEveryActionHasWords(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		raw, err := web.Files.ReadFile("locales/" + lang + "/logs.json")
		if err != nil {
			t.Fatal(err)
		}
		words := map[string]string{}
		if err := json.Unmarshal(raw, &words); err != nil {
			t.Fatal(err)
		}
		for _, a := range audit.All() {
			if words["logs.action."+string(a)] == "" {
				t.Errorf("%s: no words for %s", lang, a)
			}
		}
		for _, g := range audit.Groups() {
			if words["logs.group."+string(g)] == "" {
				t.Errorf("%s: no words for the group %s", lang, g)
			}
		}
	}
	seen := map[audit.Action]bool{}
	for _, a := range audit.All() {
		if seen[a] {
			t.Errorf("%s is in two groups", a)
		}
		seen[a] = true
	}
}
