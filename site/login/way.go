package login

import (
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// Way is how a sign-in runs.
type Way string

// The ways.
const (
	// ViaLink is the login page (98171): by link, in a window of its own, or as
	// the embedded panel.
	ViaLink Way = "link"
	// ViaClient is inside the client (网页授权, 91120): see Config.InClient.
	ViaClient Way = "client"
	// ViaOld is the old QR page: see Config.Old.
	ViaOld Way = "old"
	// ViaApp begins nothing: the page {Path}/app says how to open the site inside
	// the client.
	ViaApp Way = "app"
)

// Way is the way that Begin takes for the browser that sent r:
//
//	browser            configured   way
//	inside the client  InClient     ViaClient
//	on a phone         InClient     ViaApp
//	else               Suite        ViaLink
//	else               Old          ViaOld
//	else               InClient     ViaApp
//
// The query parameter via (link, client or old) overrides it where that way is
// configured: the person chose it on a page of this site, or typed it. A link on
// another site chooses nothing. The zero Handler answers "".
func (h *Handler) Way(r *http.Request) Way {
	if h.redirect == nil {
		return ""
	}
	if via := Way(r.URL.Query().Get("via")); h.configured(via) && ownChoice(r) {
		return via
	}
	if h.config.InClient != nil {
		switch agent := strings.ToLower(r.UserAgent()); {
		case inClient(agent):
			return ViaClient
		case onPhone(agent):
			return ViaApp
		}
	}
	switch {
	case h.config.Suite != nil:
		return ViaLink
	case h.config.Old != nil:
		return ViaOld
	}
	return ViaApp
}

// configured tells whether a sign-in can run that way at all.
func (h *Handler) configured(way Way) bool {
	switch way {
	case ViaLink:
		return h.config.Suite != nil
	case ViaClient:
		return h.config.InClient != nil
	case ViaOld:
		return h.config.Old != nil
	}
	return false
}

// appOf is the app of a sign-in that runs that way: what its link bears as appid.
func (h *Handler) appOf(way Way) string {
	switch {
	case way == ViaLink:
		return h.config.AppID
	case way == ViaClient && h.config.InClient != nil:
		return h.config.InClient.AppID
	case way == ViaOld && h.config.Old != nil:
		return h.config.Old.AppID
	}
	return ""
}

// ownChoice tells whether r comes from a page of this site (or a sister of it), or
// from no page at all.
func ownChoice(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") != "cross-site"
}

// inClient tells whether a User-Agent, in lower case, is WeCom's own: wxwork/ and
// its version stand in it on phones and desktops alike.
func inClient(agent string) bool { return strings.Contains(agent, "wxwork/") }

// onPhone tells whether a User-Agent, in lower case, is a browser of a device that
// cannot scan its own screen. Tablets scan as badly as phones, but those that call
// themselves a desktop (iPadOS as it comes, Android without "Mobile") cannot be
// told from one, and get the login page.
func onPhone(agent string) bool {
	switch {
	case strings.Contains(agent, "iphone"), strings.Contains(agent, "ipod"), strings.Contains(agent, "ipad"):
		return true
	case strings.Contains(agent, "android"), strings.Contains(agent, "harmony"):
		// OpenHarmony writes (Phone; OpenHarmony …) … Mobile; its tablets and PCs
		// write Tablet and PC.
		return strings.Contains(agent, "mobile") || strings.Contains(agent, "(phone;")
	}
	return false
}

// ofWeCom tells whether a host is WeCom's own: there the client is a program, not a
// page that any browser opens.
func ofWeCom(hostname string) bool {
	hostname = strings.ToLower(hostname)
	return hostname == protocol.HostOAuth || strings.HasSuffix(hostname, ".weixin.qq.com")
}
