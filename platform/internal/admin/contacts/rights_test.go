package contacts

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Who may do what to whom: everything that a page can be asked, by each kind of admin.
func TestRights(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	foreignAdmin := ""
	list, err := b.Directory.Admins(t.Context(), b.corps[theirs])
	must(t, err)
	foreignAdmin = strconv.FormatInt(list[0].Row, 10)
	const see, no, gone, bad, go_ = http.StatusOK, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusSeeOther
	for _, c := range []struct {
		who, method, path string
		want              int
		form              []string
	}{
		{"creator", "GET", "/contacts", see, nil},
		{"sub", "GET", "/contacts", see, nil},
		{"foreign", "GET", "/contacts", no, nil},
		{"worker", "GET", "/contacts", no, nil},
		{"sub", "GET", "/contacts?d=4", see, nil},
		{"sub", "GET", "/contacts?d=1", gone, nil},
		{"creator", "GET", "/contacts?d=12", gone, nil},
		{"sub", "GET", "/contacts/members/{worker}", see, nil},
		{"sub", "GET", "/contacts/members/{seller}", see, nil},
		{"sub", "GET", "/contacts/members/{system}", gone, nil},
		{"creator", "GET", "/contacts/members/{foreign}", gone, nil},
		{"creator", "POST", "/contacts/members/{foreign}", gone, []string{"userid", "x", "name", "x", "main", "1"}},
		{"creator", "POST", "/contacts/members/{foreign}/remove", gone, nil},
		{"creator", "POST", "/contacts/members/{foreign}/disable", gone, nil},
		{"creator+", "POST", "/contacts/members/{foreign}/link", gone, nil},
		{"sub", "POST", "/contacts/members/{seller}", no, []string{"userid", "seller", "name", "x", "main", "4"}},
		{"sub", "POST", "/contacts/members/{seller}/disable", no, nil},
		{"sub", "GET", "/contacts/members/{seller}/remove", no, nil},
		{"sub", "POST", "/contacts/members/{seller}/remove", no, nil},
		{"sub+", "POST", "/contacts/members/{seller}/link", no, nil},
		{"sub", "POST", "/contacts/members/{sub}", no, []string{"userid", "sub", "name", "x", "main", "4"}}, // an admin: even oneself
		{"sub", "POST", "/contacts/members/{system}/disable", gone, nil},
		{"sub", "POST", "/contacts/members/{worker}", gone, []string{"userid", "worker", "name", "x", "main", "3"}}, // to where it may only look
		{"sub", "POST", "/contacts/members/{worker}", gone, []string{"userid", "worker", "name", "x", "main", "4", "department", "1"}},
		{"sub", "POST", "/contacts/members", gone, []string{"userid", "new", "name", "x", "main", "3"}},
		{"sub", "POST", "/contacts/members", gone, []string{"userid", "new", "name", "x", "main", "12"}},
		{"creator", "POST", "/contacts/members", gone, []string{"userid", "new", "name", "x", "main", "12"}},
		{"creator", "POST", "/contacts/members", bad, []string{"userid", "WORKER", "name", "x", "main", "3"}},
		{"creator", "POST", "/contacts/members", bad, []string{"userid", "x", "name", "x"}},
		{"sub", "GET", "/contacts/departments/2", no, nil}, // what was given to it
		{"sub", "GET", "/contacts/departments/4", see, nil},
		{"sub", "GET", "/contacts/departments/3", no, nil},
		{"sub", "GET", "/contacts/departments/1", gone, nil},
		{"sub", "POST", "/contacts/departments/3", no, []string{"name", "x", "parent", "1"}},
		{"sub", "POST", "/contacts/departments/4", gone, []string{"name", "x", "parent", "3"}},
		{"sub", "POST", "/contacts/departments", gone, []string{"name", "x", "parent", "1"}},
		{"creator", "POST", "/contacts/departments", gone, []string{"name", "x", "parent", "12"}},
		{"creator", "POST", "/contacts/departments/12", gone, []string{"name", "x", "parent", "1"}},
		{"creator", "POST", "/contacts/departments/12/remove", gone, nil},
		{"creator", "POST", "/contacts/departments/1/remove", bad, nil},
		{"creator", "POST", "/contacts/departments/4/remove", bad, nil},
		{"creator", "POST", "/contacts/departments/2", bad, []string{"name", "x", "parent", "4"}},
		{"creator", "POST", "/contacts/members/{creator}/disable", bad, nil},
		{"system", "POST", "/contacts/members/{creator}/disable", bad, nil},
		{"system", "POST", "/contacts/members/{creator}/remove", bad, nil},
		{"system+", "POST", "/contacts/members/{creator}/link", bad, nil},
		{"creator+", "POST", "/contacts/members/{both}/link", bad, nil}, // abuse case 16
		{"creator", "POST", "/contacts/members/{worker}/link", no, nil}, // no fresh proof
		{"creator", "POST", "/contacts/export", no, nil},
		{"sub+", "POST", "/contacts/export", gone, []string{"d", "1"}},
		{"sub", "GET", "/admins", no, nil},
		// An external admin looks after everybody but the administrators.
		{"external", "GET", "/contacts/members/{system}", see, nil},
		{"external", "POST", "/contacts/members/{system}/disable", no, nil},
		{"external", "POST", "/contacts/members/{system}", no, []string{"userid", "mine", "name", "x", "main", "1"}},
		{"external+", "POST", "/contacts/members/{system}/link", no, nil},
		{"external+", "POST", "/contacts/members/{sub}/link", no, nil},
		{"external", "GET", "/contacts/members/{worker}/remove", see, nil},
		{"external", "GET", "/admins", no, nil},
		{"external+", "POST", "/admins", no, []string{"kind", "2", "userid", "worker"}},
		{"external+", "POST", "/admins/{admin}/remove", no, nil},
		{"sub+", "POST", "/admins", no, []string{"kind", "2", "userid", "worker"}},
		{"sub+", "POST", "/admins/{admin}/remove", no, nil},
		{"creator+", "POST", "/admins/{admin}/remove", gone, nil},
		{"creator+", "POST", "/admins/{admin}", gone, []string{"kind", "2"}},
		{"creator", "POST", "/admins", no, []string{"kind", "2", "userid", "worker"}},
		{"creator+", "POST", "/admins", bad, []string{"kind", "2", "userid", "foreign"}},
		{"creator+", "POST", "/admins", bad, []string{"kind", "2", "userid", "system"}},
		{"creator+", "POST", "/admins", http.StatusBadRequest, []string{"kind", "1", "userid", "worker"}},
		{"creator+", "POST", "/admins", gone, []string{"kind", "4", "userid", "worker", "department", "12"}},
		{"creator+", "POST", "/admins", gone, []string{"kind", "4", "userid", "worker", "app-99", "manage"}},
		{"creator+", "POST", "/admins", bad, []string{"kind", "4", "userid", "worker"}}, // who could do nothing
		{"system+", "POST", "/admins/hand-over", no, []string{"userid", "system"}},
		{"creator+", "POST", "/admins/hand-over", bad, []string{"userid", "foreign"}},
		{"creator", "GET", "/contacts/imports/1", gone, nil},
		// What is allowed, last.
		{"sub", "POST", "/contacts/departments", go_, []string{"name", "新组", "parent", "4", "order", "7"}},
		{"sub", "POST", "/contacts/members", go_, []string{"userid", "new", "name", "新", "main", "4", "kind", "1", "person", "1", "status", "1"}},
		{"sub", "POST", "/contacts/members/{worker}/disable", go_, nil},
		{"sub", "POST", "/contacts/members/{worker}/enable", go_, nil},
		{"sub+", "POST", "/contacts/members/{worker}/link", see, nil},
		{"sub", "POST", "/contacts/members/{worker}/remove", go_, nil},
		{"creator+", "POST", "/admins", go_, []string{"kind", "4", "userid", "seller", "write", "2"}},
		{"creator+", "POST", "/admins", see, []string{"kind", "3", "name", "外部顾问"}},
		{"creator+", "POST", "/admins/hand-over", go_, []string{"userid", "system"}},
	} {
		path := strings.Replace(c.path, "{admin}", foreignAdmin, 1)
		for who, row := range b.members {
			path = strings.Replace(path, "{"+who+"}", strconv.FormatInt(row, 10), 1)
		}
		a := b.get
		got := answer{}
		if c.method == "GET" {
			got = a(c.who, base+path)
		} else {
			got = b.post(c.who, base+path, c.form...)
		}
		if got.status != c.want {
			t.Errorf("%s %s %s %v: %d to %q, want %d\n%.400s", c.who, c.method, c.path, c.form, got.status, got.to, c.want, got.body)
		}
	}
	// Fields nobody offers change nothing.
	m, err := b.Directory.MemberByUserID(t.Context(), b.corps[ours], "new")
	must(t, err)
	if kind, err := b.Directory.KindOf(t.Context(), m.Row); err != nil || kind != 0 || m.Status != 4 || m.Person == 1 {
		t.Errorf("%+v, admin %d, %v", m, kind, err)
	}
	// Whoever changes a department sees it, ticked or not.
	admins, err := b.Directory.Admins(t.Context(), b.corps[ours])
	must(t, err)
	for _, a := range admins {
		if a.UserID == "seller" && (len(a.Departments) != 1 || !a.Departments[0].Writable) {
			t.Errorf("departments of the new sub-admin: %+v", a.Departments)
		}
	}
	for action, want := range map[string]int{"department_added": 1, "member_added": 1, "member_disabled": 1, "member_enabled": 1, "link_made": 1,
		"member_removed": 1, "admin_added": 2, "admin_changed": 1, "members_exported": 0} {
		if n := b.count(`SELECT COUNT(*) FROM audit_entries WHERE corp_id = $1 AND action = $2`, b.corps[ours], action); n != want {
			t.Errorf("audited %s %d times, want %d", action, n, want)
		}
	}
	if n := b.count(`SELECT COUNT(*) FROM audit_entries WHERE detail LIKE '%/phone/enrol/%' OR target LIKE '%/phone/enrol/%'`); n > 0 {
		t.Error("a link is in the audit log")
	}
}

// Every form refuses without its csrf, with another session's, and says nothing is lost.
func TestForms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, others := b.as("system")
	for _, path := range []string{"/contacts/members", "/contacts/members/{worker}", "/contacts/members/{worker}/disable", "/contacts/members/{worker}/enable",
		"/contacts/members/{worker}/remove", "/contacts/members/{worker}/link", "/contacts/departments", "/contacts/departments/3",
		"/contacts/departments/3/remove", "/contacts/export", "/contacts/import", "/contacts/imports/1/start", "/contacts/imports/1/cancel",
		"/admins", "/admins/1", "/admins/1/remove", "/admins/1/link", "/admins/hand-over"} {
		path = base + strings.Replace(path, "{worker}", strconv.FormatInt(b.members["worker"], 10), 1)
		for _, csrf := range []string{"", "wrong", others} {
			if a := b.post("creator+", path, "csrf", csrf, "userid", "x", "name", "x", "main", "1", "parent", "1", "kind", "2"); a.status != http.StatusForbidden {
				t.Errorf("%s with csrf %q: %d", path, csrf, a.status)
			}
		}
		if a := b.get("creator+", path); a.status == http.StatusSeeOther {
			t.Errorf("GET %s: %d", path, a.status)
		}
	}
	if n := b.count(`SELECT COUNT(*) FROM members WHERE corp_id = $1`, b.corps[ours]); n != 6 {
		t.Errorf("%d members", n)
	}
	if n := b.count(`SELECT COUNT(*) FROM audit_entries WHERE corp_id = $1`, b.corps[ours]); n != 0 {
		t.Errorf("%d entries of refused forms", n)
	}
}
