package demo

import (
	"encoding/json"
	"net/http"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site/login"
)

type oldPanelView struct {
	Options   string // of new WwLogin, JSON
	OldScript string // the old script, which the platform serves
	Link      string // the old page without a frame
}

// showOldPanel is the page with the frame of the old script. It is for corp apps alone.
func (s *Site) showOldPanel(w http.ResponseWriter, r *http.Request) {
	lang := langOf(w, r)
	options, err := json.Marshal(s.corp.OldPanel(w, r, login.PanelOptions{Lang: lang, Return: "/me"}))
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	s.show(w, r, http.StatusOK, "oldpanel", frame{View: oldPanelView{
		Options: string(options), OldScript: s.config.InstallHost + protocol.PathWwLogin, Link: viaURL(appCorp, lang, login.ViaOld),
	}})
}
