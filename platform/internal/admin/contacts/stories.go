package contacts

import (
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Stories are the pages of this package in every state, with sample data.
func Stories() []respond.Story {
	list := []respond.Story{}
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "contacts/" + page, Name: name, View: view})
	}
	add("list", "members", sampleList())
	add("list", "sub-admin", subList())
	add("list", "search", searchList())
	add("list", "empty", emptyList())
	memberStories(add)
	importStories(add)
	adminStories(add)
	return list
}

func contactsFrame() console.Frame { return console.SampleFrame(console.Admin, "contacts") }

func sampleTree() []*Node {
	deep := &Node{Name: "二组", Count: 9, URL: "#"}
	for _, name := range []string{"一车间", "生产部", "华东制造基地"} {
		deep = &Node{Name: name, Count: deep.Count * 4, URL: "#", Open: true, Children: []*Node{deep, {Name: name + "办公室", Count: 3, URL: "#"}}}
	}
	deep.Children = append(deep.Children, &Node{Name: "仓储物流与供应链协同管理中心", Count: 118, URL: "#", Active: true})
	return []*Node{{Name: "青禾科技有限公司", Count: 1208, URL: "#", Open: true, Children: []*Node{deep, {Name: "市场部", Count: 36, URL: "#"}}}}
}

func sampleSearch(value string) console.Search {
	s := console.Search{URL: "#", Label: "contacts.search", Value: value,
		Filters: []console.Field{{Name: "status", Label: "contacts.status", Type: "select", Options: statusOptions(0)}}}
	if value != "" {
		s.ClearURL = "#"
	}
	return s
}

func sampleMembers() []MemberLine {
	return []MemberLine{
		{UserID: "linxiao", Name: "林晓", Position: "仓储经理", Mobile: "13800138000", Departments: []string{"仓储物流与供应链协同管理中心"}, Status: 1, Admin: 2, URL: "#"},
		{UserID: "alexandra.konstantinopoulou@example", Name: "Alexandra Konstantinopoulou", Position: "Regional coordinator", Mobile: "+302101234567",
			Departments: []string{"市场部", "华东制造基地"}, Status: 4, URL: "#"},
		{UserID: "zhaoyi", Name: "赵一", Departments: []string{"一车间"}, Status: 2, URL: "#"},
		{UserID: "ouyang", Name: "欧阳明远", Position: "质检员", Departments: []string{"二组"}, Status: 1, URL: "#"},
	}
}

func sampleList() ListView {
	return ListView{Frame: contactsFrame(), Tree: sampleTree(), Department: &DepartmentHead{Name: "仓储物流与供应链协同管理中心", Number: 27, Count: 118, EditURL: "#"},
		Search: sampleSearch(""), Members: sampleMembers(), Pager: console.Pager{NextURL: "#", Shown: 50, Total: 118}, Total: 118, Writable: true,
		NewURL: "#", NewDepartmentURL: "#", ImportURL: "#", ExportURL: "#", Query: []console.Hidden{{Name: "d", Value: "27"}}}
}

func subList() ListView {
	v := sampleList()
	v.Writable, v.NewURL, v.NewDepartmentURL, v.Department = false, "", "", nil
	v.Tree = []*Node{{Name: "市场部", Count: 36, URL: "#", Open: true}}
	return v
}

func searchList() ListView {
	v := sampleList()
	v.Search, v.Filtered, v.AtLeast, v.Total = sampleSearch("example"), true, true, 1000
	v.Pager = console.Pager{FirstURL: "#", NextURL: "#", Shown: 50}
	return v
}

func emptyList() ListView {
	v := sampleList()
	v.Search, v.Filtered, v.Members, v.Pager = sampleSearch("qqq"), true, nil, console.Pager{}
	return v
}
