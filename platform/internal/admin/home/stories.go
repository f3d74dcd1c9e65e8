package home

import (
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Stories are the page for a new company, a settled one and a sub-admin.
func Stories() []respond.Story {
	stats := func(n ...int) []Stat {
		labels := []string{"home.members", "home.departments", "home.apps", "home.admins"}
		var list []Stat
		for i, number := range n {
			list = append(list, Stat{Number: number, Label: labels[i], URL: "#"})
		}
		return list
	}
	first := View{Frame: console.SampleFrame(console.Admin, "home"), Whole: true, NumberMatch: true, NumberURL: "#", Stats: stats(1, 1, 0, 1),
		Steps: []Step{{Key: "members", Done: true, URL: "#"}, {Key: "admins", URL: "#"}, {Key: "apps", URL: "#"}}}
	settled := first
	settled.Stats, settled.Steps = stats(1208, 36, 5, 3), nil
	off := settled
	off.NumberMatch = false
	sub := View{Frame: settled.Frame, Stats: []Stat{{Number: 1000, AtLeast: true, Label: "home.members", URL: "#"}, {Number: 2, Label: "home.apps", URL: "#"}}}
	story := func(name string, v View) respond.Story { return respond.Story{Page: "home/home", Name: name, View: v} }
	return []respond.Story{story("first", first), story("settled", settled), story("number-off", off), story("sub-admin", sub)}
}
