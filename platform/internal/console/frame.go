package console

import "net/url"

// Frame is what the layout "console" takes; views embed it:
//
//	type MembersView struct {
//		console.Frame
//		…
//	}
type Frame struct {
	Kind      Kind      `json:"kind"`
	Active    string    `json:"active"` // key of the navigation
	Nav       []NavItem `json:"nav"`
	Person    string    `json:"person"`
	Company   string    `json:"company,omitempty"`
	CorpID    string    `json:"corpid,omitempty"`
	CSRF      string    `json:"csrf"`
	HomeURL   string    `json:"home_url"`
	SwitchURL string    `json:"switch_url"` // the list of consoles
	SignOut   string    `json:"sign_out_url"`
	// Other is this page in the other language.
	Other string `json:"other"`
	// Flash is a locale key: what has just been done.
	Flash string `json:"flash,omitempty"`
}

// NavItem is one word of the navigation.
type NavItem struct {
	Key    string `json:"key"`
	Label  string `json:"label"` // locale key
	URL    string `json:"url"`
	Active bool   `json:"active,omitempty"`
}

// navigation is what stands on the left: key, locale key, path. At most eight words.
var navigation = map[Kind][]struct{ key, label, path string }{
	Operator: {
		{"home", "console.nav.home", ""},
		{"corps", "console.nav.corps", "/corps"},
		{"providers", "console.nav.providers", "/providers"},
		{"suites", "console.nav.suites", "/suites"},
		{"audit", "console.nav.audit", "/audit"},
	},
	Provider: {
		{"home", "console.nav.home", ""},
		{"brand", "console.nav.brand", "/brand"},
		{"general", "console.nav.general", "/general"},
		{"login", "console.nav.login", "/login"},
		{"suites", "console.nav.own_suites", "/suites"},
		{"installs", "console.nav.installs", "/installs"},
		{"pushes", "console.nav.pushes", "/pushes"},
		{"calls", "console.nav.calls", "/calls"},
	},
	Admin: {
		{"home", "console.nav.home", ""},
		{"contacts", "console.nav.contacts", "/contacts"},
		{"admins", "console.nav.admins", "/admins"},
		{"apps", "console.nav.apps", "/apps"},
		{"signins", "console.nav.signins", "/sign-ins"},
		{"audit", "console.nav.audit", "/audit"},
	},
}

// Frame is the frame of a page of this console; active is the key of its word in the
// navigation.
func (v *Visit) Frame(active string) Frame {
	f := Frame{Kind: v.Kind, Active: active, Person: v.Person.Name, Company: v.Corp.Name, CorpID: v.Corp.CorpID,
		CSRF: v.Session.CSRF(), HomeURL: v.URL(""), SwitchURL: v.Link("/console"), SignOut: v.Link("/console/sign-out"),
		Other: otherLanguage(v.r), Flash: v.flash}
	for _, n := range navigation[v.Kind] {
		if v.Kind == Admin && !v.sees(n.key) {
			continue
		}
		f.Nav = append(f.Nav, NavItem{Key: n.key, Label: n.label, URL: v.URL(n.path), Active: n.key == active})
	}
	return f
}

// sees tells whether an admin is shown a word of the navigation: a sub-admin sees contacts and
// apps, an external admin the logs too, who leads the company all.
func (v *Visit) sees(key string) bool {
	switch key {
	case "admins":
		return v.Admin.Leads()
	case "signins", "audit":
		return v.Admin.SeesAll()
	}
	return true
}

// SampleFrame is a frame for stories.
func SampleFrame(k Kind, active string) Frame {
	v := &Visit{Kind: k, r: sampleRequest}
	v.Person.Name = "林晓"
	if k != Operator {
		v.Corp.Name, v.Corp.CorpID = "青禾科技有限公司", "ww8d2f6c1a90b3e7f4"
		v.Admin.Kind = 1
	}
	f := v.Frame(active)
	f.CSRF, f.Other = "sample", "?"+url.Values{"lang": {"en"}}.Encode()
	return f
}
