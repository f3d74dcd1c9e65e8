package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// Scripts decide about QR codes of old pages and of desktop clients; where administrators alone
// may enter, a member who is none does not, and the next one may.
func TestControlOldQRCodes(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	member, admin := p.Sample.CorpID+"/"+p.Sample.Member, p.Sample.CorpID+"/"+p.Sample.Admin
	call := func(path, qr, member string) int {
		t.Helper()
		return p.Control("POST", path, map[string]string{"qr": qr, "member": member}, nil)
	}
	for _, path := range oldPaths[:2] {
		link := p.OldLink(path, platformtest.Origin+"/cb", "s")
		for verb, want := range map[string]protocol.QRStatus{"/scan": protocol.QRScanning, "/confirm": protocol.QRSuccess, "/refuse": protocol.QRFail} {
			page := p.OpenOld(path, link)
			if status := call(verb, page.OldQR(), member); status != http.StatusOK {
				t.Errorf("%s %s: %d", verb, path, status)
			}
			if w := stateNow(page); w.Status != want || (w.AuthCode != "") != (want == protocol.QRSuccess) {
				t.Errorf("%s %s: %+v", verb, path, w)
			}
		}
		page := p.OpenOld(path, link)
		for qr, want := range map[string]int{
			strings.Replace(page.OldQR(), "?k=", "?key=", 1): http.StatusBadRequest, strings.Replace(page.OldQR(), page.QRKey, "", 1): http.StatusBadRequest,
			strings.Replace(page.OldQR(), page.QRKey, page.WebKey, 1): http.StatusGone, p.PublicURL() + protocol.PathOldCorpLogin + "?k=" + page.QRKey: http.StatusBadRequest,
		} {
			if status := call("/confirm", qr, member); status != want {
				t.Errorf("%s: %d, want %d", qr, status, want)
			}
		}
	}
	link := p.OldLink(protocol.PathOldProviderLogin, platformtest.Origin+"/cb", "s")
	link.Del(protocol.ParamUserType) // admin
	for member, want := range map[string]int{member: http.StatusForbidden, admin: http.StatusOK} {
		page := p.OpenOld(protocol.PathOldProviderLogin, link)
		if status := call("/confirm", page.OldQR(), member); status != want {
			t.Errorf("%s confirms for administrators: %d, want %d", member, status, want)
		}
		if w := stateNow(page); (w.AuthCode != "") != (want == http.StatusOK) {
			t.Errorf("%s: %+v", member, w)
		}
	}
	d := p.NewDesktop("machine")
	if status := call("/refuse", d.QR, member); status != http.StatusOK {
		t.Errorf("refuse a desktop client: %d", status)
	}
	if reason := d.Collect(); reason != protocol.DesktopGone {
		t.Errorf("a refused client: %q", reason)
	}
}
