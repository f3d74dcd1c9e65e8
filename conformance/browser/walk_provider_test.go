package browser

// providerSetsUpLogin creates 登录授权, starts the site with what the page shows, and tells the
// platform where the site is.
func (w *walk) providerSetsUpLogin() {
	p, env := w.provider, w.site.env
	p.sees("进入哪个后台")
	p.tap("服务商后台 · " + env["PROVIDER_CORPID"])
	p.sees(brand, "接入进度")
	p.goes("登录授权")
	p.page().sends("创建登录授权")
	p.sees("登录授权已创建")
	env["LOGIN_SUITE_ID"], env["LOGIN_TOKEN"] = p.reads("SuiteID"), p.reads("Token")
	env["LOGIN_SECRET"], env["LOGIN_AES_KEY"] = p.reads("Secret"), p.reads("EncodingAESKey")
	w.site.start()
	p.tap("已保存好，继续")

	p.in("可信域名").fill("可信域名", w.site.host)
	p.in("可信域名").sends("保存")
	p.sees("已保存", "归属未验证")
	p.tap("去验证")
	w.provesDomain()

	p.goes("登录授权")
	p.in("指令回调").fill("指令回调 URL", w.site.origin+"/callback/login")
	p.in("指令回调").sends("检查并保存")
	p.sees("检查通过，已保存")
	p.in("suite_ticket").sees("正常")
}

// provesDomain puts the file onto the site that shows whose it is.
func (w *walk) provesDomain() {
	p := w.provider
	p.sees("域名归属验证")
	name := value[string](p.ctx, `document.querySelector("ol.steps code").innerText`)
	content := value[string](p.ctx, `document.querySelectorAll("ol.steps .copy code")[1].innerText`)
	w.site.put(name, []byte(content))
	w.snap(p.device, "domain")
	p.page().sends("立即验证")
	p.sees("归属已验证")
}

// providerMakesSuite creates the app that companies install, completes it and submits it.
func (w *walk) providerMakesSuite() {
	p, env := w.provider, w.site.env
	p.goes("应用")
	p.tap("创建应用")
	p.fill("应用名称", suiteName)
	p.page().sends("创建")
	p.sees("应用已创建")
	env["SUITE_ID"], env["SUITE_TOKEN"] = p.reads("SuiteID"), p.reads("Token")
	env["SUITE_SECRET"], env["SUITE_AES_KEY"] = p.reads("Secret"), p.reads("EncodingAESKey")
	w.site.start()
	p.tap("已保存好，继续")

	p.in("应用介绍").fill("介绍", "工单从提出到解决，一处看全。")
	p.in("应用介绍").fill("应用主页", w.site.origin+"/")
	p.in("应用介绍").sends("保存")
	p.sees("已保存")
	p.in("业务设置").fill("业务设置 URL", w.site.origin+"/admin-entry")
	p.in("业务设置").sends("保存")
	p.sees("已保存", "归属已验证")
	p.in("可信域名").fill("安装完成回调域名", w.site.host)
	p.in("可信域名").sends("保存")
	p.sees("已保存")

	p.tap("回调配置")
	p.in("指令回调").fill("指令回调 URL", w.site.origin+"/callback/suite")
	p.in("指令回调").fill("数据回调 URL", w.site.origin+"/callback/data")
	p.in("指令回调").sends("检查并保存")
	p.sees("检查通过，已保存")
	p.in("suite_ticket").sees("正常")
	p.tap("上线")
	p.page().sends("提交上线")
	p.sees("已提交，等平台运营者上线")
	p.goes("首页")
	p.sees("接入进度", "6 / 6")
	w.snap(p.device, "provider")
}
