package apps

import (
	"net"
	"net/url"
	"slices"
	"strconv"
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
	if scheme != "https" {
		return r, RuleHTTP
	}
	if !a.Trusts(r.Host) {
		return r, a.nearestMiss(r.Host)
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

func (a *App) nearestMiss(host string) Rule {
	name, _, _ := strings.Cut(host, ":")
	list := slices.Concat(a.Addresses.Trusted, a.Addresses.Callback)
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

// To is the address the browser is sent to: code and state are set in the query, ahead of
// a fragment, and what else the query had is kept. An empty code (a refusal) is left out,
// as is an empty state. expires is a number of seconds for expires_in, 0 for none.
func (r Redirect) To(code, state string, expires int) string {
	var b strings.Builder
	b.WriteString(r.base)
	sep := byte('?')
	add := func(name, value string) {
		b.WriteByte(sep)
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(value)
		sep = '&'
	}
	if r.query != "" {
		b.WriteByte('?')
		b.WriteString(r.query)
		sep = '&'
	}
	if code != "" {
		add("code", code) // only [A-Za-z0-9_-]
	}
	if state != "" {
		add("state", escapeComponent(state))
	}
	if expires > 0 && code != "" {
		add("expires_in", strconv.Itoa(expires))
	}
	b.WriteString(r.fragment)
	return b.String()
}

// parseRedirect takes a redirect_uri apart as a browser would, and refuses whatever two
// parsers could read differently.
func parseRedirect(raw string) (r Redirect, scheme string, rule Rule) {
	switch {
	case raw == "":
		return r, "", RuleEmpty
	case len(raw) > MaxRedirectURI:
		return r, "", RuleTooLong
	case strings.ContainsFunc(raw, func(c rune) bool { return c < 0x21 || c == 0x7f || c == '\\' || c == 0xfffd }):
		return r, "", RuleMalformed
	}
	lower := strings.ToLower(raw)
	if strings.HasPrefix(lower, "http%3a") || strings.HasPrefix(lower, "https%3a") {
		return r, "", RuleDoubleEncoded
	}
	u, err := url.Parse(raw)
	if err != nil {
		if strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") {
			return r, "", hostRule(raw)
		}
		return r, "", RuleMalformed
	}
	scheme = u.Scheme // lower-cased by the parser
	switch {
	case scheme == "":
		return r, "", RuleMalformed
	case scheme != "http" && scheme != "https":
		return r, "", RuleScheme
	case u.Opaque != "" || u.Host == "":
		return r, "", RuleMalformed
	case u.User != nil:
		return r, "", RuleUserInfo
	}
	host, rule := cleanHost(scheme, u)
	if rule != "" {
		return r, "", rule
	}
	r.Host = host
	r.Origin = scheme + "://" + host
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	r.base = r.Origin + path
	r.query = withoutOurs(u.RawQuery)
	if u.Fragment != "" || strings.HasSuffix(raw, "#") {
		r.fragment = "#" + u.EscapedFragment()
	}
	return r, scheme, ""
}

// hostRule explains why the standard parser refused an http(s) URL.
func hostRule(raw string) Rule {
	_, rest, _ := strings.Cut(raw, "://")
	host, _, _ := strings.Cut(rest, "/")
	if strings.Contains(host, "%") {
		return RuleHost
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.Contains(host, "]") {
		return RulePort
	}
	return RuleMalformed
}

func cleanHost(scheme string, u *url.URL) (string, Rule) {
	name := strings.ToLower(u.Hostname())
	if ip := net.ParseIP(name); ip != nil && strings.Contains(name, ":") {
		name = "[" + ip.String() + "]"
	} else if !isDomain(name) {
		return "", RuleHost
	}
	_, port, hasPort := strings.Cut(strings.TrimPrefix(u.Host, u.Hostname()), ":")
	if strings.HasPrefix(u.Host, "[") {
		_, port, hasPort = strings.Cut(u.Host[strings.IndexByte(u.Host, ']')+1:], ":")
	}
	if !hasPort {
		return name, ""
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 || strconv.Itoa(n) != port {
		return "", RulePort
	}
	if scheme == "https" && n == 443 || scheme == "http" && n == 80 {
		return name, ""
	}
	return name + ":" + port, ""
}

// maxHost keeps a code, which carries its origin, within the documented 512 bytes.
const maxHost = 180

// isDomain accepts letters, digits, hyphens and dots: a name in other scripts arrives in
// its ASCII form (xn--), because that is what a browser would ask for.
func isDomain(name string) bool {
	if name == "" || len(name) > maxHost {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return true
}

// withoutOurs drops code and state from a query: they are set anew, and a second one put
// there by a stranger would be read first by some sites.
func withoutOurs(raw string) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && (plain == "code" || plain == "state") {
			continue
		}
		if pair != "" {
			kept = append(kept, escapeStray(pair))
		}
	}
	return strings.Join(kept, "&")
}

// escapeStray escapes what a URL cannot carry and leaves the rest as it came.
func escapeStray(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c > 0x7e || strings.IndexByte("\"'<>`{}|^[]", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte("0123456789ABCDEF"[c>>4])
			b.WriteByte("0123456789ABCDEF"[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// escapeComponent escapes as encodeURIComponent does: a space becomes %20, as clients of
// the real page see it.
func escapeComponent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("-_.!~*'()", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte("0123456789ABCDEF"[c>>4])
		b.WriteByte("0123456789ABCDEF"[c&15])
	}
	return b.String()
}
