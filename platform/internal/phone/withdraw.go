package phone

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/consent"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// withdraw takes back what the person agreed to share with an app, as "member.app".
func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request, o owner) error {
	ctx := r.Context()
	first, second, _ := strings.Cut(r.PostFormValue("site"), ".")
	member, err1 := strconv.ParseInt(first, 10, 64)
	appRow, err2 := strconv.ParseInt(second, 10, 64)
	if err1 != nil || err2 != nil {
		return respond.BadRequest(respond.Fact{Label: "phone.fact.field", Value: "site"})
	}
	err := h.Consents.Withdraw(ctx, o.Person, member, appRow)
	if errors.Is(err, consent.ErrNone) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	entry := audit.Entry{Person: o.Person, Action: audit.ConsentEnded, App: appRow, Address: respond.ClientAddr(r)}
	if m, err := h.Directory.Member(ctx, member); err == nil {
		entry.Corp = m.Corp.Row
	} else if !errors.Is(err, directory.ErrNotFound) {
		return err
	}
	if app, err := h.Apps.App(ctx, appRow); err == nil {
		entry.Target = app.Name
	} else if !errors.Is(err, apps.ErrNotFound) {
		return err
	}
	if err := h.Audit.Record(ctx, entry); err != nil {
		return err
	}
	return seeOther(w, r, accountPath)
}
