package apps

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

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
	r.query = without(u.RawQuery, "code", "state")
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

// without drops what is set anew from a query: a second one, put there by a stranger, would
// be read first by some sites.
func without(raw string, names ...string) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil && slices.Contains(names, plain) {
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
