package siteapi

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// serviceGetAdminList answers the administrators of a suite in a corp that installed it
// (90606).
func (h *Handler) serviceGetAdminList(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	var in protocol.GetAdminList
	if err := body(r, &in); err != nil {
		return err
	}
	switch {
	case in.AuthCorpID == "":
		return protocol.CodeMissingAuthCorpID
	case in.AgentID == 0:
		return protocol.CodeMissingAgentID
	}
	ctx := r.Context()
	corp, err := h.corpBy(ctx, c.provider, in.AuthCorpID)
	if err != nil {
		return err
	}
	about(r).corp = corp.Row
	inst, err := h.Apps.Installation(ctx, c.app.Row, corp.Row)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return respond.Because(protocol.CodeInvalidAuthorization, "the corp has not installed the app")
	case err != nil:
		return err
	case int64(in.AgentID) != inst.AgentID:
		return respond.Because(protocol.CodeInvalidAgentID, "not the app's agentid in this corp")
	}
	v, err := h.viewOf(ctx, c.provider, inst)
	if err != nil {
		return err
	}
	return h.admins(ctx, w, v)
}

// agentGetAdminList answers the administrators of the token's own app.
func (h *Handler) agentGetAdminList(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.view(ctx, c)
	if err != nil {
		return err
	}
	// The token says all; what a client adds must not contradict it.
	var in protocol.GetAdminList
	if len(raw) > 0 && protocol.Decode(raw, &in) == nil && in.AgentID != 0 {
		if err := h.ownAgent(ctx, v, int64(in.AgentID)); err != nil {
			return err
		}
	}
	return h.admins(ctx, w, v)
}

// admins answers who administers the holder of a view. External admins, who are not in the
// address book, and disabled members are left out.
func (h *Handler) admins(ctx context.Context, w http.ResponseWriter, v view) error {
	list, err := h.Directory.Admins(ctx, v.corp)
	if err != nil {
		return err
	}
	answer := protocol.AdminList{Failure: protocol.Success(), Admin: []protocol.Admin{}}
	for _, a := range list {
		if a.Member == 0 || !administers(a, v.holder) {
			continue
		}
		m, err := h.Directory.Member(ctx, a.Member)
		switch {
		case errors.Is(err, directory.ErrNotFound) || err == nil && m.Status == directory.Disabled:
		case err != nil:
			return err
		default:
			answer.Admin = append(answer.Admin, protocol.Admin{UserID: v.userID(m.Row, m.UserID),
				OpenUserID: v.openUserID(m.Row), AuthType: authType(a, v.holder)})
		}
	}
	return respond.WriteJSON(w, answer)
}

// administers tells whether an admin has anything to do with an installation or corp app.
func administers(a directory.Admin, holder int64) bool {
	_, has := a.Apps[holder]
	return has || a.SeesAll()
}

// authType is what an admin may do with an installation or corp app.
func authType(a directory.Admin, holder int64) protocol.Int {
	if a.Manages(holder) {
		return protocol.AuthTypeManage
	}
	return protocol.AuthTypeUse
}
