package login

import (
	"net/url"
	"strings"
)

// maxReturn bounds a return path: it is kept in a cookie.
const maxReturn = 512

// ownPath tells whether p is a path of this site that is safe as a Location:
// one leading slash, nothing a browser could read as another host.
func ownPath(p string) bool {
	if len(p) > maxReturn || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") {
		return false
	}
	for _, b := range []byte(p) {
		if b <= ' ' || b == '\\' || b >= 0x7f {
			return false
		}
	}
	u, err := url.Parse(p)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil
}

// returnPath is p if it is a path of this site, else home.
func returnPath(p, home string) string {
	if ownPath(p) {
		return p
	}
	return home
}
