package logs

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// pageLength is how many entries a page shows.
const pageLength = 50

// View is the page logs/log.
type View struct {
	console.Frame
	Title   string           `json:"-"`
	Sub     string           `json:"-"`
	SignIns bool             `json:"-"` // names the app rather than the target
	Search  console.Search   `json:"search"`
	Lines   []Line           `json:"lines"`
	Pager   console.Pager    `json:"pager"`
	Empty   console.Empty    `json:"-"`
	Export  string           `json:"export_url"`
	Kept    []console.Hidden `json:"-"` // the filter, for the export
}

// Line is one entry.
type Line struct {
	At      string       `json:"at"`
	Action  audit.Action `json:"action"`
	Bad     bool         `json:"bad,omitempty"` // worth a look
	Name    string       `json:"name"`
	UserID  string       `json:"userid,omitempty"`
	App     string       `json:"app,omitempty"`
	Target  string       `json:"target,omitempty"`
	Detail  string       `json:"detail,omitempty"`
	Address string       `json:"address,omitempty"`
	// How ends the locale key of the way of a sign-in that has one to tell (desktop, workbench,
	// agreed_before, agreed); then Detail is what else there is to say.
	How string `json:"how,omitempty"`
	// Imported is what an import has come to: lines tried, of all, added, changed, refused; nil: another entry.
	Imported []int `json:"-"`
}

func (h *Handler) show(l log) action {
	return func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		f := readFilter(r.URL.Query())
		found, more, err := h.Audit.Entries(r.Context(), l.query(v.Corp.Row, f, pageLength))
		if err != nil {
			return err
		}
		view := l.view(v.Frame(l.active), f, v.URL)
		for _, e := range found {
			view.Lines = append(view.Lines, line(e))
		}
		view.Pager.Shown = len(found)
		q := f.values()
		if f.before != 0 {
			view.Pager.FirstURL = v.URL("/" + l.path + query(q.Encode()))
		}
		if more {
			q.Set("before", strconv.FormatInt(found[len(found)-1].ID, 10))
			view.Pager.NextURL = v.URL("/" + l.path + query(q.Encode()))
		}
		if r.URL.Query().Has("lang") {
			view.Search.Keep = []console.Hidden{{Name: "lang", Value: respond.Lang(r)}}
		}
		return h.Console.Render(w, r, v, "logs/log", view)
	}
}

func query(encoded string) string {
	if encoded == "" {
		return ""
	}
	return "?" + encoded
}

// view is the page without what was found.
func (l log) view(frame console.Frame, f filter, link func(string) string) View {
	kinds := console.Field{Name: "kind", Label: "logs.filter.kind", Type: "select",
		Options: []console.Option{{Label: "logs.filter.all", Selected: f.kind == ""}}}
	for _, k := range l.kinds() {
		kinds.Options = append(kinds.Options, console.Option{Value: k, Label: l.kindLabel(k), Selected: k == f.kind})
	}
	view := View{Frame: frame, Title: l.title, Sub: l.sub, SignIns: l.active == signIns.active, Empty: l.empty,
		Export: link("/" + l.path + "/export"), Lines: []Line{},
		Search: console.Search{URL: link("/" + l.path), Label: l.search, Value: f.search, Filters: []console.Field{kinds,
			{Name: "from", Label: "logs.filter.from", Type: "date", Value: f.from},
			{Name: "to", Label: "logs.filter.to", Type: "date", Value: f.to}}}}
	for name := range f.values() {
		view.Kept = append(view.Kept, console.Hidden{Name: name, Value: f.values().Get(name)})
		view.Search.ClearURL, view.Empty = link("/"+l.path), nothingFound
	}
	return view
}

// reasons are the ends of the locale keys of why a code was given inside the client.
var reasons = map[string]string{audit.FromWorkbench: "workbench", audit.AgreedBefore: "agreed_before", audit.Agreed: "agreed"}

// how takes the way of a sign-in out of its detail.
func how(detail string) (key, rest string) {
	if rest, ok := strings.CutPrefix(detail, audit.ByDesktop); ok {
		return "desktop", rest
	}
	if rest, ok := strings.CutPrefix(detail, audit.InClient); ok {
		scope, rest, _ := strings.Cut(rest, ", ")
		why, browser, _ := strings.Cut(rest, ", ")
		if key, ok := reasons[why]; ok {
			return key, strings.TrimSuffix(scope+" · "+browser, " · ")
		}
	}
	return "", detail
}

func line(e audit.Shown) Line {
	bad := e.Action == audit.SignInReported || e.Action == audit.WrongNumber || e.Action == audit.PasswordRefused
	l := Line{At: console.Stamp(e.At), Action: e.Action, Bad: bad, Name: e.Name, UserID: e.UserID, App: e.App,
		Target: e.Target, Detail: e.Detail, Address: e.Address}
	if e.Action == audit.SignedIn {
		l.How, l.Detail = how(e.Detail)
	}
	if n := make([]int, 5); e.Action == audit.MembersImported {
		if _, err := fmt.Sscanf(e.Detail, "%d/%d: +%d ~%d !%d", &n[0], &n[1], &n[2], &n[3], &n[4]); err == nil {
			l.Imported = n
		}
	}
	return l
}
