package platform_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// framers are the origins that a page may be framed by, as its policy says: "*" for anybody.
func framers(header http.Header) []string {
	for _, directive := range strings.Split(header.Get("Content-Security-Policy"), ";") {
		if list, ok := strings.CutPrefix(strings.TrimSpace(directive), "frame-ancestors "); ok {
			sources := strings.Fields(list)
			slices.Sort(sources)
			return sources
		}
	}
	return nil
}

// Abuse case 9 for old pages and new: whatever a page in between says or hides of where it is,
// a page with keys in it can be framed by the app's own origins alone, at every level, and
// names the origin of redirect_uri as the one to talk to. Whom anybody may frame holds nothing.
func TestAbuse9(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{Site: platform.SampleSite{Origin: platformtest.Origin, Trust: []string{"app.example.com"}}})
	own := []string{"http://127.0.0.1:3000", "https://app.example.com"}
	redirect := platformtest.Origin + "/cb"
	pages := map[string]url.Values{protocol.PathLogin: p.ServiceLink(redirect, "s")}
	for _, path := range oldPaths {
		pages[path] = p.OldLink(path, redirect, "s")
	}
	for path, query := range pages {
		provider := path == protocol.PathOldProviderLogin
		for name, c := range map[string]struct {
			header []string
			served bool // with keys, on the pages that do not ask for a Referer
		}{
			"the site":                             {[]string{"Referer", platformtest.Origin + "/", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}, true},
			"no Referer":                           {[]string{"Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}, true},
			"a trusted Referer, after a hop":       {[]string{"Referer", "https://app.example.com/", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}, true},
			"an evil Referer":                      {[]string{"Referer", "https://evil.example/", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}, false},
			"a sandboxed page":                     {[]string{"Referer", "null", "Origin", "null", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}, true}, // which no frame-ancestors matches
			"the site's name in front of another":  {[]string{"Referer", "https://app.example.com.evil.example/", "Sec-Fetch-Dest", "iframe"}, false},
			"the site's name in a query":           {[]string{"Referer", "https://evil.example/?https://app.example.com/", "Sec-Fetch-Dest", "iframe"}, false},
			"an object":                            {[]string{"Referer", "https://evil.example/", "Sec-Fetch-Dest", "object"}, false},
			"an embed that says nothing of itself": {[]string{"Sec-Fetch-Dest", "embed"}, false},
			"a browser that says nothing at all":   {nil, true},
		} {
			a := send(t, "GET", p.URL()+path+"?"+query.Encode(), "", c.header...)
			keyed := strings.Contains(a.body, "web_key") || strings.Contains(a.body, "sessionSignature") || strings.Contains(a.body, "confirm2") || strings.Contains(a.body, "/q/")
			who := framers(a.header)
			switch {
			case keyed && !slices.Equal(who, own):
				t.Errorf("%s, %s: a page with keys may be framed by %v", path, name, who)
			case keyed && !strings.Contains(a.body, `"target_origin":"`+platformtest.Origin+`"`) && !strings.Contains(a.body, `"targetOrigin":"`+platformtest.Origin+`"`):
				t.Errorf("%s, %s: no origin of redirect_uri: %.400s", path, name, a.body)
			case keyed && a.header.Get("Referrer-Policy") != "no-referrer":
				t.Errorf("%s, %s: %q", path, name, a.header.Get("Referrer-Policy"))
			case keyed && !c.served, !keyed && c.served && !provider:
				t.Errorf("%s, %s: keys %v: %d %.200s", path, name, keyed, a.status, a.body)
			case a.header.Get("X-Frame-Options") != "":
				t.Errorf("%s, %s: X-Frame-Options", path, name)
			}
		}
	}
	// The phone's pages, sign-in inside the client among them, are framed by nobody; what is said
	// in a frame is said to all, and of nobody.
	phone := p.Phone(p.Sample.CorpID + "/" + p.Sample.Member)
	cookie := ""
	for name, value := range phone.Cookies() {
		cookie = name + "=" + value
	}
	authorize := protocol.PathAuthorize + "?" + inClientLink(p.Sample.SuiteID).Encode()
	for path, query := range map[string]string{"/q/" + openPage(t, p).QRKey: "", "/phone/account": "", "/phone/workbench": "", authorize: ""} {
		a := send(t, "GET", p.URL()+path+query, "", "Cookie", cookie, "Accept", "text/html")
		if a.status != http.StatusOK || !slices.Equal(framers(a.header), []string{"'none'"}) {
			t.Errorf("%s: %d, framed by %v", path, a.status, framers(a.header))
		}
	}
	a := send(t, "GET", p.URL()+authorize, "", "Cookie", cookie, "Accept", "text/html", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "cross-site")
	if !slices.Equal(framers(a.header), []string{"*"}) || strings.Contains(a.body, "张伟") || strings.Contains(a.body, "csrf") || strings.Contains(a.body, "<form") || a.status != http.StatusForbidden {
		t.Errorf("sign-in inside the client in a frame: %d, by %v: %.600s", a.status, framers(a.header), a.body)
	}
}
