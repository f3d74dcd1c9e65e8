package login

import (
	"encoding/json"
	"net/http"

	"github.com/hufu-sso/hufu/protocol"
)

// PanelParams are the params of ww.createWWLoginPanel (98478): hand them to it
// unchanged. Empty ones are left out of the JSON, because the script would send
// them as text.
type PanelParams struct {
	LoginType           string `json:"login_type"`
	AppID               string `json:"appid"`
	AgentID             string `json:"agentid,omitempty"`
	RedirectURI         string `json:"redirect_uri"`
	State               string `json:"state"`
	RedirectType        string `json:"redirect_type"`
	PanelSize           string `json:"panel_size,omitempty"`
	Lang                string `json:"lang,omitempty"`
	ColorScheme         string `json:"color_scheme,omitempty"`
	CodeChallenge       string `json:"code_challenge,omitempty"`
	CodeChallengeMethod string `json:"code_challenge_method,omitempty"`
}

// PanelOptions say how the panel looks and ends. A zero field leaves the choice
// to the login page; values it does not know are dropped.
type PanelOptions struct {
	RedirectType string // top (default), callback or self
	PanelSize    string // middle (480×416) or small (320×380)
	Lang         string // zh or en
	ColorScheme  string // light, dark or auto
	Return       string // a path of this site to end on; default Config.Home
}

// Panel starts a sign-in in the embedded panel: it binds a state to the browser
// that gets w and returns the panel's parameters, for a page that the site
// renders itself. Call it before the first byte of the answer. It chooses nothing:
// where Way is not ViaLink, the browser cannot use a panel. The zero Handler, and
// one without Config.Suite, answer zero PanelParams.
func (h *Handler) Panel(w http.ResponseWriter, r *http.Request, o PanelOptions) PanelParams {
	if h.redirect == nil || h.config.Suite == nil {
		return PanelParams{}
	}
	state, challenge := h.begin(w, r, ViaLink, o.Return, false)
	p := PanelParams{
		LoginType: h.config.LoginType, AppID: h.config.AppID, AgentID: h.config.AgentID,
		RedirectURI: h.config.RedirectURI, State: state, CodeChallenge: challenge,
		RedirectType: oneOf(o.RedirectType, protocol.RedirectTop, protocol.RedirectCallback, protocol.RedirectSelf),
		PanelSize:    oneOf(o.PanelSize, protocol.PanelMiddle, protocol.PanelSmall),
		ColorScheme:  oneOf(o.ColorScheme, protocol.ColorLight, protocol.ColorDark, protocol.ColorAuto),
		Lang:         oneOf(o.Lang, protocol.LangZH, protocol.LangEN),
	}
	if p.RedirectType == "" {
		// Written out, because only then does the script let the frame move the
		// top window.
		p.RedirectType = protocol.RedirectTop
	}
	if h.config.Lang != "" {
		p.Lang = h.config.Lang
	}
	if challenge != "" {
		p.CodeChallengeMethod = protocol.ChallengeS256
	}
	return p
}

// BeginPanel answers Panel's parameters as JSON: {"params":{…},"finish":path}.
// Its query: redirect_type, panel_size, lang, color_scheme and return, as in
// PanelOptions. finish is where FinishPanel takes the code of
// redirect_type=callback.
//
// A browser that Begin would send another way than to the login page is answered
// {"location":path} instead: the page it should go to.
func (h *Handler) BeginPanel(w http.ResponseWriter, r *http.Request) {
	if !h.ready(w, r, http.MethodGet) {
		return
	}
	w.Header().Set("Vary", "User-Agent, Sec-Fetch-Site")
	query := r.URL.Query()
	if way := h.Way(r); way != ViaLink {
		location := h.beginURL(query, way)
		if way == ViaApp {
			location = h.appURL(query)
		}
		writeJSON(w, http.StatusOK, struct {
			Location string `json:"location"`
		}{location})
		return
	}
	params := h.Panel(w, r, PanelOptions{
		RedirectType: query.Get(protocol.ParamRedirectType),
		PanelSize:    query.Get(protocol.ParamPanelSize),
		Lang:         query.Get(protocol.ParamLang),
		ColorScheme:  query.Get(protocol.ParamColorScheme),
		Return:       query.Get("return"),
	})
	writeJSON(w, http.StatusOK, struct {
		Params PanelParams `json:"params"`
		Finish string      `json:"finish"`
	}{params, pathOf(h.redirect)})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	w.Write(body) // a client that has gone away is no news
}
