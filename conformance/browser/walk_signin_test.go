package browser

// memberSignsIn signs the member in to the site, by the phone and the number.
func (w *walk) memberSignsIn() {
	computer, m := w.atComputer(), w.member
	computer.open(w.site.origin + "/")
	computer.tap("用企业微信登录")
	computer.at("waiting")
	computer.sees("登录 " + brand)
	m.open(computer.photographed())
	m.sees("是你要登录“"+brand+"”吗", w.site.host)
	m.tap("是我，继续")
	m.sees("登录“"+brand+"”？", companyName)
	computer.at("number")
	m.fill("输入电脑上显示的数字", computer.number())
	m.tap("确认登录")
	m.sees("已确认登录")
	computer.sees("成员已登录", companyName, "UserID")
	if computer.address() != w.site.origin+"/me" {
		w.t.Errorf("the site says so at %s", computer.address())
	}
}

// adminJumps goes from the business settings to the site, without another sign-in.
func (w *walk) adminJumps() {
	a := w.admin
	w.snap(a.device, "installed")
	a.tap("业务设置")
	site := a.another(w.site.host)
	site.reload() // now in its language
	site.sees(companyName, "还没有人登录")
	w.snap(site, "jump")
	site.tap("进入")
	site.sees("管理员已登录", companyName)
	if ids := value[[]string](site.ctx, `[...document.querySelectorAll("code")].map((e) => e.innerText)`); len(ids) != 2 || ids[0] == "" || ids[1] == "" || ids[1] == "wangfang" {
		w.t.Errorf("the administrator is %q; two ids, encrypted for this provider, were expected", ids)
	}
	if site.address() != w.site.origin+"/me" {
		w.t.Errorf("the site says so at %s", site.address())
	}
}
