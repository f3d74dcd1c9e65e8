package login

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// Desktop is what login/desktop.js needs to find a desktop client on this machine.
type Desktop struct {
	Ports []int `json:"ports"` // of 127.0.0.1, all to be tried
}

// desktopOrigins are the desktop client's origins as a page calls them. The address is
// written in digits: it needs no DNS, and browsers take it for a trustworthy one.
var desktopOrigins = func() []string {
	var all []string
	for _, port := range protocol.LoopbackPorts() {
		all = append(all, "http://127.0.0.1:"+strconv.Itoa(port))
	}
	return all
}()

// offerDesktop lets a page offer quick login: the answer goes into its settings, and its
// policy lets its script reach a desktop client. It is nil, and the policy stays closed, where
// the site asked for none (fast_login=0) and on phones, which have no desktop client. To be
// called after respond.FrameAncestors.
func offerDesktop(w http.ResponseWriter, r *http.Request) *Desktop {
	if fastLoginOff(r) || onPhone(r) {
		return nil
	}
	respond.ConnectTo(w, desktopOrigins...)
	return &Desktop{Ports: protocol.LoopbackPorts()}
}

// fastLoginOff reads fast_login; the panel script makes "false" of a false.
func fastLoginOff(r *http.Request) bool {
	return slices.Contains([]string{"0", "false"}, r.URL.Query().Get(protocol.ParamFastLogin))
}

// onPhone tells whether the browser says that it runs on a phone or tablet.
func onPhone(r *http.Request) bool {
	if r.Header.Get("Sec-CH-UA-Mobile") == "?1" {
		return true
	}
	agent := r.UserAgent()
	return slices.ContainsFunc([]string{"Mobile", "Android", "iPhone", "iPad"}, func(word string) bool {
		return strings.Contains(agent, word)
	})
}
