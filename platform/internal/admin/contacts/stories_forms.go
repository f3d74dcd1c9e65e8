package contacts

import (
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

type addStory = func(page, name string, view any)

// storyRights is a small corp, seen by who manages all of it.
func storyRights() *rights {
	rt := &rights{tree: []directory.Department{{Number: 1, Name: "青禾科技有限公司", Count: 1208}, {Number: 2, Parent: 1, Name: "市场部", Count: 36},
		{Number: 3, Parent: 1, Name: "生产部", Count: 640}, {Number: 4, Parent: 3, Name: "一车间", Count: 118}}, at: map[int64]directory.Department{}}
	for _, d := range rt.tree {
		rt.at[d.Number] = d
	}
	return rt
}

func memberStories(add addStory) {
	form := memberForm{MemberEdit: directory.MemberEdit{UserID: "linxiao", Name: "林晓", Position: "仓储经理", Mobile: "13800138000",
		Email: "linxiao@example.com", Gender: 2, Departments: []int64{4, 2}}}
	view := func(f memberForm) MemberView {
		v := memberForms(contactsFrame(), "#", storyRights(), f)
		v.Writable, v.SaveURL, v.BackURL = true, "#", "#"
		return v
	}
	add("member", "new", view(memberForm{}))
	wrong := form
	wrong.problems = map[string]string{"userid": "contacts.problem.userid.taken", "email": "contacts.problem.email.form"}
	wrong.Email = "linxiao@"
	add("member", "wrong", view(wrong))
	v := view(form)
	v.ID, v.Name, v.Status, v.DisableURL, v.RemoveURL, v.LinkURL, v.AdminURL = "1", "林晓", 4, "#", "#", "#", "#"
	add("member", "not-enrolled", v)
	v.Secret = &console.Secret{Label: "contacts.link.secret", Value: "https://phone.example.com/phone/enrol/sample-7h1s-0pens-n0th1ng"}
	add("member", "link", v)
	v.Secret, v.Status, v.Admin, v.AdminURL, v.LinkURL, v.LinkRefused = nil, 1, 4, "", "", "contacts.link.elsewhere"
	add("member", "elsewhere", v)
	v.Status, v.DisableURL, v.EnableURL, v.LinkRefused, v.Problem = 2, "", "#", "contacts.link.disabled", "contacts.stays.creator"
	add("member", "disabled", v)
	v.Writable, v.Fields, v.Status, v.Problem = false, nil, 1, ""
	v.Facts = []Fact{{"contacts.userid", "linxiao"}, {"contacts.position", "仓储经理"}, {"contacts.mobile", "13800138000"}}
	add("member", "not-yours", v)

	remove := RemoveView{Frame: contactsFrame(), Crumb: console.Crumb{URL: "#", Text: "林晓"}, Name: "林晓", UserID: "linxiao", RemoveURL: "#", BackURL: "#"}
	add("remove", "asked", remove)
	remove.Problem = "contacts.stays.last"
	add("remove", "stays", remove)

	department := DepartmentView{Frame: contactsFrame(), Crumb: console.Crumb{URL: "#", Label: "contacts.back"}, SaveURL: "#", BackURL: "#",
		Fields: []console.Field{{Name: "name", Label: "contacts.department.name", Help: "contacts.department.name.help"},
			{Name: "parent", Label: "contacts.department.parent", Type: "select", Options: []console.Option{{Value: "1", Text: "青禾科技有限公司/生产部"}}},
			{Name: "order", Label: "contacts.department.order", Help: "contacts.department.order.help", Optional: true}}}
	add("department", "new", department)
	department.Number, department.Name, department.RemoveURL = 12, "一车间", "#"
	add("department", "empty", department)
	department.Count, department.RemoveURL, department.Kept = 118, "", "contacts.department.kept.full"
	department.Fields = append([]console.Field{{Name: "name", Label: "contacts.department.name", Value: "一/车间:", Error: "contacts.problem.department.name.form"}}, department.Fields[1:]...)
	add("department", "full", department)
}

func importStories(add addStory) {
	view := ImportView{Frame: contactsFrame(), Crumb: console.Crumb{URL: "#", Label: "contacts.back"}, UploadURL: "#", TemplateURL: "#"}
	add("import", "first", view)
	view.Problem, view.Received = "contacts.import.problem.heading", "工号 名字 电话"
	view.Recent = []RunLine{{Name: "members-2026.csv", State: stateDone, URL: "#", When: "2026-11-22 08:30", Created: 9810, Updated: 144, Failed: 46},
		{Name: "分厂.csv", State: stateStopped, URL: "#", When: "2026-11-20 15:02", Created: 400}}
	add("import", "refused", view)

	run := RunView{Frame: contactsFrame(), Crumb: console.Crumb{URL: "#", Label: "contacts.import.title"}, Name: "members-2026.csv", State: stateReady,
		Total: 10000, Creates: 9810, Updates: 144, Failed: 46, Ignored: []string{"工龄"}, AdminColumns: []string{"管理员"},
		StartURL: "#", CancelURL: "#", FailedURL: "#", AgainURL: "#", SelfURL: "#",
		First:       []RecordLine{{Line: 2, UserID: "wangfang", Name: "王芳", Where: "生产部/一车间", Plan: planCreate}},
		Overwritten: []RecordLine{{Line: 3, UserID: "linxiao", Name: "林晓", Where: "市场部;生产部", Plan: planUpdate}},
		Problems: []RecordLine{{Line: 17, UserID: "WangFang", Name: "王芳", Where: "市场部", Problem: problemTwice},
			{Line: 208, UserID: "zhaoyi", Name: "赵一", Where: "海外部", Problem: problemUnknown},
			{Line: 911, UserID: `sunyue,"孙悦,市场部`, Problem: problemQuotes}, {Line: 1024, UserID: "-cmd", Name: "=HYPERLINK(1)", Problem: problemFormula}}}
	add("run", "preview", run)
	run.Tried, run.Created, run.Updated, run.Percent, run.First, run.Overwritten = 4200, 4100, 60, 42, nil, nil
	problems := run.Problems
	run.State, run.StartURL, run.Problems = stateRunning, "", nil
	add("run", "running", run)
	run.State, run.StartURL = stateStopped, "#"
	add("run", "stopped", run)
	run.State, run.StartURL, run.CancelURL, run.Problems = stateCancelled, "", "", problems
	add("run", "cancelled", run)
	run.State, run.Tried, run.Created, run.Updated, run.Percent = stateDone, 10000, 9810, 144, 100
	add("run", "done", run)
}

func adminStories(add addStory) {
	frame := console.SampleFrame(console.Admin, "admins")
	view := AdminsView{Frame: frame, NewURL: "#", HandOverURL: "#", HandOver: console.Field{Name: "userid", Label: "contacts.admin.successor", Mono: true},
		Admins: []AdminLine{{Name: "林晓", UserID: "linxiao", Kind: 1, Self: true, URL: "#"}, {Name: "王芳", UserID: "wangfang", Kind: 2, URL: "#"},
			{Name: "Alexandra Konstantinopoulou", Kind: 3, URL: "#"},
			{Name: "赵一", UserID: "zhaoyi", Kind: 4, Departments: []string{"市场部", "仓储物流与供应链协同管理中心"}, Apps: 2, URL: "#"},
			{Name: "孙悦", UserID: "sunyue", Kind: 4, Disabled: true, URL: "#"}}}
	add("admins", "creator", view)
	view.HandOver.Value, view.HandOver.Error = "nobody", "contacts.admin.problem.unknown"
	view.Secret = &console.Secret{Label: "contacts.link.secret", Value: "https://phone.example.com/phone/enrol/sample-7h1s-0pens-n0th1ng"}
	add("admins", "link", view)
	view.HandOverURL, view.Secret = "", nil
	add("admins", "system", view)

	form := func(kind int) AdminView {
		v := AdminView{Frame: frame, Crumb: console.Crumb{URL: "#", Label: "contacts.admin.back"}, AdminKind: kind, SaveURL: "#", BackURL: "#"}
		for _, k := range []int{2, 4, 3} {
			v.Tabs = append(v.Tabs, console.Tab{Label: "contacts.admin.kind." + strconv.Itoa(k), URL: "#", Active: k == kind})
		}
		if kind == 3 {
			v.Fields = []console.Field{{Name: "name", Label: "contacts.admin.name", Help: "contacts.admin.name.help"}}
			return v
		}
		v.Fields = []console.Field{{Name: "userid", Label: "contacts.admin.userid", Help: "contacts.admin.userid.help", Mono: true}}
		rt := storyRights()
		for _, d := range rt.tree {
			v.Departments = append(v.Departments, Choice{Number: d.Number, Path: rt.path(d.Number), Checked: d.Number > 2, Writable: d.Number == 3})
		}
		v.Apps = []AppChoice{{Holder: "11", Name: "星河报表", Level: "manage"}, {Holder: "12", Name: "青禾协同", Level: "use"}, {Holder: "13", Name: "合同管家"}}
		return v
	}
	add("admin", "new-system", form(2))
	add("admin", "new-external", form(3))
	v := form(4)
	v.Fields[0].Value, v.Fields[0].Error = "linxiao", "contacts.admin.problem.already"
	add("admin", "new-sub", v)
	v.ID, v.Name, v.UserID, v.RemoveURL, v.Fields = "5", "赵一", "zhaoyi", "#", nil
	add("admin", "sub", v)
	v.Problem = "contacts.stays.last"
	add("admin", "last", v)
	v = form(3)
	v.ID, v.Name, v.LinkURL, v.RemoveURL, v.Fixed = "6", "Alexandra Konstantinopoulou", "#", "#", "contacts.admin.fixed.external"
	add("admin", "external", v)
	v = form(1)
	v.ID, v.Name, v.UserID, v.Fixed = "1", "林晓", "linxiao", "contacts.admin.fixed.creator"
	add("admin", "creator", v)
}
