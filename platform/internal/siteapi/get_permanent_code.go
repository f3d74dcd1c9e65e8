package siteapi

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// getPermanentCode exchanges the code of an install for the permanent code (90603). With it
// come a corp token and what was installed.
func (h *Handler) getPermanentCode(w http.ResponseWriter, r *http.Request) error {
	return h.grantPermanentCode(w, r, func(ctx context.Context, v view, inst *apps.Installation, corp directory.Corp, answer *protocol.PermanentCode) error {
		agents, err := h.agents(ctx, v, inst)
		if err != nil {
			return err
		}
		answer.AuthInfo, answer.AuthCorpInfo = &agents, authCorp(v, corp)
		token, left, err := h.Tokens.Issue(ctx, tokens.InstalledToken, inst.Row, inst.Generation)
		answer.AccessToken, answer.ExpiresIn = token, seconds(left)
		return err
	})
}

// getPermanentCodeV2 is the same with the shorter answer (100776).
func (h *Handler) getPermanentCodeV2(w http.ResponseWriter, r *http.Request) error {
	return h.grantPermanentCode(w, r, nil)
}

// grantPermanentCode checks everything, then spends the install code and makes the permanent
// code in one transaction: neither happens without the other. more, if any, adds to the answer.
func (h *Handler) grantPermanentCode(w http.ResponseWriter, r *http.Request,
	more func(context.Context, view, *apps.Installation, directory.Corp, *protocol.PermanentCode) error) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	code, inst, err := h.installCode(r, c)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.viewOf(ctx, c.provider, inst)
	if err != nil {
		return err
	}
	corp, err := h.Directory.Corp(ctx, inst.CorpRow)
	if err != nil {
		return err
	}
	answer := protocol.PermanentCode{Failure: protocol.Success(), State: inst.State,
		AuthCorpInfo: protocol.AuthCorp{CorpID: v.corpID(corp), CorpName: corp.Name}}
	if answer.AuthUserInfo, err = h.installer(ctx, v, inst.CorpRow, cmp.Or(code.Person, inst.InstalledBy)); err != nil {
		return err
	}
	err = h.Apps.Update(ctx, func(tx *sql.Tx) error {
		if err := h.Tokens.SpendIn(ctx, tx, code); err != nil {
			return err
		}
		answer.PermanentCode, err = h.Apps.GrantPermanentCodeIn(ctx, tx, inst.Row)
		return err
	})
	switch {
	case errors.Is(err, tokens.ErrSpent):
		return respond.Because(c.grant.badCode, "code already spent")
	case errors.Is(err, apps.ErrNotFound):
		return respond.Because(c.grant.badCode, "the corp has uninstalled the app")
	case err != nil:
		return err
	}
	if inst, err = h.Apps.InstallationByRow(ctx, inst.Row); err != nil {
		return err
	}
	if more == nil {
		return respond.WriteJSON(w, answer)
	}
	if err := more(ctx, v, inst, corp, &answer); err != nil {
		return err
	}
	return respond.WriteJSON(w, answer)
}

// installCode opens the auth_code of a request and reads the installation it is of.
func (h *Handler) installCode(r *http.Request, c *caller) (tokens.Code, *apps.Installation, error) {
	var in protocol.GetPermanentCode
	if err := body(r, &in); err != nil {
		return tokens.Code{}, nil, err
	}
	switch n := len(in.AuthCode); {
	case n == 0:
		return tokens.Code{}, nil, protocol.CodeMissingAuthCode
	case n < protocol.AuthCodeMinBytes:
		return tokens.Code{}, nil, invalid(fmt.Sprintf("auth_code exceed min length %d. Invalid input invalid Request Parameter", protocol.AuthCodeMinBytes))
	case n > protocol.CodeMaxBytes:
		return tokens.Code{}, nil, invalid(fmt.Sprintf("auth_code exceed max length %d. Invalid input invalid Request Parameter", protocol.CodeMaxBytes))
	}
	code, _, err := h.openCode(c, in.AuthCode)
	if err != nil {
		return code, nil, err
	}
	if code.App != c.app.Row {
		return code, nil, respond.Because(c.grant.foreign, "code of another suite")
	}
	about(r).corp = code.Corp
	inst, err := h.Apps.InstallationByRow(r.Context(), code.Installation)
	if errors.Is(err, apps.ErrNotFound) || err == nil && (inst.App.Row != code.App || inst.CorpRow != code.Corp) {
		err = respond.Because(c.grant.badCode, "the corp has uninstalled the app")
	}
	return code, inst, err
}
