package phone_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/console/consoletest"
)

// A phone that is signed in by the password of a person who has a passkey opens no console,
// neither by scanning nor by confirming what was scanned; it may say that it did not start
// this. Once the passkey was shown, it may.
func TestPasswordAloneOpensNoConsole(t *testing.T) {
	t.Parallel()
	c, ctx := newConsolePhone(t, consoletest.System), t.Context()
	person := c.Person[consoletest.System]
	if _, err := c.DB.Exec(ctx, `INSERT INTO passkeys (id, person_id, credential_id, credential, name, created_at, used_at)
		VALUES (1, $1, $2, $3, '', 0, 0)`, person, []byte("key"), []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	page, err := c.Attempts.Begin(ctx, attempt.Request{Console: true, Address: netip.MustParseAddr("192.0.2.1")})
	if err != nil {
		t.Fatal(err)
	}
	q := "/q/" + page.QRKey
	prove := "/phone/prove?next=" + q
	if got := c.do("GET", q, nil); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), q+"/report") {
		t.Errorf("the page: %d", got.Code)
	}
	if got := c.do("POST", q+"/scan", nil); got.Header().Get("Location") != prove {
		t.Errorf("scan: %d %s", got.Code, got.Header().Get("Location"))
	}
	if a, err := c.Attempts.Get(ctx, page.WebKey); err != nil || a.Step != attempt.Created {
		t.Fatalf("after the scan: %+v %v", a, err)
	}
	// A scan of the same session from before changes nothing.
	id := sessionID(t, c)
	a, err := c.Attempts.Scan(ctx, page.QRKey, attempt.Phone{Session: id, Person: person, Name: "n", Address: netip.MustParseAddr("192.0.2.1")})
	if err != nil {
		t.Fatal(err)
	}
	confirm := url.Values{"decision": {"confirm"}, "number": {strconv.FormatInt(a.Number, 10)}}
	if got := c.do("POST", q+"/decide", confirm); got.Header().Get("Location") != prove {
		t.Errorf("confirm: %d %s", got.Code, got.Header().Get("Location"))
	}
	if a, err = c.Attempts.Get(ctx, page.WebKey); err != nil || a.Step != attempt.Scanned {
		t.Fatalf("after the confirmation: %+v %v", a, err)
	}
	if err := c.h.Sessions.MarkProved(ctx, id); err != nil {
		t.Fatal(err)
	}
	if got := c.do("POST", q+"/decide", confirm); got.Code != http.StatusSeeOther {
		t.Fatalf("with the passkey: %d", got.Code)
	}
	if a, err = c.Attempts.Get(ctx, page.WebKey); err != nil || a.Step != attempt.Confirmed {
		t.Errorf("with the passkey: %+v %v", a, err)
	}
}

func sessionID(t *testing.T, c *consolePhone) string {
	t.Helper()
	r, err := http.NewRequest("GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	s, err := c.h.Sessions.Read(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}
