package provider

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/calls"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// showCalls shows every API call of the provider's secrets and tokens, newest first, and
// which setting stands behind a refusal.
func (h *Handler) showCalls(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	q := r.URL.Query()
	search, failed := strings.TrimSpace(q.Get("q")), q.Get("failed") == "1"
	after, _ := strconv.ParseInt(q.Get("after"), 10, 64) // what is no number is the first page
	list, err := h.Calls.Recent(r.Context(), v.Corp.Row, calls.Query{Search: search, Failed: failed, After: max(after, 0), Limit: pageLength + 1})
	if err != nil {
		return err
	}
	view := CallsView{Frame: v.Frame("calls"), Search: searchBox(v, "/calls", "provider.calls.search", search, failed), CodesURL: v.URL("/codes")}
	view.Search.Filters = []console.Field{fateFilter(failed)}
	if len(list) > pageLength {
		list = list[:pageLength]
		view.Pager.NextURL = more(v, "/calls", r, "after", strconv.FormatInt(list[pageLength-1].ID, 10))
	}
	if after > 0 {
		view.Pager.FirstURL = more(v, "/calls", r, "after", "")
	}
	view.Pager.Shown = len(list)
	for _, c := range list {
		line, err := h.callLine(r, v, c)
		if err != nil {
			return err
		}
		view.Calls = append(view.Calls, line)
	}
	view.Empty = noCalls(view.Search.ClearURL != "")
	return h.Console.Render(w, r, v, "provider/calls", view)
}

func fateFilter(failed bool) console.Field {
	return console.Field{Name: "failed", Label: "provider.filter.fate", Type: "select", Options: []console.Option{
		{Value: "", Label: "provider.filter.all_calls", Selected: !failed}, {Value: "1", Label: "provider.filter.failed", Selected: failed}}}
}

func noCalls(searched bool) console.Empty {
	if searched {
		return nothingFound
	}
	return console.Empty{Title: "provider.calls.none", Text: "provider.calls.none_text"}
}

func (h *Handler) callLine(r *http.Request, v *console.Visit, c calls.Recorded) (CallLine, error) {
	line := CallLine{At: console.Stamp(c.At), Path: c.Path, ErrCode: int(c.ErrCode), Reason: c.Reason, Millis: c.Took.Milliseconds(), Request: c.Request}
	if c.Address.IsValid() {
		line.Address = c.Address.String()
	}
	var app *apps.App
	var err error
	if c.App != 0 {
		app, err = h.Apps.App(r.Context(), c.App)
		if err != nil && !errors.Is(err, apps.ErrNotFound) {
			return line, err
		}
		if err != nil || app.CorpRow != v.Corp.Row {
			app = nil
		}
	}
	if app != nil {
		line.App = app.Name
	}
	if line.Company, err = h.companyOfCall(r, v, c.Corp); err != nil {
		return line, err
	}
	if s := settingBehind(line.ErrCode); s != "" {
		if s == setTrusted && app != nil && app.Kind == apps.Suite {
			s = setSuiteTrusted
		}
		line.Setting, line.SettingURL = string(s), settingURL(v, s, app)
	}
	return line, nil
}

// companyOfCall is the name of the corp that a call was about, where the provider may know it:
// of its own, and of one that has installed a suite of it. Beside a sign-in from any other, or
// a corpid that was tried, it would undo the encryption of ids.
func (h *Handler) companyOfCall(r *http.Request, v *console.Visit, row int64) (string, error) {
	known := row == v.Corp.Row
	if row != 0 && !known {
		list, err := h.Apps.InstallationsOf(r.Context(), row)
		if err != nil {
			return "", err
		}
		known = slices.ContainsFunc(list, func(i *apps.Installation) bool { return i.App.CorpRow == v.Corp.Row })
	}
	if !known {
		return "", nil
	}
	return h.company(r, row)
}
