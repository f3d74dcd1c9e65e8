package appcenter

import (
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// siteStories are the install begun on a provider's site, and why it or business settings
// can be refused.
func siteStories() []respond.Story {
	list := []respond.Story{}
	add := func(page, name string, view any) {
		list = append(list, respond.Story{Page: page, Name: name, View: view})
	}
	site := SiteInstallView{CSRF: "sample", Person: "林晓", Name: "云帆报销", Brand: "云帆科技", Site: "expense.yunfan.example", PostURL: "/3rdapp/install"}
	add("appcenter/site_install", "nowhere", site)
	site.Companies = []CompanyChoice{{Name: "青禾科技有限公司", CorpID: "ww8d2f6c1a90b3e7f4", URL: "#1"}, {Name: "长风物流", CorpID: "ww0a1b2c3d4e5f6071", Installed: true}}
	add("appcenter/site_install", "company", site)
	picker := samplePicker()
	site.Companies, site.Company, site.Picker, site.OtherURL = nil, "青禾科技有限公司", &picker, "#other"
	site.Kept = []console.Hidden{{Name: "corp", Value: "ww8d2f6c1a90b3e7f4"}}
	add("appcenter/site_install", "range", site)
	site.Test, site.Sensitive, site.OtherURL = true, true, ""
	add("appcenter/site_install", "test", site)

	suite := respond.Fact{Label: "appcenter.fact.suite", Value: "云帆报销"}
	domains := respond.Fact{Label: "appcenter.fact.install_domains", Value: "expense.yunfan.example"}
	for key, facts := range map[string][]respond.Fact{
		"appcenter.install_suite":         {{Label: "appcenter.fact.suite_id", Value: "ww4f1d0a8c6b2e9376"}},
		"appcenter.install_expired":       {suite},
		"appcenter.install_code":          {suite},
		"appcenter.install_spent":         {suite},
		"appcenter.install_redirect":      {suite, {Label: "appcenter.fact.redirect_uri", Value: "https://yunfan.example/done"}, domains},
		"appcenter.install_redirect_form": {suite, {Label: "appcenter.fact.redirect_uri", Value: "expense.yunfan.example/done"}, domains},
		"appcenter.install_referer":       {suite, {Label: "appcenter.fact.referer", Value: "https://evil.example"}, domains},
		"appcenter.install_state":         {{Label: "appcenter.fact.state", Value: "a-b"}},
		"appcenter.install_offline":       {suite},
		"appcenter.install_twice":         {suite, {Label: "appcenter.fact.company", Value: "青禾科技有限公司"}},
		"appcenter.business_unset":        {suite},
		"appcenter.business_refused":      {suite},
		"appcenter.business_unproved":     {suite},
	} {
		add("error", key[len("appcenter."):], respond.ErrorView{Status: 400, Key: key, Facts: facts, RequestID: "5e1c90b7a2d4f836"})
	}
	return list
}
