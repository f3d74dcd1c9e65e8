package login

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/web"
)

// A sign-in of the consoles, confirmed, never becomes a code: the login page's calls do not
// know its signature, and what makes codes refuses it even so.
func TestNoCodeForAConsole(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "hufu.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ring, err := keys.Open(ctx, db, filepath.Join(dir, "wrap.key"))
	if err != nil {
		t.Fatal(err)
	}
	c := clock.New()
	defer c.Stop()
	short, err := shortlived.Embedded(filepath.Join(dir, "shortlived.db"), c.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer short.Close()
	attempts, err := attempt.New(short, c, ring, attempt.NumberFromElsewhere)
	if err != nil {
		t.Fatal(err)
	}
	page, err := attempts.Begin(ctx, attempt.Request{Console: true, Address: netip.MustParseAddr("192.0.2.1")})
	if err != nil {
		t.Fatal(err)
	}
	phone := attempt.Phone{Session: "s", Person: 1, Name: "A", Address: netip.MustParseAddr("192.0.2.1")}
	if _, err := attempts.Scan(ctx, page.QRKey, phone); err != nil {
		t.Fatal(err)
	}
	a, err := attempts.Confirm(ctx, page.QRKey, phone, attempt.Decision{Member: 2, Corp: 3})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := respond.New(respond.Config{Assets: web.Files})
	if err != nil {
		t.Fatal(err)
	}
	h := &Handler{Respond: pages, Attempts: attempts, Now: c.Now}
	// No keeper of tokens is there: minting would panic.
	if s, err := h.stateFor(httptest.NewRequest("POST", "/", nil), page.WebKey, a); err != nil || s.AuthCode != "" || s.RedirectURL != "" || s.Status != "QRCODE_SCAN_ERR" {
		t.Errorf("state %+v %v", s, err)
	}
	mux := http.NewServeMux()
	h.Mount(mux)
	for _, path := range []string{"/wwlogin/monoApi/sso/login/getWebQrCodeStatus", "/wwlogin/sso/renew"} {
		r := httptest.NewRequest("POST", path, strings.NewReader(`{"webKey":"`+page.WebKey+`","lastStatus":"QRCODE_SCAN_NEVER"}`))
		r.Header.Set("Authorization", page.Signature)
		w := httptest.NewRecorder()
		pages.Wrap(mux).ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), "QRCODE_SCAN_ERR") || strings.Contains(w.Body.String(), "auth_code\":\"") && !strings.Contains(w.Body.String(), `auth_code":""`) {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	w := httptest.NewRecorder()
	pages.Wrap(mux).ServeHTTP(w, httptest.NewRequest("GET", "/wwlogin/sso/qrcode?key="+page.WebKey, nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("its QR code as a picture: %d", w.Code)
	}
}
