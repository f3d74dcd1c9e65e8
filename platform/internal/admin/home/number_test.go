package home_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/admin/home"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	. "github.com/hufu-sso/hufu/platform/internal/console/consoletest"
)

func platform(t *testing.T) *Platform {
	t.Helper()
	p := New(t, false)
	(&home.Handler{Console: p.Console, DB: p.DB, Directory: p.Directory, Apps: p.Apps, Audit: p.Audit}).Mount(p.Mux)
	return p
}

func TestRights(t *testing.T) {
	t.Parallel()
	p := platform(t)
	Rights(t, p, []Path{
		{Method: "GET", Path: "/admin/" + p.Galaxy.CorpID, May: []string{Creator, System, External, Sub}},
		{Method: "POST", Path: "/admin/" + p.Galaxy.CorpID + "/number", Form: url.Values{"on": {"1"}}, May: []string{Creator, System}},
	})
}

// The switch needs a fresh proof, changes the company of the address alone, and is on record.
func TestSwitchNumber(t *testing.T) {
	t.Parallel()
	p := platform(t)
	path := "/admin/" + p.Galaxy.CorpID + "/number"
	numbers := func() (galaxy, hills bool) {
		t.Helper()
		a, err := p.Directory.CorpByCorpID(t.Context(), p.Galaxy.CorpID)
		b, err2 := p.Directory.CorpByCorpID(t.Context(), p.Hills.CorpID)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return a.NumberMatch, b.NumberMatch
	}
	if a := p.As(Creator, false).Post(path, nil); a.Code == http.StatusSeeOther {
		t.Error("switched off without a proof")
	}
	if on, _ := numbers(); !on {
		t.Fatal("off without a proof")
	}
	b := p.As(Creator, true)
	for _, on := range []bool{false, false, true} {
		form := url.Values{}
		if on {
			form.Set("on", "1")
		}
		if a := b.Post(path, form); a.Code != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.Code, a.Body)
		}
		if galaxy, hills := numbers(); galaxy != on || !hills {
			t.Errorf("galaxy %v, want %v; hills %v", galaxy, on, hills)
		}
	}
	entries, _, err := p.Audit.Entries(t.Context(), audit.Query{Corp: p.Galaxy.Row, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Action == audit.NumberMatchOff || e.Action == audit.NumberMatchOn {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d entries of two changes", n)
	}
}
