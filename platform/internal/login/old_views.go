package login

import (
	"encoding/json"
	"html/template"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/protocol"
)

// OldStates lists the states of an old page, in the order of a sign-in. None is about a panel.
func OldStates() []State {
	return []State{
		StateWaiting, StateScanned, StateNumber, StateDone, StateBlocked, StateRefused,
		StateCancelled, StateTimedOut, StateExpired, StateCopy, StateHelp,
	}
}

// OldPage is the view of "login/old": the page of 3rd_qrConnect and qrConnect.
type OldPage struct {
	Page
	// Admins says that only administrators may confirm.
	Admins bool `json:"admins,omitempty"`
	// Style is the site's style sheet, checked; empty: none.
	Style template.URL `json:"style,omitempty"`
	// Read stands in the document for programs that read it.
	Read Readable `json:"-"`
}

// OldError is the view of "login/olderror".
type OldError struct {
	Error
	Read Readable `json:"-"`
}

// oldErrors are the ends of "login_old.error." that explain an error in words of these pages;
// the others are said as on the new page.
var oldErrors = []string{"31027", "31028", "31034", "double_encoded", "empty", string(ruleSuiteID), string(ruleOldOff), string(ruleNoLogin),
	string(ruleNoReferer), string(ruleReferer), "parent"}

// Words is the beginning of the locale keys that explain the error: its .title, .why and .todo.
func (e OldError) Words() string {
	key := e.Key()
	for _, own := range oldErrors {
		if key == own {
			return "login_old.error." + key
		}
	}
	return "login.error." + key
}

// Where is the locale key that says in which console the matter is set; empty where that
// would not help.
func (e OldError) Where() string {
	switch e.Rule {
	case string(ruleOldOff):
		return "login_old.error.field.operator"
	case string(ruleNoReferer), string(ruleReferer):
		return "login_old.error.field.launch"
	}
	if field := e.Field(); field != "" {
		return "login.error.field." + field
	}
	return ""
}

// Readable is what programs that drive the old pages find in their text. It is never run and
// never shown; the page's own script reads Settings.
type Readable struct {
	// Settings is the text of an assignment to window.settings.
	Settings template.HTML
	// QRCode is the picture's address without its scheme; empty on an error page.
	QRCode string
	Key    string
}

// readable writes the settings as the two old pages do: one as JSON, the other with bare names,
// one a line. Programs look for either.
func readable(host string, page attempt.Page, key string, a oldAsked) Readable {
	qr := "//" + host + protocol.PathOldQRCode + "?key=" + key
	return Readable{QRCode: qr, Key: key, Settings: settingsText(page == attempt.OldProviderPage,
		"key", quote(key), "appid", quote(a.appID), "agentid", quote(a.agentID), "redirect_uri", quote(a.redirectURI),
		"state", quote(a.state), "self_redirect", strconv.FormatBool(a.redirectType == protocol.RedirectSelf),
		"qrUrl", quote(qr), "longPollGetUrl", quote(protocol.PathOldPoll), "errCode", "0", "errMsg", quote(""))}
}

// readableError is the settings of a page without a key.
func readableError(fail protocol.LoginFail) Readable {
	return Readable{Settings: settingsText(true, "errCode", strconv.Itoa(int(fail.ErrCode)), "errMsg", quote(fail.ErrMsg))}
}

// quote writes a text as encoding/json does: without a character that could end the element.
func quote(text string) string {
	b, _ := json.Marshal(text) // a string always has a form
	return string(b)
}

// settingsText makes an assignment of names and values, which follow each other.
func settingsText(quoted bool, pairs ...string) template.HTML {
	var b strings.Builder
	b.WriteString("window.settings = {")
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		if quoted {
			b.WriteString(quote(pairs[i]) + ":" + pairs[i+1])
		} else {
			b.WriteString("\n" + pairs[i] + " : " + pairs[i+1])
		}
	}
	if !quoted {
		b.WriteByte('\n')
	}
	b.WriteString("};")
	return template.HTML(b.String())
}
