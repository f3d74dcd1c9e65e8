package login

import (
	"net/http/httptest"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/web"
)

// BenchmarkPage is what one login page costs, QR code and quick login included, without the
// attempt.
func BenchmarkPage(b *testing.B) {
	r, err := respond.New(respond.Config{Assets: web.Files, Sandbox: true})
	if err != nil {
		b.Fatal(err)
	}
	h := &Handler{Respond: r, PublicURL: "http://localhost:8790", Sandbox: true}
	request := httptest.NewRequest("GET", "/wwlogin/sso/login?lang=zh", nil)
	b.ReportAllocs()
	for b.Loop() {
		page := Page{Frame: sampleFrame(false), Site: "app.example.com", QR: h.qr("3qTz8vKfLw2ZpXaY7mNbRc")}
		w := httptest.NewRecorder()
		respond.FrameAncestors(w, nil)
		page.Settings.Desktop = offerDesktop(w, request, "")
		if err := h.render(w, request, page); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQR is the drawing alone.
func BenchmarkQR(b *testing.B) {
	h := &Handler{PublicURL: "http://localhost:8790"}
	b.ReportAllocs()
	for b.Loop() {
		h.qr("3qTz8vKfLw2ZpXaY7mNbRc")
	}
}
