package appcenter

import (
	"errors"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

func homeField(value string) console.Field {
	return console.Field{Name: "home", Label: "appcenter.own.home", Help: "appcenter.own.home_help", Value: value, Mono: true,
		Optional: true, Hint: "https://portal.example.com/"}
}

// setHome changes an own app's home page (应用主页), to which its tile of the workbench leads;
// empty takes the tile away.
func (h *Handler) setHome(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	a, err := h.managed(r, v)
	if err != nil {
		return err
	}
	home := strings.TrimSpace(r.PostFormValue("home"))
	if home != "" {
		var wrong *apps.SettingError
		clean, _, err := apps.CheckURL(home, apps.HomeURL, h.Sandbox)
		if errors.As(err, &wrong) {
			view, err := h.ownView(r, v, a)
			if err != nil {
				return err
			}
			view.Home.Value, view.Home.Error = home, wrong.Key()
			return h.Console.RenderStatus(w, r, v, http.StatusUnprocessableEntity, "appcenter/own", view)
		}
		home = clean
	}
	if err := h.Apps.SetHomeURL(r.Context(), a.Row, home); err != nil {
		return err
	}
	// The query may hold what is the company's alone.
	address, _, _ := strings.Cut(home, "#")
	address, _, _ = strings.Cut(address, "?")
	return h.changed(w, r, v, a, audit.CorpAppChanged, address)
}
