package provider

import (
	"net/http"
	"net/url"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// searchBox is the box over a table; filtered says that a filter is set.
func searchBox(v *console.Visit, path, label, value string, filtered bool) console.Search {
	s := console.Search{URL: v.URL(path), Label: label, Value: value}
	if lang := langOf(s.URL); lang != "" {
		s.Keep = []console.Hidden{{Name: "lang", Value: lang}}
	}
	if value != "" || filtered {
		s.ClearURL = s.URL
	}
	return s
}

// langOf is the language that an address keeps.
func langOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get("lang")
}

// more is the address of this table with one parameter changed, and from its first line on
// where the value is empty.
func more(v *console.Visit, path string, r *http.Request, name, value string) string {
	q := url.Values{}
	for _, keep := range []string{"q", "suite", "state", "failed"} {
		if got := r.URL.Query().Get(keep); got != "" {
			q.Set(keep, got)
		}
	}
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return v.URL(path)
	}
	return v.URL(path + "?" + q.Encode())
}

// suiteFilter chooses one suite of the provider.
func suiteFilter(list []*apps.App, chosen string) console.Field {
	f := console.Field{Name: "suite", Label: "provider.filter.suite", Type: "select", Value: chosen,
		Options: []console.Option{{Value: "", Label: "provider.filter.all_suites", Selected: chosen == ""}}}
	for _, app := range list {
		o := console.Option{Value: app.SuiteID, Text: app.Name, Selected: app.SuiteID == chosen}
		if app.Kind == apps.LoginSuite {
			o.Label, o.Text = "provider.login.title", ""
		}
		f.Options = append(f.Options, o)
	}
	return f
}
