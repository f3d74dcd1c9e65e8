package siteapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// agentGet answers the token's own app, as it stands in the corp (90363, 96448).
func (h *Handler) agentGet(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.view(ctx, c)
	if err != nil {
		return err
	}
	text := r.URL.Query().Get(protocol.QueryAgentID)
	if text == "" {
		return protocol.CodeMissingAgentID
	}
	agentID, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return protocol.CodeInvalidAgentID
	}
	if err := h.ownAgent(ctx, v, agentID); err != nil {
		return err
	}
	departments, members, err := h.rangeOf(ctx, v)
	if err != nil {
		return err
	}
	answer := protocol.Agent{Failure: protocol.Success(), AgentID: protocol.Int(v.agentID), Name: c.app.Name,
		SquareLogoURL: h.logo(c.app), Description: c.app.About, HomeURL: c.app.HomeURL,
		AllowUserInfos: protocol.AllowUsers{User: []protocol.AllowUser{}},
		AllowPartys:    protocol.AllowPartys{PartyID: departments}, AllowTags: protocol.AllowTags{TagID: []protocol.Int{}}}
	for _, id := range members {
		answer.AllowUserInfos.User = append(answer.AllowUserInfos.User, protocol.AllowUser{UserID: id})
	}
	if len(c.app.Addresses.Trusted) > 0 {
		answer.RedirectDomain = c.app.Addresses.Trusted[0]
	}
	return respond.WriteJSON(w, answer)
}

// ownAgent tells whether an agentid is the caller's: 301002 where another app of the corp has
// it, 40056 where none has.
func (h *Handler) ownAgent(ctx context.Context, v view, agentID int64) error {
	if agentID == v.agentID {
		return nil
	}
	_, err := h.Apps.CorpApp(ctx, v.corp, agentID)
	if errors.Is(err, apps.ErrNotFound) {
		_, err = h.Apps.InstallationByAgent(ctx, v.corp, agentID)
	}
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return protocol.CodeInvalidAgentID
	case err != nil:
		return err
	}
	return respond.Because(protocol.CodeForeignAgent, "agentid of another app of the corp")
}

// rangeOf reads what a visible range names: department ids, and userids as they are seen.
// Neither list is nil.
func (h *Handler) rangeOf(ctx context.Context, v view) ([]protocol.Int, []string, error) {
	departments, members := []protocol.Int{}, []string{}
	numbers, rows, err := h.Apps.Range(ctx, v.holder)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range numbers {
		departments = append(departments, protocol.Int(n))
	}
	for _, row := range rows {
		m, err := h.Directory.Member(ctx, row)
		switch {
		case errors.Is(err, directory.ErrNotFound): // removed this moment
		case err != nil:
			return nil, nil, err
		default:
			members = append(members, v.userID(row, m.UserID))
		}
	}
	return departments, members, nil
}

// logo is the address of an app's picture, or else of its provider's; empty where neither
// has one.
func (h *Handler) logo(a *apps.App) string {
	digest := a.LogoDigest
	if digest == "" {
		digest = a.BrandLogo
	}
	if digest == "" {
		return ""
	}
	return h.PublicURL + "/logo/" + digest + ".png"
}
