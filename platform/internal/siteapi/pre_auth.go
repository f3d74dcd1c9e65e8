package siteapi

import (
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
	"github.com/hufu-sso/hufu/protocol"
)

// getPreAuthCode answers the code with which a provider's site begins an install (90601).
func (h *Handler) getPreAuthCode(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	code := h.Tokens.MintCode(tokens.PreAuthCode, rand.Text(), tokens.Code{App: c.app.Row, At: h.Now()})
	return respond.WriteJSON(w, protocol.PreAuthCode{
		Failure: protocol.Success(), PreAuthCode: code, ExpiresIn: seconds(tokens.PreAuthCode.Life())})
}

// setSessionInfo settles whether the install that bears a pre_auth_code is formal or a test
// (90602). The list of apps is for suites of several, which there are none of.
func (h *Handler) setSessionInfo(w http.ResponseWriter, r *http.Request) error {
	c, err := h.caller(r)
	if err != nil {
		return err
	}
	var in protocol.SetSessionInfo
	if err := body(r, &in); err != nil {
		return err
	}
	code, err := h.Tokens.OpenCode(tokens.PreAuthCode, in.PreAuthCode)
	switch {
	case in.PreAuthCode == "":
		return respond.Because(protocol.CodeInvalidPreAuthCode, "pre_auth_code missing")
	case errors.Is(err, tokens.ErrExpired):
		return protocol.CodePreAuthCodeExpired
	case err != nil:
		return respond.Because(c.grant.badCode, "not a pre_auth_code")
	case code.App != c.app.Row:
		return respond.Because(c.grant.foreign, "pre_auth_code of another suite")
	case in.SessionInfo.AuthType != protocol.AuthFormal && in.SessionInfo.AuthType != protocol.AuthTest:
		return invalid("auth_type must be 0 or 1")
	}
	err = apps.SetSession(r.Context(), h.Sessions, in.PreAuthCode,
		apps.InstallSession{Test: in.SessionInfo.AuthType == protocol.AuthTest}, code.At.Add(tokens.PreAuthCode.Life()))
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.Success())
}
