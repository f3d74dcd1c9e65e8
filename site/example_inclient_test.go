package site_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// The home page of an app that companies install (应用主页). Package site/login has it
// ready-made.
func ExampleAuthorizeURL() {
	link, err := site.AuthorizeURL(site.AuthorizeLink{
		AppID:       "ww4asffe99e54c0f4c", // SuiteID of the app, not of 登录授权
		RedirectURI: "https://app.example.com/login/done",
		State:       "k3v9Qm2xWb7T",
	})
	fmt.Println(link, err)
	// Output:
	// https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww4asffe99e54c0f4c&redirect_uri=https%3A%2F%2Fapp.example.com%2Flogin%2Fdone&response_type=code&scope=snsapi_base&state=k3v9Qm2xWb7T#wechat_redirect <nil>
}

func ExampleOldLoginURL() {
	link, err := site.OldLoginURL(site.OldLoginLink{
		AppID:       "wwProviderCorpID", // the provider's own, not a SuiteID
		UserType:    protocol.UserMember,
		RedirectURI: "https://app.example.com/login/done",
		State:       "k3v9Qm2xWb7T",
	})
	fmt.Println(link, err)
	// Output:
	// https://open.work.weixin.qq.com/wwopen/sso/3rd_qrConnect?appid=wwProviderCorpID&redirect_uri=https%3A%2F%2Fapp.example.com%2Flogin%2Fdone&state=k3v9Qm2xWb7T&usertype=member <nil>
}

// What a person agreed to show, in the handler of redirect_uri.
func ExampleSuite_UserDetail() {
	suite := site.New(site.Config{}).Suite("ww4asffe99e54c0f4c", "SuiteSecret", site.TicketFunc(
		func(context.Context, string) (string, error) { return "", site.ErrNoTicket })) // *events.Tickets in life

	http.HandleFunc("GET /login/done", func(w http.ResponseWriter, r *http.Request) {
		// First compare r.FormValue("state") with the browser's own.
		id, err := suite.Exchange(r.Context(), r.FormValue("code"))
		if err != nil || id.UserTicket == "" { // no ticket: snsapi_base, or out of range
			return
		}
		detail, err := suite.UserDetail(r.Context(), id.UserTicket)
		if err == nil {
			fmt.Fprintln(w, detail.Avatar) // what the person did not agree to is empty
		}
	})
}
