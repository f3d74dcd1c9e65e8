package siteapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// userSimpleList answers the direct members of a department, with few fields (90336).
func (h *Handler) userSimpleList(w http.ResponseWriter, r *http.Request) error {
	answer := protocol.UserSimpleList{Failure: protocol.Success(), UserList: []protocol.SimpleUser{}}
	err := h.members(r, func(u protocol.ListedUser) {
		answer.UserList = append(answer.UserList, protocol.SimpleUser{
			UserID: u.UserID, Name: u.Name, Department: u.Department, OpenUserID: u.OpenUserID})
	})
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, answer)
}

// userList answers the direct members of a department (96260).
func (h *Handler) userList(w http.ResponseWriter, r *http.Request) error {
	answer := protocol.UserList{Failure: protocol.Success(), UserList: []protocol.ListedUser{}}
	err := h.members(r, func(u protocol.ListedUser) { answer.UserList = append(answer.UserList, u) })
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, answer)
}

// members shows the direct members of the department that a request asks for.
func (h *Handler) members(r *http.Request, show func(protocol.ListedUser)) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	number, err := departmentID(r.URL.Query().Get(protocol.QueryDepartmentID))
	if err != nil {
		return err
	}
	v, err := h.view(ctx, c)
	if err != nil {
		return err
	}
	seen, err := h.seenDepartments(ctx, v)
	if err != nil {
		return err
	}
	if !seen[number] {
		return h.unseen(ctx, v, number)
	}
	list, err := h.Apps.VisibleMembers(ctx, v.holder, apps.VisibleQuery{Department: number})
	if err != nil {
		return err
	}
	for _, m := range list {
		show(v.listed(m, seen))
	}
	return nil
}

// seenDepartments are the numbers of the departments in range.
func (h *Handler) seenDepartments(ctx context.Context, v view) (map[int64]bool, error) {
	list, err := h.Apps.VisibleDepartments(ctx, v.holder)
	seen := map[int64]bool{}
	for _, d := range list {
		seen[d.Number] = true
	}
	return seen, err
}

func (h *Handler) departmentExists(ctx context.Context, corp, number int64) (bool, error) {
	_, err := h.Directory.DepartmentName(ctx, corp, number)
	if errors.Is(err, directory.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
