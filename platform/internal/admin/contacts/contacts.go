package contacts

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// pageLength is how many members a page shows.
const pageLength = 50

// maxSearch bounds what is searched for, in bytes.
const maxSearch = 100

// listQuery is what the address asks to see.
type listQuery struct {
	department int64 // 0: all that is seen
	search     string
	status     directory.Status
	after      string
}

func readQuery(form url.Values) (q listQuery) {
	q.department, _ = strconv.ParseInt(form.Get("d"), 10, 64)
	q.search, q.after = form.Get("q"), form.Get("after")
	if len(q.search) > maxSearch {
		q.search = q.search[:maxSearch]
	}
	if n, err := strconv.Atoi(form.Get("status")); err == nil {
		switch s := directory.Status(n); s {
		case directory.Active, directory.Disabled, directory.NotEnrolled:
			q.status = s
		}
	}
	return q
}

// path is the address of a list; after is the page.
func (q listQuery) path(after string) string {
	values := url.Values{}
	if q.department != 0 {
		values.Set("d", strconv.FormatInt(q.department, 10))
	}
	if q.search != "" {
		values.Set("q", q.search)
	}
	if q.status != 0 {
		values.Set("status", strconv.Itoa(int(q.status)))
	}
	if after != "" {
		values.Set("after", after)
	}
	if len(values) == 0 {
		return "/contacts"
	}
	return "/contacts?" + values.Encode()
}

// members is the query of a list in the directory.
func (q listQuery) members(rt *rights) directory.MemberQuery {
	return directory.MemberQuery{Corp: rt.admin.Corp.Row, Department: q.department, Below: true, Search: q.search,
		Status: q.status, Scope: rt.admin.Scope(), After: q.after, Limit: pageLength}
}

// showContacts shows the tree and a page of members.
func (h *Handler) showContacts(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	q := readQuery(r.URL.Query())
	if q.department != 0 && !rt.sees(q.department) {
		return respond.NotFound()
	}
	page, err := h.Directory.Members(r.Context(), q.members(rt))
	if errors.Is(err, directory.ErrNotFound) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "contacts/list", h.listView(r, v, rt, q, page))
}

func (h *Handler) listView(r *http.Request, v *console.Visit, rt *rights, q listQuery, page directory.MemberPage) ListView {
	all := listQuery{department: q.department}
	view := ListView{Frame: v.Frame("contacts"), Tree: treeView(v, rt, q), Writable: rt.writesAny(), Total: page.Total, AtLeast: page.AtLeast,
		ExportURL: v.URL("/contacts/export"), Query: exportFields(q), ImportURL: v.URL("/contacts/import")}
	if d, ok := rt.at[q.department]; ok {
		view.Department = &DepartmentHead{Name: d.Name, Number: d.Number, Count: d.Count}
		if rt.moves(d.Number) {
			view.Department.EditURL = v.URL("/contacts/departments/" + strconv.FormatInt(d.Number, 10))
		}
	}
	parent := "?d=" + strconv.FormatInt(q.department, 10)
	if rt.writesAny() && (q.department == 0 || rt.writes(q.department)) {
		view.NewURL, view.NewDepartmentURL = v.URL("/contacts/members/new"+parent), v.URL("/contacts/departments/new"+parent)
	}
	view.Search = console.Search{URL: v.URL("/contacts"), Label: "contacts.search", Value: q.search,
		Filters: []console.Field{{Name: "status", Label: "contacts.status", Type: "select", Options: statusOptions(q.status)}}}
	if lang := r.URL.Query().Get("lang"); lang != "" {
		view.Search.Keep = append(view.Search.Keep, console.Hidden{Name: "lang", Value: lang})
	}
	if q.department != 0 {
		view.Search.Keep = append(view.Search.Keep, console.Hidden{Name: "d", Value: strconv.FormatInt(q.department, 10)})
	}
	if q.search != "" || q.status != 0 {
		view.Search.ClearURL, view.Filtered = v.URL(all.path("")), true
	}
	for _, m := range page.Members {
		line := MemberLine{ID: strconv.FormatInt(m.Row, 10), UserID: m.UserID, Name: m.Name, Position: m.Position, Mobile: m.Mobile,
			Status: int(m.Status), Admin: int(m.Admin), URL: v.URL("/contacts/members/" + strconv.FormatInt(m.Row, 10))}
		for _, d := range m.Departments {
			if rt.sees(d) {
				line.Departments = append(line.Departments, rt.at[d].Name)
			}
		}
		view.Members = append(view.Members, line)
	}
	view.Pager = console.Pager{Shown: len(page.Members)}
	if !page.AtLeast {
		view.Pager.Total = page.Total
	}
	if q.after != "" {
		view.Pager.FirstURL = v.URL(q.path(""))
	}
	if page.Next != "" {
		view.Pager.NextURL = v.URL(q.path(page.Next))
	}
	return view
}

func statusOptions(is directory.Status) []console.Option {
	list := []console.Option{{Label: "contacts.status.any", Selected: is == 0}}
	for _, s := range []directory.Status{directory.Active, directory.NotEnrolled, directory.Disabled} {
		list = append(list, console.Option{Value: strconv.Itoa(int(s)), Label: "contacts.status." + strconv.Itoa(int(s)), Selected: is == s})
	}
	return list
}

// treeView is the tree of what is seen: open along the way to the department that is shown.
func treeView(v *console.Visit, rt *rights, q listQuery) []*Node {
	nodes := map[int64]*Node{}
	var tops []*Node
	for _, d := range rt.tree {
		if !rt.sees(d.Number) {
			continue
		}
		n := &Node{Name: d.Name, Count: d.Count, Active: d.Number == q.department,
			URL: v.URL(listQuery{department: d.Number}.path(""))}
		nodes[d.Number] = n
		if up := nodes[d.Parent]; up != nil {
			up.Children = append(up.Children, n)
		} else {
			n.Open = true
			tops = append(tops, n)
		}
	}
	for d, ok := rt.at[q.department]; ok; d, ok = rt.at[d.Parent] {
		if n := nodes[d.Number]; n != nil {
			n.Open = true
		}
	}
	return tops
}
