package browser

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestAuthorize follows the documented link (91120) as real apps have it: at WeCom's host name,
// with #wechat_redirect at its end. Asked once, a member comes back from the app's own page
// without a page, and to no address that carries the fragment on; from a stranger's page the
// member is asked, and in a frame there is no sign-in.
func TestAuthorize(t *testing.T) {
	w := newWorld(t)
	phone := newPhone(t, w.browser)
	phone.open(w.Env["HUFU_LOGIN"] + "/phone/sign-in")
	phone.sees("选择一个示例身份")
	phone.tap(sampleMember)
	phone.sees("所在企业")
	link := func(state string) string {
		return wecomOAuth + "/connect/oauth2/authorize?appid=" + w.Env["HUFU_SUITE_ID"] + "&redirect_uri=" + url.QueryEscape(w.home+"/landed") +
			"&response_type=code&scope=snsapi_base&state=" + state + "#wechat_redirect"
	}
	signedIn := func(state string) {
		t.Helper()
		eventually(t, "landing of "+state, func() bool { return w.landing(state) != nil })
		if at := phone.address(); !strings.HasPrefix(at, w.home+"/landed?code=") || strings.Contains(at, "wechat_redirect") {
			t.Errorf("the app's page is at %s", at)
		}
		w.opened(t, w.landing(state).Get("code"))
	}

	first := newState()
	phone.open(link(first))
	phone.sees("同意并打开")
	phone.tap("同意并打开")
	signedIn(first)

	second := newState()
	phone.mu.Lock()
	before := len(phone.went)
	phone.mu.Unlock()
	press(t, phone.ctx, `location.href = "`+link(second)+`"`)
	signedIn(second)
	phone.mu.Lock()
	var home int
	for _, address := range phone.went[before:] {
		if strings.HasPrefix(address, w.Env["HUFU_LOGIN"]) {
			home++
		}
	}
	if home != 1 {
		t.Errorf("%d requests to the phone's origin: %q", home, phone.went[before:])
	}
	phone.mu.Unlock()

	third := newState()
	phone.open(evilSite + "/landed")
	press(t, phone.ctx, `location.href = "`+link(third)+`"`)
	phone.sees("同意并打开")

	fourth := newState()
	phone.allow("status of 403")
	phone.open(w.home + "/landed")
	press(t, phone.ctx, `document.body.append(Object.assign(document.createElement("iframe"), {src: "`+link(fourth)+`"}))`)
	inside := frame(t, phone.ctx, "/connect/oauth2/authorize")
	eventually(t, "refusal in the frame", func() bool {
		return strings.Contains(value[string](inside, "document.body.innerText"), "不能在别的网页里登录")
	})
	for _, state := range []string{third, fourth} {
		if w.landing(state) != nil {
			t.Errorf("a code came back to %v", w.landing(state))
		}
	}
}

// opened exchanges the code of a sign-in inside the client as the app would and expects the
// sample member.
func (w *world) opened(t *testing.T, code string) {
	t.Helper()
	var ticket struct {
		Ticket string `json:"suite_ticket"`
	}
	w.Control("GET", "/suites/"+w.Env["HUFU_SUITE_ID"]+"/ticket", nil).JSON(t, &ticket)
	token := sandbox.Send(t, http.MethodPost, w.API("/cgi-bin/service/get_suite_token", nil), map[string]string{
		"suite_id": w.Env["HUFU_SUITE_ID"], "suite_secret": w.Env["HUFU_SUITE_SECRET"], "suite_ticket": ticket.Ticket}).Fields(t)["suite_access_token"]
	text, _ := token.(string)
	who := sandbox.Send(t, http.MethodGet, w.API("/cgi-bin/service/auth/getuserinfo3rd",
		url.Values{"suite_access_token": {text}, "code": {code}}), nil).Fields(t)
	if who["open_userid"] != w.Env["HUFU_OPEN_USERID"] || who["corpid"] != w.Env["HUFU_OPEN_CORPID"] {
		t.Errorf("the code names %v, not the sample member", who)
	}
}
