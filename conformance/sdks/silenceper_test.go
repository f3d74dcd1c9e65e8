package sdks

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/work"
	"github.com/silenceper/wechat/v2/work/addresslist"
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
	Contacts               []string
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
	contacts, err := addressBook(app)
	if err != nil {
		return err
	}
	s := seen{Contacts: contacts, New: who.UserID, Old: old.UserID, Name: member.Name, Gender: member.Gender, Departments: member.Department}
	if _, err := app.GetOauth().GetUserInfo(first); err != nil {
		s.SecondUse = err.Error()
	}
	return json.NewEncoder(out).Encode(s)
}

// addressBook is what silenceper/wechat reads of the sample company's departments and members.
func addressBook(app *work.Work) ([]string, error) {
	list := app.GetAddressList()
	var lines []string
	note := func(format string, values ...any) { lines = append(lines, fmt.Sprintf(format, values...)) }
	all, err := list.DepartmentList()
	if err != nil {
		return nil, fmt.Errorf("DepartmentList: %w", err)
	}
	for _, d := range all {
		note("%d %s in %d", d.ID, d.Name, d.ParentID)
	}
	below, err := list.DepartmentSimpleList(2)
	if err != nil {
		return nil, fmt.Errorf("DepartmentSimpleList: %w", err)
	}
	for _, d := range below {
		note("%d in %d, %d", d.ID, d.ParentID, d.Order)
	}
	one, err := list.DepartmentGet(4)
	if err != nil {
		return nil, fmt.Errorf("DepartmentGet: %w", err)
	}
	note("%d %s", one.ID, one.Name)
	members, err := list.UserSimpleList(2)
	if err != nil {
		return nil, fmt.Errorf("UserSimpleList: %w", err)
	}
	for _, m := range members {
		note("%s %s %v", m.UserID, m.Name, m.Department)
	}
	for cursor := ""; ; {
		page, err := list.UserListID(&addresslist.UserListIDRequest{Cursor: cursor, Limit: 3})
		if err != nil {
			return nil, fmt.Errorf("UserListID: %w", err)
		}
		for _, m := range page.DeptUser {
			note("%s in %d", m.UserID, m.Department)
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	return lines, nil
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
	if want := []string{"1 星河制造 in 0", "2 生产部 in 1", "3 市场部 in 1", "4 一车间 in 2", "2 in 1, 30", "4 in 2, 10", "4 一车间",
		"zhangwei 张伟 [2]", "zhangwei in 2", "wangfang in 1", "lixi in 3", "zhaolei in 4", "sunyue in 4", "zhoujie in 3", "luojianguo in 1"}; !slices.Equal(got.Contacts, want) {
		t.Errorf("address book: %q, want %q", got.Contacts, want)
	}
	got.Contacts = nil
	if want := (seen{New: "zhangwei", Old: "zhangwei", Name: "张伟", Gender: got.Gender, Departments: []int{2}}); !reflect.DeepEqual(got, want) {
		t.Errorf("signed in: %+v, want %+v", got, want)
	}
}
