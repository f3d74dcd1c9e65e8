package phone

import (
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Stories are the pages of the phone in all their states, with sample data.
func Stories() []respond.Story {
	stories := []respond.Story{}
	add := func(page, name string, view any) {
		stories = append(stories, respond.Story{Page: "phone/" + page, Name: name, View: view})
	}

	const csrf = "sample"
	asker := Asker{Brand: "云帆报销", Domain: "expense.yunfan.example"}
	own := Asker{Brand: "青禾门户", Domain: "portal.qinghe.example:8443", Own: true}
	me := Me{Name: "林晓", HomeURL: "/phone"}
	near := Place{Browser: "Chrome 142 · Windows", Address: "203.0.113.7", SameNetwork: true}
	far := Place{Address: "2001:db8:85a3:8d3:1319:8a2e:370:7348", NewBrowser: true, NewPlace: true}

	signIn := SignInView{CSRF: csrf, SignInURL: "/phone/signin", Next: "/phone", Passkeys: Passkeys{URL: "/phone/sign-in/passkey"}}
	add("signin", "password", signIn)
	waiting := signIn
	waiting.Asker = &asker
	add("signin", "for-a-site", waiting)
	for _, problem := range []string{SignInEmpty, SignInWrong, SignInBlocked, ProofPasskey} {
		failed := waiting
		failed.Account, failed.Problem = "lin.xiao@qinghe.example", problem
		add("signin", problem, failed)
	}
	plain := signIn
	plain.Passkeys = Passkeys{Off: true}
	add("signin", "no-passkeys", plain)
	sandbox := signIn
	sandbox.People = samplePeople
	add("signin", "sandbox", sandbox)
	sandbox.Asker = &asker
	add("signin", "sandbox-for-a-site", sandbox)

	home := HomeView{CSRF: csrf, Name: me.Name, OpenURL: "/phone/open", SignOutURL: "/phone/signout", AccountURL: "/phone/account", WorkbenchURL: "/phone/workbench", Memberships: []Membership{
		{Company: "青禾科技有限公司", Name: "林晓", UserID: "linxiao", Department: "产品部"},
		{Company: "长风物流", Name: "Lin Xiao", UserID: "lx_0042"},
		{Company: "北岸设计工作室", Name: "林晓", UserID: "linxiao"},
	}}
	add("home", "member", home)
	admin := home
	admin.ConsoleURL, admin.ConsoleHost = "https://console.yunfan.example/console", "console.yunfan.example"
	add("home", "admin", admin)
	for _, problem := range []string{LinkEmpty, LinkForeign} {
		wrong := home
		wrong.LinkProblem = problem
		if problem == LinkForeign {
			wrong.Link = "https://example.com/q/abc"
		}
		add("home", "link-"+problem, wrong)
	}
	home.Name, home.Memberships = "周远", nil
	add("home", "nowhere", home)

	asked := AskView{CSRF: csrf, Me: me, Asker: asker, Place: near, ContinueURL: "/q/sample/scan", ReportURL: "/q/sample/report"}
	add("ask", "near", asked)
	asked.Asker, asked.Place = own, far
	add("ask", "far-own", asked)
	asked.Asker = Asker{Brand: "上海云帆智慧差旅与费用报销一体化管理平台", Domain: "a-very-long-subdomain-name.of-some-department.expense.yunfan.example:18443"}
	add("ask", "long", asked)
	asked.Asker, asked.Place, asked.Admins = asker, near, true
	add("ask", "admins", asked)

	choose := ChooseView{CSRF: csrf, Me: me, Asker: asker, ChooseURL: "/q/sample/choose", ReportURL: "/q/sample/report", Companies: []CompanyChoice{
		{ID: "1", Company: "青禾科技有限公司", Name: "林晓", Current: true},
		{ID: "2", Company: "长风物流", Name: "Lin Xiao"},
	}}
	add("choose", "several", choose)
	choose.Admins = true
	add("choose", "admins", choose)

	confirm := ConfirmView{
		CSRF: csrf, Me: me, Asker: asker, Place: near, Company: "青禾科技有限公司", Name: "林晓", ChangeURL: "/q/sample/choose",
		Share: ask.ShareEncrypted, NumberAsked: true, DecideURL: "/q/sample/decide", ReportURL: "/q/sample/report",
	}
	add("confirm", "number", confirm)
	confirm.NumberProblem = NumberEmpty
	add("confirm", "number-empty", confirm)
	confirm.NumberProblem, confirm.NumberAsked, confirm.ChangeURL = "", false, ""
	add("confirm", "no-number", confirm)
	shown := confirm
	shown.Share, shown.CorpID, shown.UserID = ask.SharePlain, "ww8d2f6c1a90b3e7f4", "linxiao"
	add("confirm", "plain", shown)
	shown.Share, shown.Asker = ask.ShareOwn, own
	add("confirm", "own", shown)
	openid := confirm
	openid.Company, openid.Name, openid.Share = "", "周远", ask.ShareOpenID
	openid.Me.Name = "周远"
	add("confirm", "openid", openid)
	openid.Asker, openid.Share = own, ask.ShareOutside
	add("confirm", "outside", openid)
	manager := confirm
	manager.Admins = true
	add("confirm", "admin", manager)
	manager.Share = ask.ShareAdmin
	add("confirm", "admin-external", manager)
	strange := confirm
	strange.NumberAsked, strange.ChangeURL, strange.Place = true, "/q/sample/choose", far
	add("confirm", "strange", strange)
	strange.Place = near
	strange.Place.NewBrowser = true
	add("confirm", "strange-browser", strange)
	strange.Place = near
	strange.Place.NewPlace, strange.Place.SameNetwork = true, false
	add("confirm", "strange-place", strange)

	for _, outcome := range []string{DoneConfirmed, DoneRefused, DoneReported} {
		add("done", outcome, DoneView{Me: me, Asker: asker, Outcome: outcome})
	}
	addAccountStories(add, me)
	for i, reason := range GoneReasons {
		gone := GoneView{Reason: reason}
		if i > 0 {
			gone.Me = &me
		}
		add("gone", reason, gone)
	}
	stories = append(stories, consoleStories(me, near, far)...)
	stories = append(stories, desktopStories(me, near, far)...)
	return stories
}

var samplePeople = []Person{
	{ID: "1", Name: "林晓", Companies: []string{"青禾科技有限公司", "长风物流"}},
	{ID: "2", Name: "陈默", Companies: []string{"青禾科技有限公司"}, Role: RoleSystem},
	{ID: "3", Name: "Aisha Rahman", Companies: []string{"青禾科技有限公司"}},
	{ID: "4", Name: "欧阳明远", Companies: []string{"长风物流"}},
	{ID: "5", Name: "赵一", Companies: []string{"长风物流"}},
	{ID: "6", Name: "周远"},
}
