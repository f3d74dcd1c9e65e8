package provider

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

// typed is a callback form as it arrived, with what is wrong with it.
type typed struct {
	kind           string
	url, data      string
	token, key     string
	badURL         *apps.SettingError
	badData        *apps.SettingError
	badToken       string
	badKey         string
	hasKey, anyway bool
}

// readCallback reads a callback form. A key that is left empty stays as it is stored.
func (h *Handler) readCallback(r *http.Request, kind string, stored apps.Callback) typed {
	t := typed{kind: kind, url: strings.TrimSpace(r.PostFormValue("url")), token: strings.TrimSpace(r.PostFormValue("token")),
		key: strings.TrimSpace(r.PostFormValue("key")), hasKey: stored.EncodingAESKey != "", anyway: r.PostFormValue("anyway") == "1"}
	if kind == CallbackSuite {
		t.data = strings.TrimSpace(r.PostFormValue("data_url"))
	}
	if t.url != "" {
		t.url, t.badURL = h.checkURL(t.url, apps.CallbackURL)
	}
	if t.data != "" {
		t.data, t.badData = h.checkURL(t.data, apps.DataURL)
	}
	needed := t.url != "" || t.data != ""
	if (needed || t.token != "") && sealed.CheckToken(t.token) != nil {
		t.badToken = "provider.callback.token_bad"
		if t.token == "" {
			t.badToken = "provider.callback.token_empty"
		}
	}
	if t.key != "" {
		if _, err := sealed.ParseKey(t.key); err != nil {
			t.badKey = "provider.callback.key_bad"
		}
	} else if needed && !t.hasKey {
		t.badKey = "provider.callback.key_empty"
	}
	return t
}

// checkURL answers the URL as it is stored, or as it came and what is wrong with it.
func (h *Handler) checkURL(text string, kind apps.URLKind) (string, *apps.SettingError) {
	clean, _, err := apps.CheckURL(text, kind, h.Development)
	if err != nil {
		return text, settingError(err)
	}
	return clean, nil
}

func (t typed) bad() bool {
	return t.badURL != nil || t.badData != nil || t.badToken != "" || t.badKey != ""
}

func (t typed) callback(stored apps.Callback) apps.Callback {
	return apps.Callback{URL: t.url, Token: t.token, EncodingAESKey: cmp.Or(t.key, stored.EncodingAESKey)}
}

// fields are the inputs of the form, filled in.
func (t typed) fields() []console.Field {
	url := console.Field{Name: "url", Label: "provider.callback.url_" + t.kind, Help: "provider.callback.url_help_" + t.kind, Value: t.url,
		Error: errorKey(t.badURL), Mono: true, Optional: true, Hint: "https://www.example.com/wecom/callback"}
	list := []console.Field{url}
	if t.kind == CallbackSuite {
		list = append(list, console.Field{Name: "data_url", Label: "provider.callback.data_url", Help: "provider.callback.data_url_help",
			Value: t.data, Error: errorKey(t.badData), Mono: true, Optional: true, Hint: "https://www.example.com/wecom/data/$CORPID$"})
	}
	key := console.Field{Name: "key", Label: "provider.callback.key", Help: "provider.callback.key_help", Value: t.key, Error: t.badKey,
		Mono: true, Max: 43, Optional: true}
	if t.hasKey {
		key.Help = "provider.callback.key_kept"
	}
	return append(list, console.Field{Name: "token", Label: "provider.callback.token", Help: "provider.callback.token_help", Value: t.token,
		Error: t.badToken, Mono: true, Max: 32, Optional: true}, key)
}

func errorKey(e *apps.SettingError) string {
	if e == nil {
		return ""
	}
	return e.Key()
}

// form is the callback form of what is stored.
func (h *Handler) form(kind string, c apps.Callback, data string) CallbackForm {
	t := typed{kind: kind, url: c.URL, data: data, token: c.Token, hasKey: c.EncodingAESKey != ""}
	return CallbackForm{Kind: kind, Fields: t.fields(), HasKey: t.hasKey}
}

// refuse is the form as it was typed, with what is wrong with it or what the checks found.
func refuse(t typed, checks []Check) *CallbackForm {
	return &CallbackForm{Kind: t.kind, Fields: t.fields(), HasKey: t.hasKey, Checks: checks, Anyway: !t.bad(), refused: true}
}

// checkTargets checks the URLs of a callback as WeCom does when they are saved; ok is whether
// all passed.
func (h *Handler) checkTargets(ctx context.Context, v *console.Visit, c apps.Callback, data string) (checks []Check, ok bool) {
	ok = true
	for _, u := range []struct{ what, url string }{{"callback", c.URL}, {"data", strings.ReplaceAll(data, "$CORPID$", v.Corp.CorpID)}} {
		if u.url == "" {
			continue
		}
		check := checkOf(u.what, h.Push.Check(ctx, push.Target{URL: u.url, Token: c.Token, EncodingAESKey: c.EncodingAESKey, ProviderCorpID: v.Corp.CorpID}))
		checks, ok = append(checks, check), ok && check.OK
	}
	return checks, ok
}

// checkOf is a report as a page shows it.
func checkOf(what string, r push.Report) Check {
	return Check{What: what, OK: r.Step == "", Step: string(r.Step), Detail: r.Detail, Status: r.Status, Answer: r.Answer,
		URL: r.URL, At: console.Stamp(r.At), Millis: r.Took.Milliseconds()}
}

func kindOf(app *apps.App) string {
	if app.Kind == apps.LoginSuite {
		return CallbackLogin
	}
	return CallbackSuite
}

// saveCallback stores where a suite's events go, once the receiver has passed the check, or
// when it is asked for in spite of it. A receiver that passed is sent its ticket at once.
func (h *Handler) saveCallback(w http.ResponseWriter, r *http.Request, s settings) error {
	stored, err := h.Apps.SuiteCallback(r.Context(), s.app.Row)
	if err != nil {
		return err
	}
	t := h.readCallback(r, kindOf(s.app), stored)
	if t.bad() {
		return s.render(w, r, s.Visit, s.app, said{callback: refuse(t, nil)})
	}
	c := t.callback(stored)
	checks, ok := h.checkTargets(r.Context(), s.Visit, c, t.data)
	if !ok && !t.anyway {
		return s.render(w, r, s.Visit, s.app, said{callback: refuse(t, checks)})
	}
	if err := h.Apps.SetCallback(r.Context(), s.app.Row, c); err != nil {
		return err
	}
	if t.kind == CallbackSuite {
		if err := h.Apps.SetURLs(r.Context(), s.app.Row, apps.URLs{Home: s.app.HomeURL, Business: s.app.BusinessURL, Data: t.data}); err != nil {
			return err
		}
	}
	if err := h.record(r, s.Visit, audit.SuiteCallbackSet, s.app, s.app.Name, strings.TrimSpace(withoutQuery(c.URL)+" "+withoutQuery(t.data))); err != nil {
		return err
	}
	key := "provider.saved"
	if ok && c.URL != "" {
		// At once, so that the page that follows says whether it has arrived.
		if _, err := h.Push.Deliver(r.Context(), s.app.Row, protocol.EventSuiteTicket, ""); err != nil {
			return err
		}
		key = "provider.callback.saved"
	} else if !ok {
		key = "provider.callback.saved_unchecked"
	}
	h.Console.Flash(w, r, key)
	return s.See(w, s.shown(s.app))
}

// checkCallback checks what is stored, without changing it.
func (h *Handler) checkCallback(w http.ResponseWriter, r *http.Request, s settings) error {
	c, err := h.Apps.SuiteCallback(r.Context(), s.app.Row)
	if err != nil {
		return err
	}
	form := h.form(kindOf(s.app), c, s.app.DataURL)
	form.Checks, _ = h.checkTargets(r.Context(), s.Visit, c, s.app.DataURL)
	return s.render(w, r, s.Visit, s.app, said{callback: &form})
}

// newCallback is a Token and an EncodingAESKey for an app that has none yet. Both are letters
// and digits, as WeCom's are.
func newCallback() apps.Callback {
	return apps.Callback{Token: randomText(24), EncodingAESKey: randomText(43)}
}

func randomText(n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	text := make([]byte, 0, n)
	for len(text) < n {
		var b [64]byte
		rand.Read(b[:])
		for _, c := range b {
			if c < 4*byte(len(alphabet)) && len(text) < n { // what is over would make some letters likelier
				text = append(text, alphabet[int(c)%len(alphabet)])
			}
		}
	}
	return string(text)
}

// withoutQuery is a URL as it may be written into the audit log: what stands behind ? may be
// a secret.
func withoutQuery(url string) string {
	base, _, _ := strings.Cut(url, "?")
	base, _, _ = strings.Cut(base, "#")
	return base
}
