package apps

import (
	"net"
	"net/netip"
	"strings"
)

// URLKind is which address of a suite a URL is for.
type URLKind int

const (
	HomeURL     URLKind = iota // 应用主页: https; may hold $CORPID$
	BusinessURL                // 业务设置URL: https; it receives auth_code
	CallbackURL                // 指令回调URL and 系统事件接收URL: http or https
	DataURL                    // 数据回调URL: http or https; may hold $CORPID$
)

// corpIDMark stands for the corpid of the corp that an address is used for.
const corpIDMark = "$CORPID$"

// CheckURL holds an address of a suite against the rules of its setting and answers it as it
// is stored, and its host[:port], which the domain proof is asked of. An empty text is
// refused: a setting that may be empty is not held against them. In the sandbox, addresses
// of this machine may be http and have no domain. err is a *SettingError.
func CheckURL(text string, kind URLKind, sandbox bool) (clean, host string, err error) {
	refuse := func(rule string) (string, string, error) {
		return "", "", &SettingError{Rule: rule, Value: text, url: true}
	}
	raw := strings.TrimSpace(text)
	r, scheme, rule := parseRedirect(strings.ReplaceAll(raw, corpIDMark, "corpid"))
	if rule != "" {
		return refuse(string(rule))
	}
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	here := sandbox && isLoopback(name)
	address, fragment, hasFragment := strings.Cut(raw, "#")
	_, authority, _ := strings.Cut(address, "://")
	if i := strings.IndexAny(authority, "/?"); i >= 0 {
		authority = authority[:i]
	}
	switch {
	case strings.Contains(authority, "$"), strings.Contains(fragment, corpIDMark):
		return refuse("corpid_place")
	case strings.Contains(raw, corpIDMark) && kind != HomeURL && kind != DataURL:
		return refuse("corpid")
	case hasFragment && (kind == CallbackURL || kind == DataURL):
		return refuse("fragment")
	case scheme != "https" && !here && (kind == HomeURL || kind == BusinessURL):
		return refuse(string(RuleHTTP))
	case isAddress(name) && !here:
		return refuse("ip")
	case !strings.Contains(name, ".") && !here:
		return refuse("single")
	}
	return raw, r.Host, nil
}

// isLoopback tells a host name or address of this machine.
func isLoopback(name string) bool {
	addr, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && addr.IsLoopback()
}

// CheckDevelopmentOrigin holds an origin against the rule of development origins, which
// count in the sandbox only: http or https, a host of this machine, and a port. err is a
// *SettingError.
func CheckDevelopmentOrigin(text string) (clean string, err error) {
	r, _, rule := parseRedirect(strings.TrimSpace(text))
	if rule == "" && (r.base != r.Origin+"/" || r.query != "" || r.fragment != "") {
		rule = "origin"
	}
	name, _, err := net.SplitHostPort(r.Host)
	if rule == "" && (err != nil || !isLoopback(name)) {
		rule = "loopback"
	}
	if rule != "" {
		return "", &SettingError{Rule: string(rule), Value: text, url: true}
	}
	return r.Origin, nil
}
