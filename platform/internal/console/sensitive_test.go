package console_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/console"
	. "github.com/hufu-sso/hufu/platform/internal/console/consoletest"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
)

// change is a sensitive form that keeps what reaches it.
func change(p *Platform) (path string, reached func() []url.Values) {
	var list []url.Values
	p.Mux.Handle("POST /operator/change", p.Console.Sensitive(console.Operator, func(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
		list = append(list, r.PostForm)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}))
	return "/operator/change", func() []url.Values { return list }
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// keptForm reads the form that waits for the proof.
func keptForm(page string) (action string, form url.Values) {
	_, rest, _ := strings.Cut(page, `<form id="again" method="post" action="`)
	action, rest, _ = strings.Cut(rest, `"`)
	rest, _, _ = strings.Cut(rest, "</form>")
	form = url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(rest, -1) {
		form.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return html.UnescapeString(action), form
}

// prove proves a person for a browser as the phone's pages would, and comes back.
func prove(t *testing.T, p *Platform, b *Browser, person string) *http.Response {
	t.Helper()
	id := begin(t, b.Post("/console/prove", nil).Header().Get("Location"))
	ticket, err := p.Handoffs.Done(context.Background(), id, p.Person[person], handoff.ByPasskey)
	if err != nil {
		t.Fatal(err)
	}
	return b.Get("/console/return/" + id + "?ticket=" + ticket).Result()
}

// begin is the id of a handoff, from the address on the phone's origin.
func begin(t *testing.T, location string) string {
	t.Helper()
	id, ok := strings.CutPrefix(location, PhoneURL+"/phone/enter/")
	if !ok {
		t.Fatalf("to %q, not to the phone's pages", location)
	}
	return id
}

// Without a fresh proof nothing happens and nothing typed is lost; with one the same form
// goes through, as it was typed.
func TestSensitive(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	path, reached := change(p)
	b := p.As(Operator, false)
	typed := url.Values{"name": {`"Galaxy" <b>&`}, "list": {"one", "two\r\nthree", ""}, "名称": {"星河"}, "csrf": {b.CSRF()}}
	first := b.Post(path, typed)
	if first.Code != http.StatusForbidden || len(reached()) != 0 {
		t.Fatalf("without a proof: %d, the form went through %d times", first.Code, len(reached()))
	}
	if !strings.Contains(first.Header().Get("Content-Security-Policy"), "form-action 'self' "+PhoneURL) {
		t.Error("the page's policy does not let its form lead to the phone's origin")
	}
	action, form := keptForm(first.Body.String())
	// Sent again too early, it is kept again.
	again := b.Post(action, form)
	if again.Code != http.StatusForbidden || len(reached()) != 0 {
		t.Fatalf("sent too early: %d", again.Code)
	}
	if got := b.Get("/console/proved"); got.Code != http.StatusGone {
		t.Errorf("a proof that is none is said to be one: %d", got.Code)
	}
	if got := prove(t, p, b, Operator); got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != "/console/proved" {
		t.Fatalf("back from the proof: %d", got.StatusCode)
	}
	if got := b.Get("/console/proved"); got.Code != http.StatusOK {
		t.Errorf("after the proof: %d", got.Code)
	}
	if got := b.Get("/console/proof").Body.String(); got != `{"fresh":true}` {
		t.Errorf("proof: %s", got)
	}
	action, form = keptForm(again.Body.String())
	if got := b.Post(action, form); got.Code != http.StatusNoContent || len(reached()) != 1 {
		t.Fatalf("with a proof: %d", got.Code)
	}
	got := reached()[0]
	delete(got, "proof_asked")
	if !reflect.DeepEqual(got, typed) {
		t.Errorf("typed  %q\nreached %q", typed, got)
	}
	// The proof is good for ten minutes.
	p.Clock.Advance(console.ProofLife - time.Minute)
	if got := b.Post(path, typed); got.Code != http.StatusNoContent {
		t.Errorf("within ten minutes: %d", got.Code)
	}
	p.Clock.Advance(time.Minute)
	if got := b.Post(path, typed); got.Code != http.StatusForbidden {
		t.Errorf("after ten minutes: %d", got.Code)
	}
	if got := b.Get("/console/proof").Body.String(); got != `{"fresh":false}` {
		t.Errorf("proof after ten minutes: %s", got)
	}
}

// A proof counts for the session and the person it was asked of, and for no other.
func TestProofOfAnother(t *testing.T) {
	t.Parallel()
	p := New(t, false)
	ctx := context.Background()
	path, _ := change(p)
	mine, second := p.As(Operator, false), p.As(Operator, false)
	if got := prove(t, p, mine, Operator); got.StatusCode != http.StatusSeeOther {
		t.Fatal(got.StatusCode)
	}
	if got := second.Post(path, nil); got.Code != http.StatusForbidden {
		t.Errorf("another session of the same person: %d", got.Code)
	}
	// Somebody else cannot prove in the person's stead.
	id := begin(t, second.Post("/console/prove", nil).Header().Get("Location"))
	if _, err := p.Handoffs.Done(ctx, id, p.Person[System], handoff.ByPasskey); err == nil {
		t.Error("another person's proof was taken")
	}
	// A proof for one person marks no session of another, were it in the same browser.
	id = begin(t, second.Post("/console/prove", nil).Header().Get("Location"))
	ticket, err := p.Handoffs.Done(ctx, id, p.Person[Operator], handoff.ByPasskey)
	if err != nil {
		t.Fatal(err)
	}
	other := p.As(System, false)
	cookies := second.Cookies()
	r := otherBrowserWith(other, cookies)
	if got := r.Get("/console/return/" + id + "?ticket=" + ticket); got.Code != http.StatusForbidden {
		t.Errorf("the proof of another person: %d", got.Code)
	}
	if got := other.Get("/console/proof").Body.String(); got != `{"fresh":false}` {
		t.Errorf("the other person's session is %s", got)
	}
}

// otherBrowserWith is a browser of one session that also holds another's handoffs.
func otherBrowserWith(b *Browser, cookies map[string]string) *Browser {
	for name, value := range cookies {
		if strings.HasPrefix(name, "hufu_handoff_") {
			b.Keep(name, value)
		}
	}
	return b
}
