// Package consoletest is a platform of consoles for tests: the real stores and services in a
// temporary directory, some people of every right, and browsers to visit with.
package consoletest

import (
	"context"
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/clock"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/handoff"
	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/limits"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
	"github.com/hufu-sso/hufu/platform/internal/store"
	"github.com/hufu-sso/hufu/platform/web"
)

// PhoneURL is the phone's origin.
const PhoneURL = "https://id.example.com"

// ConsoleURL is the consoles' origin.
const ConsoleURL = "http://console.example.com"

// People of a corp "galaxy" and a provider's corp "hills", each by one right.
const (
	Operator     = "operator"
	Creator      = "creator"      // of galaxy
	System       = "system"       // of galaxy
	External     = "external"     // of galaxy, in no address book
	Sub          = "sub"          // of galaxy, department 1 to see
	Member       = "member"       // of galaxy, no admin
	Disabled     = "disabled"     // of galaxy, system admin whose membership is disabled
	ForeignAdmin = "foreignadmin" // creator of hills, the provider
	ForeignSub   = "foreignsub"   // sub-admin of hills
	Nobody       = ""             // not signed in
)

// Names of all people.
var Names = []string{Operator, Creator, System, External, Sub, Member, Disabled, ForeignAdmin, ForeignSub, Nobody}

// Platform is what a test visits.
type Platform struct {
	T          testing.TB
	DB         *store.DB
	ShortLived *shortlived.Engine
	Ring       *keys.Ring
	Clock      *clock.Clock
	Respond    *respond.Responder
	Directory  *directory.Service
	Apps       *apps.Service
	Attempts   *attempt.Service
	Handoffs   *handoff.Service
	Audit      *audit.Log
	Console    *console.Service
	Mux        *http.ServeMux
	Handler    http.Handler

	Galaxy, Hills directory.Corp
	Person        map[string]int64 // row by name
	MemberRow     map[string]int64
}

// New makes a platform; sandbox adds the person picker, and number rules go with it.
func New(t testing.TB, sandbox bool) *Platform {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	p := &Platform{T: t, Clock: clock.New(), Mux: http.NewServeMux(), Person: map[string]int64{}, MemberRow: map[string]int64{}}
	t.Cleanup(p.Clock.Stop)
	var err error
	must := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	p.DB, err = store.Open(ctx, filepath.Join(dir, "hufu.db"))
	must()
	t.Cleanup(func() { p.DB.Close() })
	p.ShortLived, err = shortlived.Embedded(filepath.Join(dir, "shortlived.db"), p.Clock.Now)
	must()
	t.Cleanup(func() { p.ShortLived.Close() })
	p.Ring, err = keys.Open(ctx, p.DB, filepath.Join(dir, "wrap.key"))
	must()
	now := p.Clock.Now
	p.Respond, err = respond.New(respond.Config{Assets: web.Files, Sandbox: sandbox, PublicURL: PhoneURL, Now: now})
	must()
	rule := attempt.NumberAlways
	if sandbox {
		rule = attempt.NumberFromElsewhere
	}
	p.Attempts, err = attempt.New(p.ShortLived, p.Clock, p.Ring, rule)
	must()
	p.Directory = &directory.Service{DB: p.DB, Now: now}
	p.Apps = apps.New(p.DB, p.Ring, now)
	p.Handoffs = &handoff.Service{Store: p.ShortLived, Now: now}
	p.Audit = &audit.Log{DB: p.DB, Now: now}
	p.Console = &console.Service{Respond: p.Respond, Directory: p.Directory, Apps: p.Apps, Attempts: p.Attempts,
		Handoffs: p.Handoffs, Audit: p.Audit, Now: now, Begun: limits.New(now, 10_000, time.Minute),
		Sessions: &session.Keeper{Store: p.ShortLived, DB: p.DB, Now: now, Part: "console"},
		PhoneURL: PhoneURL, ConsoleURL: ConsoleURL, Sandbox: sandbox}
	p.Console.Mount(p.Mux)
	p.Handler = p.Respond.Wrap(p.Mux)
	err = p.DB.Update(ctx, func(tx *sql.Tx) error { return p.fill(ctx, tx) })
	must()
	return p
}

func (p *Platform) fill(ctx context.Context, tx *sql.Tx) (err error) {
	p.Galaxy = directory.Corp{CorpID: "ww0000000000000001", Name: "Galaxy", NumberMatch: true}
	p.Hills = directory.Corp{CorpID: "ww0000000000000002", Name: "Hills", NumberMatch: true}
	if p.Galaxy.Row, err = p.Directory.CreateCorp(ctx, tx, p.Galaxy); err != nil {
		return err
	}
	if p.Hills.Row, err = p.Directory.CreateCorp(ctx, tx, p.Hills); err != nil {
		return err
	}
	kinds := map[string]directory.AdminKind{Creator: directory.Creator, System: directory.System, Sub: directory.Sub,
		Disabled: directory.System, ForeignAdmin: directory.Creator, ForeignSub: directory.Sub, External: directory.External}
	for _, name := range Names {
		if name == Nobody {
			continue
		}
		row, err := p.Directory.CreatePerson(ctx, tx, directory.Person{Name: name, Account: name}, "")
		if err != nil {
			return err
		}
		p.Person[name] = row
		corp := p.Galaxy
		if name == ForeignAdmin || name == ForeignSub {
			corp = p.Hills
		}
		if name != External && name != Operator {
			if p.MemberRow[name], err = p.Directory.CreateMember(ctx, tx, directory.Member{Corp: corp, Person: row, UserID: name, Name: name}, 1); err != nil {
				return err
			}
		}
		if kind := kinds[name]; kind != 0 {
			admin := directory.NewAdmin{Corp: corp.Row, Person: row, Member: p.MemberRow[name], Kind: kind}
			if kind == directory.Sub {
				admin.Departments = []directory.AdminDepartment{{Number: 1}}
			}
			if _, err := p.Directory.AddAdminIn(ctx, tx, admin); err != nil {
				return err
			}
		}
	}
	if err := p.Directory.SetStatusIn(ctx, tx, p.Galaxy.Row, p.MemberRow[Disabled], directory.Disabled); err != nil {
		return err
	}
	if err := p.Apps.CreateProvider(ctx, tx, apps.NewProvider{CorpRow: p.Hills.Row, Brand: "Hills", Secret: "s"}); err != nil {
		return err
	}
	return p.Directory.AddOperator(ctx, tx, p.Person[Operator])
}
