package siteapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// banKey joins address and id, so that one caller's mistakes never lock out another. Ids
// are matched without case, and so they are counted.
func banKey(r *http.Request, id string) string {
	return respond.Network(respond.ClientAddr(r)).String() + " " + strings.ToLower(id)
}

// getProviderToken answers a provider's token (90593).
func (h *Handler) getProviderToken(w http.ResponseWriter, r *http.Request) error {
	var in protocol.GetProviderToken
	if err := body(r, &in); err != nil {
		return err
	}
	if in.CorpID == "" {
		return protocol.CodeMissingCorpID
	}
	ban := banKey(r, in.CorpID)
	if h.Bans.Banned(ban) {
		return protocol.CodeTooFrequent
	}
	p, err := h.Apps.ProviderByCorpID(r.Context(), in.CorpID)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return protocol.CodeInvalidCorpID
	case err != nil:
		return err
	}
	if err := h.admitted(r, &caller{provider: p}); err != nil {
		return err
	}
	if !p.SecretIs(in.ProviderSecret) {
		h.Bans.Fail(ban)
		return protocol.CodeInvalidProviderSecret
	}
	token, left, err := h.Tokens.Issue(r.Context(), tokens.ProviderToken, p.CorpRow, p.SecretGeneration)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.ProviderToken{
		Failure: protocol.Success(), ProviderAccessToken: token, ExpiresIn: seconds(left)})
}

// getSuiteToken answers a suite's token for its secret and a ticket that is still valid
// (90600).
func (h *Handler) getSuiteToken(w http.ResponseWriter, r *http.Request) error {
	var in protocol.GetSuiteToken
	if err := body(r, &in); err != nil {
		return err
	}
	switch {
	case in.SuiteID == "":
		return protocol.CodeMissingSuiteID
	case in.SuiteSecret == "":
		return protocol.CodeMissingSuiteSecret
	case in.SuiteTicket == "":
		return protocol.CodeMissingSuiteTicket
	}
	ban := banKey(r, in.SuiteID)
	if h.Bans.Banned(ban) {
		return protocol.CodeTooFrequent
	}
	suite, err := h.Apps.Suite(r.Context(), in.SuiteID)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		return protocol.CodeInvalidSuiteID
	case err != nil:
		return err
	}
	p, err := h.Apps.Provider(r.Context(), suite.CorpRow)
	if err != nil {
		return err
	}
	if err := h.admitted(r, &caller{provider: p, app: suite}); err != nil {
		return err
	}
	if !suite.SecretIs(in.SuiteSecret) {
		h.Bans.Fail(ban)
		return protocol.CodeInvalidSuiteSecret
	}
	switch err := h.Tokens.CheckTicket(suite.Row, in.SuiteTicket); {
	case errors.Is(err, tokens.ErrExpired):
		return respond.Because(protocol.CodeInvalidSuiteTicket, "suite_ticket expired")
	case err != nil:
		return respond.Because(protocol.CodeInvalidSuiteTicket, "not a suite_ticket of this suite")
	}
	token, left, err := h.Tokens.Issue(r.Context(), tokens.SuiteToken, suite.Row, suite.SecretGeneration)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.SuiteToken{
		Failure: protocol.Success(), SuiteAccessToken: token, ExpiresIn: seconds(left)})
}

// getToken answers the token of a corp's own app (91039). The secret is looked at before
// the corpid, as on the real host.
func (h *Handler) getToken(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	corpid, secret := query.Get(protocol.QueryCorpID), query.Get(protocol.QueryCorpSecret)
	switch {
	case secret == "":
		return protocol.CodeMissingCorpSecret
	case corpid == "":
		return protocol.CodeMissingCorpID
	}
	ban := banKey(r, corpid)
	if h.Bans.Banned(ban) {
		return protocol.CodeTooFrequent
	}
	corp, err := h.Directory.CorpByCorpID(r.Context(), corpid)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		return protocol.CodeInvalidCorpID
	case err != nil:
		return err
	}
	app, err := h.Apps.CorpAppBySecret(r.Context(), corp.Row, secret)
	switch {
	case errors.Is(err, apps.ErrNotFound):
		h.Bans.Fail(ban)
		return protocol.CodeInvalidCredential
	case err != nil:
		return err
	}
	(&caller{app: app}).note(r)
	if !app.Enabled {
		return respond.Because(protocol.CodeInvalidCredential, "app is stopped")
	}
	token, left, err := h.Tokens.Issue(r.Context(), tokens.CorpAppToken, app.Row, app.SecretGeneration)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.AppToken{
		Failure: protocol.Success(), AccessToken: token, ExpiresIn: seconds(left)})
}
