package contacts

import (
	"database/sql"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// departmentForm is what a form says of a department.
type departmentForm struct {
	directory.Department
	order    string
	problems map[string]string // locale key by field
	problem  string
}

func readDepartment(r *http.Request) departmentForm {
	f := departmentForm{problems: map[string]string{}, order: strings.TrimSpace(r.PostFormValue("order"))}
	f.Name = strings.TrimSpace(r.PostFormValue("name"))
	f.Parent, _ = strconv.ParseInt(r.PostFormValue("parent"), 10, 64)
	if f.order != "" {
		var err error
		if f.Position, err = strconv.ParseInt(f.order, 10, 64); err != nil {
			f.Position = -1
		}
	}
	return f
}

// refuse notes what a rule has refused; what is no refusal comes back.
func (f *departmentForm) refuse(err error) error {
	if invalid, ok := errors.AsType[*directory.InvalidError](err); ok {
		f.problems[invalid.Field] = "contacts.problem.department." + invalid.Field + "." + invalid.Rule
		return nil
	}
	for _, c := range []struct {
		err        error
		field, key string
	}{
		{directory.ErrNameTaken, "name", "contacts.problem.department.name.taken"},
		{directory.ErrCycle, "parent", "contacts.problem.department.parent.cycle"},
		{directory.ErrTooDeep, "parent", "contacts.problem.department.parent.deep"},
		{directory.ErrNoDepartment, "parent", "contacts.problem.department.parent.unknown"},
		{directory.ErrRoot, "parent", "contacts.problem.department.parent.root"},
	} {
		if errors.Is(err, c.err) {
			f.problems[c.field] = c.key
			return nil
		}
	}
	if errors.Is(err, directory.ErrNotEmpty) {
		f.problem = "contacts.department.kept.full"
		return nil
	}
	return err
}

func (h *Handler) showNewDepartment(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	if !rt.writesAny() {
		return respond.Forbidden(nil)
	}
	f := departmentForm{}
	if f.Parent, _ = strconv.ParseInt(r.URL.Query().Get("d"), 10, 64); !rt.writes(f.Parent) {
		f.Parent = 0
	}
	return h.renderDepartment(w, r, v, rt, f)
}

// department finds the department of the address, which must be seen by the visitor.
func (h *Handler) department(r *http.Request, v *console.Visit) (*rights, directory.Department, error) {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return nil, directory.Department{}, err
	}
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || !rt.sees(number) {
		return nil, directory.Department{}, respond.NotFound()
	}
	if !rt.moves(number) {
		return nil, directory.Department{}, respond.Forbidden(nil)
	}
	return rt, rt.at[number], nil
}

func (h *Handler) showDepartment(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, d, err := h.department(r, v)
	if err != nil {
		return err
	}
	return h.renderDepartment(w, r, v, rt, departmentForm{Department: d, order: strconv.FormatInt(d.Position, 10)})
}

func (h *Handler) renderDepartment(w http.ResponseWriter, r *http.Request, v *console.Visit, rt *rights, f departmentForm) error {
	view := DepartmentView{Frame: v.Frame("contacts"), Crumb: console.Crumb{URL: v.URL("/contacts"), Label: "contacts.back"},
		Number: f.Number, Name: f.Name, Problem: f.problem, SaveURL: v.URL("/contacts/departments"), BackURL: v.URL("/contacts")}
	view.Fields = []console.Field{{Name: "name", Label: "contacts.department.name", Value: f.Name, Max: 64,
		Help: "contacts.department.name.help", Error: f.problems["name"]}}
	if f.Number != directory.Root {
		parent := console.Field{Name: "parent", Label: "contacts.department.parent", Type: "select", Error: f.problems["parent"]}
		for _, d := range rt.tree {
			if rt.writes(d.Number) && d.Number != f.Number {
				parent.Options = append(parent.Options, console.Option{Value: strconv.FormatInt(d.Number, 10),
					Text: rt.path(d.Number), Selected: d.Number == f.Parent})
			}
		}
		view.Fields = append(view.Fields, parent)
	}
	view.Fields = append(view.Fields, console.Field{Name: "order", Label: "contacts.department.order", Value: f.order,
		Help: "contacts.department.order.help", Optional: true, Error: f.problems["order"], Max: 10})
	if was, there := rt.at[f.Number]; there {
		path := "/contacts/departments/" + strconv.FormatInt(f.Number, 10)
		view.Name, view.Count, view.SaveURL = was.Name, was.Count, v.URL(path)
		view.BackURL = v.URL(listQuery{department: f.Number}.path(""))
		view.Crumb = console.Crumb{URL: view.BackURL, Text: was.Name}
		switch {
		case f.Number == directory.Root:
			view.Kept = "contacts.department.kept.root"
		case was.Count > 0 || hasChildren(rt, f.Number):
			view.Kept = "contacts.department.kept.full"
		default:
			view.RemoveURL = v.URL(path + "/remove")
		}
	}
	status := http.StatusOK
	if len(f.problems) > 0 || f.problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Console.RenderStatus(w, r, v, status, "contacts/department", view)
}

func hasChildren(rt *rights, number int64) bool {
	for _, d := range rt.tree {
		if d.Parent == number {
			return true
		}
	}
	return false
}

func (h *Handler) addDepartment(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, err := h.rights(r.Context(), v.Admin)
	if err != nil {
		return err
	}
	f := readDepartment(r)
	if err := rt.own([]int64{f.Parent}); err != nil {
		return err
	}
	var made directory.Department
	err = h.change(r, func(tx *sql.Tx) (e audit.Entry, err error) {
		made, err = h.Directory.AddDepartmentIn(r.Context(), tx, v.Corp.Row, f.Department)
		return v.Entry(audit.DepartmentAdded, made.Name, ""), err
	})
	if err != nil {
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderDepartment(w, r, v, rt, f)
	}
	h.Console.Flash(w, r, "contacts.said.department_added")
	return v.See(w, listQuery{department: made.Number}.path(""))
}

func (h *Handler) saveDepartment(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, was, err := h.department(r, v)
	if err != nil {
		return err
	}
	f := readDepartment(r)
	f.Number = was.Number
	if was.Number == directory.Root {
		f.Parent = 0
	} else if err := rt.own([]int64{f.Parent}); err != nil {
		return err
	}
	err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
		detail := renamed(was.Name, f.Name)
		if f.Parent != was.Parent {
			detail = strings.TrimSpace(detail + " " + renamed(rt.path(was.Parent), rt.path(f.Parent)))
		}
		return v.Entry(audit.DepartmentChanged, was.Name, detail), h.Directory.UpdateDepartmentIn(r.Context(), tx, v.Corp.Row, f.Department)
	})
	if err != nil {
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderDepartment(w, r, v, rt, f)
	}
	h.Console.Flash(w, r, "console.saved")
	return v.See(w, listQuery{department: was.Number}.path(""))
}

func (h *Handler) removeDepartment(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	rt, was, err := h.department(r, v)
	if err != nil {
		return err
	}
	err = h.change(r, func(tx *sql.Tx) (audit.Entry, error) {
		return v.Entry(audit.DepartmentRemoved, was.Name, ""), h.Directory.RemoveDepartmentIn(r.Context(), tx, v.Corp.Row, was.Number)
	})
	if err != nil {
		f := departmentForm{Department: was, order: strconv.FormatInt(was.Position, 10), problems: map[string]string{}}
		if err := f.refuse(err); err != nil {
			return err
		}
		return h.renderDepartment(w, r, v, rt, f)
	}
	h.Console.Flash(w, r, "contacts.said.department_removed")
	return v.See(w, listQuery{department: was.Parent}.path(""))
}
