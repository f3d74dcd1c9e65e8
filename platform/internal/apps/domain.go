package apps

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// SettingError says which rule a domain or URL of a setting broke.
type SettingError struct {
	// Rule is the end of a locale key: setting.domain.<Rule> or setting.url.<Rule>.
	Rule  string
	Value string // as it was received
	url   bool
}

// DomainError is the error of CheckDomain.
type DomainError = SettingError

// Key is the locale key of the sentence that says which rule was broken, and how to write
// it instead.
func (e *SettingError) Key() string {
	key := "setting.domain." + e.Rule
	if e.url {
		key = "setting.url." + e.Rule
	}
	if !slices.Contains(settingKeys, key) {
		return "setting.url.malformed"
	}
	return key
}

// settingKeys are the sentences there are.
var settingKeys = []string{
	"setting.domain.empty", "setting.domain.scheme", "setting.domain.wildcard", "setting.domain.user_info", "setting.domain.path",
	"setting.domain.ip", "setting.domain.several", "setting.domain.port", "setting.domain.script", "setting.domain.host",
	"setting.domain.too_long", "setting.domain.single",
	"setting.url.empty", "setting.url.too_long", "setting.url.malformed", "setting.url.double_encoded", "setting.url.scheme",
	"setting.url.user_info", "setting.url.host", "setting.url.port_form", "setting.url.http", "setting.url.ip", "setting.url.single",
	"setting.url.corpid", "setting.url.corpid_place", "setting.url.fragment", "setting.url.origin", "setting.url.loopback",
}

// Error is for logs.
func (e *SettingError) Error() string { return "apps: " + e.Key() }

// CheckDomain holds a domain of a setting (可信域名, 授权回调域, 安装完成回调域名) against WeCom's
// rules (98173, 80001): a host, with its port where that is not the usual one; no scheme, no
// wildcard, no path, no address. It answers the domain as it is stored and compared: lower
// case, without the ports 443 and 80. err is a *DomainError.
func CheckDomain(text string) (clean string, err error) {
	refuse := func(rule string) (string, error) { return "", &DomainError{Rule: rule, Value: text} }
	d := strings.ToLower(strings.TrimSpace(text))
	host, port, hasPort := d, "", false
	switch {
	case d == "":
		return refuse("empty")
	case strings.Contains(d, "://") || strings.HasPrefix(d, "//"):
		return refuse("scheme")
	case strings.Contains(d, "*"):
		return refuse("wildcard")
	case strings.Contains(d, "@"):
		return refuse("user_info")
	case strings.ContainsAny(d, "/?#\\"):
		return refuse("path")
	case isAddress(d):
		return refuse("ip")
	case strings.ContainsAny(d, " \t\r\n,;，；、"):
		return refuse("several")
	}
	if i := strings.LastIndexByte(d, ':'); i >= 0 {
		host, port, hasPort = d[:i], d[i+1:], true
	}
	switch n, err := strconv.Atoi(port); {
	case hasPort && (err != nil || n < 1 || n > 65535 || strconv.Itoa(n) != port):
		return refuse("port")
	case isAddress(host):
		return refuse("ip")
	case strings.ContainsFunc(host, func(c rune) bool { return c > 0x7e }):
		return refuse("script")
	case len(host) > maxHost:
		return refuse("too_long")
	case !isDomain(host):
		return refuse("host")
	case !strings.Contains(host, "."):
		return refuse("single")
	case hasPort && n != 443 && n != 80:
		return host + ":" + port, nil
	}
	return host, nil
}

// isAddress tells an IP address, with or without brackets, and a name whose last label is a
// number, which browsers take for one.
func isAddress(host string) bool {
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || strings.HasPrefix(host, "[") {
		return true
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	_, err := strconv.ParseUint(strings.TrimPrefix(last, "0x"), 16, 64)
	return err == nil && last != "" && last[0] >= '0' && last[0] <= '9' && (strings.HasPrefix(last, "0x") || strings.Trim(last, "0123456789") == "")
}
