package siteapi

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// caller is who calls, by the token that a request bears.
type caller struct {
	grant    grant
	provider *apps.Provider     // nil: a corp's own app
	app      *apps.App          // nil: a provider, by its own token
	inst     *apps.Installation // of an InstalledToken
}

// caller answers whose token a request bears, if that token is one this endpoint takes.
// Tokens are read from the query only. Where several come under the names an endpoint takes,
// the one that fits counts: clients send strays (clients.md).
func (h *Handler) caller(r *http.Request) (*caller, error) {
	g := grants[r.URL.Path]
	query := r.URL.Query()
	failure := error(g.missing)
	for _, name := range g.names {
		text := query.Get(name)
		if text == "" {
			continue
		}
		c, err := h.bearer(r, g, text)
		if err == nil {
			return c, nil
		}
		if code, _ := respond.Outcome(failure); code == g.missing || code == g.bad {
			failure = err
		}
	}
	return nil, failure
}

// bearer answers whose token a text is.
func (h *Handler) bearer(r *http.Request, g grant, text string) (*caller, error) {
	token, kind, err := h.open(g.tokens, text)
	if err != nil {
		return nil, h.refuseToken(g, text, err)
	}
	c := &caller{grant: g}
	if err := h.holder(r.Context(), c, kind, token); err != nil {
		return nil, err
	}
	if err := h.admitted(r, c); err != nil {
		return nil, err
	}
	switch {
	case kind == tokens.SuiteToken && !slices.Contains(g.suites, c.app.Kind):
		return nil, respond.Because(protocol.CodeAPIForbidden, "token of the login suite, which no corp installs")
	case kind == tokens.CorpAppToken && !c.app.Enabled:
		return nil, respond.Because(protocol.CodeAppDisabled, "app is stopped")
	}
	return c, nil
}

// admitted notes whose call it is and tells whether it comes from where the provider's
// secrets and tokens may be used (IP白名单).
func (h *Handler) admitted(r *http.Request, c *caller) error {
	c.note(r)
	if c.provider != nil && !c.provider.Admits(respond.ClientAddr(r)) {
		return respond.Because(protocol.CodeIPNotAllowed, "caller's address is not in the provider's IP allow list")
	}
	return nil
}

// open opens a token of any of the kinds.
func (h *Handler) open(kinds []tokens.Kind, text string) (tokens.Token, tokens.Kind, error) {
	for _, kind := range kinds {
		token, err := h.Tokens.OpenToken(kind, text)
		if !errors.Is(err, tokens.ErrInvalid) {
			return token, kind, err
		}
	}
	return tokens.Token{}, "", tokens.ErrInvalid
}

// refuseToken says why a text is no token for an endpoint.
func (h *Handler) refuseToken(g grant, text string, err error) error {
	if errors.Is(err, tokens.ErrExpired) {
		return respond.Because(g.expired, "token expired")
	}
	kind := h.Tokens.Recognise(text)
	switch {
	case kind == "":
		return respond.Because(g.bad, "not a token of this platform")
	case slices.Contains(g.others, kind):
		return respond.Because(protocol.CodeAPIForbidden, "not a call for a "+string(kind))
	}
	return respond.Because(g.bad, "not a call for a "+string(kind))
}

// holder reads who holds a token that opened, and refuses one that was revoked.
func (h *Handler) holder(ctx context.Context, c *caller, kind tokens.Kind, token tokens.Token) (err error) {
	var generation int64
	switch kind {
	case tokens.ProviderToken:
		if c.provider, err = h.Apps.Provider(ctx, token.App); err == nil {
			generation = c.provider.SecretGeneration
		}
	case tokens.InstalledToken:
		c.inst, err = h.Apps.InstallationByRow(ctx, token.App)
		if errors.Is(err, apps.ErrNotFound) {
			return respond.Because(protocol.CodeInvalidAuthorization, "the corp has uninstalled the app")
		}
		if err == nil {
			generation = c.inst.Generation
			c.app, err = h.Apps.App(ctx, c.inst.App.Row)
		}
	default:
		if c.app, err = h.Apps.App(ctx, token.App); err == nil {
			generation = c.app.SecretGeneration
		}
		if err == nil && (kind == tokens.CorpAppToken) != (c.app.Kind == apps.CorpApp) {
			return respond.Because(protocol.CodeAPIForbidden, "token of a kind that its app cannot have")
		}
	}
	if err == nil && c.app != nil && c.app.Kind != apps.CorpApp {
		c.provider, err = h.Apps.Provider(ctx, c.app.CorpRow)
	}
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return respond.Because(c.grant.bad, "token of an app that is gone")
	case err != nil:
		return err
	case token.Generation != generation:
		return respond.Because(c.grant.bad, "token from before the secret or permanent code was renewed")
	}
	return nil
}

// codes are the kinds of code that come with the caller's token.
func (c *caller) codes() []tokens.Kind {
	if c.app == nil {
		return c.grant.codes[""]
	}
	return c.grant.codes[c.app.Kind]
}

// corp is the row of the corp whose contacts a corp token shows.
func (c *caller) corp() int64 {
	if c.inst != nil {
		return c.inst.CorpRow
	}
	return c.app.CorpRow
}

// agent is the holder of the visible range, and the agentid.
func (c *caller) agent() (holder, agentID int64) {
	if c.inst != nil {
		return c.inst.Row, c.inst.AgentID
	}
	return c.app.Row, c.app.AgentID
}
