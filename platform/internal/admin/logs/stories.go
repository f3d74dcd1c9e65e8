package logs

import (
	"time"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Stories are both logs in every state.
func Stories() []respond.Story {
	link := func(path string) string { return "/admin/ww8d2f6c1a90b3e7f4" + path }
	at := time.Date(2026, 11, 22, 11, 57, 3, 0, time.UTC)
	entry := func(minutes int, a audit.Action, name, userid, app, target, detail, address string) Line {
		return line(audit.Shown{At: at.Add(-time.Duration(minutes) * time.Minute), Action: a, Name: name, UserID: userid,
			App: app, Target: target, Detail: detail, Address: address})
	}
	sign := signIns.view(console.SampleFrame(console.Admin, signIns.active), filter{}, link)
	sign.Lines = []Line{
		entry(0, audit.SignedIn, "林晓", "linxiao", "云帆报销", "linxiao", "Chrome 142 · Windows", "203.0.113.7"),
		entry(2, audit.SignedIn, "陈默", "chenmo", "云帆报销", "chenmo", audit.ByDesktop+"Firefox 144 · Linux", "203.0.113.12"),
		entry(2, audit.SignedIn, "陈默", "chenmo", "云帆报销", "chenmo", audit.InClient+"snsapi_base, "+audit.FromWorkbench+", Safari 26 · iPhone", "203.0.113.12"),
		entry(3, audit.ConsoleEntered, "王芳", "wangfang", "", "wangfang", "passkey", "203.0.113.9"),
		entry(9, audit.WrongNumber, "欧阳明远", "ouyang", "云帆报销", "", "", "2001:db8:85a3:8d3:1319:8a2e:370:7348"),
		entry(48, audit.SignInReported, "欧阳明远", "ouyang", "云帆报销", "", "", "198.51.100.23"),
		entry(1500, audit.SignedIn, "Alexandra Konstantinopoulou", "alexandra.konstantinopoulou", "青禾门户", "", "Safari 26 · iPhone", "203.0.113.44"),
	}
	sign.Pager = console.Pager{NextURL: "#", Shown: len(sign.Lines)}
	changed := changes.view(console.SampleFrame(console.Admin, changes.active), filter{}, link)
	for i, a := range allChanges() {
		changed.Lines = append(changed.Lines, entry(i*7, a, "王芳", "wangfang", "", "linxiao", "", "203.0.113.9"))
	}
	changed.Lines = append(changed.Lines,
		entry(400, audit.MembersImported, "王芳", "wangfang", "", "members-2026.csv", "10000/10000: +9810 ~144 !46", "203.0.113.9"),
		entry(410, audit.LogExported, "王芳", "wangfang", "", "sign-ins", "", "203.0.113.9"),
		entry(420, audit.AdminAdded, "王芳", "wangfang", "", "zhaoyi", "sub", "203.0.113.9"))
	changed.Pager = console.Pager{FirstURL: "#", NextURL: "#", Shown: len(changed.Lines)}
	none, nothing := sign, changes.view(console.SampleFrame(console.Admin, changes.active), filter{search: "林", kind: "contacts", from: "2026-11-01"}, link)
	none.Lines, none.Pager = nil, console.Pager{}
	unchanged := changed
	unchanged.Lines, unchanged.Pager = nil, console.Pager{}
	own := platform.view(console.SampleFrame(console.Operator, platform.active), filter{}, func(path string) string { return "/operator" + path })
	for i, a := range platform.actions {
		own.Lines = append(own.Lines, entry(i*50, a, "徐静", "", "", "星河制造 ww8d2f6c1a90b3e7f4", "", "203.0.113.9"))
	}
	story := func(name string, v View) respond.Story { return respond.Story{Page: "logs/log", Name: name, View: v} }
	return []respond.Story{story("sign-ins", sign), story("sign-ins-empty", none), story("audit", changed),
		story("audit-empty", unchanged), story("nothing", nothing), story("platform", own)}
}
