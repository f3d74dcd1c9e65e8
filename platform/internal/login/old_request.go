package login

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// Why a link of the old pages is not served, beside the rules of redirect_uri; they end locale
// keys.
const (
	ruleSuiteID   apps.Rule = "suite_id"   // appid is a SuiteID; 3rd_qrConnect takes the corpid
	ruleOldOff    apps.Rule = "old_off"    // the operator has not switched the old login on
	ruleNoLogin   apps.Rule = "no_login"   // the provider has not set 登录授权 up
	ruleNoReferer apps.Rule = "no_referer" // the browser names no page the link was followed from
	ruleReferer   apps.Rule = "referer"    // that page is on no domain that may begin a login
)

// oldAsked is the query of a link of the old pages, with every default applied.
type oldAsked struct {
	asked
	page   attempt.Page
	kind   tokens.Kind // of the code it ends in
	admins bool        // usertype=admin: only administrators may confirm
	style  style
}

// readOld reads the query. The script asks for no redirect_type: with self_redirect the frame
// itself goes on, else the top window.
func readOld(r *http.Request, page attempt.Page) oldAsked {
	// The scripts encode nothing: a style sheet in a data: address comes with its semicolons, and
	// url.Query leaves out what has one. What is broken beside them is left out as there.
	q, _ := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
	a := oldAsked{asked: readQuery(r), page: page, kind: tokens.CorpCode}
	a.loginType = protocol.LoginTypeCorpApp
	if page == attempt.OldProviderPage {
		a.loginType, a.kind = protocol.LoginTypeServiceApp, tokens.OldLoginCode
		a.admins = param(q, protocol.ParamUserType) != protocol.UserMember
	}
	a.redirectType = protocol.RedirectTop
	if param(q, protocol.ParamSelfRedirect) == "true" {
		a.redirectType = protocol.RedirectSelf
	}
	if param(q, protocol.ParamStyle) == "white" {
		a.scheme = protocol.ColorDark
	}
	a.challenge = "" // the exchanges of these codes know no verifier
	if framed(r) {
		// In a page of its own a style sheet from anywhere would let a link dress ours up.
		a.style = readStyle(param(q, protocol.ParamHref))
	}
	return a
}

// checkOld holds a link of the old pages against the app it names.
func (h *Handler) checkOld(ctx context.Context, a *oldAsked) (bad *refusal, err error) {
	if a.page == attempt.OldCorpPage {
		return h.check(ctx, &a.asked)
	}
	if a.app, bad, err = h.oldLogin(ctx, a.appID); bad != nil || err != nil {
		return bad, err
	}
	return h.checkRedirect(&a.asked), nil
}

// oldLogin finds the login suite of the provider whose corpid a link names: the domains that
// count are those of 登录授权, whether its new login is switched on or not.
func (h *Handler) oldLogin(ctx context.Context, corpid string) (*apps.App, *refusal, error) {
	corp, err := h.Directory.CorpByCorpID(ctx, corpid)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		bad := &refusal{code: protocol.PageInvalidAppID, received: corpid}
		_, err := h.Apps.Suite(ctx, corpid)
		if err == nil {
			bad.rule = ruleSuiteID
		} else if !errors.Is(err, apps.ErrNotFound) {
			return nil, nil, err
		}
		return nil, bad, nil
	case err != nil:
		return nil, nil, err
	}
	p, err := h.Apps.Provider(ctx, corp.Row)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return nil, &refusal{code: protocol.PageNotProvider, received: corpid}, nil
	case err != nil:
		return nil, nil, err
	case !p.OldLogin:
		return nil, &refusal{code: protocol.PageNotLoginSuite, rule: ruleOldOff, received: corpid}, nil
	}
	app, err := h.Apps.LoginSuiteOf(ctx, corp.Row)
	if errors.Is(err, apps.ErrNotFound) {
		return nil, &refusal{code: protocol.PageNotLoginSuite, rule: ruleNoLogin, received: corpid}, nil
	}
	return app, nil, err
}

// checkFrom tells whether a login may be begun from where the browser says it comes from. For a
// provider's login that is WeCom's own rule (校验请求来源): the page with the link is on one of
// the 登录授权发起域名. A frame's page must be one that may hold it. None of this is proof: what
// keeps strangers out of frames is frame-ancestors, and where a result goes, redirect_uri.
func (h *Handler) checkFrom(r *http.Request, a *oldAsked) *refusal {
	if r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		return nil // our own page: another language, or once more
	}
	if a.page == attempt.OldCorpPage {
		return checkParent(r, a.app.Origins(h.Development))
	}
	bad := &refusal{code: protocol.PageOriginRefused, received: originOf(r.Referer())}
	switch {
	case bad.received == "":
		bad.rule = ruleNoReferer
	case a.app.CheckReferer(r.Referer(), h.Development) != "":
		bad.rule = ruleReferer
	default:
		return nil
	}
	return bad
}

// originOf is the origin of an address; "" where it has none. What else a Referer says is not
// shown to anybody.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// configured are the values beside a refusal that would have passed.
func (h *Handler) configured(a *oldAsked, bad *refusal) []string {
	switch {
	case a.app == nil || bad.rule == "" && bad.code != protocol.PageOriginRefused:
		return nil
	case bad.code == protocol.PageOriginRefused && a.page == attempt.OldProviderPage:
		return a.app.ConfiguredLaunch(h.Development)
	}
	return a.app.Configured(h.Development)
}
