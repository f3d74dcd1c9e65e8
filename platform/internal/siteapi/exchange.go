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

// exchange opens a request's code for the app that calls, asks show for the answer, and
// spends the code last of all: a wrong token, an untrusted domain or a member who is gone
// burns nothing.
func (h *Handler) exchange(w http.ResponseWriter, r *http.Request, show func(context.Context, *caller, tokens.Code) (any, error)) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	if !c.app.Enabled {
		return respond.Because(protocol.CodeAppDisabled, "the login suite is switched off")
	}
	query := r.URL.Query()
	code, _, err := h.personCode(r, c, query.Get(protocol.QueryCode), query.Get(protocol.QueryCodeVerifier))
	if err != nil {
		return err
	}
	answer, err := show(r.Context(), c, code)
	if err != nil {
		return err
	}
	return h.spend(w, r, c, code, answer)
}

// spend spends a code and gives the answer it is good for.
func (h *Handler) spend(w http.ResponseWriter, r *http.Request, c *caller, code tokens.Code, answer any) error {
	if err := h.Tokens.Spend(r.Context(), code); errors.Is(err, tokens.ErrSpent) {
		return respond.Because(c.grant.badCode, "code already spent")
	} else if err != nil {
		return err
	}
	return respond.WriteJSON(w, answer)
}

// openCode opens a code of one of the kinds an endpoint takes with this caller's token.
func (h *Handler) openCode(c *caller, text string) (tokens.Code, tokens.Kind, error) {
	for _, kind := range c.codes() {
		code, err := h.Tokens.OpenCode(kind, text)
		switch {
		case err == nil:
			return code, kind, nil
		case errors.Is(err, tokens.ErrExpired):
			return code, kind, respond.Because(c.grant.badCode, "code expired")
		}
	}
	if kind := h.Tokens.Recognise(text); kind != "" {
		return tokens.Code{}, "", respond.Because(c.grant.badCode, "not a code for this call and token but a "+string(kind))
	}
	return tokens.Code{}, "", respond.Because(c.grant.badCode, "not a code for this call")
}

// personCode opens the code of a person who signed in or, where the endpoint takes those
// too, of an admin who came over from the console.
func (h *Handler) personCode(r *http.Request, c *caller, text, verifier string) (tokens.Code, tokens.Kind, error) {
	if text == "" {
		return tokens.Code{}, "", protocol.CodeMissingAuthCode
	}
	code, kind, err := h.openCode(c, text)
	if err != nil {
		return code, kind, err
	}
	if !code.VerifierFits(verifier) {
		return code, kind, respond.Because(c.grant.badCode, "PKCE verifier does not fit")
	}
	switch {
	case kind == tokens.AdminCode:
		err = h.checkJump(r.Context(), c, code)
	case kind == tokens.OldLoginCode:
		err = h.checkOldLogin(r.Context(), c, code)
	case code.App != c.app.Row:
		err = respond.Because(c.grant.foreign, "code of another app")
	case !c.app.StillTrusts(code.Origin, h.Development):
		err = respond.Because(protocol.CodeRedirectURIUnauthorized, "redirect origin is no longer trusted")
	case kind == tokens.InClientCode:
		err = h.checkInstalled(r.Context(), c, code)
	}
	if err == nil {
		about(r).corp = code.Corp // not before: whose code it is is nobody else's business
	}
	return code, kind, err
}

// checkInstalled tells whether the installation in which a member opened a suite still
// stands.
func (h *Handler) checkInstalled(ctx context.Context, c *caller, code tokens.Code) error {
	inst, err := h.Apps.Installation(ctx, code.App, code.Corp)
	if errors.Is(err, apps.ErrNotFound) || err == nil && inst.Row != code.Installation {
		return respond.Because(c.grant.badCode, "the corp has uninstalled the app")
	}
	return err
}

// checkOldLogin tells whether the code of an old login is the calling provider's, and the
// place it was sent to still its own.
func (h *Handler) checkOldLogin(ctx context.Context, c *caller, code tokens.Code) error {
	login, err := h.Apps.App(ctx, code.App)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return respond.Because(c.grant.badCode, "code of a login suite that is gone")
	case err != nil:
		return err
	case login.CorpRow != c.provider.CorpRow || login.Kind != apps.LoginSuite:
		return respond.Because(c.grant.foreign, "code of another provider")
	case !login.StillTrusts(code.Origin, h.Development):
		return respond.Because(protocol.CodeRedirectURIUnauthorized, "redirect origin is no longer trusted")
	case code.Corp == 0:
		return respond.Because(c.grant.badCode, "a person in no company, whom this call cannot name")
	}
	return nil
}

// checkJump tells whether the code of an admin's jump still stands for what it was made
// for: a suite of the calling provider, installed, whose 业务设置URL has that origin, and an
// admin who manages it.
func (h *Handler) checkJump(ctx context.Context, c *caller, code tokens.Code) error {
	suite, err := h.Apps.App(ctx, code.App)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return respond.Because(c.grant.badCode, "code of an app that is gone")
	case err != nil:
		return err
	case suite.CorpRow != c.provider.CorpRow:
		return respond.Because(c.grant.foreign, "code of another provider's app")
	}
	business, problem, err := h.Apps.Business(ctx, suite, h.Sandbox)
	switch {
	case err != nil:
		return err
	case problem != "" || business.Origin != code.Origin:
		return respond.Because(protocol.CodeRedirectURIUnauthorized, "the business-settings URL has another origin now, or its domain is not proved")
	}
	inst, err := h.Apps.Installation(ctx, suite.Row, code.Corp)
	switch {
	case errors.Is(err, apps.ErrNotFound) || err == nil && inst.Row != code.Installation && code.Installation != 0:
		return respond.Because(c.grant.badCode, "the corp has uninstalled the app")
	case err != nil:
		return err
	}
	admin, err := h.Directory.AdminOf(ctx, code.Corp, code.Person)
	if errors.Is(err, directory.ErrNotFound) || err == nil && (admin.Member != code.Member || !admin.Manages(inst.Row)) {
		return respond.Because(c.grant.badCode, "no longer an admin who manages the app")
	}
	return err
}
