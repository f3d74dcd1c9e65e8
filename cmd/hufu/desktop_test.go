package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/client/desktop/keep"
)

// TestDesktopExplains has what a person can get wrong; each error says what to do.
func TestDesktopExplains(t *testing.T) {
	open := t.TempDir()
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	used := filepath.Join(t.TempDir(), "used")
	unlock, err := keep.Lock(used)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"no encryption": {[]string{"--platform", "http://id.example.com", "--data", used}, "use https"},
		"not an origin": {[]string{"--platform", "id.example.com", "--data", used}, "must"},
		"in use":        {[]string{"--data", used}, "another 'hufu desktop' runs on " + used},
		"in use, out":   {[]string{"--data", used, "--sign-out"}, "another 'hufu desktop' runs on " + used},
		"open":          {[]string{"--data", open}, "choose a folder of your own"},
		"language":      {[]string{"--lang", "de"}, "--lang"},
	} {
		err := run(t.Context(), append([]string{"desktop"}, test.args...))
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
