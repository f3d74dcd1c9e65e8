package phone_test

import (
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/client/phone"
	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// TestDesktopClient signs a desktop client in: the machine is named, and the number typed.
func TestDesktopClient(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	d := p.NewDesktop("workshop · Linux")
	var out strings.Builder
	o := phone.Options{As: member(p), Decision: phone.Confirm, Out: &out, Ask: func(question string) (string, error) {
		if !strings.Contains(question, "number on the computer") {
			t.Errorf("asked %q", question)
		}
		return d.Wait(protocol.QRNever).Number, nil
	}}
	if err := phone.Scan(t.Context(), d.QR, o); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "workshop · Linux") || !strings.Contains(out.String(), "confirmed") || strings.Contains(out.String(), "browser") {
		t.Errorf("said %q", out.String())
	}
	if reason := d.Collect(); reason != "" || d.ID == "" {
		t.Errorf("collect: %q", reason)
	}
	refused := p.NewDesktop("attic · Windows")
	o.Decision = phone.Refuse
	if err := phone.Scan(t.Context(), refused.QR, o); err != nil {
		t.Error(err)
	}
	if reason := refused.Collect(); reason == "" {
		t.Error("a refused client is signed in")
	}
}

// TestOldPages scans the QR codes of the old login pages.
func TestOldPages(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, path := range []string{protocol.PathOldProviderLogin, protocol.PathOldCorpLogin} {
		page := p.OpenOld(path, p.OldLink(path, platformtest.Origin+"/cb", "s"))
		if page.QRKey == "" {
			t.Fatalf("%s: %d %.300s", path, page.Status, page.Body)
		}
		if err := phone.Scan(t.Context(), page.OldQR(), phone.Options{As: member(p), Decision: phone.Confirm}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if s := page.OldPoll(page.WebKey, page.Signature, protocol.QRNever); s.Status != protocol.QRSuccess || s.AuthCode == "" {
			t.Errorf("%s: %+v", path, s)
		}
	}
	// Administrators alone.
	link := p.OldLink(protocol.PathOldProviderLogin, platformtest.Origin+"/cb", "s")
	link.Set(protocol.ParamUserType, protocol.UserAdmin)
	page := p.OpenOld(protocol.PathOldProviderLogin, link)
	if err := phone.Scan(t.Context(), page.OldQR(), phone.Options{As: member(p), Decision: phone.Confirm}); err == nil || !strings.Contains(err.Error(), "administrators alone") {
		t.Errorf("no administrator: %v", err)
	}
	if err := phone.Scan(t.Context(), page.OldQR(), phone.Options{As: p.Sample.CorpID + "/" + p.Sample.Admin, Decision: phone.Confirm}); err != nil {
		t.Error(err)
	}
	if err := phone.Scan(t.Context(), page.OldQR()[:len(page.OldQR())-20]+"x", phone.Options{As: member(p), Decision: phone.Confirm}); err == nil || strings.Contains(err.Error(), "k=") {
		t.Errorf("a broken key: %v", err)
	}
}
