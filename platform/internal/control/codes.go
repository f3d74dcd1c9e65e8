package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// codeKinds are the kinds of code that the pages of web login hand out.
var codeKinds = map[string]tokens.Kind{"login": tokens.LoginCode, "corp": tokens.CorpCode, "legacy": tokens.OldLoginCode}

// makeCode answers a code as if a member had signed in through the pages: the same checks
// of app and redirect_uri, the same attempt underneath.
func (h *Handler) makeCode(ctx context.Context, r *http.Request) (any, error) {
	var in struct {
		Kind        string `json:"kind"`
		App         string `json:"app"`
		Member      string `json:"member"`
		RedirectURI string `json:"redirect_uri"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	switch in.Kind {
	case "admin":
		return h.adminCode(ctx, in.App, in.Member)
	case "install":
		return h.installCode(ctx, in.App, in.Member)
	case kindOAuth, kindOAuthPrivate, kindCorpPrivate:
		return h.inClientCode(ctx, in.Kind, in.App, in.Member, in.RedirectURI)
	}
	kind, ok := codeKinds[in.Kind]
	if !ok {
		return nil, bad("kind is login, legacy, corp, oauth, oauth_private, corp_private, admin or install")
	}
	app, err := h.codeApp(ctx, kind, in.App)
	if err != nil {
		return nil, err
	}
	m, err := h.member(ctx, in.Member)
	if err != nil {
		return nil, err
	}
	redirect, rule := app.CheckRedirect(in.RedirectURI, h.Development)
	if rule != "" {
		return nil, bad(fmt.Sprintf("redirect_uri is refused (%s); trusted: %s", rule, strings.Join(app.Configured(h.Development), ", ")))
	}
	request := attempt.Request{App: app.Row, Kind: kind, RedirectURI: in.RedirectURI,
		Origin: redirect.Origin, Address: netip.MustParseAddr("127.0.0.1"), Browser: "control"}
	if kind == tokens.OldLoginCode {
		request.Page = attempt.OldProviderPage
	}
	page, err := h.Attempts.Begin(ctx, request)
	if err != nil {
		return nil, err
	}
	a, err := h.confirmAs(ctx, page.QRKey, m)
	if err != nil {
		return nil, err
	}
	return map[string]string{"code": h.Tokens.MintCode(kind, page.WebKey, a.Code())}, nil
}

// oldLogin is the login suite of a provider whose old login is on, by the provider's corpid.
func (h *Handler) oldLogin(ctx context.Context, corpid string) (*apps.App, error) {
	p, err := h.Apps.ProviderByCorpID(ctx, corpid)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return nil, unknown("there is no provider " + corpid)
	case err != nil:
		return nil, err
	case !p.OldLogin:
		return nil, bad("the old login of " + corpid + " is off; the operator switches it on")
	}
	app, err := h.Apps.LoginSuiteOf(ctx, p.CorpRow)
	if errors.Is(err, apps.ErrNotFound) {
		return nil, unknown(corpid + " has no login suite")
	}
	return app, err
}

func (h *Handler) codeApp(ctx context.Context, kind tokens.Kind, id string) (*apps.App, error) {
	if kind == tokens.OldLoginCode {
		return h.oldLogin(ctx, id)
	}
	if kind == tokens.LoginCode {
		app, err := h.suite(ctx, id)
		if err == nil && app.Kind != apps.LoginSuite {
			return nil, bad(id + " is not a login suite")
		}
		return app, err
	}
	corpid, agent, _ := strings.Cut(id, "/")
	n, err := strconv.ParseInt(agent, 10, 64)
	if err != nil {
		return nil, bad("app of a corp code is written CORPID/AGENTID")
	}
	corp, err := h.Directory.CorpByCorpID(ctx, corpid)
	if errors.Is(err, directory.ErrNotFound) {
		return nil, unknown("there is no company " + corpid)
	}
	if err != nil {
		return nil, err
	}
	app, err := h.Apps.CorpApp(ctx, corp.Row, n)
	if errors.Is(err, apps.ErrNotFound) {
		return nil, unknown("there is no app " + id)
	}
	return app, err
}
