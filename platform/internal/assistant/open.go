package assistant

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// open goes to the home page of an app, as a member. The launch that it notes lets the app
// learn who came without another question (package inclient).
func (h *Handler) open(w http.ResponseWriter, r *http.Request, s session.Session) error {
	row, err := strconv.ParseInt(r.PostFormValue("app"), 10, 64)
	as, err2 := strconv.ParseInt(r.PostFormValue("as"), 10, 64)
	if err := errors.Join(err, err2); err != nil {
		return respond.NotFound()
	}
	ctx := r.Context()
	m, err := h.Directory.Member(ctx, as)
	if errors.Is(err, directory.ErrNotFound) || err == nil && (m.Person != s.Person || m.Status != directory.Active) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	app, err := h.Apps.App(ctx, row)
	if errors.Is(err, apps.ErrNotFound) {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	may, err := h.opens(ctx, m, app)
	if err != nil {
		return err
	}
	if !may { // the tile is from before
		return respond.NotFound()
	}
	home, err := h.homeURL(r, app, m.Corp)
	if err != nil {
		return err
	}
	if err := h.Launches.Start(ctx, s.ID, app.Row, m.Row); err != nil {
		return err
	}
	http.Redirect(w, r, home, http.StatusSeeOther)
	return nil
}

// homeURL is an app's home page for a company: $CORPID$ is what the app's owner sees of it.
func (h *Handler) homeURL(r *http.Request, app *apps.App, corp directory.Corp) (string, error) {
	if !strings.Contains(app.HomeURL, "$CORPID$") {
		return app.HomeURL, nil
	}
	id := corp.CorpID
	if app.Kind != apps.CorpApp {
		p, err := h.Apps.Provider(r.Context(), app.CorpRow)
		if err != nil {
			return "", err
		}
		plain, err := h.Apps.PlainIDs(r.Context(), app.CorpRow, corp.Row)
		if err != nil {
			return "", err
		}
		if !plain {
			id = p.CorpIDFor(corp.Row)
		}
	}
	return strings.ReplaceAll(app.HomeURL, "$CORPID$", url.QueryEscape(id)), nil
}
