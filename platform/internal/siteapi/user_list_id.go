package siteapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// userListID answers the visible members page by page, one entry for each department of
// each (96021). A member who is in range, but in no department that is, has one entry with
// the root's id.
func (h *Handler) userListID(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	var in protocol.ListUserIDs
	if err := body(r, &in); err != nil {
		return err
	}
	if in.Limit == 0 {
		in.Limit = protocol.ListUserIDsMax
	}
	if in.Limit < 1 || in.Limit > protocol.ListUserIDsMax {
		return invalid(fmt.Sprintf("limit must be 1 to %d", protocol.ListUserIDsMax))
	}
	ctx := r.Context()
	v, err := h.view(ctx, c)
	if err != nil {
		return err
	}
	from, skip, err := v.place(in.Cursor)
	if err != nil {
		return err
	}
	seen, err := h.seenDepartments(ctx, v)
	if err != nil {
		return err
	}
	// One more than fits tells whether there is another page; the first may be listed already.
	list, err := h.Apps.VisibleMembers(ctx, v.holder, apps.VisibleQuery{After: from - 1, Limit: int(in.Limit) + 2})
	if err != nil {
		return err
	}
	answer := protocol.UserIDPage{Failure: protocol.Success(), DeptUser: []protocol.DeptUser{}}
	for _, m := range list {
		for i, d := range entries(m, seen) {
			switch {
			case m.Row == from && i < skip:
			case len(answer.DeptUser) == int(in.Limit):
				answer.NextCursor = v.cursor(m.Row, i)
				return respond.WriteJSON(w, answer)
			default:
				u := protocol.DeptUser{OpenUserID: v.openUserID(m.Row), Department: d}
				if v.plain {
					u = protocol.DeptUser{UserID: m.UserID, Department: d}
				}
				answer.DeptUser = append(answer.DeptUser, u)
			}
		}
	}
	return respond.WriteJSON(w, answer)
}

// entries are the departments under which a member is listed.
func entries(m apps.VisibleMember, seen map[int64]bool) []protocol.Int {
	var list []protocol.Int
	for _, d := range m.Departments {
		if seen[d.Number] {
			list = append(list, protocol.Int(d.Number))
		}
	}
	if list == nil {
		list = []protocol.Int{1}
	}
	return list
}

// cursor names the next entry: a member and how many of its departments were listed. A
// provider is shown it as it sees the member: row numbers would let two providers compare.
func (v view) cursor(memberRow int64, listed int) string {
	id := v.openUserID(memberRow)
	if id == "" {
		id = strconv.FormatInt(memberRow, 10)
	}
	return id + "." + strconv.Itoa(listed)
}

// place reads a cursor; the empty one is the first place.
func (v view) place(cursor string) (memberRow int64, listed int, err error) {
	if cursor == "" {
		return 1, 0, nil
	}
	id, rest, _ := strings.Cut(cursor, ".")
	listed, err = strconv.Atoi(rest)
	if v.provider != nil {
		corp, row, ok := v.provider.OpenMember(id)
		if !ok || corp != v.corp {
			return 0, 0, invalid("not a cursor of this list")
		}
		memberRow = row
	} else if memberRow, _ = strconv.ParseInt(id, 10, 64); memberRow < 1 {
		return 0, 0, invalid("not a cursor of this list")
	}
	if err != nil || listed < 0 {
		return 0, 0, invalid("not a cursor of this list")
	}
	return memberRow, listed, nil
}
