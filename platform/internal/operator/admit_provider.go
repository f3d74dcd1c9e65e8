package operator

import (
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// admitProvider makes a company a provider, and shows its ProviderSecret this once.
func (h *Handler) admitProvider(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	c, err := h.corp(ctx, r)
	if err != nil {
		return err
	}
	brand := strings.TrimSpace(r.PostFormValue("brand"))
	if brand == "" || utf8.RuneCountInString(brand) > maxName {
		view, err := h.corpView(ctx, v, c)
		if err != nil {
			return err
		}
		view.BrandField.Value, view.BrandField.Error = brand, "operator.corp.brand_wrong"
		return h.Console.RenderStatus(w, r, v, http.StatusUnprocessableEntity, "operator/corp", view)
	}
	b := make([]byte, 32)
	rand.Read(b)
	secret := base64.RawURLEncoding.EncodeToString(b)
	err = h.Apps.Update(ctx, func(tx *sql.Tx) error {
		if err := h.Apps.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: c.Row, Brand: brand, Secret: secret}); err != nil {
			return err
		}
		return h.Audit.RecordIn(ctx, tx, v.Entry(audit.ProviderAdmitted, c.Name+" "+c.CorpID, brand))
	})
	if store.IsDuplicate(err) {
		return v.See(w, corpPath(c.CorpID)) // it is one already
	}
	if err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "operator/created", CreatedView{Frame: v.Frame("corps"),
		Crumb: console.Crumb{URL: v.URL(corpPath(c.CorpID)), Text: c.Name},
		Title: "operator.created.provider", Sub: "operator.created.provider_sub", Name: brand, CorpID: c.CorpID,
		Secret: console.Secret{Label: "operator.created.secret", Value: secret}, URL: v.URL(corpPath(c.CorpID))})
}
