package appcenter

import (
	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Stories are these pages in every state.
func Stories() []respond.Story {
	list := []respond.Story{}
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "appcenter/" + page, Name: name, View: view})
	}
	const base = "/admin/ww8d2f6c1a90b3e7f4"
	frame := console.SampleFrame(console.Admin, nav)
	tabs := func(active int) []console.Tab {
		list := []console.Tab{{Label: "appcenter.tab.apps", URL: base + "/apps"}, {Label: "appcenter.tab.own", URL: base + "/own-apps"},
			{Label: "appcenter.tab.market", URL: base + "/market"}}
		list[active].Active = true
		return list
	}

	some := Range{Departments: []string{"产品部", "市场部"}, Members: []string{"欧阳明远"}}
	rows := []InstalledRow{
		{URL: "#1", Name: "云帆报销", Brand: "云帆科技", AgentID: 1000002, Range: Range{Everyone: true}, Since: "2026-10-08 09:12", Fetched: true},
		{URL: "#2", Name: "上海云帆智慧差旅与费用报销一体化管理平台", Brand: "云帆科技", AgentID: 1000005, Range: some, Since: "2026-11-22 15:40"},
		{URL: "#3", Name: "Acorn Helpdesk", Brand: "Acorn", AgentID: 1000006, Range: Range{Members: []string{"林晓"}}, Since: "2026-11-22 16:02", Fetched: true, Test: true},
	}
	add("apps", "several", AppsView{Frame: frame, Tabs: tabs(0), Rows: rows})
	add("apps", "empty", AppsView{Frame: frame, Tabs: tabs(0), Empty: console.Empty{Title: "appcenter.apps.empty",
		Text: "appcenter.apps.empty_text", ActionURL: base + "/market", Action: "appcenter.apps.to_market"}})
	add("apps", "empty-sub-admin", AppsView{Frame: frame, Tabs: tabs(0)[:2], Empty: console.Empty{Title: "appcenter.apps.empty", Text: "appcenter.apps.empty_given"}})

	add("own_apps", "several", OwnAppsView{Frame: frame, Tabs: tabs(1), NewURL: base + "/own-apps/new", Rows: []OwnRow{
		{URL: "#1", Name: "青禾门户", AgentID: 1000003, Range: Range{Everyone: true}},
		{URL: "#2", Name: "考勤报表", AgentID: 1000004, Stopped: true}}})
	add("own_apps", "empty", OwnAppsView{Frame: frame, Tabs: tabs(1), Empty: console.Empty{Title: "appcenter.own_apps.empty",
		Text: "appcenter.own_apps.empty_text", ActionURL: base + "/own-apps/new", Action: "appcenter.own_apps.new"}})

	const about = "员工在手机上提交报销，财务在网页上审核，付款后自动入账。"
	market := MarketView{Frame: frame, Tabs: tabs(2), Search: console.Search{URL: base + "/market", Label: "appcenter.market.search"},
		Pager: console.Pager{NextURL: "#next", Shown: 4}, Rows: []MarketRow{
			{URL: "#1", Name: "云帆报销", Brand: "云帆科技", About: about, Installed: true},
			{URL: "#2", Name: "上海云帆智慧差旅与费用报销一体化管理平台", Brand: "云帆科技", About: about + about},
			{URL: "#3", Name: "Acorn Helpdesk", Brand: "Acorn", About: "Tickets, shared inboxes and answers, for teams of any size."},
			{URL: "#4", Name: "考勤", Brand: "长风信息"}}}
	add("market", "several", market)
	market.Rows, market.Pager = nil, console.Pager{}
	market.Empty = console.Empty{Title: "appcenter.market.empty", Text: "appcenter.market.empty_text"}
	add("market", "empty", market)
	market.Search.Value, market.Search.ClearURL = "客户关系", base+"/market"
	market.Empty = console.Empty{Title: "appcenter.market.none", Text: "appcenter.market.none_text", ActionURL: base + "/market", Action: "appcenter.market.all"}
	add("market", "none", market)

	suite := SuiteView{Frame: frame, Crumb: console.Crumb{URL: base + "/market", Label: "appcenter.tab.market"}, Name: "云帆报销", Brand: "云帆科技",
		About: about, SuiteID: "ww4f1d0a8c6b2e9375", InstallURL: "#install"}
	add("suite", "installable", suite)
	suite.InstallURL, suite.InstalledURL, suite.Sensitive = "", "#installed", true
	add("suite", "installed", suite)
	suite.InstalledURL, suite.About = "", ""
	add("suite", "external-admin", suite)

	picker := samplePicker()
	install := InstallView{Frame: frame, Crumb: console.Crumb{URL: "#back", Text: "云帆报销"}, Name: "云帆报销", Brand: "云帆科技",
		Picker: picker, PostURL: "#install", BackURL: "#back"}
	add("install", "first", install)
	install.Picker.Error, install.Sensitive = rangeEmpty, true
	add("install", "nobody", install)
	searched := chosenPicker()
	install.Picker = searched
	add("install", "searched", install)
	searched.Found, searched.More, searched.Search = nil, false, "没有这个人"
	install.Picker = searched
	add("install", "not-found", install)
	edit := RangeView{Frame: frame, Crumb: console.Crumb{URL: "#back", Text: "云帆报销"}, Name: "云帆报销", Picker: chosenPicker(), PostURL: "#range", BackURL: "#back"}
	add("range", "suite", edit)
	edit.Own, edit.Name, edit.Picker = true, "青禾门户", picker
	add("range", "own", edit)

	installed := InstalledView{Frame: frame, Crumb: console.Crumb{URL: base + "/apps", Label: "appcenter.tab.apps"}, Name: "云帆报销", Brand: "云帆科技",
		SuiteID: "ww4f1d0a8c6b2e9375", AgentID: 1000002, Range: some, RangeURL: "#range", Since: "2026-10-08 09:12", By: "林晓", Fetched: true,
		PlainIDsURL: "#plain", BusinessHost: "expense.yunfan.example", BusinessURL: "#business", UninstallURL: "#uninstall"}
	add("installed", "ready", installed)
	installed.Flash, installed.Fetched, installed.Sensitive = "appcenter.said.installed", false, true
	add("installed", "waiting", installed)
	installed.Flash, installed.Fetched, installed.PlainIDs, installed.FromSite, installed.Test = "", true, true, true, true
	for problem, why := range businessWhy {
		installed.BusinessURL, installed.BusinessWhy = "", why
		add("installed", "business-"+string(problem), installed)
	}
	installed.BusinessWhy, installed.RangeURL, installed.PlainIDsURL, installed.UninstallURL = "appcenter.business.not_yours", "", "", ""
	installed.Range = Range{Everyone: true}
	add("installed", "sub-admin", installed)
	add("uninstall", "asks", ConfirmView{Frame: frame, Crumb: console.Crumb{URL: "#back", Text: "云帆报销"}, Name: "云帆报销", Brand: "云帆科技", PostURL: "#do", BackURL: "#back"})

	field := nameField("")
	add("new", "first", NewView{Frame: frame, Crumb: console.Crumb{URL: base + "/own-apps", Label: "appcenter.tab.own"}, Field: field, PostURL: "#do", BackURL: "#back"})
	field.Error = "appcenter.own.name_empty"
	add("new", "empty", NewView{Frame: frame, Crumb: console.Crumb{URL: base + "/own-apps", Label: "appcenter.tab.own"}, Field: field, PostURL: "#do", BackURL: "#back"})

	own := sampleOwn(frame, base)
	add("own", "running", own)
	own.Secret = &console.Secret{Label: "appcenter.own.secret_of", Value: "sample-7h1s-1s-n0t-a-s3cret-0f-4ny0ne"}
	add("own", "secret", own)
	own.Secret, own.Stopped = nil, true
	add("own", "stopped", own)
	own = sampleOwn(frame, base)
	own.Domains[0].Value, own.Domains[0].Error, own.Domains[0].Received = "portal.qinghe.example\nhttps://hr.qinghe.example", "setting.domain.scheme", "https://hr.qinghe.example"
	own.NameField.Error = "appcenter.own.name_long"
	own.Home.Value, own.Home.Error = "http://portal.qinghe.example/", "setting.url.http"
	add("own", "refused", own)
	own.Manages, own.RangeURL, own.RemoveURL, own.SecretURL = false, "", "", ""
	add("own", "sub-admin", own)
	add("remove", "asks", ConfirmView{Frame: frame, Crumb: console.Crumb{URL: "#back", Text: "青禾门户"}, Name: "青禾门户", PostURL: "#do", BackURL: "#back"})

	return append(list, siteStories()...)
}

func sampleOwn(frame console.Frame, base string) OwnView {
	trusted, callback := []string{"portal.qinghe.example"}, []string{"portal.qinghe.example:8443"}
	h := Handler{Sandbox: true}
	v := OwnView{Frame: frame, Crumb: console.Crumb{URL: base + "/own-apps", Label: "appcenter.tab.own"}, Name: "青禾门户", CorpID: "ww8d2f6c1a90b3e7f4",
		AgentID: 1000003, Range: Range{Everyone: true}, RangeURL: "#range", Manages: true, NameField: nameField("青禾门户"), Home: homeField("https://portal.qinghe.example/"),
		Trusted: trusted, Callback: callback, NameURL: "#name", SetHomeURL: "#home", DomainURL: "#domains", SecretURL: "#secret", StateURL: "#state", RemoveURL: "#remove"}
	v.Domains = h.domainFields(apps.Addresses{Trusted: trusted, Callback: callback})
	return v
}

func samplePicker() Picker {
	return Picker{Tree: []Node{{Number: 1, Name: "青禾科技有限公司", Count: 128, Open: true, Below: []Node{
		{Number: 2, Name: "产品部", Count: 24, Below: []Node{{Number: 5, Name: "设计组", Count: 6}, {Number: 6, Name: "Research", Count: 4}}},
		{Number: 3, Name: "市场部", Count: 40},
		{Number: 4, Name: "一个名字很长的部门，用来看看窄屏幕上会怎样换行", Count: 7}}}}}
}

func chosenPicker() Picker {
	p := samplePicker()
	root := &p.Tree[0]
	root.Below[0].Open, root.Below[0].Below[0].Checked, root.Below[1].Checked = true, true, true
	p.Search, p.Searched, p.More = "林", true, true
	p.Found = []Pick{{"linxiao", "林晓"}, {"linxi", "林溪"}}
	p.Chosen = []Pick{{"ouyangmingyuan", "欧阳明远"}}
	return p
}
