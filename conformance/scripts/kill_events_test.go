package scripts

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestKillEvents kills the program while events of an install and of the address book wait
// behind one that nobody answers: after the restart all are delivered, in their order.
func TestKillEvents(t *testing.T) {
	t.Parallel()
	var silent atomic.Bool
	asked, release := make(chan struct{}, 1), make(chan struct{})
	r := sandbox.Receive(t, testToken, testKey, func(w http.ResponseWriter, _ sandbox.Event) {
		if silent.Load() {
			select {
			case asked <- struct{}{}:
			default:
			}
			<-release
			return
		}
		io.WriteString(w, "success")
	})
	d := sandbox.Start(t, sandbox.Options{Args: ownSite(r)})
	for range 2 {
		<-r.Events // the tickets at the start
	}

	silent.Store(true)
	owner := enter(t, d, "邵宁")
	company := owner.company()
	owner.open(company + "/market/" + d.Env["HUFU_SUITE_ID"] + "/install")
	owner.send("/install", "department", "1", "do", "save")
	<-asked // the create_auth is under way, and what comes now waits behind it
	const added = 5
	for i := range added {
		owner.open(company + "/contacts/members/new")
		owner.send("/contacts/members", "name", "新人", "userid", fmt.Sprint("new", i), "main", "2", "gender", "0")
	}
	owner.send("/disable")
	if code := d.Signal(syscall.SIGKILL); code != -1 {
		t.Fatalf("not killed: %d", code)
	}
	silent.Store(false)
	close(release)
	d.Run()

	var last, token string
	var got, users []string
	for len(got) < 1+added+1 {
		e := <-r.Events
		if e.Suite != d.Env["HUFU_SUITE_ID"] || e.Type == "suite_ticket" || e.Text == last {
			continue // an attempt that was cut short comes again
		}
		last = e.Text
		if e.Type == "create_auth" {
			token = authorized(t, d, between(e.Text, "AuthCode"))
		}
		got, users = append(got, e.Type+" "+between(e.Text, "ChangeType")), append(users, between(e.Text, "OpenUserID"))
	}
	want := append(slices.Insert(slices.Repeat([]string{"change_contact create_user"}, added), 0, "create_auth "), "change_contact update_user")
	if !slices.Equal(got, want) {
		t.Errorf("delivered %q, want %q", got, want)
	}
	if ids := openUserIDs(t, d, token, added); !slices.Equal(users[1:], append(ids, ids[added-1])) {
		t.Errorf("about %q, of %q", users, ids)
	}
}

// between is the text of an element of an event.
func between(text, name string) string {
	_, after, _ := strings.Cut(text, "<"+name+"><![CDATA[")
	inner, _, _ := strings.Cut(after, "]]>")
	return inner
}

// authorized exchanges the code of an install and answers the corp token.
func authorized(t *testing.T, d *sandbox.Demo, authCode string) string {
	t.Helper()
	fields := sandbox.Send(t, "POST", d.API(service+"get_permanent_code", url.Values{"suite_access_token": {newProvided(t, d).suite}}),
		map[string]string{"auth_code": authCode}).Fields(t)
	token, _ := fields["access_token"].(string)
	if token == "" {
		t.Fatalf("the code of the create_auth: %v", fields)
	}
	return token
}

// openUserIDs are what a provider sees of the members that were added.
func openUserIDs(t *testing.T, d *sandbox.Demo, token string, n int) []string {
	t.Helper()
	var asked, ids []string
	for i := range n {
		asked = append(asked, fmt.Sprint("new", i))
	}
	var answer struct {
		List []struct {
			OpenUserID string `json:"open_userid"`
		} `json:"open_userid_list"`
	}
	sandbox.Send(t, "POST", d.API("/cgi-bin/batch/userid_to_openuserid", url.Values{"access_token": {token}}),
		map[string][]string{"userid_list": asked}).JSON(t, &answer)
	for _, one := range answer.List {
		ids = append(ids, one.OpenUserID)
	}
	if len(ids) != n {
		t.Fatalf("the company has %d of the members", len(ids))
	}
	return ids
}
