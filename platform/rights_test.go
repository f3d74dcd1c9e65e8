package platform_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
)

// Who visits the consoles of the sample company, of the sample provider and of the platform.
const (
	nobody       = "nobody"
	plainMember  = "member"
	subReader    = "sub-admin who sees one department and uses one app"
	subWriter    = "sub-admin who changes one department and manages one app"
	external     = "external admin"
	system       = "system admin"
	corpCreator  = "creator"
	stranger     = "creator of another company"
	providerHead = "creator of the provider"
	providerHelp = "system admin of the provider"
	secondHead   = "creator of another provider"
	runsPlatform = "operator"
)

// pageRights says who is shown each page of the consoles; everybody else is not.
func pageRights() map[string][]string {
	whole := []string{external, system, corpCreator}
	every := append([]string{subReader, subWriter}, whole...)
	writers := append([]string{subWriter}, whole...)
	leaders := []string{system, corpCreator}
	provider := []string{providerHead, providerHelp}
	rights := map[string][]string{}
	for path, who := range map[string][]string{
		"": every, "/contacts": every, "/contacts/members/{member}": writers, "/contacts/members/{member}/remove": writers,
		"/contacts/members/new": writers, "/contacts/departments/new": writers, "/contacts/departments/{number}": writers,
		"/contacts/import": writers, "/contacts/import/template": every, // the same file for all
		"/contacts/imports/{import}": whole, "/contacts/imports/{import}/failed": whole, // a sub-admin: their own
		"/admins": leaders, "/admins/new": leaders, "/admins/{admin}": leaders, "/sign-ins": whole, "/audit": whole,
		"/apps": every, "/apps/{agent}": writers, "/apps/{agent}/range": whole, "/apps/{agent}/uninstall": leaders,
		"/market": whole, "/market/{suite}": whole, "/market/{suite}/install": leaders,
		"/own-apps": every, "/own-apps/new": leaders, "/own-apps/{agent}": append([]string{subReader}, whole...),
		"/own-apps/{agent}/range": whole, "/own-apps/{agent}/remove": leaders,
	} {
		rights["/admin/{corp}"+path] = who
	}
	for _, path := range []string{"", "/brand", "/general", "/login", "/suites", "/suites/new", "/suites/{suite}", "/suites/{suite}/callbacks",
		"/suites/{suite}/online", "/suites/{suite}/installs", "/domain", "/domain/file", "/installs", "/pushes", "/pushes/{event}", "/calls", "/codes"} {
		rights["/provider/{corp}"+path] = provider
	}
	for _, path := range []string{"", "/corps", "/corps/new", "/corps/{corp}", "/providers", "/suites", "/audit"} {
		rights["/operator"+path] = []string{runsPlatform}
	}
	return rights
}

// Every page of the consoles as everybody: only those who may are shown it, all others are
// told no more than that, and nobody is sent to the sign-in.
func TestPageRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.Sample
	as := map[string]*platformtest.Console{nobody: w.Browser()}
	for who, account := range map[string]string{plainMember: "zhangwei", subReader: "zhoujie", subWriter: "sunyue", external: "wutong", system: "wangfang",
		corpCreator: "luojianguo", stranger: "heqing", providerHead: "xujing", providerHelp: "lubo", secondHead: "shaoning", runsPlatform: "suqing"} {
		as[who] = w.Browser()
		w.pick(as[who], account)
	}
	w.provider.Post("/provider/"+s.ProviderCorpID+"/login/domains", map[string][]string{"domains": {"app.example.com"}})
	rights := pageRights()
	for _, path := range gets(t) {
		console := strings.HasPrefix(path, "/admin/") || strings.HasPrefix(path, "/provider/") || strings.HasPrefix(path, "/operator")
		if _, listed := rights[path]; console != listed {
			t.Errorf("%s: a page of a console %t, in the list of rights %t", path, console, listed)
		}
	}
	for path, may := range rights {
		places := map[string]string{}
		switch {
		case strings.HasPrefix(path, "/provider/"):
			places["corp"] = s.ProviderCorpID
		case strings.Contains(path, "/own-apps/"):
			places["agent"] = w.own["own"]
		}
		address := w.fillIn(path, places)
		if strings.Contains(path, "/domain") {
			address += "?domain=app.example.com"
		}
		for who, browser := range as {
			for _, method := range []string{"GET", "HEAD"} {
				a := browser.Send(method, address, nil)
				toSignIn := a.Status == http.StatusSeeOther && strings.HasPrefix(a.To(), "/console/sign-in")
				switch {
				case who == nobody && !toSignIn:
					t.Errorf("%s %s as nobody: %d to %q", method, path, a.Status, a.To())
				case slices.Contains(may, who) && a.Status != http.StatusOK:
					t.Errorf("%s %s as %s: %d to %q: %.200s", method, path, who, a.Status, a.To(), a.Body)
				case who != nobody && !slices.Contains(may, who) && a.Status != http.StatusForbidden && a.Status != http.StatusNotFound:
					t.Errorf("%s %s as %s: %d to %q", method, path, who, a.Status, a.To())
				}
			}
		}
	}
}

// Rights are read at every request: who was somebody a moment ago is nobody now.
func TestRightsEndAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/admin/" + w.Sample.CorpID
	old, sub := w.Console(w.Sample.AdminPerson), w.Console(w.Sample.SubAdminPerson)
	admin := w.own["admin"]
	subRow := w.text(`SELECT id FROM members WHERE userid = 'sunyue'`)
	for _, c := range []*platformtest.Console{old, sub} {
		if a := c.Get(base); a.Status != http.StatusOK {
			t.Fatalf("before: %d", a.Status)
		}
	}
	w.see(w.creator.Post(base+"/admins/"+admin+"/remove", nil))
	w.see(w.creator.Post(base+"/contacts/members/"+subRow+"/disable", nil))
	for who, c := range map[string]*platformtest.Console{"removed": old, "disabled": sub} {
		for _, path := range []string{base, base + "/contacts", base + "/apps"} {
			if a := c.Get(path); a.Status != http.StatusForbidden {
				t.Errorf("%s: %s: %d", who, path, a.Status)
			}
		}
		if a := c.Post(base+"/contacts/members", map[string][]string{"userid": {"x"}, "name": {"x"}, "main": {"4"}}); a.Status != http.StatusForbidden {
			t.Errorf("%s: adds a member: %d", who, a.Status)
		}
	}
}
