package logs

import (
	"net/url"
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

// kinds are what a log is filtered by: single actions of the sign-ins, groups of the others.
func (l log) kinds() []string {
	var list []string
	if l.active == signIns.active {
		for _, a := range audit.ActionsOf(audit.SignIns) {
			list = append(list, string(a))
		}
		return list
	}
	for _, g := range audit.Groups() {
		if g != audit.Platform {
			list = append(list, string(g))
		}
	}
	return list
}

func (l log) kindLabel(kind string) string {
	if l.active == signIns.active {
		return "logs.action." + kind
	}
	return "logs.group." + kind
}

// query is the filter as the log reads it.
func (l log) query(corp int64, f filter, limit int) audit.Query {
	q := audit.Query{Corp: corp, Search: f.search, Before: f.before, Limit: limit}
	if l.active == signIns.active {
		q.Actions = audit.ActionsOf(audit.SignIns)
		for _, a := range q.Actions {
			if string(a) == f.kind {
				q.Actions = []audit.Action{a}
				break
			}
		}
	} else {
		q.Actions = audit.ActionsOf(audit.Group(f.kind))
		if f.kind == string(audit.SignIns) {
			q.Actions = nil
		}
		if q.Actions == nil {
			q.Actions = allChanges()
		}
	}
	q.From, _ = console.Day(f.from)
	if to, ok := console.Day(f.to); ok {
		q.To = to.Add(24 * time.Hour) // the day itself is included
	}
	return q
}

// allChanges are the actions of every group but the sign-ins.
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
