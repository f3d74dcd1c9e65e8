package inclient

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// maxState is the longest state in bytes, as on the login page. The documentation says 128 of
// letters and digits (91120); real sites send more.
const maxState = 1024

// asked is a link to the page, held against the app it names.
type asked struct {
	app      *apps.App
	corp     int64 // corp row where the link names one; 0: any that has installed the suite
	redirect apps.Redirect
	state    string
	scope    string
	// challenge is the PKCE challenge, an extension as on the login page; empty: none.
	challenge string

	query url.Values // all that came, but for the choice of company
}

// private tells whether details are asked for. snsapi_userinfo is the name that
// snsapi_privateinfo had.
func (a *asked) private() bool { return a.scope != protocol.ScopeBase }

// address is the path and query of this very request, without a choice.
func (a *asked) address() string { return authorizePath + "?" + a.query.Encode() }

// with is the address with a choice of company.
func (a *asked) with(choice string) string {
	return a.address() + "&" + paramAs + "=" + url.QueryEscape(choice)
}

// paramAs is the choice of company, which pages of ours add.
const paramAs = "as"

// refusal is why a link is not served.
type refusal struct {
	key        string // locale key; its .title, .why and .todo follow
	code       protocol.Code
	received   string
	configured []string
	field      string // where it is configured: ends inclient.error.field.
}

// param reads one value; scripts write "undefined" and "null" where a site gave nothing.
func param(q url.Values, name string) string {
	v := q.Get(name)
	if v == "undefined" || v == "null" {
		return ""
	}
	return v
}

// read reads a link and holds it against the app it names. The refusal is nil when it may be
// served; the error is for what no page of ours explains at length.
func (h *Handler) read(ctx context.Context, r *http.Request) (*asked, *refusal, error) {
	q := r.URL.Query()
	q.Del(paramAs)
	a := &asked{query: q, state: param(q, protocol.ParamState), scope: param(q, protocol.ParamScope),
		challenge: param(q, protocol.ParamCodeChallenge)}
	if kind := param(q, protocol.ParamResponseType); kind != protocol.ResponseTypeCode {
		return a, &refusal{key: "inclient.error.response_type", received: kind, configured: []string{protocol.ResponseTypeCode}}, nil
	}
	scopes := []string{protocol.ScopeBase, protocol.ScopePrivateInfo, protocol.ScopeUserInfo}
	switch a.scope {
	case "":
		a.scope = protocol.ScopeBase
	case scopes[0], scopes[1], scopes[2]:
	default:
		return a, &refusal{key: "inclient.error.scope", received: a.scope, configured: scopes}, nil
	}
	bad, err := h.find(ctx, a, param(q, protocol.ParamAppID), param(q, protocol.ParamAgentID), param(q, protocol.ParamRedirectURI))
	switch {
	case err != nil || bad != nil:
		return a, bad, err
	case len(a.state) > maxState:
		return a, nil, respond.BadRequest(respond.Fact{Label: "login.fact.state_too_long", Value: protocol.ParamState})
	case !challengeOK(q, a.challenge):
		return a, nil, respond.BadRequest(respond.Fact{Label: "login.fact.challenge", Value: protocol.ParamCodeChallengeMethod})
	case a.private() && !a.app.Sensitive:
		return a, &refusal{key: "inclient.error.permission", code: protocol.CodeNoSensitiveInfoRight, received: a.scope, field: "permission"}, nil
	}
	return a, nil, nil
}

// find finds the app that a link names, and holds its redirect_uri against the app's domains.
// The id is a suite's, or a corp's with the agentid of its own app or of an installed suite,
// or a corp's alone, which asks for nothing more than who comes (91022).
func (h *Handler) find(ctx context.Context, a *asked, id, agent, redirectURI string) (*refusal, error) {
	var bad *refusal
	suite, err := h.Apps.Suite(ctx, id)
	switch {
	case err == nil && suite.Kind == apps.LoginSuite:
		return &refusal{key: "inclient.error.login_suite", received: id}, nil
	case err == nil:
		a.app = suite
	case !errors.Is(err, apps.ErrNotFound):
		return nil, err
	default:
		corp, err := h.Directory.CorpByCorpID(ctx, id)
		if errors.Is(err, directory.ErrNotFound) {
			return &refusal{key: "inclient.error.appid", code: protocol.CodeInvalidCorpID, received: id}, nil
		}
		if err != nil {
			return nil, err
		}
		a.corp = corp.Row
		if agent == "" {
			return h.byDomain(ctx, a, redirectURI)
		}
		if bad, err = h.byAgent(ctx, a, agent); bad != nil || err != nil {
			return bad, err
		}
	}
	redirect, rule := a.app.CheckRedirect(redirectURI, h.Development)
	a.redirect = redirect
	if rule != "" {
		return h.refuseRedirect(a.app, rule, redirectURI), nil
	}
	return nil, nil
}

// refuseRedirect says what is wrong with a redirect_uri, in the login page's words.
func (h *Handler) refuseRedirect(app *apps.App, rule apps.Rule, received string) *refusal {
	bad := &refusal{key: "login.error." + string(rule), code: protocol.CodeRedirectURIUnauthorized, received: received,
		configured: app.Configured(h.Development)}
	switch {
	case rule == apps.RuleEmpty:
		bad.code, bad.configured = 0, nil
	case h.Sandbox:
		bad.field = "sandbox"
	case app.Kind == apps.CorpApp:
		bad.field = "corp"
	default:
		bad.field = "suite"
	}
	return bad
}

// byAgent finds the app that has an agentid in the link's corp.
func (h *Handler) byAgent(ctx context.Context, a *asked, agent string) (*refusal, error) {
	unknown := &refusal{key: "inclient.error.agentid", code: protocol.CodeInvalidAgentID, received: agent}
	n, err := strconv.ParseInt(agent, 10, 64)
	if err != nil {
		return unknown, nil
	}
	if a.app, err = h.Apps.CorpApp(ctx, a.corp, n); errors.Is(err, apps.ErrNotFound) {
		var inst *apps.Installation
		if inst, err = h.Apps.InstallationByAgent(ctx, a.corp, n); err == nil {
			a.app, err = h.Apps.App(ctx, inst.App.Row)
		}
	}
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return unknown, nil
	case err == nil && a.app.Kind == apps.CorpApp && !a.app.Enabled:
		return &refusal{key: "login.error.stopped", received: agent}, nil
	}
	return nil, err
}

// trustRules are the rules that one app's redirect_uri can break and another's not.
var trustRules = []apps.Rule{apps.RuleDevelopment, apps.RulePortDiffers, apps.RuleSubdomain, apps.RuleNotListed,
	apps.RuleNoneTrusted, apps.RuleNotExact}

// byDomain finds the one app of the link's corp that trusts where the code is to go.
func (h *Handler) byDomain(ctx context.Context, a *asked, redirectURI string) (*refusal, error) {
	a.scope = protocol.ScopeBase
	if redirectURI == "" {
		return &refusal{key: "login.error." + string(apps.RuleEmpty)}, nil
	}
	own, err := h.Apps.CorpApps(ctx, a.corp)
	if err != nil {
		return nil, err
	}
	var agents, domains []string
	for _, app := range own {
		redirect, rule := app.CheckRedirect(redirectURI, h.Development)
		switch {
		case !app.Enabled:
		case rule == "":
			a.app, a.redirect = app, redirect
			agents = append(agents, strconv.FormatInt(app.AgentID, 10))
		case !slices.Contains(trustRules, rule):
			return h.refuseRedirect(app, rule, redirectURI), nil
		default:
			domains = append(domains, app.Configured(h.Development)...)
		}
	}
	switch len(agents) {
	case 1:
		return nil, nil
	case 0:
		slices.Sort(domains)
		return &refusal{key: "inclient.error.nobody_trusts", code: protocol.CodeRedirectURIUnauthorized, received: redirectURI,
			configured: slices.Compact(domains), field: "corp"}, nil
	}
	return &refusal{key: "inclient.error.several", received: redirectURI, configured: agents}, nil
}

// challengeOK tells whether a link's PKCE parameters are absent, or S256 and well-formed.
func challengeOK(q url.Values, challenge string) bool {
	method := param(q, protocol.ParamCodeChallengeMethod)
	if challenge == "" {
		return method == ""
	}
	return method == protocol.ChallengeS256 && len(challenge) == 43 && !strings.ContainsFunc(challenge, func(c rune) bool {
		return c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
}
