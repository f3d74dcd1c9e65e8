package assistant

import "github.com/hufu-sso/hufu/platform/internal/respond"

// Stories are the pages in their states, with sample data.
func Stories() []respond.Story {
	var list []respond.Story
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "assistant/" + page, Name: name, View: view})
	}
	bench := WorkbenchView{CSRF: "sample", OpenURL: "#", Name: "林晓", HomeURL: "#", Providers: []Link{{Name: "云帆报销", URL: "#"}}, Companies: []Launcher{
		{Company: "青禾科技有限公司", Apps: []App{{Name: "云帆报销", About: "拍照录票，三步报销。", ID: "1", As: "1"}, {Name: "考勤", ID: "2", As: "1"}}},
		{Company: "长风物流", Apps: []App{{Name: "上海云帆智慧差旅与费用报销一体化管理平台", About: "订票、用车、住宿，一次申请。", ID: "1", As: "2"}}}}}
	add("workbench", "provider", bench)
	bench.Providers = nil
	add("workbench", "member", bench)
	add("workbench", "nothing", WorkbenchView{Name: "周远", HomeURL: "#"})

	const csrf = "sample"
	view := AssistantView{CSRF: csrf, Name: "林晓", HomeURL: "#", BackURL: "#", Company: "云帆软件有限公司", Brand: "云帆报销", BrandURL: "#",
		Exists: true, SuiteID: "ww4c1e7a90b3d2f586", Enabled: true, SwitchURL: "#", DomainsURL: "#", ProveURL: "#",
		Listed: []string{"expense.yunfan.example", "a-very-long-subdomain-name.of-some-department.yunfan.example:8443"}}
	view.Domains = view.Listed[0] + "\n" + view.Listed[1]
	add("assistant", "locked", view)
	fresh := view
	fresh.Fresh, fresh.Said = true, saidDomains
	add("assistant", "open", fresh)
	old := fresh
	old.OldLogin, old.Launchers = true, []string{"www.yunfan.example"}
	old.Launch = old.Launchers[0]
	add("assistant", "old-login", old)
	refusedLaunch := old
	refusedLaunch.Said, refusedLaunch.Launchers = "", nil
	refusedLaunch.Launch, refusedLaunch.LaunchProblem, refusedLaunch.LaunchValue = "https://www.yunfan.example", "setting.domain.scheme", "https://www.yunfan.example"
	add("assistant", "old-login-refused", refusedLaunch)
	wrong := fresh
	wrong.Said, wrong.Brand, wrong.BrandProblem = "", "", "empty"
	wrong.Domains, wrong.DomainsProblem, wrong.DomainsValue = "*.yunfan.example", "setting.domain.wildcard", "*.yunfan.example"
	add("assistant", "refused", wrong)
	late := view
	late.Late, late.Domains = true, "new.yunfan.example"
	add("assistant", "late", late)
	off := view
	off.Enabled, off.Listed, off.Domains, off.Said = false, nil, "", saidOff
	add("assistant", "off", off)
	missing := view
	missing.Exists, missing.Said = false, saidBrand
	add("assistant", "missing", missing)
	return list
}
