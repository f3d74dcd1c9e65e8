package browser

const password = "correct horse battery"

// operatorBegins opens the link on the terminal, and makes a passkey and a password.
func (w *walk) operatorBegins() {
	o := w.operator
	o.open(w.SetUp)
	o.sees("成为平台运营者", "第一次使用")
	w.snap(o.device, "begin")
	o.fill("姓名", "林晓")
	o.fill("账号", "linxiao")
	o.fill("新密码", password)
	o.fill("再输入一次", password)
	o.withKey(o.device, func() {
		o.tap("创建通行密钥并完成")
		o.sees("你现在是平台运营者了")
	})
}

// operatorEnters walks both ways into the operator's console: with the passkey of this
// computer; by the QR code, with a phone and the number.
func (w *walk) operatorEnters() {
	o, phone := w.operator, w.operatorPhone
	o.tap("进入后台")
	w.entersHere(o)
	o.sees("平台概览", "创建第一家企业")
	o.tap("账号菜单")
	o.tap("退出登录")
	o.arrives("/console/sign-in")

	phone.open(o.photographed())
	phone.sees("请先登录")
	phone.fill("账号", "linxiao")
	phone.fill("密码", password)
	phone.tap("登录")
	phone.sees("是你要登录管理后台吗")
	phone.tap("是我，继续")
	// Who has a passkey does not get into a console by the password alone.
	phone.sees("请确认是 林晓 本人")
	phone.key = o.key // as browsers carry it between the devices of a person
	phone.withKey(phone.device, func() {
		phone.tap("用通行密钥验证")
		phone.sees("是你要登录管理后台吗")
	})
	phone.tap("是我，继续")
	phone.sees("让这台电脑进入管理后台")
	o.at("number")
	w.snap(phone.device, "enter")
	phone.fill("输入电脑上显示的数字", o.number())
	phone.tap("确认进入")
	phone.sees("已确认登录", "电脑上的管理后台正在打开")
	o.sees("平台概览", "创建第一家企业")
}

// entersHere goes into the consoles with the passkey of this computer.
func (w *walk) entersHere(v *visitor) {
	w.t.Helper()
	v.sees("登录管理后台")
	v.tap("在这台电脑上登录")
	v.withKey(v.device, func() {
		v.tap("用通行密钥进入")
		v.arrives(w.Console)
	})
}

// operatorMakesCompanies creates the two companies, with a link for each creator, and makes one
// of them a provider.
func (w *walk) operatorMakesCompanies() {
	o := w.operator
	for i, company := range []struct{ name, creator, account string }{
		{providerName, "何清", "heqing"}, {companyName, "王芳", "wangfang"},
	} {
		o.goes("企业")
		o.tap("创建企业")
		o.fill("企业名称", company.name)
		o.fill("创建者", company.creator)
		o.fill("创建者账号", company.account)
		o.page().sends("创建")
		if i == 0 {
			o.proves() // the phone's proof is not this browser's
		}
		o.sees("企业已创建")
		w.links[company.name] = o.reads("创建者激活链接")
		if i == 0 {
			w.site.env["PROVIDER_CORPID"] = o.reads("CorpID")
			o.tap("已保存好，继续")
			o.fill("品牌名称", brand)
			o.page().sends("开通服务商")
			o.sees("已开通服务商", "ProviderSecret")
		}
		o.tap("已保存好，继续")
	}
}

// operatorPutsOnline lets every company install the suite.
func (w *walk) operatorPutsOnline() {
	o := w.operator
	o.goes("首页")
	o.sees("等待上线的应用", suiteName)
	w.snap(o.device, "online")
	o.row(suiteName).tap("上线")
	o.sees("已上线")
}
