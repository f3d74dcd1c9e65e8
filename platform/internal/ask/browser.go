package ask

import (
	"regexp"
	"strings"
)

// browsers are looked for in this order: later ones call themselves by earlier names too.
var browsers = []struct {
	name    string
	pattern *regexp.Regexp
}{
	{"Edge", regexp.MustCompile(`Edg(?:e|A|iOS)?/(\d{1,4})`)},
	{"Opera", regexp.MustCompile(`OPR/(\d{1,4})`)},
	{"Firefox", regexp.MustCompile(`(?:Firefox|FxiOS)/(\d{1,4})`)},
	{"Chrome", regexp.MustCompile(`(?:HeadlessChrome|Chrome|CriOS)/(\d{1,4})`)},
	{"Safari", regexp.MustCompile(`Version/(\d{1,4})[\d.]* (?:Mobile/\w+ )?Safari/`)},
}

var systems = []struct{ mark, name string }{
	{"Windows", "Windows"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"},
	{"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
}

// DescribeBrowser says a User-Agent in words such as "Chrome 142 · Windows"; empty where it
// says nothing that is known. It is a hint for a person, never a check.
func DescribeBrowser(agent string) string {
	var parts []string
	for _, b := range browsers {
		if m := b.pattern.FindStringSubmatch(agent); m != nil {
			parts = append(parts, b.name+" "+m[1])
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s.mark) {
			parts = append(parts, s.name)
			break
		}
	}
	return strings.Join(parts, " · ")
}

// BrowserKind is the same without version numbers: what stays when a browser is updated.
func BrowserKind(agent string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return -1
		}
		return c
	}, DescribeBrowser(agent))
}
