package assistant

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// showWorkbench lists what the person can open: the assistant of each provider they
// administer, and the apps whose visible range covers them.
func (h *Handler) showWorkbench(w http.ResponseWriter, r *http.Request, s session.Session) error {
	// A form leads to the app's home page, and that may lead on anywhere; browsers hold all of it
	// to this page's policy.
	if h.Sandbox {
		respond.FormsTo(w, "https:", "http:")
	} else {
		respond.FormsTo(w, "https:")
	}
	view := WorkbenchView{CSRF: s.CSRF(), OpenURL: respond.Link(r, openPath), Name: s.Name, HomeURL: respond.Link(r, "/phone"), Providers: []Link{}, Companies: []Launcher{}}
	admins, err := h.Directory.AdminCorps(r.Context(), s.Person)
	if err != nil {
		return err
	}
	for _, a := range admins {
		if !a.Leads() {
			continue
		}
		p, err := h.Apps.Provider(r.Context(), a.Corp.Row)
		if errors.Is(err, apps.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		view.Providers = append(view.Providers, Link{Name: p.Brand, URL: respond.Link(r, assistantPath+url.PathEscape(a.Corp.CorpID))})
	}
	members, err := h.Directory.Memberships(r.Context(), s.Person)
	if err != nil {
		return err
	}
	for _, m := range members {
		l, err := h.launcher(r, m)
		if err != nil {
			return err
		}
		if len(l.Apps) > 0 {
			view.Companies = append(view.Companies, l)
		}
	}
	return h.Respond.Render(w, r, "assistant/workbench", view)
}

// launcher lists the apps with a home page that a member sees.
func (h *Handler) launcher(r *http.Request, m directory.Member) (Launcher, error) {
	l := Launcher{Company: m.Corp.Name, Apps: []App{}}
	installed, err := h.Apps.InstallationsOf(r.Context(), m.Corp.Row)
	if err != nil {
		return l, err
	}
	own, err := h.Apps.CorpApps(r.Context(), m.Corp.Row)
	if err != nil {
		return l, err
	}
	var list []*apps.App
	for _, i := range installed {
		list = append(list, i.App)
	}
	for _, app := range append(list, own...) {
		shown, err := h.opens(r.Context(), m, app)
		if err != nil {
			return l, err
		}
		if shown {
			l.Apps = append(l.Apps, App{Name: app.Name, About: app.About, Picture: picture(app),
				ID: strconv.FormatInt(app.Row, 10), As: strconv.FormatInt(m.Row, 10)})
		}
	}
	return l, nil
}

// opens tells whether a member may open an app: it has a home page, and is installed in the
// member's corp or of its own, with the member in its visible range.
func (h *Handler) opens(ctx context.Context, m directory.Member, app *apps.App) (bool, error) {
	if app.HomeURL == "" {
		return false, nil
	}
	holder := app.Row
	switch app.Kind {
	case apps.CorpApp:
		if app.CorpRow != m.Corp.Row || !app.Enabled {
			return false, nil
		}
	case apps.Suite:
		inst, err := h.Apps.Installation(ctx, app.Row, m.Corp.Row)
		if errors.Is(err, apps.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		holder = inst.Row
	default:
		return false, nil
	}
	return h.Apps.InRange(ctx, holder, m.Row)
}

func picture(app *apps.App) string {
	for _, digest := range []string{app.LogoDigest, app.BrandLogo} {
		if digest != "" {
			return "/logo/" + digest + ".png"
		}
	}
	return ""
}
