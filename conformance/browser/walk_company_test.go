package browser

// companyFillsContacts makes a department and a member in it, who then enrols on a phone.
func (w *walk) companyFillsContacts() {
	a := w.admin
	a.sees(companyName, "先做这几件事")
	a.goes("通讯录")
	a.tap("添加部门")
	a.fill("部门名称", department)
	a.page().sends("保存")
	a.sees("已添加部门")
	a.tap("添加成员")
	a.fill("姓名", memberName)
	a.fill("账号", "lilei")
	a.choose("主部门", department)
	a.page().sends("保存")
	a.sees("已添加成员", "未激活")
	a.page().sends("生成链接")
	link := a.reads("激活链接")

	m := w.member
	m.open(link)
	m.sees("加入“"+companyName+"”", memberName)
	m.fill("账号", "lilei")
	m.withKey(m.device, func() {
		m.tap("创建通行密钥并完成")
		m.sees("已加入")
	})
}

// companyInstalls installs the suite from the market for one department, and the site fetches
// the permanent code.
func (w *walk) companyInstalls() {
	a := w.admin
	a.goes("应用")
	a.tap("应用市场")
	a.tap(suiteName)
	a.tap("安装")
	a.sees("安装“" + suiteName + "”")
	a.page().tap(department)
	a.page().sends("确认安装")
	a.sees("安装信息")
	a.until(func() bool {
		a.open(a.address())
		return value[bool](a.ctx, `document.body.innerText.includes("服务商已获取")`)
	}, func() string { return "the site has no permanent code" })
}
