package console

import "github.com/hufu-sso/hufu/platform/internal/respond"

// Stories are the pages of this package in every state, and all parts on one page.
func Stories() []respond.Story {
	list := []respond.Story{}
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "console/" + page, Name: name, View: view})
	}
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
