package console

import "github.com/hufu-sso/hufu/platform/internal/respond"

// Stories are the pages of this package in every state, and all parts on one page.
func Stories() []respond.Story {
	list := []respond.Story{}
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "console/" + page, Name: name, View: view})
	}
	door := SignInView{CSRF: "sample", Next: "/console", Other: "?lang=en", EnterURL: "/console/enter", CollectURL: "/console/sign-in/collect",
		QR: (&Service{PhoneURL: "https://id.example.com"}).qr("3qTz8vKfLw2ZpXaY7mNbRc")}
	add("sign-in", "production", door)
	for _, state := range []string{"scanned", "number", "done", "refused", "cancelled", "timedout", "expired"} {
		there := door
		there.State, there.Number = state, "47"
		add("sign-in", state, there)
	}
	door.PickURL, door.People = "/console/sign-in/pick", []Picked{
		{ID: "1", Name: "王芳", Corps: []string{"星河制造"}, Roles: []string{"system"}}, {ID: "2", Name: "徐静", Operator: true, Corps: []string{"青禾科技"}, Roles: []string{"creator", "provider"}}}
	door.QR = (&Service{PhoneURL: "http://localhost:8790", Sandbox: true}).qr("3qTz8vKfLw2ZpXaY7mNbRc")
	add("sign-in", "sandbox", door)

	choose := ConsolesView{CSRF: "sample", Person: "林晓", SignOut: "/console/sign-out", Consoles: []Entry{
		{Kind: Operator, URL: "/operator"},
		{Kind: Admin, Company: "青禾科技有限公司", CorpID: "ww8d2f6c1a90b3e7f4", URL: "/admin/ww8d2f6c1a90b3e7f4"},
		{Kind: Provider, Company: "青禾科技有限公司", CorpID: "ww8d2f6c1a90b3e7f4", URL: "/provider/ww8d2f6c1a90b3e7f4"}}}
	add("consoles", "several", choose)
	choose.Consoles = nil
	add("consoles", "none", choose)

	prove := ProveView{Frame: SampleFrame(Admin, ""), Again: "/admin/ww8d2f6c1a90b3e7f4/admins", ProveURL: "/console/prove",
		ProofURL: "/console/proof", BackURL: "/admin/ww8d2f6c1a90b3e7f4", Kept: []Hidden{{"name", "林晓"}}}
	add("prove", "first", prove)
	prove.Asked = true
	add("prove", "not-yet", prove)
	add("proved", "done", ProvedView{ContinueURL: "/console"})

	parts := sampleParts()
	for _, k := range []Kind{Admin, Provider, Operator} {
		parts.Frame = SampleFrame(k, "home")
		add("parts", string(k), parts)
	}
	parts.Flash = "console.saved"
	add("parts", "said", parts)
	return list
}

// PartsView is the page console/parts of the storybook: everything that pages are built of.
type PartsView struct {
	Frame
	Heading, Sub, First, Second string
	Crumb                       Crumb
	Stats                       []struct{ Number, Word string }
	Tabs                        []Tab
	Secret                      Secret
	Names                       []string
	Search                      Search
	Pager                       Pager
	Empty                       Empty
	Fields                      []Field
}

func sampleParts() PartsView {
	return PartsView{
		Heading: "通讯录", Sub: "每个部门下面的成员，改动立即生效。", First: "保存", Second: "停用",
		Crumb:  Crumb{URL: "#", Text: "返回列表"},
		Stats:  []struct{ Number, Word string }{{"1,208", "成员"}, {"36", "部门"}, {"4", "应用"}, {"2", "待处理"}},
		Tabs:   []Tab{{Label: "console.nav.apps", URL: "#", Active: true}, {Label: "console.nav.audit", URL: "#", Count: 3}, {Label: "console.nav.signins", URL: "#"}},
		Secret: Secret{Label: "console.sample.secret", Value: "sample-7h1s-1s-n0t-a-s3cret-0f-4ny0ne"},
		Names:  []string{"林晓", "Alexandra Konstantinopoulou", "欧阳明远", "赵一"},
		Search: Search{URL: "#", Label: "console.sample.search", Value: "林", ClearURL: "#", Keep: []Hidden{{"lang", "zh"}},
			Filters: []Field{{Name: "state", Label: "console.sample.state", Type: "select",
				Options: []Option{{Value: "", Text: "全部", Selected: true}, {Value: "1", Text: "已激活"}}}}},
		Pager: Pager{FirstURL: "#", NextURL: "#", Shown: 20, Total: 1208},
		Empty: Empty{Title: "console.sample.empty", Text: "console.sample.empty_help", ActionURL: "#", Action: "console.sample.act"},
		Fields: []Field{
			{Name: "name", Label: "console.sample.name", Help: "console.sample.help", Value: "林晓"},
			{Name: "domain", Label: "console.sample.domain", Value: "http://*.example.com", Mono: true, Help: "console.sample.help",
				Error: "console.sample.wrong", Received: "http://*.example.com"},
			{Name: "kind", Label: "console.sample.state", Type: "select", Optional: true, Options: []Option{{Value: "1", Text: "普通成员"}}},
			{Name: "list", Label: "console.sample.count", Type: "area", Optional: true, Hint: "203.0.113.0/24", Mono: true},
		},
	}
}
