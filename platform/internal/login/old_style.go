package login

import (
	"html/template"
	"net/url"
	"regexp"
	"strings"
)

// style is a style sheet of the site (href), checked.
type style struct {
	URL    template.URL // for the link element; empty: none
	source string       // for style-src: names this one sheet
}

// maxStyle bounds href in bytes. Sheets of sites have some hundreds.
const maxStyle = 16 << 10

// dataSheet is a style sheet in the address itself.
var dataSheet = regexp.MustCompile(`^data:text/css(;charset=[A-Za-z0-9-]+)?;base64,[A-Za-z0-9+/]*={0,2}$`)

// readStyle reads href: an https address that names a file, or data:text/css;base64. What is
// neither is left out, as a browser leaves out a sheet that does not load.
func readStyle(href string) style {
	if len(href) > maxStyle {
		return style{}
	}
	if strings.HasPrefix(href, "data:") {
		// Scripts put base64 into the query as it is; its plus signs arrive as spaces.
		if href = strings.ReplaceAll(href, " ", "+"); dataSheet.MatchString(href) {
			return style{template.URL(href), "data:"}
		}
		return style{}
	}
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" || !plainHost.MatchString(u.Host) {
		return style{}
	}
	path := u.EscapedPath()
	if path == "" || strings.HasSuffix(path, "/") {
		return style{} // in a policy that would name every sheet below it
	}
	if strings.ContainsAny(u.Path, " ;,*'\"<>\\") {
		return style{} // ends a source or a directive of a policy, in one reading or another
	}
	u.Fragment, u.RawFragment = "", ""
	return style{template.URL(u.String()), "https://" + strings.ToLower(u.Host) + path}
}

// plainHost is a host that a policy can name.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?$`)
