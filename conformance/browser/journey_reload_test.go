package browser

import (
	"context"
	"testing"
)

// backAndReload: neither button leads to an error page, on either device, at any step. The
// devices themselves fail the test for one.
func backAndReload(t *testing.T, browser context.Context) {
	t.Run("confirmed", func(t *testing.T) {
		j := begin(t, browser, "--number-match", "always")
		j.toLogin(providerApp)
		j.computer.reload()
		j.computer.at("waiting")

		phone := j.phone
		phone.open(j.computer.qr())
		phone.sees("选择一个示例身份")
		phone.reload()
		phone.tap(sampleMember)
		phone.sees("是你要登录")
		phone.reload()
		phone.sees("是你要登录")
		phone.back() // to the sign-in, which is done
		phone.sees("是你要登录")
		phone.tap("是我，继续")
		phone.sees("登录“青禾协作”？")
		phone.reload()
		phone.sees("登录“青禾协作”？")
		phone.back() // to the question, which is answered
		phone.sees("登录“青禾协作”？")
		j.computer.at("number")
		phone.tap("输入电脑上显示的数字")
		phone.keys(j.computer.number())
		phone.tap("确认登录")
		phone.sees("已确认登录")
		phone.reload()
		phone.sees("已确认登录")
		phone.back()
		phone.sees("已确认登录")

		computer := j.computer
		j.saysMember()
		callback := computer.wentTo("code=")
		computer.reload()
		j.saysMember()
		computer.back() // the login page has left no trace
		computer.sees("你已经登录")
		for range 2 { // the callback once more
			computer.open(callback)
			j.saysMember()
			computer.reload()
			j.saysMember()
		}

		// In another browser it is worth nothing.
		other := newComputer(t, browser)
		other.allow("status of 403")
		other.open(callback)
		other.sees("这个登录链接不属于当前浏览器")
		other.open(j.Env["HUFU_SITE"] + "/me")
		other.at("waiting")
	})
	t.Run("refused", func(t *testing.T) {
		j := begin(t, browser)
		j.toLogin(providerApp)
		j.scan(j.computer.qr(), sampleMember)
		j.phone.tap("拒绝")
		j.phone.sees("已拒绝")
		j.phone.reload()
		j.phone.sees("已拒绝")
		j.phone.back()
		j.phone.sees("已拒绝")
		j.computer.sees("没有登录")
		j.computer.reload()
		j.computer.sees("没有登录")
		j.computer.back()
		j.computer.sees("用企业微信登录", "打开登录页")
	})
}
