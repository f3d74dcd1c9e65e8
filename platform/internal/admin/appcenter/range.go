package appcenter

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

const (
	foundMax  = 20  // members a search shows
	chosenMax = 200 // members a range may name; more are a department's
)

// selection is what a form of the picker has chosen.
type selection struct {
	departments []int64
	members     []directory.Member
	search      string
	searching   bool // the form asks for a search, not to be saved
}

func (s selection) empty() bool { return len(s.departments)+len(s.members) == 0 }

func (s selection) rows() []int64 {
	var rows []int64
	for _, m := range s.members {
		rows = append(rows, m.Row)
	}
	return rows
}

// selected reads the picker's form. A member or department that is not of the corp is as
// unknown as one that does not exist.
func (h *Handler) selected(r *http.Request, corpRow int64) (selection, error) {
	if err := r.ParseForm(); err != nil {
		return selection{}, respond.BadRequest()
	}
	s := selection{search: r.PostForm.Get("q"), searching: r.PostForm.Get("do") == "search"}
	for _, text := range r.PostForm["department"] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return s, respond.NotFound()
		}
		if _, err := h.Directory.Department(r.Context(), corpRow, n); err != nil {
			return s, known(err)
		}
		s.departments = append(s.departments, n)
	}
	if len(r.PostForm["member"]) > chosenMax {
		return s, respond.BadRequest(respond.Fact{Label: "appcenter.fact.members_max", Value: strconv.Itoa(chosenMax)})
	}
	for _, userid := range r.PostForm["member"] {
		m, err := h.Directory.MemberByUserID(r.Context(), corpRow, userid)
		if err != nil {
			return s, known(err)
		}
		s.members = append(s.members, m)
	}
	return s, nil
}

// current is a holder's range as a selection.
func (h *Handler) current(r *http.Request, holder int64) (selection, error) {
	departments, rows, err := h.Apps.Range(r.Context(), holder)
	s := selection{departments: departments}
	for _, row := range rows {
		m, err := h.Directory.Member(r.Context(), row)
		if err != nil {
			return s, err
		}
		s.members = append(s.members, m)
	}
	return s, err
}

// picker shows a selection, and what its search finds.
func (h *Handler) picker(r *http.Request, corpRow int64, s selection) (Picker, error) {
	all, err := h.Directory.Departments(r.Context(), corpRow)
	if err != nil {
		return Picker{}, err
	}
	p := Picker{Tree: nodes(all, 0, s.departments), Search: s.search}
	for _, m := range s.members {
		p.Chosen = append(p.Chosen, Pick{UserID: m.UserID, Name: m.Name})
	}
	if s.search == "" {
		return p, nil
	}
	found, err := h.Directory.Members(r.Context(), directory.MemberQuery{Corp: corpRow, Search: s.search, Limit: foundMax})
	if err != nil {
		return p, err
	}
	p.Searched, p.More = true, found.Next != ""
	for _, m := range found.Members {
		if !slices.ContainsFunc(s.members, func(c directory.Member) bool { return c.Row == m.Row }) {
			p.Found = append(p.Found, Pick{UserID: m.UserID, Name: m.Name})
		}
	}
	return p, nil
}

// nodes are the departments beneath one, in their order.
func nodes(all []directory.Department, parent int64, checked []int64) []Node {
	children := map[int64][]directory.Department{}
	for _, d := range all {
		children[d.Parent] = append(children[d.Parent], d)
	}
	var below func(parent int64) []Node
	below = func(parent int64) []Node {
		var list []Node
		for _, d := range children[parent] {
			n := Node{Number: d.Number, Name: d.Name, Count: d.Count, Checked: slices.Contains(checked, d.Number), Below: below(d.Number)}
			n.Open = d.Number == directory.Root || slices.ContainsFunc(n.Below, func(b Node) bool { return b.Open || b.Checked })
			list = append(list, n)
		}
		return list
	}
	return below(parent)
}

// rangeOf is a holder's range in a few words.
func (h *Handler) rangeOf(r *http.Request, corpRow, holder int64) (Range, error) {
	s, err := h.current(r, holder)
	if err != nil {
		return Range{}, err
	}
	var to Range
	for _, n := range s.departments {
		if n == directory.Root {
			return Range{Everyone: true}, nil
		}
		d, err := h.Directory.Department(r.Context(), corpRow, n)
		if err != nil {
			return to, err
		}
		to.Departments = append(to.Departments, d.Name)
	}
	for _, m := range s.members {
		to.Members = append(to.Members, m.Name)
	}
	return to, nil
}

// known answers what the corp does not have like a page that does not exist.
func known(err error) error {
	if errors.Is(err, directory.ErrNotFound) {
		return respond.NotFound()
	}
	return err
}
