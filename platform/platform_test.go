package platform_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// TestSignIn walks the main job: page, scan, confirm, wait, exchange.
func TestSignIn(t *testing.T) {
	p := platformtest.Start(t, platformtest.Options{})
	page := p.OpenLogin(p.ServiceLink(platformtest.Origin+"/cb?x=1", "st at/e"))
	if page.Status != http.StatusOK || page.WebKey == "" || page.QRKey == "" {
		t.Fatalf("login page: %d, keys %q %q\n%.500s", page.Status, page.WebKey, page.QRKey, page.Body)
	}
	member := p.Sample.CorpID + "/" + p.Sample.Member
	phone := p.Phone(member)
	if status := phone.Post("/q/"+page.QRKey+"/scan", nil, nil); status != http.StatusOK {
		t.Fatalf("scan: %d", status)
	}
	if w := page.Wait(protocol.QRNever); w.Status != protocol.QRScanning || w.Name != "张*" {
		t.Fatalf("after the scan: %+v", w)
	}
	var done struct {
		Outcome string `json:"outcome"`
	}
	phone.Post("/q/"+page.QRKey+"/decide", url.Values{"decision": {"confirm"}}, &done)
	if done.Outcome != "confirmed" {
		t.Fatalf("phone says %q", done.Outcome)
	}
	w := page.Wait(protocol.QRScanning)
	if w.Status != protocol.QRSuccess || w.AuthCode == "" {
		t.Fatalf("after the confirmation: %+v", w)
	}
	if want := platformtest.Origin + "/cb?x=1&code=" + w.AuthCode + "&state=st%20at%2Fe"; w.RedirectURL != want {
		t.Errorf("redirect %s\n    want %s", w.RedirectURL, want)
	}
	if again := page.Wait(protocol.QRScanning); again.AuthCode != w.AuthCode {
		t.Error("collecting again gave another code")
	}
	token := p.SuiteToken()
	var who protocol.UserInfo3rd
	p.Get(protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {token}, "code": {w.AuthCode}}, &who)
	if who.ErrCode != 0 || who.CorpID != p.Sample.OpenCorpID || who.UserID != p.Sample.OpenUserID || who.OpenUserID != p.Sample.OpenUserID {
		t.Fatalf("exchange: %+v", who)
	}
	p.Get(protocol.PathGetUserInfo3rd, url.Values{"suite_access_token": {token}, "code": {w.AuthCode}}, &who)
	if who.ErrCode != protocol.CodeInvalidCode {
		t.Errorf("second exchange: %+v", who.Failure)
	}
}
