package browser

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestConsoleJourneys are what the consoles change, as it shows at the login page and at the
// provider's site.
func TestConsoleJourneys(t *testing.T) {
	sandbox.Needs(t, "chromium")
	browser := startChromium(t, "127.0.0.1:9", "127.0.0.1:9")
	j := begin(t, browser)

	j.leg(t, "brand name", func(t *testing.T) {
		j.computer.enters(j, providerOwner)
		j.computer.open(j.providerConsole("/brand"))
		j.computer.retypes("品牌名称", "青禾云")
		j.computer.saves("品牌名称")
		j.computer.sees("已保存")
		j.toLogin(providerApp)
		j.computer.sees("登录 青禾云")
		if strings.Contains(j.computer.words(), sampleBrand) {
			t.Error("the login page still shows the old brand")
		}
	})

	site := newComputer(t, browser)
	j.leg(t, "visible range", func(t *testing.T) {
		j.atSite(site)
		site.sees(galaxyName, j.Env["HUFU_OPEN_CORPID"], "启动以来还没有收到事件")
		j.computer.enters(j, galaxyAdmin)
		j.computer.open(j.console("/apps/" + sampleAgent + "/range"))
		j.computer.check(galaxyName, false)
		j.computer.check("市场部", true)
		j.computer.tap("保存")
		j.computer.sees("已保存。", "1 个部门")
		j.hears(site, "change_auth", "已处理", j.Env["HUFU_OPEN_CORPID"])
	})
	j.leg(t, "member", func(t *testing.T) {
		j.computer.enters(j, galaxyAdmin)
		j.adds("linxia", "林夏", "星河制造/市场部")
		j.hears(site, "change_contact create_user", "已处理")
		j.adds("outside", "吕外", "星河制造/生产部") // outside of the range: nobody is told
		j.computer.tap("禁用成员")
		j.computer.sees("已禁用")
		j.adds("linqiu", "林秋", "星河制造/市场部")
		var words string
		site.until(func() bool {
			words = j.installs(site)
			return strings.Count(words, "create_user") >= 2
		}, func() string { return "the site has not heard of the next member" })
		if strings.Count(words, "change_contact") != 2 {
			t.Errorf("the site heard of a member outside of its range:\n%s", words)
		}
	})
	j.leg(t, "uninstalled", func(t *testing.T) {
		code := j.Control("POST", "/codes", map[string]string{"kind": "admin", "app": j.Env["HUFU_SUITE_ID"],
			"member": j.Env["HUFU_CORPID"] + "/" + j.Env["HUFU_ADMIN"]}).Fields(t)["url"].(string)
		j.computer.enters(j, galaxyAdmin)
		j.computer.open(j.console("/apps/" + sampleAgent))
		j.computer.tap("业务设置") // once more it works
		j.computer.another("/admin-entry")
		j.computer.tap("卸载")
		j.computer.sees("卸载“"+sampleBrand+"”", "服务商会收到取消授权的通知")
		j.computer.tap("确认卸载")
		j.computer.sees("已卸载。")
		words := j.hears(site, "cancel_auth", "已处理")
		if list, _, _ := strings.Cut(words, "收到的事件"); strings.Contains(list, j.Env["HUFU_OPEN_CORPID"]) {
			t.Errorf("the site has not forgotten the company:\n%s", words)
		}

		j.computer.allow("status of 404")
		j.computer.open(j.console("/apps/" + sampleAgent))
		j.computer.sees("找不到这个页面")
		// The jump that was begun before, too.
		late := newComputer(t, browser)
		late.allow("status of 4")
		late.open(code)
		late.sees("授权码不能使用")
	})
	j.leg(t, "installed from the provider's site", func(t *testing.T) {
		j.atSite(site)
		site.tap("为企业安装应用")
		site.comesTo("/console/sign-in")
		site.tap(galaxyAdmin)
		site.sees("安装“"+sampleBrand+"”", "安装后，服务商可以", "从 "+strings.TrimPrefix(j.Env["HUFU_SITE"], "http://")+" 发起安装")
		site.tap("确认安装") // for nobody: it says so
		site.allow("status of 422")
		site.sees("请至少选择一个部门或一名成员。")
		site.check(galaxyName, true)
		site.tap("确认安装")
		site.comesTo(j.Env["HUFU_SITE"] + "/installs")
		site.sees(galaxyName, "从本站发起", j.Env["HUFU_OPEN_CORPID"])
		if strings.Contains(site.words(), "create_auth") {
			t.Error("an install from the site was announced as one from the market")
		}
		j.computer.enters(j, galaxyAdmin)
		j.arrives(j.computer.jump(), "应用管理员")
	})
	j.leg(t, "installed from the market", func(t *testing.T) {
		j.computer.enters(j, galaxyAdmin)
		j.computer.goes("应用")
		j.computer.tap(sampleBrand)
		j.computer.tap("卸载")
		j.computer.tap("确认卸载")
		j.computer.sees("已卸载。")
		j.computer.tap("应用市场")
		j.computer.tap(sampleBrand)
		j.computer.sees("安装后，服务商可以", "也看不到真实姓名；手机号和邮箱只有成员本人同意才看得到")
		j.computer.tap("安装")
		j.computer.check("市场部", true)
		j.computer.tap("确认安装")
		j.computer.sees("已安装，正在等待服务商完成开通。")
		j.hears(site, "create_auth", "由 AuthCode 换取", "已处理", "应用市场", j.Env["HUFU_OPEN_CORPID"])
		j.arrives(j.computer.jump(), "应用管理员")
	})
}

// atSite signs the sample member in to the site in a browser, and leads to the page of
// companies.
func (j *journey) atSite(site *device) {
	j.t.Helper()
	site.t = j.t
	site.open(j.Env["HUFU_SITE"] + "/installs")
	if strings.HasSuffix(site.address(), "/installs") {
		return // signed in
	}
	site.at("waiting")
	if a := j.Control("POST", "/confirm", map[string]string{"qr": site.qr(), "member": j.Member()}); a.Status != http.StatusOK {
		j.t.Fatalf("confirm: %d %s", a.Status, a.Body)
	}
	site.sees("收到的事件")
}

// installs is what the site's page of companies says now.
func (j *journey) installs(site *device) string {
	j.t.Helper()
	site.t = j.t
	site.open(j.Env["HUFU_SITE"] + "/installs")
	site.sees("收到的事件")
	return site.words()
}

// hears waits until the first of the site's events is of a kind (InfoType and ChangeType),
// with all that the page says beside it, and answers the page.
func (j *journey) hears(site *device, kind string, says ...string) string {
	j.t.Helper()
	var words string
	site.until(func() bool {
		words = j.installs(site)
		first := value[string](site.ctx, `document.querySelector("section:last-of-type tbody tr td").innerText.replace(/\s+/g, " ").trim()`)
		if first != kind {
			return false
		}
		for _, text := range says {
			if !strings.Contains(words, text) {
				return false
			}
		}
		return true
	}, func() string { return "the site has not heard " + kind })
	return words
}

// adds makes a member in the console.
func (j *journey) adds(userid, name, department string) {
	j.t.Helper()
	j.computer.open(j.console("/contacts/members/new"))
	j.computer.retypes("姓名", name)
	j.computer.retypes("账号", userid)
	press(j.t, j.computer.ctx, field("主部门")+`.value = [...`+field("主部门")+`.options].find((o) => o.text.trim() === "`+department+`").value`)
	j.computer.tap("保存")
	j.computer.sees("已添加成员", name)
}

// check sets the box of a department.
func (d *device) check(department string, on bool) {
	d.t.Helper()
	box := `[...document.querySelectorAll("label.check")].find((l) => l.querySelector("span").innerText.trim() === "` + department + `")?.control`
	d.until(func() bool {
		return value[bool](d.ctx, `document.readyState === "complete" && !!`+box)
	}, func() string { return "there is no department " + department })
	press(d.t, d.ctx, `(`+box+`.closest("details") ?? {}).open = true, `+box+`.checked !== `+boolean(on)+` && `+box+`.click()`)
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
