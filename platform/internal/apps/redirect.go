package apps

import (
	"slices"
	"strings"
)

// MaxRedirectURI is the longest redirect_uri in bytes.
const MaxRedirectURI = 2048

// Rule names what a redirect_uri broke; it is also the key of the sentence that says so.
type Rule string

const (
	RuleEmpty         Rule = "empty"          // no redirect_uri
	RuleTooLong       Rule = "too_long"       // over MaxRedirectURI
	RuleMalformed     Rule = "malformed"      // not an absolute http(s) URL, or with characters no URL has
	RuleDoubleEncoded Rule = "double_encoded" // becomes a URL only when decoded once more
	RuleScheme        Rule = "scheme"         // neither http nor https
	RuleUserInfo      Rule = "user_info"      // carries a user name
	RuleHost          Rule = "host"           // a host no domain can have: full-width, percent-encoded, trailing dot
	RulePort          Rule = "port_form"      // a port not written plainly
	RuleHTTP          Rule = "http"           // http, and not a development origin
	RuleDevelopment   Rule = "development"    // sandbox: http, and not among its development origins
	RulePortDiffers   Rule = "port"           // the host is trusted with another port
	RuleSubdomain     Rule = "subdomain"      // a parent or child of a trusted domain
	RuleNotListed     Rule = "not_listed"     // nothing like it is trusted
	RuleNoneTrusted   Rule = "none_trusted"   // the app trusts no domain yet
	RuleNotExact      Rule = "not_exact"      // the app lists exact redirect URIs, and this is none
)

// Redirect is a redirect_uri that has passed: rebuilt from its parsed parts.
type Redirect struct {
	Origin string // scheme://host[:port], default port left out
	Host   string // host[:port], what is compared at the exchange

	base     string // origin and path
	query    string // without code and state
	fragment string // with its '#', or empty
}

// CheckRedirect holds a redirect_uri against the app's addresses. development says whether
// development origins count (sandbox only). The rule is empty when it passed.
//
// The comparison is exact, host and port (98171, 98173): no wildcard, no parent domain, and
// where nothing trusts it, the rule tells the nearest miss.
func (a *App) CheckRedirect(raw string, development bool) (Redirect, Rule) {
	r, scheme, rule := parseRedirect(raw)
	if rule != "" {
		return r, rule
	}
	if development && slices.Contains(a.Addresses.Development, r.Origin) {
		return r, a.Addresses.exact(raw)
	}
	switch {
	case scheme != "https" && development:
		return r, RuleDevelopment
	case scheme != "https":
		return r, RuleHTTP
	case !a.Trusts(r.Host) && development && len(a.Addresses.Trusted)+len(a.Addresses.Callback) == 0 && len(a.Addresses.Development) > 0:
		return r, RuleNotListed
	case !a.Trusts(r.Host):
		return r, nearestMiss(slices.Concat(a.Addresses.Trusted, a.Addresses.Callback), r.Host)
	}
	return r, a.Addresses.exact(raw)
}

// Trusts tells whether a host[:port] is among the app's trusted domains, or, for a corp
// app, its callback domains.
func (a *App) Trusts(host string) bool {
	return slices.Contains(a.Addresses.Trusted, host) ||
		a.Kind == CorpApp && slices.Contains(a.Addresses.Callback, host)
}

// StillTrusts is the check at the exchange: may a code that was made for this redirect
// origin still be exchanged? WeCom answers 50001 where not.
func (a *App) StillTrusts(origin string, development bool) bool {
	if development && slices.Contains(a.Addresses.Development, origin) {
		return true
	}
	host, https := strings.CutPrefix(origin, "https://")
	return https && a.Trusts(host)
}

// Origins lists the origins that may embed the app's login panel: its trusted domains and,
// where they count, its development origins.
func (a *App) Origins(development bool) []string {
	var list []string
	for _, host := range a.Addresses.Trusted {
		list = append(list, "https://"+host)
	}
	if a.Kind == CorpApp {
		for _, host := range a.Addresses.Callback {
			list = append(list, "https://"+host)
		}
	}
	if development {
		list = append(list, a.Addresses.Development...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Configured lists the values a page may show beside a refused redirect_uri.
func (a *App) Configured(development bool) []string {
	list := slices.Concat(a.Addresses.Trusted, a.Addresses.Callback)
	if development {
		list = append(list, a.Addresses.Development...)
	}
	if len(a.Addresses.Exact) > 0 {
		list = slices.Clone(a.Addresses.Exact)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (l Addresses) exact(raw string) Rule {
	if len(l.Exact) > 0 && !slices.Contains(l.Exact, raw) {
		return RuleNotExact
	}
	return ""
}

// nearestMiss says how a host fails to be in a list of hosts.
func nearestMiss(list []string, host string) Rule {
	name, _, _ := strings.Cut(host, ":")
	if len(list) == 0 {
		return RuleNoneTrusted
	}
	for _, t := range list {
		if trusted, _, _ := strings.Cut(t, ":"); trusted == name {
			return RulePortDiffers
		}
	}
	for _, t := range list {
		trusted, _, _ := strings.Cut(t, ":")
		if strings.HasSuffix(name, "."+trusted) || strings.HasSuffix(trusted, "."+name) {
			return RuleSubdomain
		}
	}
	return RuleNotListed
}
