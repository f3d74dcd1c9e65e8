package appcenter

import (
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// navigation word and tabs of all these pages.
const nav = "apps"

func tabs(v *console.Visit, active string) []console.Tab {
	list := []console.Tab{
		{Label: "appcenter.tab.apps", URL: v.URL("/apps"), Active: active == "apps"},
		{Label: "appcenter.tab.own", URL: v.URL("/own-apps"), Active: active == "own"},
	}
	if v.Admin.SeesAll() {
		list = append(list, console.Tab{Label: "appcenter.tab.market", URL: v.URL("/market"), Active: active == "market"})
	}
	return list
}

func appPath(i *apps.Installation) string { return "/apps/" + strconv.FormatInt(i.AgentID, 10) }
func ownPath(a *apps.App) string          { return "/own-apps/" + strconv.FormatInt(a.AgentID, 10) }

// showApps lists the suites that the company has installed.
func (h *Handler) showApps(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	list, err := h.Apps.InstallationsOf(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	view := AppsView{Frame: v.Frame(nav), Tabs: tabs(v, "apps"),
		Empty: console.Empty{Title: "appcenter.apps.empty", Text: "appcenter.apps.empty_given"}}
	if v.Admin.SeesAll() {
		view.Empty = console.Empty{Title: "appcenter.apps.empty", Text: "appcenter.apps.empty_text",
			ActionURL: v.URL("/market"), Action: "appcenter.apps.to_market"}
	}
	for _, i := range list {
		if !sees(v.Admin, i.Row) {
			continue
		}
		covered, err := h.rangeOf(r, v.Corp.Row, i.Row)
		if err != nil {
			return err
		}
		view.Rows = append(view.Rows, InstalledRow{URL: v.URL(appPath(i)), Name: i.App.Name, Logo: i.App.LogoDigest, Brand: i.App.Brand,
			AgentID: i.AgentID, Range: covered, Since: when(i.CreatedAt), Fetched: i.HasPermanentCode, Test: i.Test})
	}
	return h.Console.Render(w, r, v, "appcenter/apps", view)
}

// showOwnApps lists the apps that the company made for itself.
func (h *Handler) showOwnApps(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	list, err := h.Apps.CorpApps(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	view := OwnAppsView{Frame: v.Frame(nav), Tabs: tabs(v, "own"),
		Empty: console.Empty{Title: "appcenter.own_apps.empty", Text: "appcenter.own_apps.empty_given"}}
	if v.Admin.Leads() {
		view.NewURL = v.URL("/own-apps/new")
		view.Empty = console.Empty{Title: "appcenter.own_apps.empty", Text: "appcenter.own_apps.empty_text",
			ActionURL: view.NewURL, Action: "appcenter.own_apps.new"}
	}
	for _, a := range list {
		if !sees(v.Admin, a.Row) {
			continue
		}
		covered, err := h.rangeOf(r, v.Corp.Row, a.Row)
		if err != nil {
			return err
		}
		view.Rows = append(view.Rows, OwnRow{URL: v.URL(ownPath(a)), Name: a.Name, AgentID: a.AgentID, Range: covered, Stopped: !a.Enabled})
	}
	return h.Console.Render(w, r, v, "appcenter/own_apps", view)
}
