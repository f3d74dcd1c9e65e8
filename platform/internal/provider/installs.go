package provider

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// pageLength is how many lines a table shows at once.
const pageLength = 50

// showInstalls shows which companies installed which suite.
func (h *Handler) showInstalls(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	list, err := h.Apps.SuitesOf(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	search, only := strings.TrimSpace(q.Get("q")), q.Get("suite")
	view := InstallsView{Frame: v.Frame("installs"), Search: searchBox(v, "/installs", "provider.installs.search", search, only != "")}
	view.Search.Filters = []console.Field{suiteFilter(list, only)}
	var lines []InstallLine
	for _, app := range list {
		if only != "" && app.SuiteID != only {
			continue
		}
		of, err := h.installLines(r, v, app)
		if err != nil {
			return err
		}
		lines = append(lines, of...)
	}
	lines = slices.DeleteFunc(lines, func(l InstallLine) bool {
		return search != "" && !strings.Contains(strings.ToLower(l.Company+" "+l.CorpID), strings.ToLower(search))
	})
	offset, err := strconv.Atoi(q.Get("from"))
	if err != nil || offset < 0 || offset > len(lines) {
		offset = 0
	}
	end := min(offset+pageLength, len(lines))
	view.Installs, view.Pager = lines[offset:end], console.Pager{Shown: end - offset, Total: len(lines)}
	if offset > 0 {
		view.Pager.FirstURL = more(v, "/installs", r, "from", "")
	}
	if end < len(lines) {
		view.Pager.NextURL = more(v, "/installs", r, "from", strconv.Itoa(end))
	}
	view.Empty = noInstalls(view.Search.ClearURL != "")
	return h.Console.Render(w, r, v, "provider/installs", view)
}

func noInstalls(searched bool) console.Empty {
	if searched {
		return nothingFound
	}
	return console.Empty{Title: "provider.installs.none", Text: "provider.installs.none_text"}
}

// nothingFound is for a table whose search finds nothing.
var nothingFound = console.Empty{Title: "provider.search.none", Text: "provider.search.none_text"}

// showSuiteInstalls shows which companies installed one suite.
func (h *Handler) showSuiteInstalls(w http.ResponseWriter, r *http.Request, s settings) error {
	lines, err := h.installLines(r, s.Visit, s.app)
	if err != nil {
		return err
	}
	return h.Console.Render(w, r, s.Visit, "provider/suiteinstalls", SuiteInstallsView{SuiteHead: head(s.Visit, s.app, "installs"),
		Installs: lines, Empty: noInstalls(false)})
}

// installLines are the installations of a suite, as its provider may know them.
func (h *Handler) installLines(r *http.Request, v *console.Visit, app *apps.App) ([]InstallLine, error) {
	p, err := h.Apps.Provider(r.Context(), v.Corp.Row)
	if err != nil {
		return nil, err
	}
	list, err := h.Apps.InstallationsOfSuite(r.Context(), app.Row)
	if err != nil {
		return nil, err
	}
	lines := make([]InstallLine, 0, len(list))
	for _, i := range list {
		corp, err := h.Directory.Corp(r.Context(), i.CorpRow)
		if err != nil {
			return nil, err
		}
		plain, err := h.Apps.PlainIDs(r.Context(), v.Corp.Row, i.CorpRow)
		if err != nil {
			return nil, err
		}
		line := InstallLine{Company: corp.Name, CorpID: p.CorpIDFor(i.CorpRow), Plain: plain, Suite: app.Name, SuiteURL: v.URL(suitePath(app)),
			AgentID: i.AgentID, Since: console.Stamp(i.CreatedAt), Permanent: i.HasPermanentCode, FromSite: i.FromSite, Test: i.Test}
		if plain {
			line.CorpID = corp.CorpID
		}
		departments, members, err := h.Apps.Range(r.Context(), i.Row)
		if err != nil {
			return nil, err
		}
		line.Whole, line.Departments, line.Members = slices.Contains(departments, 1), len(departments), len(members)
		lines = append(lines, line)
	}
	return lines, nil
}
