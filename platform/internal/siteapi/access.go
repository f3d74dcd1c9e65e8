package siteapi

import (
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// grant says what one endpoint takes: under which query names the token comes, what kind
// it is, which app it must belong to, and which kind of code.
type grant struct {
	names   []string
	token   tokens.Kind
	app     apps.Kind
	code    tokens.Kind // empty: none
	missing protocol.Code
	bad     protocol.Code
	expired protocol.Code
	foreign protocol.Code // a code that another app issued
}

// grants is the one table of which kind is accepted where; what is not in it is refused.
var grants = map[string]grant{
	protocol.PathGetUserInfo3rd: {
		names: []string{protocol.QuerySuiteAccessToken},
		token: tokens.SuiteToken, app: apps.LoginSuite, code: tokens.LoginCode,
		missing: protocol.CodeMissingSuiteAccessToken, bad: protocol.CodeInvalidSuiteAccessToken,
		expired: protocol.CodeSuiteAccessTokenExpired, foreign: protocol.CodeInvalidCode,
	},
	protocol.PathOldGetUserInfo3rd: {
		names: []string{protocol.QueryAccessToken, protocol.QuerySuiteAccessToken},
		token: tokens.SuiteToken, app: apps.LoginSuite, code: tokens.LoginCode,
		missing: protocol.CodeMissingAccessToken, bad: protocol.CodeInvalidSuiteAccessToken,
		expired: protocol.CodeSuiteAccessTokenExpired, foreign: protocol.CodeInvalidCode,
	},
	protocol.PathGetUserInfo: {
		names: []string{protocol.QueryAccessToken},
		token: tokens.CorpAppToken, app: apps.CorpApp, code: tokens.CorpCode,
		missing: protocol.CodeMissingAccessToken, bad: protocol.CodeInvalidAccessToken,
		expired: protocol.CodeAccessTokenExpired, foreign: protocol.CodeRedirectURIUnauthorized,
	},
	protocol.PathOldGetUserInfo: {
		names: []string{protocol.QueryAccessToken},
		token: tokens.CorpAppToken, app: apps.CorpApp, code: tokens.CorpCode,
		missing: protocol.CodeMissingAccessToken, bad: protocol.CodeInvalidAccessToken,
		expired: protocol.CodeAccessTokenExpired, foreign: protocol.CodeRedirectURIUnauthorized,
	},
	protocol.PathUserGet: {
		names: []string{protocol.QueryAccessToken},
		token: tokens.CorpAppToken, app: apps.CorpApp,
		missing: protocol.CodeMissingAccessToken, bad: protocol.CodeInvalidAccessToken,
		expired: protocol.CodeAccessTokenExpired,
	},
}

// caller answers the app whose token a request bears, if that token is one this endpoint
// takes. Tokens are read from the query only.
func (h *Handler) caller(r *http.Request) (*apps.App, grant, error) {
	g := grants[r.URL.Path]
	query := r.URL.Query()
	text := ""
	for _, name := range g.names {
		if text = query.Get(name); text != "" {
			break
		}
	}
	if text == "" {
		return nil, g, g.missing
	}
	token, err := h.Tokens.OpenToken(g.token, text)
	switch {
	case errors.Is(err, tokens.ErrExpired):
		return nil, g, g.expired
	case err != nil:
		return nil, g, g.bad
	}
	app, err := h.Apps.App(r.Context(), token.App)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return nil, g, g.bad
	case err != nil:
		return nil, g, err
	case token.Generation != app.SecretGeneration:
		return nil, g, g.bad
	case app.Kind != g.app:
		return nil, g, protocol.CodeAPIForbidden
	}
	return app, g, nil
}
