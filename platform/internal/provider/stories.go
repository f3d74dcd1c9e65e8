package provider

import (
	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

const csrf = "sample"

// Stories are the pages of the provider console in their states, with sample data.
func Stories() []respond.Story {
	var list []respond.Story
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "provider/" + page, Name: name, View: view})
	}
	frame := func(active string) console.Frame { return console.SampleFrame(console.Provider, active) }

	add("home", "new", HomeView{Frame: frame("home"), Brand: "云帆报销", Done: 1, Steps: sampleSteps(1)})
	add("home", "done", HomeView{Frame: frame("home"), Brand: "云帆报销", Done: 6, Steps: sampleSteps(6)})

	brand := BrandView{Frame: frame("brand"), SaveURL: "#", NetworksURL: "#", CodesURL: "#", Open: true,
		Brand:    nameField("brand", "provider.brand.name", "provider.brand.name_help", "云帆报销", ""),
		Logo:     LogoForm{CSRF: csrf, Name: "云帆报销", SaveURL: "#"},
		Networks: networksField("")}
	add("brand", "open", brand)
	saved := brand
	saved.Open, saved.Flash, saved.Networks = false, "provider.saved", networksField("203.0.113.7\n198.51.100.0/24")
	add("brand", "saved", saved)
	wrong := brand
	wrong.Brand.Value, wrong.Brand.Error = "", "provider.text.empty"
	wrong.Logo.Problem = "format"
	wrong.Networks = networksField("10.0.0.1\n192.168.1.7/24")
	wrong.Networks.Error, wrong.Networks.Received = "provider.networks.host_bits", "192.168.1.7/24"
	add("brand", "refused", wrong)

	add("general", "set", GeneralView{Frame: frame("general"), Reset: sampleReset, OldLogin: true, Callback: sampleCallback(CallbackSystem)})
	add("general", "empty", GeneralView{Frame: frame("general"), Reset: sampleReset, Callback: emptyCallback(CallbackSystem)})

	add("login", "missing", LoginView{Frame: frame("login"), CreateURL: "#"})
	fresh := LoginView{Frame: frame("login"), Exists: true, SuiteID: sampleSuiteID, Enabled: true, SwitchURL: "#", Reset: sampleReset,
		Domains:  DomainsForm{CSRF: csrf, SaveURL: "#", Fields: domainFields(loginApp, noSecond, "", "")},
		Callback: emptyCallback(CallbackLogin), Ticket: Ticket{CSRF: csrf, PushesURL: "#"}}
	add("login", "fresh", fresh)
	set := fresh
	set.Domains = sampleDomains(loginApp)
	set.Callback, set.Ticket = sampleCallback(CallbackLogin), Ticket{CSRF: csrf, PushesURL: "#", PushURL: "#", Delivered: sampleTime}
	add("login", "set", set)
	sandbox := set
	field := developmentField("http://localhost:3000")
	sandbox.Development, sandbox.DevelopmentURL, sandbox.Enabled = &field, "#", false
	sandbox.Ticket.Now = &Check{What: "ticket", OK: true, Status: 200, Answer: "success", URL: sampleURL, At: sampleTime, Millis: 18}
	add("login", "sandbox-off", sandbox)
	refused := set
	fields := domainFields(loginApp, noSecond, "https://expense.yunfan.example/login", "")
	fields[0].Error, fields[0].Received = "setting.domain.scheme", "https://expense.yunfan.example/login"
	refused.Domains = DomainsForm{CSRF: csrf, SaveURL: "#", Fields: fields, Listed: set.Domains.Listed}
	form := *refuse(typed{kind: CallbackLogin, url: sampleURL, token: "QDG6eK", hasKey: true}, []Check{{What: "callback", Step: "tls",
		Detail: "certificate is for another name", URL: sampleURL, At: sampleTime, Millis: 121}})
	form.CSRF, form.SaveURL = csrf, "#"
	refused.Callback = form
	refused.Ticket.Failed, refused.Ticket.Step = sampleTime, "timeout"
	add("login", "refused", refused)

	for _, what := range []string{"login", "suite", "login_reset", "suite_reset", "provider_reset"} {
		view := SecretView{Frame: frame("login"), What: what, Name: "云帆报销", SuiteID: sampleSuiteID, NextURL: "#",
			Secrets: []console.Secret{{Label: "provider.secret.suite", Value: "qBzV3mJk0H6sTnW9yXcR5uLpAeDg8fIoN2v7iMhE4tY"}}}
		switch what {
		case "login", "suite":
			view.Token = "Xq81LmZt05RvNc72KpWd94Hs"
			view.Secrets = append(view.Secrets, console.Secret{Label: "provider.callback.key", Value: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"})
		case "provider_reset":
			view.SuiteID, view.Secrets[0].Label = "", "provider.secret.provider"
		}
		add("secret", what, view)
	}

	add("suites", "none", SuitesView{Frame: frame("suites"), NewURL: "#", Empty: noSuites("#")})
	add("suites", "several", SuitesView{Frame: frame("suites"), NewURL: "#", Suites: []SuiteLine{
		{Name: "云帆报销", SuiteID: sampleSuiteID, State: StateOnline, Installs: 128, CallbackSet: true, URL: "#"},
		{Name: "云帆差旅", SuiteID: "ww0f3a1b9c7d5e2846", State: StateSubmitted, Installs: 1, CallbackSet: true, URL: "#"},
		{Name: "上海云帆智慧差旅与费用报销一体化管理平台", SuiteID: "ww9d8c7b6a5f4e3d2c", State: StateDraft, URL: "#"}}})
	crumb := console.Crumb{URL: "#", Label: "provider.suites.title"}
	add("newsuite", "empty", NewSuiteView{Frame: frame("suites"), Crumb: crumb, SaveURL: "#",
		Name: nameField("name", "provider.profile.name", "provider.newsuite.help", "", "")})
	add("newsuite", "refused", NewSuiteView{Frame: frame("suites"), Crumb: crumb, SaveURL: "#",
		Name: nameField("name", "provider.profile.name", "provider.newsuite.help", "", "provider.text.empty")})
	list = append(list, suiteStories(frame)...)
	return append(list, recordStories(frame)...)
}

func suiteStories(frame func(string) console.Frame) []respond.Story {
	var list []respond.Story
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "provider/" + page, Name: name, View: view})
	}
	head := func(tab, state string) SuiteHead {
		h := SuiteHead{Frame: frame("suites"), Crumb: console.Crumb{URL: "#", Label: "provider.suites.title"}, Name: "云帆报销",
			SuiteID: sampleSuiteID, State: state}
		for _, t := range []string{"basics", "callbacks", "online", "installs"} {
			h.Tabs = append(h.Tabs, console.Tab{Label: "provider.tab." + t, URL: "#", Active: t == tab})
		}
		return h
	}
	basics := SuiteBasicsView{SuiteHead: head("basics", StateOnline),
		Profile:  ProfileForm{CSRF: csrf, SaveURL: "#", Fields: profileFields("云帆报销", "拍照录票，三步报销。", "https://expense.yunfan.example/?corp=$CORPID$")},
		Logo:     LogoForm{CSRF: csrf, Name: "云帆报销", SaveURL: "#", Inherits: true},
		Business: businessField("https://expense.yunfan.example/admin"), BusinessURL: "#", Domains: sampleDomains(suiteApp), Reset: sampleReset,
		BusinessProof: &Domain{Name: "expense.yunfan.example", Shown: true, Proved: true, URL: "#"}, SensitiveURL: "#"}
	add("suite", "set", basics)
	basics.Sensitive = true
	basics.Business = businessField("https://other.example/admin")
	basics.Business.Error, basics.Business.Received = "provider.business.unproved", "other.example"
	basics.Profile.Fields = profileFields("", "", "http://expense.yunfan.example/")
	basics.Profile.Fields[0].Error, basics.Profile.Fields[2].Error = "provider.text.empty", "setting.url.http"
	add("suite", "refused", basics)

	callbacks := SuiteCallbacksView{SuiteHead: head("callbacks", StateDraft), Callback: sampleCallback(CallbackSuite),
		Ticket: Ticket{CSRF: csrf, PushesURL: "#", PushURL: "#", Delivered: sampleTime}}
	add("callbacks", "set", callbacks)
	form := refuse(typed{kind: CallbackSuite, url: sampleURL, data: sampleURL, token: "QDG6eK", hasKey: true}, []Check{
		{What: "callback", OK: true, Status: 200, Answer: "8163702157", URL: sampleURL, At: sampleTime, Millis: 21},
		{What: "data", Step: "reply", Detail: "the body must be the decrypted echostr", Status: 200, Answer: "<html><title>Not found</title>",
			URL: sampleURL, At: sampleTime, Millis: 34}})
	form.CSRF, form.SaveURL = csrf, "#"
	callbacks.Callback, callbacks.Ticket = *form, Ticket{CSRF: csrf, PushesURL: "#"}
	add("callbacks", "refused", callbacks)

	for _, state := range []string{StateDraft, StateSubmitted, StateOnline} {
		view := SuiteOnlineView{SuiteHead: head("online", state), SubmitURL: "#", WithdrawURL: "#", OfflineURL: "#", Ready: state != StateDraft,
			Needs: []Step{{Key: "home_url", Done: true, Value: "https://expense.yunfan.example/", URL: "#"},
				{Key: "instruction", Done: true, Value: sampleURL, URL: "#"}, {Key: "data", Done: state != StateDraft, URL: "#"}}}
		add("online", state, view)
	}
	ready := SuiteOnlineView{SuiteHead: head("online", StateDraft), Ready: true, SubmitURL: "#", WithdrawURL: "#", OfflineURL: "#"}
	add("online", "ready", ready)
	add("suiteinstalls", "none", SuiteInstallsView{SuiteHead: head("installs", StateDraft), Empty: noInstalls(false)})
	add("suiteinstalls", "several", SuiteInstallsView{SuiteHead: head("installs", StateOnline), Installs: sampleInstalls})
	return list
}

func recordStories(frame func(string) console.Frame) []respond.Story {
	var list []respond.Story
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "provider/" + page, Name: name, View: view})
	}
	domain := DomainView{Frame: frame("login"), Crumb: console.Crumb{URL: "#", Label: "provider.login.title"}, Domain: "expense.yunfan.example",
		Asked: true, FileName: "WW_verify_3kT9sQm2LxPv71Ab.txt", Content: "3kT9sQm2LxPv71Ab", FileURL: "#", CheckURL: "#",
		Address: "https://expense.yunfan.example/WW_verify_3kT9sQm2LxPv71Ab.txt"}
	add("domain", "unproved", domain)
	domain.Check = &Check{What: "file", Step: "status", Detail: "404 Not Found", Status: 404, URL: domain.Address, At: sampleTime, Millis: 40}
	add("domain", "failed", domain)
	domain.Check, domain.Proved = &Check{What: "file", OK: true, Status: 200, URL: domain.Address, At: sampleTime, Millis: 40}, true
	add("domain", "proved", domain)
	domain.Asked = false
	add("domain", "not-asked", domain)

	search := func(label, value string) console.Search {
		s := console.Search{URL: "#", Label: label, Value: value, Filters: []console.Field{suiteFilter([]*apps.App{loginApp, suiteApp}, "")}}
		if value != "" {
			s.ClearURL = "#"
		}
		return s
	}
	add("installs", "none", InstallsView{Frame: frame("installs"), Search: search("provider.installs.search", ""), Empty: noInstalls(false)})
	add("installs", "several", InstallsView{Frame: frame("installs"), Search: search("provider.installs.search", ""), Installs: sampleInstalls,
		Pager: console.Pager{NextURL: "#", Shown: 3, Total: 128}})

	lines := []PushLine{
		{Event: "3", At: sampleTime, Suite: "云帆报销", Type: "change_contact", Change: "update_user", Company: "青禾科技有限公司", State: "pending", Attempts: 1, Step: "timeout", URL: "#"},
		{Event: "2", At: sampleTime, Suite: "云帆报销", Type: "suite_ticket", State: "delivered", Attempts: 1, Status: 200, URL: "#"},
		{Event: "1", At: sampleTime, Suite: "云帆报销", Type: "create_auth", Company: "长风物流", State: "given_up", Attempts: 3, Status: 502, Step: "status", URL: "#"}}
	pushes := PushesView{Frame: frame("pushes"), Search: search("provider.pushes.search", ""), Empty: noPushes(false, "#")}
	add("pushes", "none", pushes)
	pushes.Pushes, pushes.Pager = lines, console.Pager{NextURL: "#", FirstURL: "#", Shown: 3}
	add("pushes", "several", pushes)
	add("pushes", "not-found", PushesView{Frame: frame("pushes"), Search: search("provider.pushes.search", "cancel"), Empty: noPushes(true, "#")})
	crumb := console.Crumb{URL: "#", Label: "provider.pushes.title"}
	attempt := Check{What: "attempt", Step: "status", Detail: "502 Bad Gateway", Status: 502, Answer: "<html><head><title>502 Bad Gateway</title>", URL: sampleURL, At: sampleTime, Millis: 88}
	silent := Check{What: "attempt", Step: "connect", Detail: "no connection", URL: sampleURL, At: sampleTime, Millis: 3}
	add("push", "given-up", PushView{Frame: frame("pushes"), Crumb: crumb, Push: lines[2], Attempts: []Check{attempt, silent, attempt}, AgainURL: "#"})
	add("push", "again", PushView{Frame: frame("pushes"), Crumb: crumb, Push: lines[1], Repeats: "#", AgainURL: "#", Attempts: []Check{
		{What: "attempt", OK: true, Status: 200, Answer: "success", URL: sampleURL, At: sampleTime, Millis: 12}}})
	add("push", "pending", PushView{Frame: frame("pushes"), Crumb: crumb, Push: lines[0]})

	calls := CallsView{Frame: frame("calls"), CodesURL: "#", Empty: noCalls(false), Search: console.Search{URL: "#", Label: "provider.calls.search",
		Filters: []console.Field{fateFilter(false)}}}
	add("calls", "none", calls)
	calls.Pager = console.Pager{NextURL: "#", Shown: 4}
	calls.Calls = []CallLine{
		{At: sampleTime, Path: "/cgi-bin/service/auth/getuserinfo3rd", App: "登录授权", ErrCode: 50001, Reason: "redirect origin is no longer trusted", Address: "203.0.113.7", Millis: 2, Request: "5e1c90b7a2d4f836", Setting: "trusted", SettingURL: "#"},
		{At: sampleTime, Path: "/cgi-bin/service/get_suite_token", App: "云帆报销", ErrCode: 40085, Reason: "suite_ticket expired", Address: "203.0.113.7", Millis: 1, Request: "1b9d06fe73a2c458", Setting: "ticket", SettingURL: "#"},
		{At: sampleTime, Path: "/cgi-bin/user/get", App: "云帆报销", Company: "青禾科技有限公司", ErrCode: 60111, Address: "2001:db8::7", Millis: 1, Request: "77ab12cd34ef5601", Setting: "range"},
		{At: sampleTime, Path: "/cgi-bin/service/get_provider_token", Address: "203.0.113.7", Millis: 3, Request: "0a1b2c3d4e5f6071"}}
	add("calls", "several", calls)
	codesView := CodesView{Frame: frame("calls"), Crumb: console.Crumb{URL: "#", Label: "provider.calls.title"}}
	for _, c := range codes {
		codesView.Codes = append(codesView.Codes, codeLine(c, "#"))
	}
	add("codes", "all", codesView)
	return list
}

const (
	sampleSuiteID = "ww4c1e7a90b3d2f586"
	sampleTime    = "2026-11-22 09:41:07"
	sampleURL     = "https://expense.yunfan.example/wecom/callback"
)

var (
	loginApp    = &apps.App{Kind: apps.LoginSuite, SuiteID: sampleSuiteID, Name: "云帆报销"}
	suiteApp    = &apps.App{Kind: apps.Suite, SuiteID: "ww0f3a1b9c7d5e2846", Name: "云帆报销"}
	sampleReset = ResetForm{CSRF: csrf, URL: "#"}
)

func sampleSteps(done int) []Step {
	list := []Step{{Key: "brand", Value: "云帆报销"}, {Key: "login", Value: sampleSuiteID}, {Key: "trusted", Value: "expense.yunfan.example"},
		{Key: "callback", Value: sampleURL}, {Key: "ticket", Value: sampleTime}, {Key: "suite", Value: "云帆报销 · 云帆差旅"}}
	for i := range list {
		list[i].URL, list[i].Done = "#", i < done
	}
	return list
}

func emptyCallback(kind string) CallbackForm {
	return CallbackForm{CSRF: csrf, Kind: kind, Fields: typed{kind: kind}.fields(), SaveURL: "#"}
}

func sampleCallback(kind string) CallbackForm {
	t := typed{kind: kind, url: sampleURL, token: "Xq81LmZt05RvNc72KpWd94Hs", hasKey: true}
	if kind == CallbackSuite {
		t.data = "https://expense.yunfan.example/wecom/data/$CORPID$"
	}
	return CallbackForm{CSRF: csrf, Kind: kind, Fields: t.fields(), HasKey: true, SaveURL: "#", CheckURL: "#"}
}

func sampleDomains(app *apps.App) DomainsForm {
	second := installList
	if app.Kind == apps.LoginSuite {
		second = launchList
	}
	return DomainsForm{CSRF: csrf, SaveURL: "#", Fields: domainFields(app, second, "expense.yunfan.example\nexpense-test.yunfan.example:8443", "expense.yunfan.example"),
		Listed: []Domain{{Name: "expense.yunfan.example", Shown: true, Proved: true, URL: "#"},
			{Name: "expense-test.yunfan.example:8443", Shown: true, URL: "#"}}}
}

var sampleInstalls = []InstallLine{
	{Company: "青禾科技有限公司", CorpID: "wp3kT9sQm2LxPv71AbQq8ZcV5yJnR0eWd", Suite: "云帆报销", SuiteURL: "#", AgentID: 1000002, Since: sampleTime, Permanent: true, Whole: true, Departments: 1},
	{Company: "长风物流", CorpID: "ww8d2f6c1a90b3e7f4", Plain: true, Suite: "云帆报销", SuiteURL: "#", AgentID: 1000007, Since: sampleTime, Permanent: true, FromSite: true, Departments: 4, Members: 12},
	{Company: "北岸设计工作室", CorpID: "wpAbQq8ZcV5yJnR0eWd3kT9sQm2LxPv71", Suite: "云帆差旅", SuiteURL: "#", AgentID: 1000003, Since: sampleTime, Test: true, FromSite: true, Members: 3},
}
