package login

import "testing"

func TestQRHasALinkInTheSandboxOnly(t *testing.T) {
	h := &Handler{PublicURL: "https://login.example.com"}
	if h.qr("k").URL != "" {
		t.Error("a QR code outside the sandbox says its address")
	}
	h.Sandbox = true
	if got := h.qr("k").URL; got != "https://login.example.com/q/k" {
		t.Errorf("address %q", got)
	}
}
