package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/qrcode"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// Kind is one of the three consoles.
type Kind string

const (
	Operator Kind = "operator" // 平台运营者
	Provider Kind = "provider" // 服务商后台: creator and system admins of a corp that is a provider
	Admin    Kind = "admin"    // 企业管理端: every admin of the corp
)

// ProofLife is how long a fresh proof is good for what is sensitive.
const ProofLife = 10 * time.Minute

// Service is what the consoles share. Its fields are set once, before first use.
type Service struct {
	Respond   *respond.Responder
	Directory *directory.Service
	Apps      *apps.Service
	Attempts  *attempt.Service
	Handoffs  *handoff.Service
	Audit     *audit.Log
	Sessions  *session.Keeper // of the part "console"
	Now       func() time.Time
	// Begun limits how many sign-ins one address may begin.
	Begun *limits.Limit
	// PhoneURL and ConsoleURL are the origins of the phone's pages and of the consoles.
	PhoneURL, ConsoleURL string
	// Sandbox offers the person picker.
	Sandbox bool

	codes qrcode.Maker
}

// Visit is one request to a console by somebody who may make it.
type Visit struct {
	Session session.Session
	Person  directory.Person
	Kind    Kind
	Corp    directory.Corp  // zero at the operator's
	Admin   directory.Admin // zero at the operator's
	// Fresh says that the person proved who they are within ProofLife, in this session.
	Fresh bool

	r     *http.Request
	flash string
}

// Base is the path under which this console's pages are, such as "/admin/ww0123456789abcdef".
func (v *Visit) Base() string { return base(v.Kind, v.Corp.CorpID) }

func base(k Kind, corpid string) string {
	if k == Operator {
		return "/operator"
	}
	return "/" + string(k) + "/" + url.PathEscape(corpid)
}

// URL is the address of a page of this console, ready for href and action: path begins with
// a slash or is empty, and keeps the language chosen by hand.
func (v *Visit) URL(path string) string { return respond.Link(v.r, v.Base()+path) }

// Link is URL for a path outside this console.
func (v *Visit) Link(path string) string { return respond.Link(v.r, path) }

// See redirects to a page of this console, after a form.
func (v *Visit) See(w http.ResponseWriter, path string) error {
	http.Redirect(w, v.r, v.URL(path), http.StatusSeeOther)
	return nil
}

// Entry is an audit entry of what this visit does: corp, person and address are filled in.
func (v *Visit) Entry(action audit.Action, target, detail string) audit.Entry {
	return audit.Entry{Corp: v.Corp.Row, Person: v.Person.Row, Action: action, Target: target, Detail: detail,
		Address: respond.ClientAddr(v.r)}
}
