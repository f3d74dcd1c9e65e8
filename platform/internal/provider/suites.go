package provider

import (
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// maxSuites bounds the suites of one provider.
const maxSuites = 300

// showSuites lists the provider's suites (第三方应用).
func (h *Handler) showSuites(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	list, err := h.Apps.SuitesOf(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	view := SuitesView{Frame: v.Frame("suites"), NewURL: v.URL("/suites/new")}
	view.Empty = noSuites(view.NewURL)
	for _, app := range list {
		installs, err := h.Apps.InstallationsOfSuite(r.Context(), app.Row)
		if err != nil {
			return err
		}
		view.Suites = append(view.Suites, SuiteLine{Name: app.Name, SuiteID: app.SuiteID, Picture: picture(app.LogoDigest),
			State: stateOf(app), Installs: len(installs), CallbackSet: app.CallbackURL != "", URL: v.URL(suitePath(app))})
	}
	return h.Console.Render(w, r, v, "provider/suites", view)
}

func noSuites(newURL string) console.Empty {
	return console.Empty{Title: "provider.suites.none", Text: "provider.suites.none_text", ActionURL: newURL, Action: "provider.suites.new"}
}

func stateOf(app *apps.App) string {
	switch {
	case app.Online:
		return StateOnline
	case app.Submitted:
		return StateSubmitted
	}
	return StateDraft
}

// showNewSuite asks for a name.
func (h *Handler) showNewSuite(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	return h.renderNewSuite(w, r, v, "", "")
}

func (h *Handler) renderNewSuite(w http.ResponseWriter, r *http.Request, v *console.Visit, name, problem string) error {
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Console.RenderStatus(w, r, v, status, "provider/newsuite", NewSuiteView{Frame: v.Frame("suites"),
		Crumb:   console.Crumb{URL: v.URL("/suites"), Label: "provider.suites.title"},
		Name:    nameField("name", "provider.profile.name", "provider.newsuite.help", name, problem),
		SaveURL: v.URL("/suites")})
}

// createSuite makes a suite and shows its secrets, this once.
func (h *Handler) createSuite(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	name := strings.TrimSpace(r.PostFormValue("name"))
	problem := checkText(name, maxName, true)
	if problem == "" {
		list, err := h.Apps.SuitesOf(r.Context(), v.Corp.Row)
		if err != nil {
			return err
		}
		if len(list) >= maxSuites {
			problem = "provider.suites.many"
		}
	}
	if problem != "" {
		return h.renderNewSuite(w, r, v, name, problem)
	}
	return h.create(w, r, v, apps.Suite, name, "suites")
}

// head is what all tabs of a suite share; tab is the key of the open one.
func head(v *console.Visit, app *apps.App, tab string) SuiteHead {
	path := suitePath(app)
	return SuiteHead{Frame: v.Frame("suites"), Crumb: console.Crumb{URL: v.URL("/suites"), Label: "provider.suites.title"},
		Name: app.Name, SuiteID: app.SuiteID, State: stateOf(app), Tabs: []console.Tab{
			{Label: "provider.tab.basics", URL: v.URL(path), Active: tab == "basics"},
			{Label: "provider.tab.callbacks", URL: v.URL(path + "/callbacks"), Active: tab == "callbacks"},
			{Label: "provider.tab.online", URL: v.URL(path + "/online"), Active: tab == "online"},
			{Label: "provider.tab.installs", URL: v.URL(path + "/installs"), Active: tab == "installs"}}}
}
