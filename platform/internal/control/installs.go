package control

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// wholeCorp is the number of a company's root department.
const wholeCorp = 1

// adminCode answers a code as if a member had opened a suite's business settings (业务设置)
// in the admin console: the same right, the same address.
func (h *Handler) adminCode(ctx context.Context, suiteID, member string) (any, error) {
	suite, admin, err := h.suiteAdmin(ctx, suiteID, member)
	if err != nil {
		return nil, err
	}
	installed, err := h.installation(ctx, suite, admin.Corp)
	if err != nil {
		return nil, err
	}
	if !admin.Manages(installed.Row) {
		return nil, problem{http.StatusForbidden, member + " does not manage " + suiteID}
	}
	to, why, err := h.Apps.Business(ctx, suite, h.Development)
	if err != nil {
		return nil, err
	}
	if why != "" {
		return nil, problem{http.StatusConflict, "the business-settings URL of " + suiteID + " cannot be opened: " + string(why)}
	}
	code := h.Tokens.MintCode(tokens.AdminCode, rand.Text(), tokens.Code{App: suite.Row, Corp: admin.Corp.Row, Member: admin.Member,
		Person: admin.Person, Origin: to.Origin, Installation: installed.Row, At: h.Clock.Now()})
	return map[string]string{"code": code, "url": to.With(apps.Param{Name: "auth_code", Value: code})}, nil
}

// installCode answers the auth_code of an install, as if a member had just installed the
// suite for the whole company. Where it is installed already it stays as it is, and what
// the code is exchanged for takes the place of the permanent code. No event is sent.
func (h *Handler) installCode(ctx context.Context, suiteID, member string) (any, error) {
	suite, admin, err := h.suiteAdmin(ctx, suiteID, member)
	if err != nil {
		return nil, err
	}
	if !admin.SeesAll() {
		return nil, problem{http.StatusForbidden, member + " may not install apps"}
	}
	err = h.Apps.Update(ctx, func(tx *sql.Tx) error {
		_, err := h.Apps.Install(ctx, tx, apps.NewInstallation{App: suite.Row, Corp: admin.Corp.Row,
			Departments: []int64{wholeCorp}, InstalledBy: admin.Person, FromSite: true})
		return err
	})
	if err != nil && !errors.Is(err, apps.ErrInstalled) {
		return nil, err
	}
	installed, err := h.installation(ctx, suite, admin.Corp)
	if err != nil {
		return nil, err
	}
	return map[string]string{"code": h.mintInstall(installed, admin)}, nil
}

func (h *Handler) mintInstall(i *apps.Installation, by directory.Admin) string {
	return h.Tokens.MintCode(tokens.InstallCode, rand.Text(), tokens.Code{App: i.App.Row, Corp: i.CorpRow, Member: by.Member,
		Person: by.Person, Installation: i.Row, At: h.Clock.Now()})
}

// suiteAdmin reads a suite that companies install, and a member who is an administrator.
func (h *Handler) suiteAdmin(ctx context.Context, suiteID, member string) (*apps.App, directory.Admin, error) {
	suite, err := h.suite(ctx, suiteID)
	if err == nil && suite.Kind != apps.Suite {
		err = bad(suiteID + " is a login suite: no company installs it")
	}
	if err != nil {
		return nil, directory.Admin{}, err
	}
	m, err := h.member(ctx, member)
	if err != nil {
		return nil, directory.Admin{}, err
	}
	admin, err := h.Directory.AdminOf(ctx, m.Corp.Row, m.Person)
	if errors.Is(err, directory.ErrNotFound) {
		err = problem{http.StatusForbidden, member + " is no administrator"}
	}
	return suite, admin, err
}

func (h *Handler) installation(ctx context.Context, suite *apps.App, corp directory.Corp) (*apps.Installation, error) {
	i, err := h.Apps.Installation(ctx, suite.Row, corp.Row)
	if errors.Is(err, apps.ErrNotFound) {
		return nil, problem{http.StatusConflict, corp.CorpID + " has not installed " + suite.SuiteID}
	}
	return i, err
}
