package window_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/client/desktop/locales"
	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/protocol"
)

// TestEveryScreen renders every screen in both languages.
func TestEveryScreen(t *testing.T) {
	t.Parallel()
	h := open(t, mine)
	for name, s := range screens() {
		for _, lang := range locales.Languages {
			w := h.window()
			w.Show(s)
			b := h.browser(<-h.opened)
			p := b.open("Accept-Language", lang)
			if p.status != 200 || strings.Contains(p.body, "desktop.") || !strings.Contains(p.body, `<html lang="`+lang) {
				t.Errorf("%s, %s: %d\n%s", name, lang, p.status, p.body)
			}
			if watches := strings.Contains(p.body, `id="next"`); watches == s.Final() {
				t.Errorf("%s: watches: %v", name, watches)
			}
			w.Close()
		}
	}
	if strings.Contains(h.logged(), "could not") {
		t.Error(h.logged())
	}
}

// screens are all of them, by name.
func screens() map[string]screen.Screen {
	const host = "id.example.com"
	companies := []protocol.DesktopCompany{{Company: "潮汐科技", Name: "李曦"}, {Company: "Hillside Trading Company Limited", Name: "Lixi"}}
	all := map[string]screen.Screen{
		"connecting":   {Kind: screen.Connecting, Platform: host},
		"trouble":      {Kind: screen.Connecting, Platform: host, Trouble: true},
		"code":         {Kind: screen.Code, Platform: host, URL: "https://id.example.com/q/3qTz8vKfLw2ZpXaY7mNb01", Machine: "lixi-desk · Linux"},
		"code_renewed": {Kind: screen.Code, Platform: host, URL: "https://id.example.com/q/3qTz8vKfLw2ZpXaY7mNb02", Machine: "lixi-desk · Linux", Renewed: true},
		"number":       {Kind: screen.Number, Platform: host, Number: "42"},
		"signed_in":    {Kind: screen.SignedIn, Platform: host, Person: "李曦", Companies: companies},
		"nowhere":      {Kind: screen.SignedIn, Platform: host, Person: "李曦"},
	}
	for _, reason := range screen.OverReasons {
		all["over_"+reason] = screen.Screen{Kind: screen.Over, Platform: host, Reason: reason}
	}
	for _, reason := range screen.EndedReasons {
		all["ended_"+reason] = screen.Screen{Kind: screen.Ended, Platform: host, Reason: reason, Claimed: claimed()}
	}
	for _, share := range screen.Shares {
		s := screen.Screen{Kind: screen.Request, Platform: host, Claimed: claimed()}
		s.Claimed.Asker = protocol.DesktopAsker{Brand: "示例协同", Domain: "app.example.com", Own: share == protocol.ShareOwn}
		s.Claimed.Place.SameNetwork = true
		s.Claimed.Admins = share == protocol.ShareAdmin
		s.Claimed.Choices = []protocol.DesktopChoice{{As: "7", Company: "潮汐科技", Name: "李曦", Share: share, CorpID: "ww0123456789abcdef", UserID: "lixi"}}
		if share == protocol.ShareOpenID || share == protocol.ShareOutside {
			s.Claimed.Choices[0].Company = ""
		}
		all["request_"+share] = s
	}
	for _, problem := range []string{screen.ProblemNumber, screen.ProblemAs, screen.ProblemUnreachable} {
		s := screen.Screen{Kind: screen.Request, Platform: host, Claimed: claimed(), Problem: problem, As: "8"}
		s.Claimed.Asker.Brand = "示例协同"
		if problem == screen.ProblemAs {
			s.As = ""
		}
		all["problem_"+problem] = s
	}
	strange := screen.Screen{Kind: screen.Request, Platform: host, Claimed: claimed()}
	strange.Claimed.Asker.Brand = "示例协同"
	strange.Claimed.Place.NewBrowser, strange.Claimed.Place.NewPlace = true, true
	all["strange"] = strange
	for name, s := range all {
		if s.Kind == "" {
			panic(fmt.Sprintf("%s has no kind", name))
		}
	}
	return all
}
