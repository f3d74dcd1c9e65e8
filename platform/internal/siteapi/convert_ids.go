package siteapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// corpIDToOpenCorpID tells a provider what it sees of a corp whose plain corpid it has
// (95604): only of one that installed a suite of the provider.
func (h *Handler) corpIDToOpenCorpID(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	var in protocol.CorpIDToOpenCorpID
	if err := body(r, &in); err != nil {
		return err
	}
	if in.CorpID == "" {
		return protocol.CodeMissingCorpID
	}
	ctx := r.Context()
	corp, err := h.Directory.CorpByCorpID(ctx, in.CorpID)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		return protocol.CodeInvalidCorpID
	case err != nil:
		return err
	}
	about(r).corp = corp.Row
	installed, err := h.Apps.InstallationsOf(ctx, corp.Row)
	if err != nil {
		return err
	}
	for _, i := range installed {
		if i.App.CorpRow == c.provider.CorpRow {
			return respond.WriteJSON(w, protocol.OpenCorpID{Failure: protocol.Success(), OpenCorpID: c.provider.CorpIDFor(corp.Row)})
		}
	}
	return respond.Because(protocol.CodeAPIUnauthorized, "the corp has installed no app of this provider")
}

// userIDToOpenUserID tells a provider what it sees of members whose plain userids it has
// (97062), within the visible range.
func (h *Handler) userIDToOpenUserID(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	var in protocol.UserIDToOpenUserID
	if err := body(r, &in); err != nil {
		return err
	}
	if err := checkList(in.UserIDList, "userid_list"); err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.view(ctx, c)
	if err != nil {
		return err
	}
	plain := v
	plain.plain = true
	answer := protocol.OpenUserIDs{Failure: protocol.Success(), OpenUserIDList: []protocol.OpenUserID{}, InvalidUserIDList: []string{}}
	for _, id := range in.UserIDList {
		m, err := h.visible(ctx, plain, id)
		switch {
		case unknown(err):
			answer.InvalidUserIDList = append(answer.InvalidUserIDList, id)
		case err != nil:
			return err
		default:
			answer.OpenUserIDList = append(answer.OpenUserIDList, protocol.OpenUserID{UserID: id, OpenUserID: v.openUserID(m.Row)})
		}
	}
	return respond.WriteJSON(w, answer)
}

// openUserIDToUserID tells a corp's own app whom a provider means (95884). The members must
// be in range of both: the app that asks, and the installed one the ids come from.
func (h *Handler) openUserIDToUserID(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	var in protocol.OpenUserIDToUserID
	if err := body(r, &in); err != nil {
		return err
	}
	if err := checkList(in.OpenUserIDList, "open_userid_list"); err != nil {
		return err
	}
	if in.SourceAgentID == 0 {
		return protocol.CodeMissingAgentID
	}
	ctx := r.Context()
	inst, err := h.Apps.InstallationByAgent(ctx, c.corp(), int64(in.SourceAgentID))
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return respond.Because(protocol.CodeInvalidAgentID, "source_agentid is no installed app of the corp")
	case err != nil:
		return err
	}
	provider, err := h.Apps.Provider(ctx, inst.App.CorpRow)
	if err != nil {
		return err
	}
	source := view{corp: inst.CorpRow, holder: inst.Row, agentID: inst.AgentID, provider: provider} // encrypted ids alone
	answer := protocol.UserIDs{Failure: protocol.Success(), UserIDList: []protocol.UserID{}, InvalidOpenUserIDList: []string{}}
	for _, id := range in.OpenUserIDList {
		m, err := h.visible(ctx, source, id)
		in := false
		if err == nil {
			in, err = h.Apps.InRange(ctx, c.app.Row, m.Row)
		}
		switch {
		case unknown(err) || err == nil && !in:
			answer.InvalidOpenUserIDList = append(answer.InvalidOpenUserIDList, id)
		case err != nil:
			return err
		default:
			answer.UserIDList = append(answer.UserIDList, protocol.UserID{OpenUserID: id, UserID: m.UserID})
		}
	}
	return respond.WriteJSON(w, answer)
}

// unknown tells that a member is not there, or not for this caller.
func unknown(err error) bool {
	return errors.Is(err, protocol.CodeUserNotFound) || errors.Is(err, protocol.CodeNoPrivilege)
}

func checkList(list []string, name string) error {
	switch {
	case len(list) == 0:
		return protocol.CodeEmptyParameter
	case len(list) > protocol.MaxConvertedIDs:
		return invalid(fmt.Sprintf("%s holds more than %d ids", name, protocol.MaxConvertedIDs))
	}
	return nil
}
