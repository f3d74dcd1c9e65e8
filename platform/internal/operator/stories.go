package operator

import (
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Stories are the pages of the operator's console in every state.
func Stories() []respond.Story {
	list := []respond.Story{}
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "operator/" + page, Name: name, View: view})
	}
	const corpid = "ww8d2f6c1a90b3e7f4"
	frame := func(active string) console.Frame { return console.SampleFrame(console.Operator, active) }
	crumb := console.Crumb{URL: "/operator/corps", Label: "operator.corps.title"}
	suites := []Suite{
		{Name: "云帆报销", Brand: "云帆", SuiteID: "ww1f0c2b3a4d5e6f70", About: "差旅和费用报销", Home: "https://expense.yunfan.example/", Waiting: true, Switch: "#", CSRF: "sample"},
		{Name: "青禾协作", Brand: "青禾科技", SuiteID: "ww2f0c2b3a4d5e6f70", Online: true, Switch: "#", CSRF: "sample"},
		{Name: "Nordwind CRM", Brand: "Nordwind", SuiteID: "ww3f0c2b3a4d5e6f70", Switch: "#", CSRF: "sample"},
	}

	home := HomeView{Frame: frame("home"), Corps: 36, Providers: 4, Suites: 9, Waiting: suites[:1], NewURL: "/operator/corps/new",
		InviteURL: "#", Operators: []Operator{{Name: "林晓", Account: "linxiao", You: true}, {Name: "苏晴", Account: "suqing", RemoveURL: "#"}}}
	add("home", "waiting", home)
	home.Waiting = nil
	add("home", "quiet", home)
	home.Corps, home.Providers, home.Suites = 0, 0, 0
	add("home", "first", home)

	add("invited", "link", InvitedView{Frame: frame("home"), Crumb: console.Crumb{URL: "/operator", Label: "operator.home.title"}, URL: "#",
		Secret: console.Secret{Label: "operator.invited.link", Value: "https://id.example.com/phone/enrol/sample-sample-sample-sample-sample-sample-1"}})

	search := console.Search{URL: "/operator/corps", Label: "operator.corps.search"}
	corps := CorpsView{Frame: frame("corps"), Search: search, NewURL: "/operator/corps/new", Empty: noCorps("/operator/corps/new"),
		Pager: console.Pager{NextURL: "#", Shown: 3}, Corps: []Corp{{CorpID: corpid, Name: "星河制造", URL: "#"},
			{CorpID: "ww77a1c3e5f708192a", Name: "青禾科技", Provider: true, URL: "#"},
			{CorpID: "ww01a1c3e5f708192a", Name: "上海云帆智慧差旅与费用报销一体化管理平台运营有限责任公司", URL: "#"}}}
	add("corps", "some", corps)
	corps.Corps, corps.Pager = nil, console.Pager{}
	add("corps", "empty", corps)
	corps.Search.Value, corps.Search.ClearURL, corps.Empty = "银河", "/operator/corps", nothingFound
	add("corps", "nothing", corps)

	form := NewCorpView{Frame: frame("corps"), Crumb: crumb, URL: "/operator/corps", Fields: corpFields("", "", "")}
	add("new_corp", "empty", form)
	form.Fields = corpFields("星河制造", "王芳", "王芳")
	form.Fields[2].Error = "operator.corp.userid_wrong"
	add("new_corp", "userid", form)
	form.Fields = corpFields("", "", "")
	form.Fields[0].Error, form.Fields[1].Error = "operator.corp.name_wrong", "operator.corp.creator_wrong"
	add("new_corp", "nothing-typed", form)

	created := CreatedView{Frame: frame("corps"), Crumb: crumb, Title: "operator.created.corp", Sub: "operator.created.corp_sub",
		Name: "星河制造", CorpID: corpid, UserID: "wangfang", URL: "#",
		Secret: console.Secret{Label: "operator.created.link", Value: "https://id.example.com/phone/enrol/sample-sample-sample-sample-sample-sample-1"}}
	add("created", "corp", created)
	created.Title = "operator.created.again"
	add("created", "link", created)
	created.Title, created.Sub, created.Name, created.UserID = "operator.created.provider", "operator.created.provider_sub", "青禾协作", ""
	created.Secret = console.Secret{Label: "operator.created.secret", Value: "sample-sample-sample-sample-sample-sample-1"}
	add("created", "provider", created)

	corp := CorpView{Frame: frame("corps"), Crumb: crumb, Name: "星河制造", CorpID: corpid, Creator: "王芳", CreatorID: "wangfang",
		LinkURL: "#", AdmitURL: "#", ProvidersURL: "/operator/providers", BrandField: brandField("")}
	add("corp", "new", corp)
	corp.BrandField.Error = "operator.corp.brand_wrong"
	corp.Enrolled, corp.LinkProblem = true, "operator.corp.link_enrolled"
	add("corp", "problems", corp)
	corp.LinkProblem, corp.Brand, corp.OldLogin = "", "青禾协作", true
	add("corp", "provider", corp)

	providers := ProvidersView{Frame: frame("providers"), Search: console.Search{URL: "#", Label: "operator.providers.search"},
		Empty: noProviders("/operator/corps"), Pager: console.Pager{Shown: 2}, Providers: []Provider{
			{Brand: "青禾协作", Company: "青禾科技", CorpID: corpid, Suites: 3, OldLogin: true, URL: "#", Switch: "#"},
			{Brand: "Nordwind", Company: "Nordwind 软件", CorpID: "ww77a1c3e5f708192a", URL: "#", Switch: "#"}}}
	add("providers", "some", providers)
	providers.Providers, providers.Pager = nil, console.Pager{}
	add("providers", "empty", providers)

	all := SuitesView{Frame: frame("suites"), Search: console.Search{URL: "#", Label: "operator.suites.search"}, Empty: noSuites,
		Suites: suites, Pager: console.Pager{FirstURL: "#", Shown: 3}}
	add("suites", "some", all)
	all.Suites, all.Pager = nil, console.Pager{}
	add("suites", "empty", all)
	return list
}
