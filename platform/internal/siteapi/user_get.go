package siteapi

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// maxUserID is the longest userid in bytes (90332).
const maxUserID = 64

// userGet answers one member to a corp's own app, within its visible range (90332). Mobile
// and email are not among what an own app is shown since 2022-06-20.
func (h *Handler) userGet(w http.ResponseWriter, r *http.Request) error {
	app, _, err := h.caller(r)
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
	m, err := h.Directory.MemberByUserID(ctx, app.CorpRow, userid)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		return protocol.CodeUserNotFound
	case err != nil:
		return err
	}
	in, err := h.Apps.InRange(ctx, app.Row, m.Row)
	switch {
	case err != nil:
		return err
	case !in:
		return protocol.CodeNoPrivilege
	}
	departments, err := h.Directory.DepartmentsOf(ctx, m.Row)
	if err != nil {
		return err
	}
	answer := protocol.User{Failure: protocol.Success(), ListedUser: protocol.ListedUser{UserID: m.UserID, Name: m.Name,
		Department: []protocol.Int{}, Position: m.Position, Status: protocol.Int(m.Status),
		Gender: protocol.Text(strconv.Itoa(m.Gender))}}
	for i, d := range departments {
		if i == 0 {
			answer.MainDepartment = protocol.Int(d)
		}
		answer.Department = append(answer.Department, protocol.Int(d))
		answer.Order = append(answer.Order, 0)
		answer.IsLeaderInDept = append(answer.IsLeaderInDept, 0)
	}
	return respond.WriteJSON(w, answer)
}
