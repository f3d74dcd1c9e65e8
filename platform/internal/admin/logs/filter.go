package logs

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// filter is what a page or an export is asked for.
type filter struct {
	search, kind, from, to string
	before                 int64
}

// maxSearch bounds what is searched for, in bytes.
const maxSearch = 100

// readFilter takes what it understands; a day that is none and a kind that does not exist
// are as if not given.
func readFilter(q url.Values) filter {
	f := filter{search: strings.TrimSpace(q.Get("q")), kind: q.Get("kind"), from: q.Get("from"), to: q.Get("to")}
	if len(f.search) > maxSearch {
		f.search = strings.ToValidUTF8(f.search[:maxSearch], "")
	}
	if _, ok := console.Day(f.from); !ok {
		f.from = ""
	}
	if _, ok := console.Day(f.to); !ok {
		f.to = ""
	}
	if n, err := strconv.ParseInt(q.Get("before"), 10, 64); err == nil && n > 0 {
		f.before = n
	}
	return f
}

// kinds are what a log is filtered by: its actions one by one, or groups of them.
func (l log) kinds() []string {
	var list []string
	if !l.byGroup {
		for _, a := range l.actions {
			list = append(list, string(a))
		}
		return list
	}
	for _, g := range audit.Groups() {
		list = append(list, string(g))
	}
	return list
}

func (l log) kindLabel(kind string) string {
	if l.byGroup {
		return groupLabels[audit.Group(kind)]
	}
	return "logs.action." + kind
}

// query is the filter as the log reads it. A kind that is none of the log's asks for all.
func (l log) query(corp int64, f filter, limit int) audit.Query {
	q := audit.Query{Corp: corp, Search: f.search, Before: f.before, Limit: limit, Actions: l.actions}
	switch {
	case !slices.Contains(l.kinds(), f.kind):
	case l.byGroup:
		q.Actions = audit.ActionsOf(audit.Group(f.kind))
	default:
		q.Actions = []audit.Action{audit.Action(f.kind)}
	}
	q.From, _ = console.Day(f.from)
	if to, ok := console.Day(f.to); ok {
		q.To = to.Add(24 * time.Hour) // the day itself is included
	}
	return q
}

// groupLabels are the locale keys of the groups.
var groupLabels = map[audit.Group]string{
	audit.Contacts:  "logs.group.contacts",
	audit.Admins:    "logs.group.admins",
	audit.Apps:      "logs.group.apps",
	audit.Providers: "logs.group.providers",
	audit.People:    "logs.group.people",
	audit.Platform:  "logs.group.platform",
}

// allChanges are all of a company's actions but the sign-ins, and what the platform did to
// it or an admin took out.
func allChanges() []audit.Action {
	var list []audit.Action
	for _, g := range audit.Groups() {
		list = append(list, audit.ActionsOf(g)...)
	}
	return list
}

// values are the filter as a link or a form says it.
func (f filter) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"q": f.search, "kind": f.kind, "from": f.from, "to": f.to} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}
