package operator

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// SuitesView is the page operator/suites.
type SuitesView struct {
	console.Frame
	Search console.Search `json:"search"`
	Suites []Suite        `json:"suites"`
	Pager  console.Pager  `json:"pager"`
	Empty  console.Empty  `json:"-"`
}

// Suite is one suite in a list.
type Suite struct {
	Name    string `json:"name"`
	Brand   string `json:"brand"`
	SuiteID string `json:"suite_id"`
	About   string `json:"about,omitempty"`
	Home    string `json:"home,omitempty"`
	Online  bool   `json:"online"`
	Waiting bool   `json:"waiting,omitempty"` // submitted, not online
	Switch  string `json:"switch_url"`        // posts csrf, and on: "1" or "0"
	CSRF    string `json:"-"`
}

func suite(v *console.Visit, a *apps.App) Suite {
	return Suite{Name: a.Name, Brand: a.Brand, SuiteID: a.SuiteID, About: a.About, Home: a.HomeURL, Online: a.Online,
		Waiting: a.Submitted && !a.Online, Switch: v.URL("/suites/" + url.PathEscape(a.SuiteID) + "/online"), CSRF: v.Session.CSRF()}
}

func (h *Handler) showSuites(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	q, offset := searched(r), int(min(number(r, "from"), 1<<30))
	found, err := h.Apps.AllSuites(r.Context(), q, offset, pageLength+1)
	if err != nil {
		return err
	}
	more := len(found) > pageLength
	if more {
		found = found[:pageLength]
	}
	view := SuitesView{Frame: v.Frame("suites"), Search: search(r, v, "/suites", "operator.suites.search", q), Suites: []Suite{}, Empty: noSuites}
	if q != "" {
		view.Empty = nothingFound
	}
	for _, a := range found {
		view.Suites = append(view.Suites, suite(v, a))
	}
	view.Pager = pager(v, "/suites", q, offset == 0, more, "from", strconv.Itoa(offset+pageLength), len(found))
	return h.Console.Render(w, r, v, "operator/suites", view)
}

var noSuites = console.Empty{Title: "operator.suites.empty", Text: "operator.suites.empty_help"}

// switchOnline puts a suite online or takes it off. Corps that have installed it keep it.
func (h *Handler) switchOnline(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	a, err := h.Apps.Suite(ctx, r.PathValue("suite"))
	if errors.Is(err, apps.ErrNotFound) || err == nil && a.Kind != apps.Suite {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	on := r.PostFormValue("on") == "1"
	if a.Online != on || a.Submitted {
		if err := h.Apps.SetOnline(ctx, a.Row, on); err != nil {
			return err
		}
		action := audit.SuiteOffline
		if on {
			action = audit.SuiteOnline
		}
		entry := v.Entry(action, a.Name+" "+a.SuiteID, "")
		entry.App = a.Row
		if err := h.Audit.Record(ctx, entry); err != nil {
			return err
		}
		// The provider's own log says so too: it is their app.
		entry.Corp = a.CorpRow
		entry.Person = 0
		if err := h.Audit.Record(ctx, entry); err != nil {
			return err
		}
	}
	said := "operator.suites.said_offline"
	if on {
		said = "operator.suites.said_online"
	}
	h.Console.Flash(w, r, said)
	return v.See(w, "/suites")
}
