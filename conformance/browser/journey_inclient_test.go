package browser

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// authorizePath is where an app asks inside the client who came (91120).
const authorizePath = "/connect/oauth2/authorize"

// TestInClientJourneys are ways into the sample site from inside the client: the workbench, the
// site's own link, a link of a stranger, and a phone on which nobody is signed in.
func TestInClientJourneys(t *testing.T) {
	sandbox.Needs(t, "chromium")
	browser := startChromium(t, "127.0.0.1:9", "127.0.0.1:9")
	j := begin(t, browser)
	j.leg(t, "link of the site", func(t *testing.T) {
		j.signsInOnPhone(sampleMember)
		j.phone.open(j.Env["HUFU_SITE"] + "/")
		j.phone.tap("在手机端内登录")
		j.phone.sees("登录“"+sampleBrand+"”？", sampleMember, galaxyName, "同意并打开")
		j.phone.tap("同意并打开")
		j.phone.sees("谁登录了", j.Env["HUFU_OPEN_USERID"])
		if at := j.phone.address(); at != j.Env["HUFU_SITE"]+"/me" {
			t.Errorf("the site says so at %s", at)
		}
		// Agreed to once, the site's own link asks no more; a stranger's does.
		j.phone.tap("退出登录")
		j.phone.sees("在手机端内登录")
		j.phone.forget()
		j.phone.tap("在手机端内登录")
		j.phone.sees("谁登录了", j.Env["HUFU_OPEN_USERID"])
		j.silent(j.phone)

		link := j.Env["HUFU_LOGIN"] + authorizePath + "?" + url.Values{"appid": {j.Env["HUFU_SUITE_ID"]}, "redirect_uri": {j.Env["HUFU_REDIRECT_URI"]},
			"response_type": {"code"}, "scope": {"snsapi_base"}, "state": {"s"}}.Encode() + "#wechat_redirect"
		stranger := startSites(t)
		j.phone.open(stranger.home + "/landed")
		press(t, j.phone.ctx, `location.href = "`+link+`"`)
		j.phone.sees("登录“"+sampleBrand+"”？", "同意并打开")
	})
	j.leg(t, "workbench", func(t *testing.T) {
		j.signsInOnPhone(sampleMember)
		for _, app := range []struct {
			name string
			says []string
		}{
			{sampleBrand, []string{j.Env["HUFU_OPEN_CORPID"], j.Env["HUFU_OPEN_USERID"]}},
			{"星河报表", []string{j.Env["HUFU_CORPID"], j.Env["HUFU_MEMBER"]}},
		} {
			// In the same tab, where every request is seen; twice, for what vouched is not spent.
			for range 2 {
				j.phone.open(j.Env["HUFU_LOGIN"] + "/phone/workbench")
				press(t, j.phone.ctx, `document.querySelectorAll("form").forEach((form) => form.removeAttribute("target"))`)
				j.phone.forget()
				j.phone.tap(app.name)
				j.phone.sees(append(app.says, "谁登录了")...)
				j.silent(j.phone)
			}
		}
		// As it comes it opens beside the workbench.
		j.phone.open(j.Env["HUFU_LOGIN"] + "/phone/workbench")
		j.phone.tap(sampleBrand)
		eventually(t, "app beside the workbench", func() bool {
			targets, err := chromedp.Targets(j.phone.ctx)
			return err == nil && slices.ContainsFunc(targets, func(info *target.Info) bool {
				return info.Type == "page" && info.URL == j.Env["HUFU_SITE"]+"/me"
			})
		})
	})
	j.leg(t, "refusal", func(t *testing.T) {
		j.signsInOnPhone(sampleMember)
		j.phone.open(j.Env["HUFU_SITE"] + "/")
		j.phone.tap("登录并请求更多信息")
		j.phone.sees("登录“"+sampleBrand+"”？", "“"+sampleBrand+"”还想知道")
		if ticked := value[int](j.phone.ctx, `document.querySelectorAll("input[type=checkbox]:checked").length`); ticked != 0 {
			t.Errorf("%d details are ticked before anybody has", ticked)
		}
		j.phone.allow("status of 4")
		j.phone.tap("拒绝")
		j.phone.sees("没有登录")
		if at := j.phone.address(); !strings.HasPrefix(at, j.Env["HUFU_SITE"]) || strings.Contains(at, "code=") {
			t.Errorf("a refusal ends at %s", at)
		}
	})
	j.leg(t, "details", func(t *testing.T) {
		j.signsInOnPhone(sampleMember)
		j.phone.open(j.Env["HUFU_SITE"] + "/?app=corp")
		j.phone.tap("登录并请求更多信息")
		j.phone.sees("登录“星河报表”？", "“星河报表”还想知道")
		press(t, j.phone.ctx, `document.querySelector("input[type=checkbox][value=mobile]").click()`)
		j.phone.tap("同意并打开")
		j.phone.sees("谁登录了", j.Env["HUFU_MEMBER"], "mobile")
		if words := j.phone.words(); strings.Contains(words, "@") {
			t.Errorf("the site was told an email that nobody agreed to:\n%s", words)
		}
	})
	j.leg(t, "outside", func(t *testing.T) {
		// A phone's browser on which nobody is signed in is told how to come in, and may here.
		j.phone.open(j.Env["HUFU_SITE"] + "/login")
		j.phone.sees("在企业微信中打开", "复制地址", "显示二维码")
		j.phone.open(j.Env["HUFU_SITE"] + "/")
		j.phone.tap("在手机端内登录")
		j.phone.sees("请在手机上打开“"+sampleBrand+"”", "就在这台设备上打开")
		j.phone.tap("在这台设备上登录")
		j.phone.sees("选择一个示例身份")
		j.phone.tap(sampleMember)
		// Who has just signed in may have been led there by anybody: this asks again.
		j.phone.tap("同意并打开")
		j.phone.sees("谁登录了", j.Env["HUFU_OPEN_USERID"])
	})
	j.leg(t, "not for everybody", func(t *testing.T) {
		j.signsInOnPhone("陈一舟")
		j.phone.allow("status of 403")
		j.phone.open(j.Env["HUFU_SITE"] + "/")
		j.phone.tap("在手机端内登录")
		j.phone.sees("你不在任何企业中")
	})
}

// signsInOnPhone signs a person in to the phone by the sandbox's list.
func (j *journey) signsInOnPhone(person string) {
	j.t.Helper()
	j.phone.open(j.Env["HUFU_LOGIN"] + "/phone/sign-in")
	j.phone.sees("选择一个示例身份")
	j.phone.tap(person)
	j.phone.sees("所在企业")
}

// silent expects that a page came from the app's home to the site's by one request to the
// platform that shows nothing: the authorize request.
func (j *journey) silent(d *device) {
	j.t.Helper()
	var asked, shown []string
	for _, address := range d.journey() {
		u, err := url.Parse(address)
		if err != nil {
			j.t.Fatal(err)
		}
		switch {
		case u.Scheme+"://"+u.Host != j.Env["HUFU_LOGIN"] || u.Path == "/phone/workbench/open":
		case u.Path == authorizePath:
			asked = append(asked, u.Path)
		default:
			shown = append(shown, u.Path)
		}
	}
	if len(asked) != 1 || len(shown) != 0 {
		j.t.Errorf("%d authorize requests, and pages of the platform at %v: %q", len(asked), shown, d.journey())
	}
	if at := d.address(); strings.Contains(at, "code=") || strings.Contains(at, "wechat_redirect") {
		j.t.Errorf("the site's page is at %s", at)
	}
}

// journey lists the documents that the page went to, redirects included, since forget.
func (d *device) journey() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.went...)
}

// forget begins the list anew.
func (d *device) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.went = nil
}
