package browser

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestAssistantJourney is a provider's admin with nothing but a narrow phone: the brand name
// and the trusted domains that she changes there are those of the very next login page.
func TestAssistantJourney(t *testing.T) {
	sandbox.Needs(t, "chromium")
	browser := startChromium(t, "127.0.0.1:9", "127.0.0.1:9")
	j := begin(t, browser)
	j.phone.size(360, 740)
	fits := func() {
		t.Helper()
		if wide := value[int](j.phone.ctx, "document.documentElement.scrollWidth"); wide != 360 {
			t.Errorf("%s scrolls to %d pixels", j.phone.address(), wide)
		}
	}

	j.phone.open(j.Env["HUFU_LOGIN"] + "/phone/sign-in")
	j.phone.tap(providerOwner)
	j.phone.sees("所在企业", "青禾科技")
	j.phone.tap("工作台")
	j.phone.sees("你可以打开的应用", "服务商助手")
	fits()
	j.phone.tap("登录授权、可信域名、品牌名称")
	j.phone.sees("登录页上显示的名称", j.Env["HUFU_LOGIN_SUITE_ID"])
	fits()

	const brand = "青禾云协作"
	j.phone.retypes("登录页上显示的名称", brand)
	j.phone.saves("登录页上显示的名称")
	j.phone.sees("品牌名称已保存，下一次打开登录页就会显示。")
	j.toLogin(providerApp)
	j.computer.sees("登录 " + brand)

	// A domain: at first nobody trusts it, and the page says where that is changed.
	const domain = "app.example.com:8443"
	link := j.Env["HUFU_LOGIN"] + "/wwlogin/sso/login?" + url.Values{"login_type": {"ServiceApp"}, "appid": {j.Env["HUFU_LOGIN_SUITE_ID"]},
		"redirect_uri": {"https://" + domain + "/cb"}, "state": {"s"}, "lang": {"zh"}}.Encode()
	refused := func() {
		t.Helper()
		j.computer.open(link)
		j.computer.sees("-31020", "服务商后台 → 登录授权", "app.example.com")
		if value[bool](j.computer.ctx, `document.querySelector("#qr") !== null`) {
			t.Error("there is a QR code for an address that nobody trusts")
		}
	}
	j.computer.allow("status of 4")
	refused()
	j.advance("11m") // since she signed in: the proof is no longer fresh
	j.phone.reload()
	j.phone.tap("修改可信域名")
	j.phone.sees("请确认是 " + providerOwner + " 本人")
	fits()
	j.phone.tap("我是 " + providerOwner)
	for _, wrong := range []struct{ text, says string }{
		{"https://app.example.com", "不要带 http:// 或 https://"},
		{"*.example.com", "不支持通配符"},
	} {
		j.phone.allow("status of 422")
		j.phone.retypes("可信域名，每行一个", wrong.text)
		j.phone.saves("可信域名，每行一个")
		j.phone.sees(wrong.says, wrong.text)
		fits()
	}
	j.phone.retypes("可信域名，每行一个", domain)
	j.phone.saves("可信域名，每行一个")
	j.phone.sees("可信域名已保存，下一次登录按新的域名检查。", domain)
	fits()
	j.computer.open(link)
	j.computer.at("waiting")
	j.computer.sees("登录 "+brand, "回到 "+domain)

	// Removed, it is refused at once; what was signed in before is refused at the exchange.
	code := j.confirmed(j.computer.qr(), domain)
	j.phone.retypes("可信域名，每行一个", "other.example.com")
	j.phone.saves("可信域名，每行一个")
	j.phone.sees("可信域名已保存")
	refused()
	if a := sandbox.Send(t, "GET", j.API("/cgi-bin/service/auth/getuserinfo3rd", url.Values{"suite_access_token": {j.SuiteToken()}, "code": {code}}), nil).Fields(t); a["errcode"] != 50001.0 {
		t.Errorf("a code for a domain that was removed: %v", a)
	}

	// Switched off, the login page refuses everybody, and says who can help.
	j.phone.tap("停用登录授权")
	j.phone.sees("登录授权已停用。")
	j.computer.open(j.Env["HUFU_SITE"] + "/")
	j.computer.tap("打开登录页")
	j.computer.sees("停用")
	j.phone.tap("启用登录授权")
	j.phone.sees("登录授权已启用。")
	j.toLogin(providerApp)
	j.computer.sees("登录 " + brand)
}

// retypes types into the field of that label, in place of what it holds.
func (d *device) retypes(label, text string) {
	d.t.Helper()
	d.until(func() bool { return value[bool](d.ctx, field(label)+` !== null`) }, func() string { return "there is no field " + label })
	press(d.t, d.ctx, field(label)+`.focus(), document.activeElement.select()`)
	d.keys(text)
	if got := value[string](d.ctx, field(label)+`.value`); strings.TrimSpace(got) != text {
		d.t.Fatalf("%s holds %q, not %q", label, got, text)
	}
}

// saves submits the form of a field.
func (d *device) saves(label string) {
	d.t.Helper()
	d.leaves(field(label) + `.form.requestSubmit()`)
}

// field is the expression of the field of a label, or null.
func field(label string) string {
	return `([...document.querySelectorAll("label")].find((l) => l.innerText.trim() === "` + label + `")?.control ?? null)`
}

// confirmed lets the sample member confirm what a QR code asks, and answers the code.
func (j *journey) confirmed(address, host string) string {
	j.t.Helper()
	if a := j.Control("POST", "/confirm", map[string]string{"qr": address, "member": j.Member()}); a.Status != http.StatusOK {
		j.t.Fatalf("confirm: %d %s", a.Status, a.Body)
	}
	to, err := url.Parse(j.computer.wentTo("https://" + host + "/cb?code="))
	if err != nil {
		j.t.Fatal(err)
	}
	return to.Query().Get("code")
}
