package operator

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// CorpsView is the page operator/corps.
type CorpsView struct {
	console.Frame
	Search console.Search `json:"search"`
	Corps  []Corp         `json:"corps"`
	Pager  console.Pager  `json:"pager"`
	Empty  console.Empty  `json:"-"`
	NewURL string         `json:"-"`
}

// Corp is one company in a list.
type Corp struct {
	CorpID   string `json:"corpid"`
	Name     string `json:"name"`
	Provider bool   `json:"provider,omitempty"`
	URL      string `json:"url"`
}

func corpPath(corpid string) string { return "/corps/" + url.PathEscape(corpid) }

func (h *Handler) showCorps(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	q, after := searched(r), number(r, "after")
	found, err := h.Directory.Corps(r.Context(), q, after, pageLength+1)
	if err != nil {
		return err
	}
	more := len(found) > pageLength
	if more {
		found = found[:pageLength]
	}
	view := CorpsView{Frame: v.Frame("corps"), Search: search(r, v, "/corps", "operator.corps.search", q), Corps: []Corp{},
		NewURL: v.URL("/corps/new"), Empty: noCorps(v.URL("/corps/new"))}
	if q != "" {
		view.Empty = nothingFound
	}
	for _, c := range found {
		provider, err := h.isProvider(r, c)
		if err != nil {
			return err
		}
		view.Corps = append(view.Corps, Corp{CorpID: c.CorpID, Name: c.Name, Provider: provider, URL: v.URL(corpPath(c.CorpID))})
	}
	at := ""
	if more {
		at = strconv.FormatInt(found[len(found)-1].Row, 10)
	}
	view.Pager = pager(v, "/corps", q, after == 0, more, "after", at, len(found))
	return h.Console.Render(w, r, v, "operator/corps", view)
}

func (h *Handler) isProvider(r *http.Request, c directory.Corp) (bool, error) {
	_, err := h.Apps.Provider(r.Context(), c.Row)
	if errors.Is(err, apps.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func noCorps(newURL string) console.Empty {
	return console.Empty{Title: "operator.corps.empty", Text: "operator.corps.empty_help", ActionURL: newURL, Action: "operator.corps.new"}
}

var nothingFound = console.Empty{Title: "operator.nothing", Text: "operator.nothing_help"}
