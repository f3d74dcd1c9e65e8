package platform_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// The caller is told 40029 whatever was wrong with a code; who runs the sandbox finds the
// reason beside the request.
func TestReasons(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	code := func() string {
		var made struct{ Code string }
		p.Control("POST", "/codes", map[string]string{"kind": "login", "app": p.Sample.LoginSuiteID,
			"member": p.Sample.CorpID + "/" + p.Sample.Member, "redirect_uri": platformtest.Origin + "/cb"}, &made)
		return made.Code
	}
	exchange := func(code string, more ...string) protocol.UserInfo3rd {
		query := url.Values{"suite_access_token": {p.SuiteToken()}, "code": {code}}
		for i := 0; i+1 < len(more); i += 2 {
			query.Set(more[i], more[i+1])
		}
		var who protocol.UserInfo3rd
		p.Get(protocol.PathGetUserInfo3rd, query, &who)
		return who
	}
	why := func(want string) {
		t.Helper()
		var list []struct {
			Path    string `json:"path"`
			Problem string `json:"problem"`
		}
		p.Control("GET", "/requests", nil, &list)
		for _, r := range list {
			if r.Path == protocol.PathGetUserInfo3rd {
				if r.Problem != want {
					t.Errorf("reason %q, want %q", r.Problem, want)
				}
				return
			}
		}
		t.Errorf("no request on record, want %q", want)
	}
	refused := func(who protocol.UserInfo3rd, want string) {
		t.Helper()
		if who.ErrCode != protocol.CodeInvalidCode || strings.Contains(who.ErrMsg, want) {
			t.Errorf("answer %+v", who.Failure)
		}
		why(want)
	}
	spent := code()
	if who := exchange(spent); who.ErrCode != 0 {
		t.Fatal(who.Failure)
	}
	why("")
	refused(exchange(spent), "code already spent")
	refused(exchange("nonsense"), "not a code for this call")
	refused(exchange(code(), "code_verifier", "unexpected"), "PKCE verifier does not fit")
	old := code()
	p.Advance(6 * time.Minute)
	refused(exchange(old), "code expired")
}

// The root leads a person to the phone, and an unknown control call is answered as all are.
func TestRootAndUnknownControlCall(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	if a := send(t, "GET", p.URL()+"/", ""); a.status != http.StatusSeeOther || a.header.Get("Location") != "/phone" {
		t.Errorf("root: %d %.200s", a.status, a.body)
	}
	for call, want := range map[string]int{"GET /nope": http.StatusNotFound, "GET /clock": http.StatusMethodNotAllowed} {
		method, path, _ := strings.Cut(call, " ")
		var answer struct{ Error string }
		if status := p.Control(method, path, nil, &answer); status != want || !strings.Contains(answer.Error, path) {
			t.Errorf("%s: %d %q", call, status, answer.Error)
		}
	}
}
