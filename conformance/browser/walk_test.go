package browser

import (
	"context"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestWalk is the whole of running one's own platform, through pages alone: from an empty
// `hufu platform` to a member who signs in to a provider's site and an administrator who jumps
// there from the business settings. The guide "run your own" is this walk, with its pictures.
func TestWalk(t *testing.T) {
	sandbox.Needs(t, "chromium")
	w := newWalk(t)
	w.operatorBegins()
	w.operatorEnters()
	w.operatorMakesCompanies()
	w.creatorsEnrol()
	w.providerSetsUpLogin()
	w.providerMakesSuite()
	w.operatorPutsOnline()
	w.companyFillsContacts()
	w.companyInstalls()
	w.memberSignsIn()
	w.adminJumps()
}

// walk is a platform outside the sandbox, a provider's site, and who uses them.
type walk struct {
	*sandbox.Platform
	t       *testing.T
	browser context.Context
	site    *walkSite
	gallery *gallery

	operator      *visitor // at a computer
	operatorPhone *visitor
	provider      *visitor // creator of the provider's company
	admin         *visitor // creator of the company that installs
	member        *visitor // of that company, with a phone
	links         map[string]string
}

// Who and what there is, as it is typed into the pages.
const (
	providerName = "青禾软件"
	brand        = "青禾协作"
	companyName  = "星河制造"
	suiteName    = "青禾工单"
	department   = "研发部"
	memberName   = "李雷"
)

func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{t: t, gallery: newGallery(t), links: map[string]string{}}
	ports := w.gallery.ports(t)
	w.site = newWalkSite(t, ports[1])
	// The site is on this machine, which is no public address.
	w.Platform = sandbox.StartPlatform(t, ports[0], []string{"SSL_CERT_FILE=" + w.site.cert}, "--callback-network", "127.0.0.1/32")
	w.site.env["API"], w.site.env["LOGIN"] = w.API, w.Login
	w.browser = startChromium(t, "127.0.0.1:9", "127.0.0.1:9")
	w.operator, w.operatorPhone = w.atComputer(), w.withPhone()
	w.provider, w.admin, w.member = w.atComputer(), w.atComputer(), w.withPhone()
	return w
}

func (w *walk) atComputer() *visitor {
	w.t.Helper()
	v := &visitor{device: newComputer(w.t, w.browser)}
	v.size(1120, 760)
	return v
}

func (w *walk) withPhone() *visitor {
	w.t.Helper()
	return &visitor{device: newPhone(w.t, w.browser)}
}
