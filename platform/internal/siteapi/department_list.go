package siteapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// departmentList answers a visible department and all beneath it, or all that are visible
// (90344).
func (h *Handler) departmentList(w http.ResponseWriter, r *http.Request) error {
	v, list, err := h.departments(r)
	if err != nil {
		return err
	}
	answer := protocol.DepartmentList{Failure: protocol.Success(), Department: []protocol.Department{}}
	for _, d := range list {
		answer.Department = append(answer.Department, v.department(d))
	}
	return respond.WriteJSON(w, answer)
}

// departmentSimpleList is departmentList without names.
func (h *Handler) departmentSimpleList(w http.ResponseWriter, r *http.Request) error {
	_, list, err := h.departments(r)
	if err != nil {
		return err
	}
	answer := protocol.DepartmentSimpleList{Failure: protocol.Success(), DepartmentID: []protocol.DepartmentNode{}}
	for _, d := range list {
		answer.DepartmentID = append(answer.DepartmentID, protocol.DepartmentNode{
			ID: protocol.Int(d.Number), ParentID: protocol.Int(d.Parent), Order: protocol.Int(d.Position)})
	}
	return respond.WriteJSON(w, answer)
}

// departmentGet answers one visible department (95407).
func (h *Handler) departmentGet(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	number, err := departmentID(r.URL.Query().Get(protocol.QueryID))
	if err != nil {
		return err
	}
	v, err := h.view(r.Context(), c)
	if err != nil {
		return err
	}
	list, err := h.Apps.VisibleDepartments(r.Context(), v.holder)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.Number == number {
			return respond.WriteJSON(w, protocol.DepartmentAnswer{Failure: protocol.Success(), Department: v.department(d)})
		}
	}
	return h.unseen(r.Context(), v, number)
}

func (v view) department(d apps.VisibleDepartment) protocol.Department {
	return protocol.Department{ID: protocol.Int(d.Number), Name: v.departmentName(d.Number, d.Name),
		ParentID: protocol.Int(d.Parent), Order: protocol.Int(d.Position)}
}

// departments lists what a request of a list asks for.
func (h *Handler) departments(r *http.Request) (view, []apps.VisibleDepartment, error) {
	c, err := h.caller(r)
	if err != nil {
		return view{}, nil, err
	}
	ctx, text, number := r.Context(), r.URL.Query().Get(protocol.QueryID), int64(0)
	if text != "" {
		if number, err = departmentID(text); err != nil {
			return view{}, nil, err
		}
	}
	v, err := h.view(ctx, c)
	if err != nil {
		return v, nil, err
	}
	list, err := h.Apps.VisibleDepartments(ctx, v.holder)
	if err != nil || text == "" {
		return v, list, err
	}
	if list = beneath(list, number); len(list) == 0 {
		return v, nil, h.unseen(ctx, v, number)
	}
	return v, list, nil
}

// beneath keeps one department of a list and all beneath it.
func beneath(list []apps.VisibleDepartment, number int64) []apps.VisibleDepartment {
	children := map[int64][]apps.VisibleDepartment{}
	var kept []apps.VisibleDepartment
	for _, d := range list {
		if d.Number == number {
			kept = append(kept, d)
		} else {
			children[d.Parent] = append(children[d.Parent], d)
		}
	}
	for i := 0; i < len(kept); i++ {
		kept = append(kept, children[kept[i].Number]...)
	}
	return kept
}

// departmentID reads the id of a department.
func departmentID(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, protocol.CodeInvalidDepartmentID
	}
	return n, nil
}

// unseen says why a department is not shown: 60003 where the corp has none of that id, 60011
// where it lies outside the visible range.
func (h *Handler) unseen(ctx context.Context, v view, number int64) error {
	exists, err := h.departmentExists(ctx, v.corp, number)
	switch {
	case err != nil:
		return err
	case !exists:
		return protocol.CodeDepartmentNotFound
	}
	return respond.Because(protocol.CodeNoPrivilege, "department is outside the app's visible range")
}
