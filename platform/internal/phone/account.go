package phone

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

const (
	accountPath  = "/phone/account"
	passkeyPath  = accountPath + "/passkey"
	passwordPath = accountPath + "/password"
)

// zone is the time that pages show, the consoles' too: UTC+8, all year.
var zone = time.FixedZone("UTC+8", 8*60*60)

// when is a time as a person reads it.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// showAccount shows what a person proves themselves with, where they are signed in, and what
// they agreed to.
func (h *Handler) showAccount(w http.ResponseWriter, r *http.Request, o owner) error {
	return h.renderAccount(w, r, o, "")
}

func (h *Handler) renderAccount(w http.ResponseWriter, r *http.Request, o owner, problem string) error {
	ctx := r.Context()
	person, err := h.Directory.Person(ctx, o.Person)
	if err != nil {
		return err
	}
	v := AccountView{CSRF: o.CSRF(), Me: o.me(r), Account: person.Account, Problem: problem, PasskeysOff: !h.Credentials.PasskeysWork(),
		AddPasskeyURL: respond.Link(r, passkeyPath), PasswordURL: respond.Link(r, passwordPath),
		EndOthersURL: respond.Link(r, accountPath+"/devices/end"), WithdrawURL: respond.Link(r, accountPath+"/site/withdraw")}
	if v.HasPassword, err = h.Credentials.HasPassword(ctx, o.Person); err != nil {
		return err
	}
	keys, err := h.Credentials.Passkeys(ctx, o.Person)
	if err != nil {
		return err
	}
	for _, k := range keys {
		v.Passkeys = append(v.Passkeys, h.passkeyLine(r, k))
	}
	if v.PasskeysOff || len(keys) >= credentials.MaxPasskeys {
		v.AddPasskeyURL = ""
	}
	devices, err := h.Sessions.Devices(ctx, o.Person)
	if err != nil {
		return err
	}
	here := respond.ClientAddr(r)
	for _, d := range devices {
		line := DeviceLine{ID: formatID(d.ID), Browser: ask.DescribeBrowser(d.Browser), Address: d.Address, Since: when(d.Since),
			Console: d.Part != h.Sessions.Part, Current: d.Session == o.ID,
			EndURL: respond.Link(r, accountPath+"/device/"+formatID(d.ID)+"/end")}
		if addr, err := netip.ParseAddr(d.Address); err == nil {
			line.SameNetwork = respond.SameNetwork(addr, here)
		}
		v.Devices = append(v.Devices, line)
	}
	if v.Desktops, err = h.desktopLines(r, o); err != nil {
		return err
	}
	if v.Sites, err = h.sites(ctx, o.Person); err != nil {
		return err
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/account", v)
}

func (h *Handler) passkeyLine(r *http.Request, k credentials.Passkey) PasskeyLine {
	url := passkeyPath + "/" + formatID(k.ID)
	return PasskeyLine{Name: k.Name, Created: when(k.Created), Used: when(k.Used), URL: respond.Link(r, url)}
}

// sites lists the consents of a person. One whose app or membership is gone is left out:
// nobody can sign in with it.
func (h *Handler) sites(ctx context.Context, person int64) ([]SiteLine, error) {
	given, err := h.Consents.List(ctx, person)
	if err != nil {
		return nil, err
	}
	var list []SiteLine
	for _, c := range given {
		app, err := h.Apps.App(ctx, c.App)
		if errors.Is(err, apps.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		line := SiteLine{ID: formatID(c.Member) + "." + formatID(c.App), Brand: app.Brand, Own: app.Kind == apps.CorpApp, Opened: app.Kind == apps.Suite, Since: when(c.Since)}
		if line.Own {
			line.Brand = app.Name
		}
		if c.Member != 0 {
			m, err := h.Directory.Member(ctx, c.Member)
			if errors.Is(err, directory.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			line.Company = m.Corp.Name
		}
		list = append(list, line)
	}
	return list, nil
}

// rowIn reads a row's id in the address.
func rowIn(r *http.Request) (int64, error) {
	row, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, respond.NotFound()
	}
	return row, nil
}

// note records a change that a person made to their own account.
func (h *Handler) note(r *http.Request, o owner, action audit.Action, target string) error {
	return h.Audit.Record(r.Context(), audit.Entry{Person: o.Person, Action: action, Target: target, Address: respond.ClientAddr(r)})
}
