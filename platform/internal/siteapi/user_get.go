package siteapi

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// maxUserID is the longest userid in bytes (90332).
const maxUserID = 64

// userGet answers one member within the visible range (90332).
func (h *Handler) userGet(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	userid := r.URL.Query().Get(protocol.QueryUserID)
	switch {
	case userid == "":
		return protocol.CodeMissingUserID
	case len(userid) > maxUserID:
		return protocol.CodeInvalidUserID
	}
	ctx := r.Context()
	v, err := h.view(ctx, c)
	if err != nil {
		return err
	}
	m, err := h.visible(ctx, v, userid)
	if err != nil {
		return err
	}
	all, err := h.Directory.DepartmentsOf(ctx, m.Row)
	if err != nil {
		return err
	}
	leads, err := h.Directory.LeadsOf(ctx, m.Row)
	if err != nil {
		return err
	}
	shown := apps.VisibleMember{Row: m.Row, UserID: m.UserID, Name: m.Name, Alias: m.Alias, Position: m.Position,
		Gender: m.Gender, Status: int(m.Status)}
	seen := map[int64]bool{}
	for i, d := range all {
		shown.Departments = append(shown.Departments, apps.MemberDepartment{Number: d, Main: i == 0, Leader: slices.Contains(leads, d)})
		if seen[d], err = h.Apps.InRangeDepartment(ctx, v.holder, v.corp, d); err != nil {
			return err
		}
	}
	return respond.WriteJSON(w, protocol.User{Failure: protocol.Success(), ListedUser: v.listed(shown, seen)})
}

// listed is what is seen of a member: of the departments those in range (seen) alone, and
// for a provider nothing personal. Mobile and email are not among what an own app is shown
// since 2022-06-20 (90332).
func (v view) listed(m apps.VisibleMember, seen map[int64]bool) protocol.ListedUser {
	u := protocol.ListedUser{UserID: v.userID(m.Row, m.UserID), Name: v.name(m.Row, m.UserID, m.Name),
		Department: []protocol.Int{}, Status: protocol.Int(m.Status), OpenUserID: v.openUserID(m.Row)}
	for _, d := range m.Departments {
		if !seen[d.Number] {
			continue
		}
		if d.Main {
			u.MainDepartment = protocol.Int(d.Number)
		}
		leads := protocol.Int(0)
		if d.Leader {
			leads = 1
		}
		u.Department = append(u.Department, protocol.Int(d.Number))
		u.Order = append(u.Order, 0)
		u.IsLeaderInDept = append(u.IsLeaderInDept, leads)
	}
	if v.provider == nil {
		u.Position, u.Alias, u.Gender = m.Position, m.Alias, protocol.Text(strconv.Itoa(m.Gender))
	}
	return u
}
