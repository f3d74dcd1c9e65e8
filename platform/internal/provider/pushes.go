package provider

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// checkType is what a check of the URL is called among the pushed events.
const checkType = "verify"

// showPushes shows every pushed event of the provider's suites, newest first.
func (h *Handler) showPushes(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	list, err := h.suites(r, v)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	search, only, state := strings.TrimSpace(q.Get("q")), q.Get("suite"), push.State(q.Get("state"))
	if !slices.Contains([]push.State{push.Pending, push.Delivered, push.GivenUp}, state) {
		state = ""
	}
	chosen := slices.DeleteFunc(slices.Clone(list), func(a *apps.App) bool { return only != "" && a.SuiteID != only })
	after, _ := strconv.ParseInt(q.Get("after"), 10, 64) // what is no number is the first page
	page, err := h.Push.EventsOf(r.Context(), rows(chosen), push.Query{Search: search, State: state, After: max(after, 0), Limit: pageLength})
	if err != nil {
		return err
	}
	view := PushesView{Frame: v.Frame("pushes"), Search: searchBox(v, "/pushes", "provider.pushes.search", search, only != "" || state != ""),
		Pager: console.Pager{Shown: len(page.Events)}}
	view.Search.Filters = []console.Field{suiteFilter(list, only), stateFilter(state)}
	for _, e := range page.Events {
		line, err := h.pushLine(r, v, list, e)
		if err != nil {
			return err
		}
		view.Pushes = append(view.Pushes, line)
	}
	if after > 0 {
		view.Pager.FirstURL = more(v, "/pushes", r, "after", "")
	}
	if page.Next != 0 {
		view.Pager.NextURL = more(v, "/pushes", r, "after", strconv.FormatInt(page.Next, 10))
	}
	view.Empty = noPushes(view.Search.ClearURL != "", v.URL("/login"))
	return h.Console.Render(w, r, v, "provider/pushes", view)
}

func noPushes(searched bool, loginURL string) console.Empty {
	if searched {
		return nothingFound
	}
	return console.Empty{Title: "provider.pushes.none", Text: "provider.pushes.none_text", ActionURL: loginURL, Action: "provider.pushes.none_do"}
}

func stateFilter(chosen push.State) console.Field {
	f := console.Field{Name: "state", Label: "provider.filter.state", Type: "select", Value: string(chosen),
		Options: []console.Option{{Value: "", Label: "provider.filter.all_states", Selected: chosen == ""}}}
	for _, s := range []push.State{push.Pending, push.Delivered, push.GivenUp} {
		f.Options = append(f.Options, console.Option{Value: string(s), Label: "provider.push." + string(s), Selected: s == chosen})
	}
	return f
}

func (h *Handler) pushLine(r *http.Request, v *console.Visit, list []*apps.App, e push.Record) (PushLine, error) {
	id := strconv.FormatInt(e.Row, 10)
	line := PushLine{Event: id, At: console.Stamp(e.At), Type: e.InfoType, Change: e.ChangeType, State: string(e.State), Attempts: e.Attempts,
		Status: e.Status, Step: string(e.Step), URL: v.URL("/pushes/" + id)}
	for _, app := range list {
		if app.Row == e.Suite {
			line.Suite = app.Name
		}
	}
	var err error
	line.Company, err = h.company(r, e.Corp)
	return line, err
}

// company is the name of a corp by row; "" where there is none.
func (h *Handler) company(r *http.Request, row int64) (string, error) {
	if row == 0 {
		return "", nil
	}
	corp, err := h.Directory.Corp(r.Context(), row)
	if errors.Is(err, directory.ErrNotFound) {
		return "", nil
	}
	return corp.Name, err
}

// event is the event in the path, if it is of one of the provider's suites.
func (h *Handler) event(r *http.Request, v *console.Visit) ([]*apps.App, push.Record, error) {
	list, err := h.suites(r, v)
	if err != nil {
		return nil, push.Record{}, err
	}
	row, err := strconv.ParseInt(r.PathValue("event"), 10, 64)
	if err != nil {
		return nil, push.Record{}, respond.NotFound()
	}
	e, err := h.Push.EventOf(r.Context(), rows(list), row)
	if errors.Is(err, push.ErrNotFound) {
		err = respond.NotFound()
	}
	return list, e, err
}

// showPush shows one event with all its attempts.
func (h *Handler) showPush(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	list, e, err := h.event(r, v)
	if err != nil {
		return err
	}
	view := PushView{Frame: v.Frame("pushes"), Crumb: console.Crumb{URL: v.URL("/pushes"), Label: "provider.pushes.title"}}
	if view.Push, err = h.pushLine(r, v, list, e); err != nil {
		return err
	}
	if e.Repeats != 0 {
		view.Repeats = v.URL("/pushes/" + strconv.FormatInt(e.Repeats, 10))
	}
	attempts, err := h.Push.Attempts(r.Context(), e.Row)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		view.Attempts = append(view.Attempts, checkOf("attempt", a))
	}
	if e.State != push.Pending && e.InfoType != checkType {
		view.AgainURL = v.URL("/pushes/" + strconv.FormatInt(e.Row, 10) + "/again")
	}
	return h.Console.Render(w, r, v, "provider/push", view)
}

// pushAgain sends an event again, as a new one.
func (h *Handler) pushAgain(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	_, e, err := h.event(r, v)
	if err != nil {
		return err
	}
	row, err := h.Push.Again(r.Context(), e.Row)
	switch {
	case errors.Is(err, push.ErrNotFound), errors.Is(err, push.ErrCheck):
		return respond.NotFound()
	case errors.Is(err, push.ErrPending):
		return v.See(w, "/pushes/"+strconv.FormatInt(e.Row, 10))
	case err != nil:
		return err
	}
	if err := h.record(r, v, audit.EventSentAgain, &apps.App{Row: e.Suite}, e.InfoType, ""); err != nil {
		return err
	}
	h.Console.Flash(w, r, "provider.push.again_done")
	return v.See(w, "/pushes/"+strconv.FormatInt(row, 10))
}
