package siteapi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// getLoginInfo exchanges the code of an old login, or of an admin's jump, for who came, and
// what the person may administer (91125). It serves while the provider's old login is on.
func (h *Handler) getLoginInfo(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	if !c.provider.OldLogin {
		return respond.Because(protocol.CodeAPIForbidden, "the provider's old login is switched off")
	}
	var in protocol.GetLoginInfo
	if err := body(r, &in); err != nil {
		return err
	}
	code, kind, err := h.personCode(r, c, in.AuthCode, "")
	if err != nil {
		return withoutAgents(err)
	}
	answer, err := h.loginInfo(r.Context(), c, code, kind)
	if err != nil {
		return withoutAgents(err)
	}
	return withoutAgents(h.spend(w, r, c, code, answer))
}

// loginInfo is what the provider is shown of an admin and, where the code is of an old login,
// of any member.
func (h *Handler) loginInfo(ctx context.Context, c *caller, code tokens.Code, kind tokens.Kind) (protocol.LoginInfo, error) {
	answer := protocol.LoginInfo{Failure: protocol.Success()}
	v := view{corp: code.Corp, provider: c.provider}
	if err := h.fit(ctx, &v); err != nil {
		return answer, err
	}
	admin, err := h.Directory.AdminOf(ctx, code.Corp, code.Person)
	switch {
	case errors.Is(err, directory.ErrNotFound) && kind == tokens.OldLoginCode && code.Member != 0:
		return h.memberInfo(ctx, v, code)
	case errors.Is(err, directory.ErrNotFound): // since checkJump, or the phone, looked
		return answer, respond.Because(c.grant.badCode, "no longer an admin who manages the app")
	case err != nil:
		return answer, err
	}
	answer.UserType = protocol.Int(admin.Kind)
	answer.CorpInfo.CorpID = v.corpID(admin.Corp)
	if answer.UserInfo, err = h.loginUser(ctx, v, admin); err != nil {
		return answer, err
	}
	answer.Agent = []protocol.LoginAgent{}
	installed, err := h.Apps.InstallationsOf(ctx, code.Corp)
	if err != nil {
		return answer, err
	}
	for _, i := range installed {
		if i.App.CorpRow == c.provider.CorpRow && administers(admin, i.Row) {
			answer.Agent = append(answer.Agent, protocol.LoginAgent{AgentID: protocol.Int(i.AgentID), AuthType: authType(admin, i.Row)})
		}
	}
	answer.AuthInfo = &protocol.LoginAuthInfo{Department: []protocol.LoginDepartment{}}
	if admin.SeesAll() {
		answer.AuthInfo.Department = append(answer.AuthInfo.Department, protocol.LoginDepartment{ID: 1, Writable: true})
	}
	for _, d := range admin.Departments {
		answer.AuthInfo.Department = append(answer.AuthInfo.Department, protocol.LoginDepartment{ID: protocol.Int(d.Number), Writable: d.Writable})
	}
	return answer, nil
}

// memberInfo is what the provider is shown of a member who administers nothing.
func (h *Handler) memberInfo(ctx context.Context, v view, code tokens.Code) (protocol.LoginInfo, error) {
	answer := protocol.LoginInfo{Failure: protocol.Success(), UserType: protocol.UserTypeMember}
	m, err := h.member(ctx, code.Member)
	if err != nil {
		return answer, err
	}
	id := v.userID(m.Row, m.UserID)
	answer.CorpInfo.CorpID = v.corpID(m.Corp)
	answer.UserInfo = protocol.LoginUser{UserID: id, OpenUserID: v.openUserID(m.Row), Name: id}
	return answer, nil
}

// loginUser is the admin as the provider sees members. Of one who is in no address book it
// sees nothing: the sign-in name may look like an email, but it was chosen and never proved,
// and a site that joins people by email would let anybody in as anybody. Only the sandbox
// shows it, for the shape of the real answer.
func (h *Handler) loginUser(ctx context.Context, v view, admin directory.Admin) (protocol.LoginUser, error) {
	if admin.Member == 0 {
		if !h.Sandbox {
			return protocol.LoginUser{}, nil
		}
		p, err := h.Directory.Person(ctx, admin.Person)
		if err != nil || !strings.Contains(p.Account, "@") {
			return protocol.LoginUser{}, err
		}
		return protocol.LoginUser{Email: p.Account}, nil
	}
	m, err := h.member(ctx, admin.Member)
	id := v.userID(m.Row, m.UserID)
	return protocol.LoginUser{UserID: id, OpenUserID: v.openUserID(m.Row), Name: id}, err
}

// withoutAgents gives a refusal the empty list that the real one carries (91125).
func withoutAgents(err error) error {
	if errors.Is(err, protocol.CodeInvalidCode) {
		return noAgents{err}
	}
	return err
}

type noAgents struct{ error }

func (e noAgents) Unwrap() error { return e.error }

// Answer is the failure with an empty list.
func (noAgents) Answer(f protocol.Failure) any {
	return struct {
		protocol.Failure
		Agent []protocol.LoginAgent `json:"agent"`
	}{f, []protocol.LoginAgent{}}
}
