package provider

import (
	"errors"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// showHome shows what is set up and what is missing, in the order in which one sets it up.
func (h *Handler) showHome(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	p, err := h.Apps.Provider(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	login, err := h.Apps.LoginSuiteOf(r.Context(), v.Corp.Row)
	if err != nil && !errors.Is(err, apps.ErrNotFound) {
		return err
	}
	list, err := h.Apps.SuitesOf(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	view := HomeView{Frame: v.Frame("home"), Brand: p.Brand}
	add := func(key, value, url string, done bool) {
		view.Steps = append(view.Steps, Step{Key: key, Done: done, Value: value, URL: url})
		if done {
			view.Done++
		}
	}
	add("brand", p.Brand, v.URL("/brand"), p.Brand != "")
	if login == nil {
		login = &apps.App{}
	}
	add("login", login.SuiteID, v.URL("/login"), login.Row != 0 && login.Enabled)
	trusted := strings.Join(append(append([]string{}, login.Addresses.Trusted...), h.developmentOf(login)...), " · ")
	add("trusted", trusted, settingURL(v, setTrusted, nil), trusted != "")
	add("callback", withoutQuery(login.CallbackURL), settingURL(v, setTicket, nil), login.CallbackURL != "")
	ticket, err := h.ticket(r, v, login)
	if err != nil {
		return err
	}
	add("ticket", ticket.Delivered, settingURL(v, setTicket, nil), ticket.Delivered != "")
	var names []string
	for _, app := range list {
		names = append(names, app.Name)
	}
	add("suite", strings.Join(names, " · "), v.URL("/suites"), len(list) > 0)
	return h.Console.Render(w, r, v, "provider/home", view)
}

// developmentOf are the development origins that count here.
func (h *Handler) developmentOf(app *apps.App) []string {
	if !h.Development {
		return nil
	}
	return app.Addresses.Development
}
