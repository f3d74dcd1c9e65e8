package siteapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// getAuthInfo answers who installed a suite and what it may see (90604).
func (h *Handler) getAuthInfo(w http.ResponseWriter, r *http.Request) error {
	return h.authInfo(w, r, false)
}

// getAuthInfoV2 is the same with the corp's other names, which no corp has here (100795).
func (h *Handler) getAuthInfoV2(w http.ResponseWriter, r *http.Request) error {
	return h.authInfo(w, r, true)
}

func (h *Handler) authInfo(w http.ResponseWriter, r *http.Request, names bool) error {
	c, inst, corp, err := h.authorized(r)
	if err != nil {
		return err
	}
	v, err := h.viewOf(r.Context(), c.provider, inst)
	if err != nil {
		return err
	}
	agents, err := h.agents(r.Context(), v, inst)
	if err != nil {
		return err
	}
	answer := protocol.AuthInfo{Failure: protocol.Success(), AuthCorpInfo: authCorp(v, corp), AuthInfo: agents}
	if names {
		answer.AuthCorpInfo.ExName = &protocol.CorpExNames{NameList: []string{}}
	}
	return respond.WriteJSON(w, answer)
}

// getCorpToken answers the token of a suite in one corp (90605).
func (h *Handler) getCorpToken(w http.ResponseWriter, r *http.Request) error {
	_, inst, _, err := h.authorized(r)
	if err != nil {
		return err
	}
	token, left, err := h.Tokens.Issue(r.Context(), tokens.InstalledToken, inst.Row, inst.Generation)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.AppToken{Failure: protocol.Success(), AccessToken: token, ExpiresIn: seconds(left)})
}

// authorized reads the installation that a request names by corp and permanent code.
func (h *Handler) authorized(r *http.Request) (*caller, *apps.Installation, directory.Corp, error) {
	refuse := func(err error) (*caller, *apps.Installation, directory.Corp, error) {
		return nil, nil, directory.Corp{}, err
	}
	c, err := h.caller(r)
	if err != nil {
		return refuse(err)
	}
	var in protocol.Authorization
	if err := body(r, &in); err != nil {
		return refuse(err)
	}
	switch {
	case in.AuthCorpID == "":
		return refuse(protocol.CodeMissingAuthCorpID)
	case in.PermanentCode == "":
		return refuse(protocol.CodeMissingPermanentCode)
	}
	ban := banKey(r, c.app.SuiteID+" "+in.AuthCorpID)
	if h.Bans.Banned(ban) {
		return refuse(protocol.CodeTooFrequent)
	}
	corp, err := h.corpBy(r.Context(), c.provider, in.AuthCorpID)
	if err != nil {
		return refuse(err)
	}
	about(r).corp = corp.Row
	inst, err := h.Apps.Installation(r.Context(), c.app.Row, corp.Row)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return refuse(respond.Because(protocol.CodeInvalidPermanentCode, "the corp has not installed the app, or uninstalled it"))
	case err != nil:
		return refuse(err)
	case !inst.PermanentCodeIs(in.PermanentCode):
		h.Bans.Fail(ban)
		return refuse(respond.Because(protocol.CodeInvalidPermanentCode, "not the permanent code of this corp and app, or replaced by a newer one"))
	}
	return c, inst, corp, nil
}

// authCorp is what is told of the corp that installed. Nobody verifies corps here.
func authCorp(v view, c directory.Corp) protocol.AuthCorp {
	return protocol.AuthCorp{CorpID: v.corpID(c), CorpName: c.Name, CorpType: protocol.CorpUnverified, FullName: c.Name, SubjectType: 1}
}

// agents is what was installed, and what it may see.
func (h *Handler) agents(ctx context.Context, v view, inst *apps.Installation) (protocol.Agents, error) {
	app, err := h.Apps.App(ctx, inst.App.Row)
	if err != nil {
		return protocol.Agents{}, err
	}
	departments, members, err := h.rangeOf(ctx, v)
	if err != nil {
		return protocol.Agents{}, err
	}
	logo := h.logo(app)
	return protocol.Agents{Agent: []protocol.AuthAgent{{AgentID: protocol.Int(inst.AgentID), Name: app.Name,
		RoundLogoURL: logo, SquareLogoURL: logo, Privilege: &protocol.Privilege{Level: 1,
			AllowParty: departments, AllowUser: members, AllowTag: []protocol.Int{},
			ExtraParty: []protocol.Int{}, ExtraUser: []string{}, ExtraTag: []protocol.Int{}}}}}, nil
}

// installer is the admin who authorised a suite in a corp; nil for one who is no member of
// the corp, or is no more.
func (h *Handler) installer(ctx context.Context, v view, corp, person int64) (*protocol.AuthUser, error) {
	memberships, err := h.Directory.Memberships(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, m := range memberships {
		if m.Corp.Row == corp {
			id := v.userID(m.Row, m.UserID)
			return &protocol.AuthUser{UserID: id, OpenUserID: v.openUserID(m.Row), Name: id}, nil
		}
	}
	return nil, nil
}
