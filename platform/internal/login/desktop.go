package login

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// Desktop is what login/desktop.js needs to find a desktop client on this machine.
type Desktop struct {
	Ports []int `json:"ports"` // of 127.0.0.1, all to be tried
}

// desktop is the Desktop of every page, and desktopOrigins are the desktop client's origins as
// a page calls them. The address is written in digits: it needs no DNS, and browsers take it
// for a trustworthy one.
var (
	desktop        = &Desktop{Ports: protocol.LoopbackPorts()}
	desktopOrigins = originsOf(desktop.Ports)
)

func originsOf(ports []int) []string {
	var all []string
	for _, port := range ports {
		all = append(all, "http://127.0.0.1:"+strconv.Itoa(port))
	}
	return all
}

// offerDesktop lets a page offer quick login: the answer goes into its settings, and its
// policy lets its script reach a desktop client. It is nil, and the policy stays closed, where
// the site asked for none (fastLogin is the page's protocol.ParamFastLogin) and on phones,
// which have no desktop client. To be called after respond.FrameAncestors.
func offerDesktop(w http.ResponseWriter, r *http.Request, fastLogin string) *Desktop {
	// The panel script makes "false" of a false.
	if fastLogin == "0" || fastLogin == "false" || onPhone(r) {
		return nil
	}
	respond.ConnectTo(w, desktopOrigins...)
	return desktop
}

// onPhone tells whether the browser says that it runs on a phone or tablet.
func onPhone(r *http.Request) bool {
	if r.Header.Get("Sec-CH-UA-Mobile") == "?1" {
		return true
	}
	agent := r.UserAgent()
	for _, word := range []string{"Mobile", "Android", "iPhone", "iPad"} {
		if strings.Contains(agent, word) {
			return true
		}
	}
	return false
}
