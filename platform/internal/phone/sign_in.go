package phone

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
)

// pickerLength bounds the sandbox's list of persons.
const pickerLength = 50

// showSignIn shows the sign-in; a phone that is signed in goes on at once.
func (h *Handler) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := cleanNext(r.URL.Query().Get("next"))
	if _, err := h.owner(r); err == nil {
		return seeOther(w, r, next)
	} else if !errors.Is(err, session.ErrNone) {
		return err
	}
	return h.renderSignIn(w, r, SignInView{Next: next})
}

func (h *Handler) renderSignIn(w http.ResponseWriter, r *http.Request, v SignInView) error {
	v.SignInURL = respond.Link(r, "/phone/sign-in")
	v.Passkeys = h.passkeys("/phone/sign-in/passkey")
	if key, ok := strings.CutPrefix(v.Next, "/q/"); ok {
		if a, err := h.Attempts.Look(r.Context(), key); err == nil {
			asker, _, err := h.asker(r.Context(), a)
			if err != nil {
				return err
			}
			v.Asker = &asker
		}
	}
	if h.Sandbox {
		people, err := h.people(r.Context())
		if err != nil {
			return err
		}
		v.People = people
	}
	status := http.StatusOK
	if v.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Respond.RenderStatus(w, r, status, "phone/signin", v)
}

var roles = map[directory.AdminKind]string{directory.Creator: RoleCreator, directory.System: RoleSystem,
	directory.External: RoleExternal, directory.Sub: RoleSub}

func (h *Handler) people(ctx context.Context) ([]Person, error) {
	picks, err := h.Directory.Picks(ctx, pickerLength)
	if err != nil {
		return nil, err
	}
	list := make([]Person, 0, len(picks))
	for _, p := range picks {
		line := Person{ID: strconv.FormatInt(p.Row, 10), Name: p.Name, Companies: []string{}}
		kind := directory.AdminKind(0)
		for _, c := range p.Corps {
			if c.Member {
				line.Companies = append(line.Companies, c.Name)
			}
			if c.Kind != 0 && (kind == 0 || c.Kind < kind) {
				kind = c.Kind
			}
		}
		if line.Role = roles[kind]; p.Operator {
			line.Role = RoleOperator
		}
		list = append(list, line)
	}
	return list, nil
}

// signInPurpose is what a passkey's challenge is for on the sign-in page.
const signInPurpose = "sign-in"

// askSignIn asks for a passkey, anybody's.
func (h *Handler) askSignIn(w http.ResponseWriter, r *http.Request) error {
	c, err := h.Credentials.BeginAssertion(r.Context(), signInPurpose, 0)
	return answerCeremony(w, c, err)
}

// signIn takes a passkey, account and password or, in the sandbox, the person picked (also
// as CORPID/USERID, which is how a script names one).
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) error {
	v := SignInView{Next: cleanNext(r.PostFormValue("next")), Account: r.PostFormValue("account")}
	p, err := h.proof(r, signInPurpose, v.Account)
	if err != nil {
		return err
	}
	if p.problem != "" {
		v.Problem = p.problem
		return h.renderSignIn(w, r, v)
	}
	start := h.Sessions.StartProved
	if p.weak {
		start = h.Sessions.Start
	}
	if _, err := start(r.Context(), w, r, p.person.Row, p.person.Name); err != nil {
		return err
	}
	return seeOther(w, r, v.Next)
}

func (h *Handler) picked(ctx context.Context, id string) (directory.Person, error) {
	if corpid, userid, ok := strings.Cut(id, "/"); ok {
		corp, err := h.Directory.CorpByCorpID(ctx, corpid)
		if err != nil {
			return directory.Person{}, err
		}
		m, err := h.Directory.MemberByUserID(ctx, corp.Row, userid)
		if err != nil {
			return directory.Person{}, err
		}
		return h.Directory.Person(ctx, m.Person)
	}
	row, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return directory.Person{}, directory.ErrNotFound
	}
	return h.Directory.Person(ctx, row)
}

// byPassword answers the person, or the problem to show beside the form.
func (h *Handler) byPassword(r *http.Request, account, password string) (directory.Person, string, error) {
	if account == "" || password == "" {
		return directory.Person{}, SignInEmpty, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	network := respond.Network(respond.ClientAddr(r))
	key := network.String() + " " + strings.ToLower(account)
	person := directory.Person{}
	done, err := h.passwords.take(ctx, network)
	if err == nil {
		defer done()
		// Asked in one's turn: of many guesses at once, only those before the ban are checked.
		if h.WrongPasswords.Banned(key) {
			return person, SignInBlocked, nil
		}
		person, err = h.Directory.CheckPassword(ctx, account, password)
	}
	switch {
	case errors.Is(err, directory.ErrWrongPassword):
		if h.WrongPasswords.Fail(key) {
			if p, err := h.Directory.PersonByAccount(ctx, account); err == nil {
				return person, SignInBlocked, h.Audit.Record(ctx, audit.Entry{
					Person: p.Row, Action: audit.PasswordRefused, Address: respond.ClientAddr(r)})
			}
			return person, SignInBlocked, nil
		}
		return person, SignInWrong, nil
	case errors.Is(err, context.DeadlineExceeded):
		return person, "", respond.TooMany(time.Minute)
	}
	return person, "", err
}

// signOut ends this phone's session.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request, _ owner) error {
	if err := h.Sessions.End(r.Context(), w, r); err != nil {
		return err
	}
	return seeOther(w, r, "/phone/sign-in")
}
