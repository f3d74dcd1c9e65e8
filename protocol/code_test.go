package protocol

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A code that is not in the official list must not be invented.
func TestCodesAreDocumented(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/errcodes.txt")
	if err != nil {
		t.Fatal(err)
	}
	documented := strings.Fields(string(data))
	if len(Codes()) < 60 {
		t.Fatalf("only %d codes", len(Codes()))
	}
	for _, c := range Codes() {
		if !slices.Contains(documented, strconv.Itoa(int(c))) {
			t.Errorf("code %d is not in errcodes.txt", int(c))
		}
		if strings.TrimSpace(c.Text()) == "" {
			t.Errorf("code %d has no text", int(c))
		}
		if c.Ours() && c.Text() != strings.TrimSpace(strings.ToLower(c.Text())) {
			t.Errorf("code %d: our text %q is not plain lower case", int(c), c.Text())
		}
	}
}

// Texts seen on the wire are kept to the letter.
func TestTextsVerbatim(t *testing.T) {
	t.Parallel()
	verbatim := map[Code]string{
		-1: "system busy", 0: "ok", 40001: "invalid credential", 40013: "invalid corpid",
		40014: "invalid access_token", 40029: "invalid code", 40078: " invalid auth_code",
		40082: "invalid suite_acccess_token or provider_access_token", 40083: " invalid SuiteId ",
		40085: "invalid suite ticket", 40091: "provider_secret is invalid",
		41001: "access_token missing", 41004: "corpsecret missing", 42001: "access_token expired",
		44001: "empty media data", 45009: "api freq out of limit", 45033: "api concurrent out of limit",
		48002: "api forbidden", 60011: "no privilege to access/modify contact/party/agent",
		60020: "not allow to access from your ip", 60111: "userid not found", 710000: "invalid open_corpid",
	}
	for _, c := range Codes() {
		want, seen := verbatim[c]
		if seen == c.Ours() {
			t.Errorf("%d: Ours() = %v", int(c), c.Ours())
		}
		if seen && c.Text() != want {
			t.Errorf("%d: text %q, want %q", int(c), c.Text(), want)
		}
	}
	if len(verbatim) > len(Codes()) {
		t.Error("a seen text has no constant")
	}
	if c := Code(99999999); c.Known() || !c.Ours() || c.Text() != "unknown error" {
		t.Error("unknown code not treated as unknown")
	}
}

func TestFailure(t *testing.T) {
	t.Parallel()
	if err := Success().Err(); err != nil {
		t.Fatalf("success is an error: %v", err)
	}
	if b, _ := json.Marshal(Success()); string(b) != `{"errcode":0,"errmsg":"ok"}` {
		t.Errorf("success = %s", b)
	}
	var absent SuiteToken
	if err := Decode([]byte(`{"suite_access_token":"t","expires_in":7200}`), &absent); err != nil || absent.Err() != nil {
		t.Errorf("absent errcode is not success: %v %v", err, absent.Err())
	}
	err := Failure{ErrCode: 40029, ErrMsg: "invalid code, hint: [1]\r\n\x1b[31m" + strings.Repeat("虎", 400)}.Err()
	if !errors.Is(err, CodeInvalidCode) || errors.Is(err, CodeInvalidCorpID) {
		t.Error("errors.Is does not find the code")
	}
	var f Failure
	if !errors.As(err, &f) || f.ErrCode != CodeInvalidCode {
		t.Error("errors.As does not find the failure")
	}
	msg := err.Error()
	if !strings.HasPrefix(msg, "errcode 40029: invalid code, hint: [1]") || strings.ContainsAny(msg, "\r\n\x1b") || len(msg) > 350 {
		t.Errorf("error text %q", msg)
	}
	if got := (Failure{ErrCode: 40083}).Error(); got != "errcode 40083: invalid SuiteId" {
		t.Errorf("without errmsg: %q", got)
	}
}

func TestHintTail(t *testing.T) {
	t.Parallel()
	got := HintTail(time.Unix(1646016644, 173451999), 5_979_496_690, "1.2.3.4", CodeInvalidCode)
	const want = ", hint: [1646016644173451979496690], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com/devtool/query?e=40029"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPageCodes(t *testing.T) {
	t.Parallel()
	official := []PageCode{-31040, -31039, -31037, -31035, -31034, -31033, -31028, -31027, -31020}
	var documented []PageCode
	for _, c := range PageCodes() {
		if c.Text() == "unknown error" {
			t.Errorf("%d has no text", int(c))
		}
		if !c.Ours() {
			documented = append(documented, c)
		}
	}
	if !slices.Equal(documented, official) {
		t.Errorf("documented page codes %v, want %v", documented, official)
	}
	if b, _ := json.Marshal(LoginFail{ErrCode: PageInvalidAppID, ErrMsg: PageInvalidAppID.Text()}); string(b) != `{"errCode":-31027,"errMsg":"invalid appid"}` {
		t.Errorf("payload %s", b)
	}
}
