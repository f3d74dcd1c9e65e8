package inclient

import (
	"net/http"
	"slices"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// detail is one thing that a member may show beyond who they are.
type detail struct {
	bit   tokens.Details
	name  string // value of the field detail; ends the locale key inclient.detail.
	own   bool   // for a corp's own app alone (95833)
	value func(directory.Member) string
}

var genders = map[int]string{1: "male", 2: "female"}

// details are all there are, in the order of the page. Pictures, QR codes of members, company
// mail and addresses are not kept here: nobody can agree to show them.
var details = []detail{
	{tokens.Gender, "gender", false, func(m directory.Member) string { return genders[m.Gender] }},
	{tokens.Mobile, "mobile", false, func(m directory.Member) string { return m.Mobile }},
	{tokens.Email, "email", false, func(m directory.Member) string { return m.Email }},
	{tokens.Avatar, "avatar", false, nothing},
	{tokens.QRCode, "qr_code", false, nothing},
	{tokens.BizMail, "biz_mail", true, nothing},
	{tokens.Address, "address", true, nothing},
}

func nothing(directory.Member) string { return "" }

// offered is what a member may show an app: each with its value, and by name what the app could
// ask for but nobody has filled in.
func offered(app *apps.App, m directory.Member) (list []Detail, missing []string) {
	for _, d := range details {
		switch value := d.value(m); {
		case d.own && app.Kind != apps.CorpApp:
		case value == "":
			missing = append(missing, d.name)
		default:
			list = append(list, Detail{Name: d.name, Value: value})
		}
	}
	return list, missing
}

// ticked reads which details the member left ticked.
func ticked(r *http.Request, a *asked) (agreed tokens.Details) {
	if !a.private() {
		return 0
	}
	for _, d := range details {
		if slices.Contains(r.PostForm["detail"], d.name) {
			agreed |= d.bit
		}
	}
	return agreed
}
