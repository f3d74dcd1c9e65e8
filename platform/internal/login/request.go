package login

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// maxState is the longest state in bytes. The documentation names no limit for this page;
// what is longer would make redirect addresses that servers refuse.
const maxState = 1024

// asked is the query of a login link, with every default applied.
type asked struct {
	loginType    string
	appID        string
	agentID      string
	redirectURI  string
	state        string
	redirectType string
	scheme       string
	challenge    string
	fastLogin    string

	app      *apps.App
	redirect apps.Redirect
}

// refusal is why a login link is not served: a page code, and what the page shows with it.
type refusal struct {
	code     protocol.PageCode
	rule     apps.Rule
	received string
}

// Why an app that exists takes no sign-ins; they end locale keys as the rules of redirect_uri
// do.
const (
	ruleDisabled apps.Rule = "disabled" // the provider switched 登录授权 off
	ruleStopped  apps.Rule = "stopped"  // the corp stopped its app
)

// param reads one value; the panel script writes "undefined" and "null" where a site gave
// nothing.
func param(q url.Values, name string) string {
	v := q.Get(name)
	if v == "undefined" || v == "null" {
		return ""
	}
	return v
}

func readQuery(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{
		loginType:    param(q, protocol.ParamLoginType),
		appID:        param(q, protocol.ParamAppID),
		agentID:      param(q, protocol.ParamAgentID),
		redirectURI:  param(q, protocol.ParamRedirectURI),
		state:        param(q, protocol.ParamState),
		redirectType: param(q, protocol.ParamRedirectType),
		scheme:       param(q, protocol.ParamColorScheme),
		challenge:    param(q, protocol.ParamCodeChallenge),
		fastLogin:    param(q, protocol.ParamFastLogin),
	}
	if a.loginType == "" {
		a.loginType = protocol.LoginTypeServiceApp
		if a.agentID != "" {
			a.loginType = protocol.LoginTypeCorpApp
		}
	}
	switch a.redirectType {
	case protocol.RedirectCallback, protocol.RedirectSelf:
	default:
		a.redirectType = protocol.RedirectTop
	}
	switch a.scheme {
	case protocol.ColorDark, protocol.ColorAuto:
	default:
		a.scheme = protocol.ColorLight
	}
	return a
}

// check holds a login link against the app it names. The refusal is nil when it may be
// served; the error is for what is nobody's fault.
func (h *Handler) check(ctx context.Context, a *asked) (*refusal, error) {
	var bad *refusal
	var err error
	switch a.loginType {
	case protocol.LoginTypeServiceApp:
		a.app, bad, err = h.loginSuite(ctx, a.appID)
	case protocol.LoginTypeCorpApp:
		a.app, bad, err = h.corpApp(ctx, a.appID, a.agentID)
	default:
		bad = &refusal{code: protocol.PageInvalidLoginType, received: a.loginType}
	}
	if bad != nil || err != nil {
		return bad, err
	}
	return h.checkRedirect(a), nil
}

// checkRedirect holds the redirect_uri of a link against the app's addresses.
func (h *Handler) checkRedirect(a *asked) *refusal {
	var rule apps.Rule
	a.redirect, rule = a.app.CheckRedirect(a.redirectURI, h.Development)
	switch {
	case rule == apps.RuleEmpty:
		return &refusal{code: protocol.PageRedirectEmpty}
	case rule != "":
		code := protocol.PageRedirectNotCallbackDomain
		if a.app.Kind == apps.CorpApp {
			code = protocol.PageRedirectNotTrustedDomain
		}
		return &refusal{code: code, rule: rule, received: a.redirectURI}
	}
	return nil
}

// loginSuite finds the login suite a ServiceApp link names, and tells the common mistakes
// apart: an ordinary suite, a provider's corpid, a corp that is no provider.
func (h *Handler) loginSuite(ctx context.Context, id string) (*apps.App, *refusal, error) {
	app, err := h.Apps.Suite(ctx, id)
	switch {
	case err == nil && app.Kind == apps.LoginSuite && !app.Enabled:
		return nil, &refusal{code: protocol.PageNotLoginSuite, rule: ruleDisabled, received: id}, nil
	case err == nil && app.Kind == apps.LoginSuite:
		return app, nil, nil
	case err == nil:
		return app, &refusal{code: protocol.PageNotLoginSuite, received: id}, nil
	case !errors.Is(err, apps.ErrNotFound):
		return nil, nil, err
	}
	corp, err := h.Directory.CorpByCorpID(ctx, id)
	if errors.Is(err, directory.ErrNotFound) {
		return nil, &refusal{code: protocol.PageInvalidAppID, received: id}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	_, err = h.Apps.Provider(ctx, corp.Row)
	switch {
	case err == nil:
		return nil, &refusal{code: protocol.PageNotLoginSuite, received: id}, nil
	case errors.Is(err, apps.ErrNotFound):
		return nil, &refusal{code: protocol.PageNotProvider, received: id}, nil
	}
	return nil, nil, err
}

func (h *Handler) corpApp(ctx context.Context, id, agent string) (*apps.App, *refusal, error) {
	corp, err := h.Directory.CorpByCorpID(ctx, id)
	if errors.Is(err, directory.ErrNotFound) {
		return nil, &refusal{code: protocol.PageInvalidAppID, received: id}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	n, err := strconv.ParseInt(agent, 10, 64)
	if err != nil {
		return nil, &refusal{code: protocol.PageInvalidAgentID, received: agent}, nil
	}
	app, err := h.Apps.CorpApp(ctx, corp.Row, n)
	if errors.Is(err, apps.ErrNotFound) {
		return nil, &refusal{code: protocol.PageInvalidAgentID, received: agent}, nil
	}
	if err == nil && !app.Enabled {
		return nil, &refusal{code: protocol.PageInvalidAgentID, rule: ruleStopped, received: agent}, nil
	}
	return app, nil, err
}

// codeKind is the kind of code an app's sign-ins end in.
func codeKind(app *apps.App) tokens.Kind {
	if app.Kind == apps.CorpApp {
		return tokens.CorpCode
	}
	return tokens.LoginCode
}
