package site_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

func ExampleLoginURL() {
	link, err := site.LoginURL(site.LoginLink{
		AppID:       "ww4asffe99e54c0f4c", // SuiteID of 登录授权
		RedirectURI: "https://app.example.com/login/done",
		State:       "k3v9Qm2xWb7T", // unguessable, kept in the browser's session
	})
	fmt.Println(link, err)
	// Output:
	// https://login.work.weixin.qq.com/wwlogin/sso/login?appid=ww4asffe99e54c0f4c&login_type=ServiceApp&redirect_uri=https%3A%2F%2Fapp.example.com%2Flogin%2Fdone&state=k3v9Qm2xWb7T <nil>
}

// The handler of redirect_uri. Package site/login has it ready-made.
func ExampleSuite_Exchange() {
	client := site.New(site.Config{}) // the real WeCom; Config.API names another platform
	suite := client.Suite("ww4asffe99e54c0f4c", "SuiteSecret", site.TicketFunc(
		func(context.Context, string) (string, error) { return "", site.ErrNoTicket })) // *events.Tickets in life

	http.HandleFunc("GET /login/done", func(w http.ResponseWriter, r *http.Request) {
		// First compare r.FormValue("state") with the browser's own.
		id, err := suite.Exchange(r.Context(), r.FormValue("code"))
		switch {
		case errors.Is(err, protocol.CodeInvalidCode):
			http.Redirect(w, r, "/login", http.StatusSeeOther) // used or expired: once more
		case err != nil:
			http.Error(w, "sign-in is not possible now", http.StatusBadGateway) // err is safe to log
		default:
			fmt.Fprintln(w, "hello", id.UserID, "of", id.CorpID) // begin a session instead
		}
	})
}

func ExampleClient_CorpApp() {
	app := site.New(site.Config{}).CorpApp("wwCorpID", "Secret of the app")

	signIn := func(ctx context.Context, code string) (string, error) {
		id, err := app.Exchange(ctx, code)
		if err != nil {
			return "", err
		}
		user, err := app.User(ctx, id.UserID)
		return user.Name, err
	}
	_ = signIn
}
