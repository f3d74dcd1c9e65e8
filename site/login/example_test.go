package login_test

import (
	"context"
	"log"
	"net/http"

	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/login"
)

// A provider's site: QR code on a desktop, silent inside the client.
func Example() {
	client := site.New(site.Config{})
	tickets := site.TicketFunc(func(context.Context, string) (string, error) { return "", site.ErrNoTicket }) // *events.Tickets in life
	installed := client.Suite("wwInstalledSuite", "Secret", tickets)

	h, err := login.New(login.Config{
		Suite:       client.Suite("wwLoginSuite", "Secret", tickets), // 登录授权
		AppID:       "wwLoginSuite",
		RedirectURI: "https://app.example.com/login/finish",
		InClient:    &login.InClient{Suite: installed, AppID: "wwInstalledSuite"}, // 第三方应用
	})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	h.Mount(mux)
	mux.Handle("GET /app-home", h.AppHome("/")) // the app's 应用主页
	mux.Handle("GET /", h.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, _ := login.FromContext(r.Context())
		w.Write([]byte("hello " + s.UserID))
	})))
}

// A site that still has the old login alone: its links stay as they are.
func ExampleOldLogin() {
	provider := site.New(site.Config{}).Provider("wwProviderCorpID", "ProviderSecret")

	h, err := login.New(login.Config{
		RedirectURI: "https://app.example.com/login/finish",
		Old:         &login.OldLogin{Provider: provider, AppID: "wwProviderCorpID"},
	})
	if err != nil {
		log.Fatal(err)
	}
	h.Mount(http.DefaultServeMux)
}
