package control

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// Kinds of code of sign-ins inside the client (网页授权). With the latter two the member was asked
// for details, and agreed to all.
const (
	kindOAuth        = "oauth"
	kindOAuthPrivate = "oauth_private"
	kindCorpPrivate  = "corp_private"
)

// inClientCode answers a code as if a member had opened an app inside the client: the same
// checks of installation, visible range and address, and the same consent on record.
func (h *Handler) inClientCode(ctx context.Context, what, id, member, redirectURI string) (any, error) {
	private := what != kindOAuth
	app, err := h.inClientApp(ctx, what, id)
	if err != nil {
		return nil, err
	}
	m, err := h.member(ctx, member)
	if err != nil {
		return nil, err
	}
	kind, holder, installation := tokens.CorpInClientCode, app.Row, int64(0)
	switch {
	case app.Kind == apps.Suite:
		i, err := h.installation(ctx, app, m.Corp)
		if err != nil {
			return nil, err
		}
		kind, holder, installation = tokens.InClientCode, i.Row, i.Row
	case app.CorpRow != m.Corp.Row:
		return nil, problem{http.StatusForbidden, member + " is not of the company whose app " + id + " is"}
	case !app.Enabled:
		return nil, problem{http.StatusConflict, id + " is stopped"}
	}
	if private && !app.Sensitive {
		return nil, problem{http.StatusConflict, id + " may not ask for details of members (成员敏感信息授权)"}
	}
	in, err := h.Apps.InRange(ctx, holder, m.Row)
	if err != nil {
		return nil, err
	}
	if !in {
		return nil, problem{http.StatusForbidden, member + " is outside the visible range of " + id}
	}
	redirect, rule := app.CheckRedirect(redirectURI, h.Development)
	if rule != "" {
		return nil, bad(fmt.Sprintf("redirect_uri is refused (%s); trusted: %s", rule, strings.Join(app.Configured(h.Development), ", ")))
	}
	if err := h.Consents.Give(ctx, m.Person, m.Row, app.Row); err != nil {
		return nil, err
	}
	c := tokens.Code{App: app.Row, Corp: m.Corp.Row, Member: m.Row, Person: m.Person, Installation: installation,
		Origin: redirect.Origin, At: h.Clock.Now(), Private: private}
	if private {
		c.Details = tokens.AllDetails
	}
	return map[string]string{"code": h.Tokens.MintCode(kind, rand.Text(), c)}, nil
}

// inClientApp reads the app that CORPID/AGENTID names or, but for corp_private, the suite with
// this id.
func (h *Handler) inClientApp(ctx context.Context, what, id string) (*apps.App, error) {
	if what == kindCorpPrivate || strings.Contains(id, "/") {
		return h.codeApp(ctx, tokens.CorpCode, id)
	}
	app, err := h.suite(ctx, id)
	if err == nil && app.Kind != apps.Suite {
		err = bad(id + " is a login suite: no company installs it")
	}
	return app, err
}
