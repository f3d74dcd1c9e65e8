package browser

import (
	"context"
	"testing"
)

// endJourneys are sign-ins that a person ends on the phone. The login page goes back to
// the site where the site is to learn of it, and the site says it in words.
func endJourneys(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	j.leg(t, "refused", func(t *testing.T) {
		j.toLogin(providerApp)
		j.scan(j.computer.qr(), sampleMember)
		j.computer.at("scanned")
		j.phone.tap("拒绝")
		j.phone.sees("已拒绝", "“青禾协作”没有得到任何信息")
		j.computer.sees("没有登录", "你没有同意登录", "没有向本站提供任何信息")

		// Going on from there signs in.
		j.computer.tap("重新登录")
		j.computer.at("waiting")
		j.phone.open(j.computer.qr())
		j.phone.tap("是我，继续")
		j.phone.tap("确认登录")
		j.saysMember()
	})
	j.leg(t, "not started", func(t *testing.T) {
		j.toLogin(providerApp)
		before := j.computer.qr()
		j.scan(before, sampleMember)
		j.computer.at("scanned")
		j.phone.tap("不是我发起的")
		j.phone.sees("已终止这次登录", "企业管理员会收到提醒")
		j.computer.at("cancelled")
		j.computer.sees("这次登录已作废", "不是我发起的")
		j.computer.tap("重新扫码")
		j.again(before)
	})
	j.leg(t, "not started, before the scan", func(t *testing.T) {
		j.toLogin(corpApp)
		j.phone.open(j.computer.qr())
		j.phone.tap(sampleMember)
		j.phone.sees("是你要登录")
		j.phone.tap("不是我发起的")
		j.phone.sees("已终止这次登录")
		j.computer.at("cancelled")
	})
	t.Run("wrong number", func(t *testing.T) {
		j := begin(t, browser, "--number-match", "always")
		j.toLogin(providerApp)
		j.scan(j.computer.qr(), sampleMember)
		j.computer.at("number")
		wrong := "10"
		if j.computer.number() == wrong {
			wrong = "11"
		}
		j.phone.tap("输入电脑上显示的数字")
		j.phone.keys(wrong)
		j.phone.allow("status of 410")
		j.phone.tap("确认登录")
		j.phone.sees("数字不对，登录已拒绝", "请在电脑上重新开始")
		j.computer.sees("没有登录", "你没有同意登录")
	})
	j.leg(t, "somebody else's QR", func(t *testing.T) {
		j.toLogin(providerApp)
		address := j.computer.qr()
		j.scan(address, sampleMember)
		j.computer.at("scanned")
		other := newPhone(t, browser)
		other.allow("status of 410")
		other.open(address)
		other.tap("王芳")
		other.sees("二维码已被别人扫过", "只有那部手机能确认")
		j.phone.tap("确认登录")
		j.saysMember()
	})
}

// again: another QR has taken the place of the one before, and signs in.
func (j *journey) again(before string) {
	j.t.Helper()
	j.computer.until(func() bool { return stateOf(j.computer.ctx) == "waiting" && j.computer.qr() != before },
		func() string { return "there is no other QR code" })
	j.phone.open(j.computer.qr())
	j.phone.tap("是我，继续")
	j.phone.tap("确认登录")
	j.phone.sees("已确认登录")
	j.saysMember()
}

// clockJourneys are sign-ins that time ends. Their documents stay: what a script left in
// the page is there afterwards.
func clockJourneys(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	j.leg(t, "two minutes", func(t *testing.T) {
		j.toLogin(providerApp)
		before := j.computer.qr()
		j.scan(before, sampleMember)
		j.computer.at("scanned")
		j.phone.sees("登录“青禾协作”？")
		j.computer.mark()
		j.advance("2m1s")
		j.computer.at("timedout")
		j.computer.sees("没有等到确认", "扫码后两分钟内没有在手机上确认")
		j.computer.marked()
		j.phone.allow("status of 410")
		j.phone.tap("确认登录")
		j.phone.sees("确认超时", "请在电脑上重新开始")
		j.computer.tap("重新扫码")
		j.again(before)
	})
	j.leg(t, "renewed", func(t *testing.T) {
		j.toLogin(providerApp)
		before := j.computer.qr()
		drawn := value[string](j.computer.ctx, `document.querySelector("#qr path").getAttribute("d")`)
		j.computer.mark()
		// The page tells time by its own clock.
		j.advance("4m50s")
		press(t, j.computer.ctx, "("+elapse+")(290, true)")
		j.computer.until(func() bool { return j.computer.qr() != before }, func() string { return "the QR code is not renewed" })
		if value[string](j.computer.ctx, `document.querySelector("#qr path").getAttribute("d")`) == drawn {
			t.Error("the address changed and the picture did not")
		}
		j.computer.marked()
		j.scan(j.computer.qr(), sampleMember)
		j.computer.at("scanned")
		j.phone.tap("确认登录")
		j.saysMember()
	})
	j.leg(t, "QR expired", func(t *testing.T) {
		j.toLogin(providerApp)
		before := j.computer.qr()
		j.advance("5m1s")
		j.phone.allow("status of 410")
		j.phone.open(before)
		j.phone.tap(sampleMember)
		j.phone.sees("二维码已过期", "每个二维码只在五分钟内有效")
	})
	j.leg(t, "half an hour", func(t *testing.T) {
		j.toLogin(providerApp)
		before := j.computer.qr()
		j.computer.mark()
		j.advance("31m")
		j.computer.at("expired")
		j.computer.sees("二维码已过期", "刷新后用手机再扫一次")
		j.computer.marked()
		j.computer.tap("刷新二维码")
		j.computer.until(func() bool { return stateOf(j.computer.ctx) == "waiting" && j.computer.qr() != before },
			func() string { return "there is no other QR code" })
		j.scan(j.computer.qr(), sampleMember)
		j.phone.tap("确认登录")
		j.saysMember()
	})
}

// mark leaves a variable in the document, marked expects it there: the document has not
// been loaded again.
func (d *device) mark() {
	d.t.Helper()
	value[bool](d.ctx, "window.marked = true")
	d.marked()
}

func (d *device) marked() {
	d.t.Helper()
	if !value[bool](d.ctx, "window.marked === true") {
		d.t.Error("the document was loaded again")
	}
}

// switchesLanguage: the other language is one click away on every page, and the sign-in
// goes on in it.
func switchesLanguage(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	j.toLogin(providerApp)
	before := j.computer.qr()
	j.computer.tap("English")
	j.computer.sees("Sign in to 青禾协作", "Sandbox")
	j.computer.at("waiting")
	j.computer.until(func() bool { return j.computer.qr() != before }, func() string { return "the QR code is the old page's" })
	j.computer.tap("中文")
	j.computer.sees("登录 青禾协作")
	j.computer.tap("English")
	j.computer.sees("Sign in to 青禾协作")
	j.scan(j.computer.qr(), sampleMember)
	j.computer.at("scanned")
	j.phone.tap("确认登录")
	j.saysMember()
	j.computer.tap("English")
	j.computer.sees("Who signed in", "encrypted", "These ids are encrypted")
}
