package hufu_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/hufu-sso/hufu/"

// layers lists which packages of ours a package may import, by prefix; the longest prefix
// that fits a package decides. It is the map of design.md: a feature never imports another,
// the platform never the site, the site never the platform.
var layers = map[string][]string{
	"cmd/":                                  {"platform", "demo", "site", "client", "protocol"},
	"bench":                                 {},
	"demo":                                  {"site", "protocol"},
	"docs":                                  {"site", "protocol"},
	"client/":                               {"client", "protocol"},
	"protocol":                              {"protocol"},
	"site":                                  {"site", "protocol"},
	"platform":                              {"platform", "protocol"},
	"platform/platformtest":                 {"platform$", "protocol"},
	"platform/web":                          {},
	"platform/internal/login":               services,
	"platform/internal/siteapi":             services,
	"platform/internal/phone":               services,
	"platform/internal/inclient":            services,
	"platform/internal/control":             services,
	"platform/internal/desktop":             services,
	"platform/internal/operator":            consoles,
	"platform/internal/provider":            consoles,
	"platform/internal/admin":               consoles,
	"platform/internal/assistant":           services,
	"platform/internal/console":             base("attempt", "session", "directory", "apps", "audit", "handoff", "qrcode"),
	"platform/internal/wecomhosts":          {"protocol$"},
	"platform/internal/sample":              {"platform/internal/apps", "platform/internal/directory", "platform/internal/keys", "platform/internal/store"},
	"platform/internal/attempt":             base("tokens"),
	"platform/internal/ask":                 base("attempt", "apps", "directory", "consent", "familiar", "audit"),
	"platform/internal/tokens":              base(),
	"platform/internal/session":             base(),
	"platform/internal/directory":           base(),
	"platform/internal/apps":                base(),
	"platform/internal/consent":             base(),
	"platform/internal/audit":               base(),
	"platform/internal/familiar":            base(),
	"platform/internal/push":                base("outbound"),
	"platform/internal/credentials":         base("directory", "session"),
	"platform/internal/console/consoletest": slices.Concat(consoles, []string{"platform/web$"}),
	"platform/internal/handoff":             base(),
	"platform/internal/launch":              base(),
	"platform/internal/calls":               base(),
	"platform/internal/announce":            base("apps", "directory", "push", "tokens"),
	"platform/internal/outbound":            {},
	"platform/internal/respond":             {"protocol$", "platform/web", "platform/internal/respond"},
	"platform/internal/store":               {"platform/internal/store"},
	"platform/internal/keys":                {"platform/internal/store$"},
	"platform/internal/shortlived":          {"platform/internal/shortlived", "platform/internal/store/sqlitefile"},
	"platform/internal/clock":               {},
	"platform/internal/limits":              {},
	"platform/internal/recent":              {},
}

// services is what a feature stands on; consoles adds what the consoles share.
var (
	services = base("attempt", "consent", "push", "tokens", "session", "directory", "apps", "audit", "familiar",
		"ask", "credentials", "handoff", "launch", "calls", "announce", "outbound", "qrcode")
	consoles = slices.Concat(services, []string{"platform/internal/console$"})
)

// base is what every service stands on, and more services by name.
func base(more ...string) []string {
	list := []string{"protocol"}
	for _, name := range append([]string{"respond", "store", "shortlived", "clock", "limits", "keys", "recent"}, more...) {
		list = append(list, "platform/internal/"+name+"$")
	}
	return list
}

func TestImports(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedImports}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) < 20 {
		t.Fatalf("only %d packages were loaded", len(pkgs))
	}
	for _, p := range pkgs {
		name, ours := strings.CutPrefix(p.PkgPath, module)
		if !ours {
			continue
		}
		allowed, ok := rule(name)
		if !ok {
			t.Errorf("%s stands in no layer: add it to layers, after asking whose room it is", name)
			continue
		}
		for path := range p.Imports {
			imported, ours := strings.CutPrefix(path, module)
			if ours && !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, imported) }) {
				t.Errorf("%s must not import %s", name, imported)
			}
			if name == "protocol" || strings.HasPrefix(name, "protocol/") {
				if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") && !ours {
					t.Errorf("%s imports %s: the standard library only", name, path)
				}
			}
		}
	}
}

func rule(name string) ([]string, bool) {
	best, found := "", false
	for prefix := range layers {
		if covers(prefix, name) && len(prefix) >= len(best) {
			best, found = prefix, true
		}
	}
	return layers[best], found
}

// covers tells whether a rule names a package: itself or below it; with a $, itself alone.
func covers(rule, name string) bool {
	if exact, ok := strings.CutSuffix(rule, "$"); ok {
		return name == exact
	}
	return name == strings.TrimSuffix(rule, "/") || strings.HasPrefix(name, strings.TrimSuffix(rule, "/")+"/")
}
