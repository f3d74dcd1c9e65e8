package sdks

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/sbzhu/weworkapi_golang/wxbizmsgcrypt"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

const (
	token = "conformance"
	// aesKey has bits set in its last letter that no byte of the key holds, as the published
	// sample key has.
	aesKey = "0123456789012345678901234567890123456789012"
)

// opened is what somebody else's code made of an event.
type opened struct {
	SuiteID string `xml:"SuiteId"`
	Type    string `xml:"InfoType"`
	Ticket  string `xml:"SuiteTicket"`

	CorpID     string `xml:"AuthCorpId"`
	AuthCode   string
	ChangeType string
	UserID     string
	Name       string
}

// installEvents are pushed about the sample company and its member.
var installEvents = []struct {
	kind string
	ask  map[string]string // beside suite and event
}{
	{"create_auth", map[string]string{"corp": ""}},
	{"change_auth", map[string]string{"corp": ""}},
	{"change_contact", map[string]string{"member": "", "change": "create_user"}},
	{"cancel_auth", map[string]string{"corp": ""}},
}

// pushInstallEvents pushes them to the installed suite, and looks at what somebody else's
// code opens: only ids that the provider sees, and a code of the length that is documented.
func pushInstallEvents(t *testing.T, d *sandbox.Demo, next func() opened) {
	t.Helper()
	for _, row := range installEvents {
		ask := map[string]string{"suite": d.Env["HUFU_SUITE_ID"], "event": row.kind}
		for name, value := range row.ask {
			ask[name] = map[string]string{"corp": d.Env["HUFU_CORPID"], "member": d.Member(), "change": value}[name]
		}
		if a := d.Control("POST", "/push", ask); a.Fields(t)["delivered"] != true {
			t.Fatalf("%s: %s", row.kind, a.Body)
		}
		e := next()
		if e.AuthCode != "" && (len(e.AuthCode) < 64 || len(e.AuthCode) > 512) {
			t.Errorf("%s: an AuthCode of %d bytes", row.kind, len(e.AuthCode))
		}
		e.AuthCode = ""
		want := opened{SuiteID: d.Env["HUFU_SUITE_ID"], Type: row.kind, CorpID: d.Env["HUFU_OPEN_CORPID"], ChangeType: row.ask["change"]}
		switch row.kind {
		case "create_auth":
			want.CorpID = ""
		case "change_contact":
			want.UserID, want.Name = d.Env["HUFU_OPEN_USERID"], d.Env["HUFU_OPEN_USERID"]
		}
		if e != want {
			t.Errorf("%s: %+v, want %+v", row.kind, e, want)
		}
	}
}

// TestWeworkapi opens pushed tickets and answers the URL check with weworkapi_golang.
func TestWeworkapi(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	origin, events, suites := "http://"+l.Addr().String(), make(chan opened, 10), make(chan map[string]string, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		signature, timestamp, nonce := q.Get("msg_signature"), q.Get("timestamp"), q.Get("nonce")
		if r.Method == http.MethodGet {
			ids := <-suites
			crypt := wxbizmsgcrypt.NewWXBizMsgCrypt(token, aesKey, ids["provider"], wxbizmsgcrypt.XmlType)
			echo, failure := crypt.VerifyURL(signature, timestamp, nonce, q.Get("echostr"))
			if failure != nil {
				t.Errorf("VerifyURL: %d %s", failure.ErrCode, failure.ErrMsg)
			}
			w.Write(echo)
			return
		}
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var envelope struct{ ToUserName string }
		if err := xml.Unmarshal(raw, &envelope); err != nil {
			t.Error(err)
		}
		crypt := wxbizmsgcrypt.NewWXBizMsgCrypt(token, aesKey, envelope.ToUserName, wxbizmsgcrypt.XmlType)
		text, failure := crypt.DecryptMsg(signature, timestamp, nonce, raw)
		if failure != nil {
			t.Errorf("DecryptMsg: %d %s", failure.ErrCode, failure.ErrMsg)
			return
		}
		var e opened
		if err := xml.Unmarshal(text, &e); err != nil || e.SuiteID != envelope.ToUserName {
			t.Errorf("%v: %s", err, text)
		}
		events <- e
		io.WriteString(w, "success")
	})}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--site", origin, "--callback", origin + "/cb?app=1", "--token", token, "--aes-key", aesKey}})
	tickets := map[string]string{}
	for range 2 {
		e := <-events
		if e.Type != "suite_ticket" {
			t.Errorf("event %+v", e)
		}
		tickets[e.SuiteID] = e.Ticket
	}
	redeem(t, d, tickets[d.Env["HUFU_LOGIN_SUITE_ID"]])
	suites <- map[string]string{"provider": d.Env["HUFU_PROVIDER_CORPID"]}
	push(t, d, d.Env["HUFU_LOGIN_SUITE_ID"], "verify")
	pushInstallEvents(t, d, func() opened { return <-events })
}

// redeem asks for the login suite's token with a ticket that somebody else opened.
func redeem(t *testing.T, d *sandbox.Demo, ticket string) {
	t.Helper()
	a := sandbox.Send(t, "POST", d.API("/cgi-bin/service/get_suite_token", nil), map[string]string{"suite_id": d.Env["HUFU_LOGIN_SUITE_ID"],
		"suite_secret": d.Env["HUFU_LOGIN_SUITE_SECRET"], "suite_ticket": ticket})
	if a.Fields(t)["suite_access_token"] == nil {
		t.Errorf("the ticket does not serve: %s", a.Body)
	}
}

// TestWecomCrypto opens pushed tickets and answers the URL check with @wecom/crypto.
func TestWecomCrypto(t *testing.T) {
	t.Parallel()
	sandbox.Needs(t, "node", installed("@wecom/crypto"))
	port := sandbox.FreePorts(t, 1)[0]
	origin := "http://127.0.0.1:" + port
	printed := start(t, "node", "testdata/crypto.mjs", port, token, aesKey)
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--site", origin, "--callback", origin + "/cb", "--token", token, "--aes-key", aesKey}})
	if strings.Contains(d.Output(), "not delivered") {
		t.Fatal(d.Output())
	}
	tickets := map[string]string{}
	for range 2 {
		id, e := line(t, <-printed)
		if e.SuiteID != id || e.Type != "suite_ticket" {
			t.Errorf("receiveid %s, event %+v", id, e)
		}
		tickets[id] = e.Ticket
	}
	redeem(t, d, tickets[d.Env["HUFU_LOGIN_SUITE_ID"]])
	push(t, d, d.Env["HUFU_LOGIN_SUITE_ID"], "verify")
	if id, _ := line(t, <-printed); id != d.Env["HUFU_PROVIDER_CORPID"] {
		t.Errorf("receiveid of the URL check: %s", id)
	}
	pushInstallEvents(t, d, func() opened {
		id, e := line(t, <-printed)
		if id != e.SuiteID {
			t.Errorf("receiveid %s of an event for %s", id, e.SuiteID)
		}
		return e
	})
}

// line reads what crypto.mjs prints of a packet.
func line(t *testing.T, printed string) (id string, e opened) {
	t.Helper()
	var l struct{ ID, Message string }
	if err := json.Unmarshal([]byte(printed), &l); err != nil {
		t.Fatalf("%q: %v", printed, err)
	}
	if strings.HasPrefix(l.Message, "<") {
		if err := xml.Unmarshal([]byte(l.Message), &e); err != nil {
			t.Fatalf("%q: %v", l.Message, err)
		}
	}
	return l.ID, e
}
