package sdks

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/work"
	"github.com/silenceper/wechat/v2/work/config"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// childVariable holds two codes for the process that runs silenceper/wechat: proxy and
// authority are taken from the environment, once, at its start.
const childVariable = "HUFU_TEST_CODES"

// seen is what silenceper/wechat makes of the answers.
type seen struct {
	New, Old, Name, Gender string
	Departments            []int
	SecondUse              string
}

// signInWithSilenceper is a site on silenceper/wechat: it exchanges one code by the new call
// and one by the old call, and reads the member.
func signInWithSilenceper(out io.Writer) error {
	first, second, _ := strings.Cut(os.Getenv(childVariable), " ")
	app := work.NewWork(&config.Config{CorpID: os.Getenv("HUFU_CORPID"), CorpSecret: os.Getenv("HUFU_CORPSECRET"),
		AgentID: os.Getenv("HUFU_AGENTID"), Cache: cache.NewMemory()})
	who, err := app.GetOauth().GetUserInfo(first)
	if err != nil {
		return fmt.Errorf("GetUserInfo: %w", err)
	}
	old, err := app.GetOauth().UserFromCode(second)
	if err != nil {
		return fmt.Errorf("UserFromCode: %w", err)
	}
	member, err := app.GetAddressList().UserGet(who.UserID)
	if err != nil {
		return fmt.Errorf("UserGet: %w", err)
	}
	s := seen{New: who.UserID, Old: old.UserID, Name: member.Name, Gender: member.Gender, Departments: member.Department}
	if _, err := app.GetOauth().GetUserInfo(first); err != nil {
		s.SecondUse = err.Error()
	}
	return json.NewEncoder(out).Encode(s)
}

// TestSilenceper signs a member in to a corp app through the exports of `hufu env`: the
// client knows WeCom's real host names only.
func TestSilenceper(t *testing.T) {
	t.Parallel()
	sandbox.Needs(t, "sh")
	d := sandbox.Start(t, sandbox.Options{Args: []string{"--wecom-hosts", "--tls-addr", "127.0.0.1:0", "--proxy-addr", "127.0.0.1:0"}})
	child := exec.Command("sh", "-euc", `eval "$("$1" env "$2")"; exec "$3"`, "sh", sandbox.Binary, d.EnvFile, os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+d.CorpCode()+" "+d.CorpCode(), "NO_PROXY=", "no_proxy=")
	child.Stderr = t.Output()
	out, err := child.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got seen
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.SecondUse, "40029") {
		t.Errorf("second use of a code: %q", got.SecondUse)
	}
	got.SecondUse = ""
	if want := (seen{New: "zhangwei", Old: "zhangwei", Name: "张伟", Gender: got.Gender, Departments: []int{2}}); !reflect.DeepEqual(got, want) {
		t.Errorf("signed in: %+v, want %+v", got, want)
	}
}
