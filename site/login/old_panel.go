package login

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// OldPanelParams are the options of the old script, new WwLogin({id, …}): hand them to it
// beside the id of the element. Empty ones are left out of the JSON.
type OldPanelParams struct {
	AppID   string `json:"appid"`
	AgentID string `json:"agentid"`
	// RedirectURI is encoded: the original script puts it into an address as it is.
	RedirectURI string `json:"redirect_uri"`
	State       string `json:"state"`
	Lang        string `json:"lang,omitempty"`
}

// OldPanel starts an old sign-in through the frame of the old script (wwLogin-1.x), for a
// page that the site renders itself: it binds a state to the browser that gets w. Call it
// before the first byte of the answer. Of the options Lang and Return count.
//
// The script is for corp apps alone: without one in Config.Old, and for the zero Handler,
// the answer is zero.
func (h *Handler) OldPanel(w http.ResponseWriter, r *http.Request, o PanelOptions) OldPanelParams {
	if h.redirect == nil || h.config.Old == nil || h.config.Old.Suite == nil {
		return OldPanelParams{}
	}
	state, _ := h.begin(w, r, ViaOld, o.Return, false)
	lang := h.config.Lang
	if lang == "" {
		lang = oneOf(o.Lang, protocol.LangZH, protocol.LangEN)
	}
	return OldPanelParams{
		AppID: h.config.Old.AppID, AgentID: h.config.Old.AgentID, State: state, Lang: lang,
		RedirectURI: strings.ReplaceAll(url.QueryEscape(h.config.RedirectURI), "+", "%20"),
	}
}
