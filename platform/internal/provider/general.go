package provider

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// showGeneral shows 通用开发参数: corpid, provider secret, system events.
func (h *Handler) showGeneral(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	return h.renderGeneral(w, r, v, nil)
}

// renderGeneral renders what is stored, or a callback form as it was typed.
func (h *Handler) renderGeneral(w http.ResponseWriter, r *http.Request, v *console.Visit, typed *CallbackForm) error {
	p, err := h.Apps.Provider(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	c, err := h.Apps.ProviderCallback(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	view := GeneralView{Frame: v.Frame("general"), Reset: resetForm(v, "/general/secret"), OldLogin: p.OldLogin,
		Callback: h.form(CallbackSystem, c, "")}
	status := http.StatusOK
	if typed != nil {
		view.Callback = *typed
		if typed.refused {
			status = http.StatusUnprocessableEntity
		}
	}
	view.Callback.CSRF, view.Callback.SaveURL = v.Session.CSRF(), v.URL("/general/callback")
	if c.URL != "" {
		view.Callback.CheckURL = v.URL("/general/check")
	}
	return h.Console.RenderStatus(w, r, v, status, "provider/general", view)
}

// resetProviderSecret makes a new provider secret and shows it, this once. The old one, and
// the tokens made with it, are over at once.
func (h *Handler) resetProviderSecret(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	secret, err := h.Apps.ResetProviderSecret(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	if err := h.record(r, v, audit.ProviderSecretNew, nil, v.Corp.Name, ""); err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "provider/secret", SecretView{Frame: v.Frame("general"), What: "provider_reset", Name: v.Corp.Name,
		Secrets: []console.Secret{{Label: "provider.secret.provider", Value: secret}}, NextURL: v.URL("/general")})
}

// saveEventCallback stores where the provider's system events go, once the receiver has
// passed the check or in spite of it.
func (h *Handler) saveEventCallback(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	stored, err := h.Apps.ProviderCallback(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	t := h.readCallback(r, CallbackSystem, stored)
	if t.bad() {
		return h.renderGeneral(w, r, v, refuse(t, nil))
	}
	c := t.callback(stored)
	checks, ok := h.checkTargets(r.Context(), v, c, "")
	if !ok && !t.anyway {
		return h.renderGeneral(w, r, v, refuse(t, checks))
	}
	if err := h.Apps.SetEventCallback(r.Context(), v.Corp.Row, c); err != nil {
		return err
	}
	if err := h.record(r, v, audit.EventCallbackSet, nil, v.Corp.Name, withoutQuery(c.URL)); err != nil {
		return err
	}
	key := "provider.saved"
	if !ok {
		key = "provider.callback.saved_unchecked"
	}
	h.Console.Flash(w, r, key)
	return v.See(w, "/general")
}

// checkEventCallback checks the stored one, without changing it.
func (h *Handler) checkEventCallback(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	c, err := h.Apps.ProviderCallback(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	form := h.form(CallbackSystem, c, "")
	form.Checks, _ = h.checkTargets(r.Context(), v, c, "")
	return h.renderGeneral(w, r, v, &form)
}

// settingError is what is wrong with a URL or domain.
func settingError(err error) *apps.SettingError {
	e, ok := err.(*apps.SettingError)
	if !ok {
		e = &apps.SettingError{Rule: "malformed"}
	}
	return e
}
