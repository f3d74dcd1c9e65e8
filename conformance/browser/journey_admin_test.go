package browser

import (
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// Names of the sample that the consoles' journeys meet.
const (
	galaxyName    = "星河制造"
	sampleBrand   = "青禾协作"
	galaxyAdmin   = "王芳"      // system admin of galaxyName
	sampleAgent   = "1000010" // agentid of the sample suite in galaxyName
	providerOwner = "徐静"      // creator of the sample provider's company
)

// enters signs a person in to the consoles by the sandbox's list.
func (d *device) enters(j *journey, person string) {
	d.t.Helper()
	d.open(j.Env["HUFU_LOGIN"] + "/console/sign-in")
	d.sees("登录管理后台")
	d.tap(person)
	d.until(func() bool {
		return !strings.Contains(d.address(), "/sign-in") && value[string](d.ctx, "document.readyState") == "complete"
	}, func() string { return person + " is not let in" })
}

// comesTo waits until the page at an address with that part is there.
func (d *device) comesTo(part string) {
	d.t.Helper()
	d.until(func() bool {
		return strings.Contains(d.address(), part) && value[string](d.ctx, "document.readyState") == "complete"
	}, func() string { return "the page is not at " + part })
}

// console is the address of a page of a company's admin console.
func (j *journey) console(path string) string {
	return j.Env["HUFU_LOGIN"] + "/admin/" + j.Env["HUFU_CORPID"] + path
}

// providerConsole is the same of the sample provider's.
func (j *journey) providerConsole(path string) string {
	return j.Env["HUFU_LOGIN"] + "/provider/" + j.Env["HUFU_PROVIDER_CORPID"] + path
}

// jump opens the sample suite in the console and follows its business settings. It answers
// the site's page.
func (d *device) jump() *device {
	d.t.Helper()
	d.goes("应用")
	d.tap(sampleBrand)
	d.sees("安装信息", "服务商已获取", "业务设置")
	d.tap("业务设置")
	site := d.another("/admin-entry")
	site.reload() // now in its language
	return site
}

// arrives expects the site to say who came, before anything begins, and goes in.
func (j *journey) arrives(site *device, right string) {
	j.t.Helper()
	if strings.Contains(site.address(), "auth_code") {
		j.t.Errorf("the code stays in the address %s", site.address())
	}
	site.sees("以管理员身份进入？", galaxyName, j.Env["HUFU_OPEN_CORPID"], right, "还没有人登录")
	site.tap("进入")
	site.sees("谁登录了", galaxyName, j.Env["HUFU_OPEN_CORPID"], right, "管理端业务设置", "已向平台核对管理权限")
}

// TestAdminJourneys are the ways of a company's administrators: into their console, and from
// there to a provider's site without another sign-in.
func TestAdminJourneys(t *testing.T) {
	sandbox.Needs(t, "chromium")
	browser := startChromium(t, "127.0.0.1:9", "127.0.0.1:9")
	j := begin(t, browser, "--number-match", "always")

	j.leg(t, "QR code with number", func(t *testing.T) {
		j.computer.open(j.Env["HUFU_LOGIN"] + "/console/sign-in")
		j.computer.at("waiting")
		j.phone.open(j.computer.qr())
		j.phone.tap(galaxyAdmin)
		j.phone.sees("是你要登录管理后台吗？", "127.0.0.1")
		j.phone.tap("是我，继续")
		j.phone.sees("让这台电脑进入管理后台？", "不要替别人扫码")
		j.computer.at("number")
		if at := j.computer.address(); !strings.Contains(at, "/console/sign-in") {
			t.Errorf("before the confirmation the computer is at %s", at)
		}
		j.phone.tap("输入电脑上显示的数字")
		j.phone.keys(j.computer.number())
		j.phone.tap("确认进入")
		j.phone.sees("电脑上的管理后台正在打开")
		j.computer.comesTo("/admin/" + j.Env["HUFU_CORPID"])
		j.arrives(j.computer.jump(), "应用管理员")
	})
	j.leg(t, "the wrong number", func(t *testing.T) {
		j.computer.open(j.Env["HUFU_LOGIN"] + "/console/sign-in")
		j.computer.at("waiting")
		j.phone.open(j.computer.qr())
		j.phone.tap(galaxyAdmin)
		j.phone.tap("是我，继续")
		j.computer.at("number")
		wrong := "11"
		if j.computer.number() == wrong {
			wrong = "22"
		}
		j.phone.allow("status of 4")
		j.phone.tap("输入电脑上显示的数字")
		j.phone.keys(wrong)
		j.phone.tap("确认进入")
		j.phone.sees("数字不对，登录已拒绝", "每次登录只能输入一次")
		j.computer.until(func() bool { return stateOf(j.computer.ctx) == "cancelled" || stateOf(j.computer.ctx) == "refused" },
			func() string { return "the computer goes on" })
	})
	j.leg(t, "a sub-admin who manages the app", func(t *testing.T) {
		j.computer.enters(j, "孙悦")
		j.arrives(j.computer.jump(), "应用管理员")
	})
	j.leg(t, "a sub-admin without the app", func(t *testing.T) {
		j.computer.enters(j, "周杰")
		j.computer.goes("应用")
		j.computer.sees("创建者把第三方应用交给你管理后，会出现在这里。")
		if strings.Contains(j.computer.words(), sampleBrand) {
			t.Error("the app is shown to who does not look after it")
		}
		j.computer.allow("status of 404")
		j.computer.open(j.console("/apps/" + sampleAgent))
		j.computer.sees("找不到这个页面")
	})
	j.leg(t, "an external admin", func(t *testing.T) {
		j.computer.enters(j, "吴桐")
		j.computer.goes("应用")
		j.computer.tap(sampleBrand)
		j.computer.tap("业务设置")
		site := j.computer.another("/admin-entry")
		site.allow("status of 403")
		site.reload() // now in its language
		site.sees("无法确认你是哪位成员", "外部管理员")
	})

	// The other ways of the code: each side's switch, and both.
	j.leg(t, "by the old login alone", func(t *testing.T) {
		j.switchLogin("停用")
		j.computer.enters(j, galaxyAdmin)
		j.arrives(j.computer.jump(), "系统管理员")
	})
	j.leg(t, "by neither", func(t *testing.T) {
		j.switchOldLogin("关闭旧版登录")
		j.computer.enters(j, galaxyAdmin)
		j.computer.goes("应用")
		j.computer.tap(sampleBrand)
		j.computer.tap("业务设置")
		site := j.computer.another("/admin-entry")
		site.allow("status of 503")
		site.reload()
		site.sees("本站的登录授权已停用", "服务商后台 → 登录授权")
	})
	j.leg(t, "by the login suite alone", func(t *testing.T) {
		j.switchLogin("启用")
		j.computer.enters(j, galaxyAdmin)
		j.arrives(j.computer.jump(), "应用管理员")
	})
}

// switchLogin switches the sample provider's login suite, as its owner does in the console.
func (j *journey) switchLogin(how string) {
	j.t.Helper()
	j.computer.enters(j, providerOwner)
	j.computer.open(j.providerConsole("/login"))
	j.computer.in("应用信息").tap(how)
	j.computer.sees("登录授权已" + how)
	j.leaves()
}

// switchOldLogin switches the sample provider's old login, as the operator does.
func (j *journey) switchOldLogin(how string) {
	j.t.Helper()
	j.computer.enters(j, "苏晴")
	j.computer.goes("服务商")
	j.computer.row(sampleBrand).tap(how)
	j.computer.sees("开启旧版登录")
	j.leaves()
}

// leaves ends the computer's session with the consoles.
func (j *journey) leaves() {
	j.t.Helper()
	j.computer.tap("账号菜单")
	j.computer.tap("退出登录")
	j.computer.comesTo("/console/sign-in")
}
