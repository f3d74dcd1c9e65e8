package phone

import "github.com/hufu-sso/hufu/platform/internal/respond"

// desktopStories are the pages of a QR code of a desktop client.
func desktopStories(me Me, near, far Place) []respond.Story {
	const machine, long = "linxiao-thinkpad · Linux", "DESKTOP-7Q2M9XK4PLWORKSTATION-OF-FINANCE-DEPARTMENT-3F · Windows"
	near.Browser, far.NewBrowser = "", false
	ask := DesktopAskView{CSRF: "sample", Me: me, Machine: machine, Domain: "id.example.com", Place: near,
		ContinueURL: "/q/sample/scan", ReportURL: "/q/sample/report"}
	distant := ask
	distant.Machine, distant.Place = long, far
	confirm := DesktopConfirmView{CSRF: "sample", Me: me, Machine: machine, Domain: "id.example.com", Place: near, Name: me.Name,
		Companies: []string{"青禾科技有限公司", "长风物流"}, NumberAsked: true, DecideURL: "/q/sample/decide", ReportURL: "/q/sample/report"}
	empty, strange, nowhere := confirm, confirm, confirm
	empty.NumberProblem = NumberEmpty
	strange.Machine, strange.Place = long, far
	nowhere.Companies = nil
	list := []respond.Story{
		{Page: "phone/desktop_ask", Name: "near", View: ask},
		{Page: "phone/desktop_ask", Name: "far-long", View: distant},
		{Page: "phone/desktop_confirm", Name: "number", View: confirm},
		{Page: "phone/desktop_confirm", Name: "number-empty", View: empty},
		{Page: "phone/desktop_confirm", Name: "strange-long", View: strange},
		{Page: "phone/desktop_confirm", Name: "nowhere", View: nowhere},
	}
	for _, outcome := range []string{DoneConfirmed, DoneRefused, DoneReported} {
		list = append(list, respond.Story{Page: "phone/desktop_done", Name: outcome,
			View: DesktopDoneView{Me: me, Machine: machine, Outcome: outcome, AccountURL: "/phone/account"}})
	}
	return list
}
