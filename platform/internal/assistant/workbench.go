package assistant

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// showWorkbench lists what the person can open: the assistant of each provider they
// administer, and the apps whose visible range covers them.
func (h *Handler) showWorkbench(w http.ResponseWriter, r *http.Request, s session.Session) error {
	view := WorkbenchView{Name: s.Name, HomeURL: respond.Link(r, "/phone"), Providers: []Link{}, Companies: []Launcher{}}
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
	for _, i := range installed {
		if i.App.HomeURL == "" {
			continue
		}
		covered, err := h.Apps.InRange(r.Context(), i.Row, m.Row)
		if err != nil {
			return l, err
		}
		if !covered {
			continue
		}
		home, err := h.homeURL(r, i.App, m.Corp)
		if err != nil {
			return l, err
		}
		l.Apps = append(l.Apps, App{Name: i.App.Name, About: i.App.About, Picture: picture(i.App), URL: home})
	}
	own, err := h.Apps.CorpApps(r.Context(), m.Corp.Row)
	if err != nil {
		return l, err
	}
	for _, a := range own {
		if a.HomeURL == "" || !a.Enabled {
			continue
		}
		covered, err := h.Apps.InRange(r.Context(), a.Row, m.Row)
		if err != nil {
			return l, err
		}
		if covered {
			l.Apps = append(l.Apps, App{Name: a.Name, About: a.About, Picture: picture(a),
				URL: strings.ReplaceAll(a.HomeURL, "$CORPID$", url.QueryEscape(m.Corp.CorpID))})
		}
	}
	return l, nil
}

// homeURL is a suite's home page for a company: $CORPID$ is what the provider sees of it.
func (h *Handler) homeURL(r *http.Request, app *apps.App, corp directory.Corp) (string, error) {
	if !strings.Contains(app.HomeURL, "$CORPID$") {
		return app.HomeURL, nil
	}
	p, err := h.Apps.Provider(r.Context(), app.CorpRow)
	if err != nil {
		return "", err
	}
	plain, err := h.Apps.PlainIDs(r.Context(), app.CorpRow, corp.Row)
	if err != nil {
		return "", err
	}
	id := p.CorpIDFor(corp.Row)
	if plain {
		id = corp.CorpID
	}
	return strings.ReplaceAll(app.HomeURL, "$CORPID$", id), nil // only letters, digits, - and _
}

func picture(app *apps.App) string {
	for _, digest := range []string{app.LogoDigest, app.BrandLogo} {
		if digest != "" {
			return "/logo/" + digest + ".png"
		}
	}
	return ""
}
