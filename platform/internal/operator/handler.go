package operator

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Handler serves the operator's console. Its fields are what it needs.
type Handler struct {
	Console     *console.Service
	Directory   *directory.Service
	Apps        *apps.Service
	Credentials *credentials.Service
	Audit       *audit.Log
	// PhoneURL begins enrolment links, no trailing slash.
	PhoneURL string
}

// Mount adds the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	page := func(pattern string, act func(http.ResponseWriter, *http.Request, *console.Visit) error) {
		mux.Handle(pattern, h.Console.Page(console.Operator, act))
	}
	sensitive := func(pattern string, act func(http.ResponseWriter, *http.Request, *console.Visit) error) {
		mux.Handle(pattern, h.Console.Sensitive(console.Operator, act))
	}
	page("GET /operator", h.showHome)
	sensitive("POST /operator/operators", h.inviteOperator)
	sensitive("POST /operator/operators/{person}/remove", h.removeOperator)
	page("GET /operator/corps", h.showCorps)
	page("GET /operator/corps/new", h.showNewCorp)
	sensitive("POST /operator/corps", h.createCorp)
	page("GET /operator/corps/{corp}", h.showCorp)
	sensitive("POST /operator/corps/{corp}/link", h.makeLink)
	sensitive("POST /operator/corps/{corp}/provider", h.admitProvider)
	page("GET /operator/providers", h.showProviders)
	page("POST /operator/providers/{corp}/old-login", h.switchOldLogin)
	page("GET /operator/suites", h.showSuites)
	page("POST /operator/suites/{suite}/online", h.switchOnline)
}

// pageLength is how many rows a list shows.
const pageLength = 30

// maxSearch bounds what is searched for, in bytes.
const maxSearch = 100

func searched(r *http.Request) string {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	if len(q) > maxSearch {
		q = strings.ToValidUTF8(q[:maxSearch], "")
	}
	return q
}

// number reads a place in a list from the address; 0 for what is none.
func number(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// search is the box over a list.
func search(r *http.Request, v *console.Visit, path, label, q string) console.Search {
	s := console.Search{URL: v.URL(path), Label: label, Value: q}
	if q != "" {
		s.ClearURL = v.URL(path)
	}
	if r.URL.Query().Has("lang") {
		s.Keep = []console.Hidden{{Name: "lang", Value: respond.Lang(r)}}
	}
	return s
}

// pager leads to the next page, whose place is at, and back to the first.
func pager(v *console.Visit, path, q string, first, more bool, name, at string, shown int) console.Pager {
	p := console.Pager{Shown: shown}
	values := url.Values{}
	if q != "" {
		values.Set("q", q)
	}
	if !first {
		p.FirstURL = v.URL(path + query(values))
	}
	if more {
		values.Set(name, at)
		p.NextURL = v.URL(path + query(values))
	}
	return p
}

func query(values url.Values) string {
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// corp is the company of the path; NotFound where there is none.
func (h *Handler) corp(ctx context.Context, r *http.Request) (directory.Corp, error) {
	c, err := h.Directory.CorpByCorpID(ctx, r.PathValue("corp"))
	if errors.Is(err, directory.ErrNotFound) {
		return c, respond.NotFound()
	}
	return c, err
}
