package inclient

import (
	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

const (
	sampleAddress = "http://localhost:8790/connect/oauth2/authorize?appid=ww4c1e7a90b3d2f586&redirect_uri=https%3A%2F%2Fexpense.yunfan.example%2Fwecom%2Fcallback&response_type=code&scope=snsapi_base&state=k3Jx9v"
	sampleURI     = "https://www.yunfan.example/wecom/callback"
)

// Stories are the pages in their states, with sample data.
func Stories() []respond.Story {
	var list []respond.Story
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: "inclient/" + page, Name: name, View: view})
	}
	mine := Me{Name: "林晓", HomeURL: "#"}
	suite := ask.Asker{Brand: "云帆报销", Domain: "expense.yunfan.example"}
	long := ask.Asker{Brand: "上海云帆智慧差旅与费用报销一体化管理平台", Domain: "a-very-long-subdomain-name.of-some-department.yunfan.example:8443"}
	own := ask.Asker{Brand: "考勤", Domain: "kaoqin.qinghe.example", Own: true}

	base := AskView{CSRF: "sample", Me: mine, Asker: suite, Company: "青禾科技有限公司", Name: "林晓", Share: ask.ShareEncrypted, DecideURL: "#"}
	add("ask", "base", base)
	several := base
	several.ChangeURL, several.Asker, several.Share, several.CorpID, several.UserID = "#", long, ask.SharePlain, "ww8d2f6c1a90b3e7f4", "linxiao"
	add("ask", "several", several)
	private := base
	private.Private, private.Missing = true, []string{"avatar", "qr_code"}
	private.Details = []Detail{{"gender", "female"}, {"mobile", "13800001234"}, {"email", "lin.xiao@qinghe.example"}}
	add("ask", "private", private)
	none := private
	none.Details, none.Missing = nil, []string{"gender", "mobile", "email", "avatar", "qr_code"}
	add("ask", "private-nothing", none)
	ownPrivate := private
	ownPrivate.Asker, ownPrivate.Share, ownPrivate.UserID = own, ask.ShareOwn, "linxiao"
	ownPrivate.Details = []Detail{{"mobile", "13800001234"}, {"email", "lin.xiao.of-the-long-department-name@mail.qinghe.example"}}
	ownPrivate.Missing = []string{"gender", "avatar", "qr_code", "biz_mail", "address"}
	add("ask", "private-own", ownPrivate)

	add("choose", "several", ChooseView{Me: mine, Asker: suite, BackURL: "#", Companies: []Company{
		{"ww1", "青禾科技有限公司", "林晓", "#"}, {"ww2", "长风物流", "Lin Xiao", "#"}, {"ww3", "上海北岸建筑规划设计咨询有限责任公司", "林晓（顾问）", "#"}}})
	add("outside", "qr", OutsideView{Asker: suite, QR: drawn(sampleAddress), SignInURL: "#"})
	add("outside", "long", OutsideView{Asker: long, SignInURL: "#"})

	for _, reason := range reasons {
		v := RefusedView{Me: &mine, Asker: &suite, Reason: reason, BackURL: "#"}
		switch reason {
		case RefusedRange:
			v.Companies = []string{"青禾科技有限公司", "长风物流"}
		case RefusedNoMember:
			v.Asker = &own
		case RefusedFrame:
			v.Me, v.Asker, v.BackURL = nil, nil, ""
		}
		add("refused", reason, v)
	}

	wrong := func(name string, v ErrorView) {
		v.RequestID = "7f3a9c2e"
		add("error", name, v)
	}
	wrong("appid", ErrorView{Key: "inclient.error.appid", Code: protocol.CodeInvalidCorpID, Received: "ww4c1e7a90b3d2f58"})
	wrong("login-suite", ErrorView{Key: "inclient.error.login_suite", Received: "ww4c1e7a90b3d2f586"})
	wrong("agentid", ErrorView{Key: "inclient.error.agentid", Code: protocol.CodeInvalidAgentID, Received: "1000009"})
	wrong("several", ErrorView{Key: "inclient.error.several", Received: sampleURI, Configured: []string{"1000002", "1000005"}})
	wrong("nobody-trusts", ErrorView{Key: "inclient.error.nobody_trusts", Code: protocol.CodeRedirectURIUnauthorized, Received: sampleURI,
		Configured: []string{"kaoqin.qinghe.example", "oa.qinghe.example:8443"}, Field: "corp"})
	wrong("stopped", ErrorView{Key: "login.error.stopped", Received: "1000002"})
	wrong("response-type", ErrorView{Key: "inclient.error.response_type", Received: "token", Configured: []string{protocol.ResponseTypeCode}})
	wrong("scope", ErrorView{Key: "inclient.error.scope", Received: "snsapi_login",
		Configured: []string{protocol.ScopeBase, protocol.ScopePrivateInfo, protocol.ScopeUserInfo}})
	wrong("permission", ErrorView{Key: "inclient.error.permission", Code: protocol.CodeNoSensitiveInfoRight,
		Received: protocol.ScopePrivateInfo, Field: "permission"})
	wrong("empty", ErrorView{Key: "login.error.empty"})
	wrong("subdomain", ErrorView{Key: "login.error.subdomain", Code: protocol.CodeRedirectURIUnauthorized, Received: sampleURI,
		Configured: []string{"yunfan.example", "a.example", "b.example", "c.example", "d.example", "e.example"}, Field: "suite"})
	wrong("development", ErrorView{Key: "login.error.development", Code: protocol.CodeRedirectURIUnauthorized,
		Received: "http://localhost:3000/cb", Configured: []string{"http://127.0.0.1:8791"}, Field: "sandbox"})
	return list
}
