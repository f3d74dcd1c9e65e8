package apps

import (
	"slices"
	"strconv"
	"strings"
)

// Param is a parameter that With sets.
type Param struct{ Name, Value string }

// With is the address the browser is sent to: parameters are set in its query, ahead of a
// fragment, and what else the query had is kept. Of the names that are given nothing the
// query had remains; one with an empty value is only taken away. So a result that a stranger
// wrote into a redirect_uri never comes back as one of ours.
func (r Redirect) With(params ...Param) string {
	var b strings.Builder
	b.WriteString(r.base)
	sep := byte('?')
	if query := r.queryWithout(params); query != "" {
		b.WriteByte(sep)
		b.WriteString(query)
		sep = '&'
	}
	for _, p := range params {
		if p.Value == "" {
			continue
		}
		b.WriteByte(sep)
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(escapeComponent(p.Value))
		sep = '&'
	}
	b.WriteString(r.fragment)
	return b.String()
}

func (r Redirect) queryWithout(params []Param) string {
	if r.query == "" {
		return ""
	}
	names := make([]string, 0, len(params))
	for _, p := range params {
		names = append(names, p.Name)
	}
	return without(r.query, names...)
}

// To is With for the new login: code and state. An empty code (a refusal) is left out, as is
// an empty state. expires is a number of seconds for expires_in, 0 for none.
func (r Redirect) To(code, state string, expires int) string {
	params := []Param{{"code", code}, {"state", state}}
	if expires > 0 && code != "" {
		params = append(params, Param{"expires_in", strconv.Itoa(expires)})
	}
	return r.With(params...)
}

// Launchers are the domains, host[:port], whose pages may begin the provider's old login
// (登录授权发起域名): those that were set, and the trusted domains while none is.
func (a *App) Launchers() []string {
	if len(a.Addresses.Launch) > 0 {
		return a.Addresses.Launch
	}
	return a.Addresses.Trusted
}

// LaunchOrigins are the origins that may begin the provider's old login, and hold its page in
// a frame. Development origins are among them where they count.
func (a *App) LaunchOrigins(development bool) []string {
	var list []string
	for _, host := range a.Launchers() {
		list = append(list, "https://"+host)
	}
	if development {
		list = append(list, a.Addresses.Development...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// ConfiguredLaunch lists the values a page may show beside a refused Referer.
func (a *App) ConfiguredLaunch(development bool) []string {
	list := slices.Clone(a.Launchers())
	if development {
		list = append(list, a.Addresses.Development...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// CheckReferer holds the page that a link of the old login was followed from against the
// domains that may begin one. Of the Referer only host and port count, as in WeCom's own
// comparison; a development origin is compared whole. The rule is empty when it passed.
func (a *App) CheckReferer(referer string, development bool) Rule {
	r, _, rule := parseRedirect(referer)
	switch {
	case rule != "":
		return rule
	case development && slices.Contains(a.Addresses.Development, r.Origin), slices.Contains(a.Launchers(), r.Host):
		return ""
	}
	return nearestMiss(a.Launchers(), r.Host)
}
