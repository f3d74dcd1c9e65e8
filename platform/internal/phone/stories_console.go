package phone

import "github.com/hufu-sso/hufu/platform/internal/respond"

// consoleStories are the pages of a QR code that leads into the consoles.
func consoleStories(me Me, near, far Place) []respond.Story {
	ask := ConsoleAskView{CSRF: "sample", Me: me, Domain: "console.example.com", Place: near,
		ContinueURL: "/q/sample/scan", ReportURL: "/q/sample/report"}
	confirm := ConsoleConfirmView{CSRF: "sample", Me: me, Domain: "console.example.com", Place: near, Name: me.Name,
		DecideURL: "/q/sample/decide", ReportURL: "/q/sample/report"}
	strange, numbered, empty := confirm, confirm, confirm
	strange.Place, strange.NumberAsked, numbered.NumberAsked = far, true, true
	empty.NumberAsked, empty.NumberProblem = true, NumberEmpty
	list := []respond.Story{
		{Page: "phone/console_ask", Name: "near", View: ask},
		{Page: "phone/console_confirm", Name: "number", View: numbered},
		{Page: "phone/console_confirm", Name: "number-empty", View: empty},
		{Page: "phone/console_confirm", Name: "no-number", View: confirm},
		{Page: "phone/console_confirm", Name: "strange", View: strange},
	}
	for _, outcome := range []string{DoneConfirmed, DoneRefused, DoneReported} {
		list = append(list, respond.Story{Page: "phone/console_done", Name: outcome, View: ConsoleDoneView{Me: me, Outcome: outcome}})
	}
	return list
}
