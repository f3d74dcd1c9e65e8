package browser

import (
	"context"
	"strings"
	"testing"
)

// linkJourneys: a link from the site's home to the login page, a scan, a confirmation, and
// the site says who it is. The phone says before what it will say.
func linkJourneys(t *testing.T, browser context.Context) {
	j := begin(t, browser, "--number-match", "always")
	for _, test := range []struct {
		name    string
		app     string
		person  string
		company string // to be chosen; empty: there is no choice
		asker   string
		shared  []string // what the phone says is shared
		ids     []string // names of the values that phone and site must agree about
		site    []string // what the site says
	}{
		{"encrypted", providerApp, sampleMember, "", "青禾协作",
			[]string{"星河制造", "将提供给“青禾协作”", "企业编号（加密）", "成员编号（加密）", "其他服务商无法据此认出你"}, nil,
			[]string{j.Env["HUFU_OPEN_CORPID"], j.Env["HUFU_OPEN_USERID"], "这些 id 是密文", providerApp}},
		{"one of two companies", providerApp, "林溪", "星河制造", "青禾协作",
			[]string{"星河制造", "企业编号（加密）", "成员编号（加密）"}, nil,
			[]string{j.Env["HUFU_OPEN_CORPID"], "这些 id 是密文"}},
		{"plain", providerApp, "何清", "", "青禾协作",
			[]string{"远山文化", "历史授权", "heqing"}, []string{"企业编号", "成员账号"},
			[]string{"heqing", "这些 id 是明文", providerApp}},
		{"no company", providerApp, "陈一舟", "", "青禾协作",
			[]string{"不在任何企业", "OpenID（加密）", "“青禾协作”只会得到这个编号"}, nil,
			[]string{"openid", "没有企业的人", "这个人不属于任何企业"}},
		{"corp app", corpApp, sampleMember, "", "星河报表",
			[]string{"星河制造", j.Env["HUFU_MEMBER"], "企业自建的应用"}, []string{"成员账号"},
			[]string{j.Env["HUFU_CORPID"], j.Env["HUFU_MEMBER"], "自建应用得到明文 id", corpApp}},
		{"corp app, in two companies", corpApp, "林溪", "", "星河报表",
			[]string{"星河制造", "lixi"}, []string{"成员账号"},
			[]string{j.Env["HUFU_CORPID"], "lixi", corpApp}},
	} {
		j.leg(t, test.name, func(t *testing.T) {
			site := strings.TrimPrefix(j.Env["HUFU_SITE"], "http://")
			j.toLogin(test.app)
			j.computer.sees("登录 "+test.asker, "回到 "+site, "沙箱")

			j.phone.open(j.computer.qr())
			j.phone.sees("选择一个示例身份", "“"+test.asker+"”（"+site+"）")
			j.phone.tap(test.person)
			j.phone.sees("是你要登录“"+test.asker+"”吗？", site, "Chrome 142 · Windows", "127.0.0.1", "与手机同一网络", "现在还没有登录")
			if state := stateOf(j.computer.ctx); state != "waiting" {
				t.Errorf("a look at the QR code made the login page %s", state)
			}
			j.phone.tap("是我，继续")

			j.computer.at("number")
			masked := string([]rune(test.person)[:1]) + strings.Repeat("*", len([]rune(test.person))-1)
			j.computer.sees(masked, "请在手机上输入这个数字")
			if strings.Contains(j.computer.words(), test.person) {
				t.Errorf("the login page shows the whole name before the confirmation")
			}

			if test.company != "" {
				j.phone.sees("用哪家企业的身份登录“"+test.asker+"”？", "星河制造", "远山文化")
				j.phone.tap(test.company)
			}
			j.phone.sees(append(test.shared, "登录“"+test.asker+"”？", site, test.person, "Chrome 142 · Windows", "127.0.0.1")...)
			given := values(j.phone, test.ids)
			j.phone.tap("输入电脑上显示的数字")
			j.phone.keys(j.computer.number())
			j.phone.tap("确认登录")
			j.phone.sees("已确认登录", "电脑上的“"+test.asker+"”正在完成登录")

			j.computer.sees(append(append(test.site, given...), "谁登录了")...)
			if at := j.computer.address(); at != j.Env["HUFU_SITE"]+"/me" {
				t.Errorf("the site says so at %s", at)
			}
		})
	}
}

// values reads what the phone's list of shared things says for these names.
func values(d *device, names []string) []string {
	d.t.Helper()
	var found []string
	for _, line := range strings.Split(value[string](d.ctx, `document.querySelector(".shared").innerText`), "\n") {
		for _, name := range names {
			if after, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
				found = append(found, after)
			}
		}
	}
	if len(found) != len(names) {
		d.t.Fatalf("of %v the phone names %v", names, found)
	}
	return found
}

// number is what the login page tells to type on the phone.
func (d *device) number() string {
	d.t.Helper()
	number := value[string](d.ctx, `document.querySelector(".number").innerText.trim()`)
	if len(number) != 2 {
		d.t.Fatalf("the number is %q", number)
	}
	return number
}

// stranger signs in to the app of a company that is not hers: the phone says what that app
// gets, and the site that this is not enough for it.
func stranger(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	j.toLogin(corpApp)
	j.scan(j.computer.qr(), "何清")
	j.phone.sees("登录“星河报表”？", "不是该应用所属企业的成员", "OpenID（加密）", "你所在的企业、姓名、手机号和邮箱都不提供")
	j.phone.tap("确认登录")
	j.phone.sees("已确认登录")
	j.computer.allow("status of 403")
	j.computer.sees("登录没有完成", "没有取得完整的身份")
}

// changesCompany: who chose a company may choose again before confirming.
func changesCompany(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	j.toLogin(providerApp)
	j.scan(j.computer.qr(), "林溪")
	j.phone.tap("星河制造")
	j.phone.sees("企业编号（加密）")
	j.phone.tap("更换")
	j.phone.sees("用哪家企业的身份", "当前")
	j.phone.tap("远山文化")
	j.phone.sees("历史授权", "linxi")
	corp := values(j.phone, []string{"企业编号"})
	j.computer.at("scanned")
	j.phone.tap("确认登录")
	j.phone.sees("已确认登录")
	j.computer.sees("谁登录了", "linxi", corp[0], "明文")
}
