package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Decision is what the person does with a sign-in.
type Decision string

// The decisions.
const (
	Confirm Decision = "confirm"
	Refuse  Decision = "refuse"
	Report  Decision = "report" // "I did not start this": ends it and tells the admins
)

// Options say whose phone this is and what its owner does.
type Options struct {
	// As is CORPID/USERID, for the sandbox's person picker, and the company
	// to sign in as where the person is in several.
	As string

	// Account and Password sign in where there is no picker.
	Account, Password string

	// Decision is made without asking; when it is empty, Ask is asked.
	Decision Decision

	// Number is the one shown on the computer; when it is needed and empty,
	// Ask is asked.
	Number string

	// Ask puts a question to the person and returns the answer. nil: nobody
	// is there to be asked.
	Ask func(question string) (string, error)

	// Out receives what the person should see; nil drops it.
	Out io.Writer
}

// The errors of a Scan that was not told as whom to sign in, of an Options.As that names no
// member, and of a QR code that is a link for Open.
var (
	ErrNobody = errors.New("以谁的身份？ sign in as whom?")
	ErrAsForm = errors.New("不是 CORPID/USERID 的形式 not of the form CORPID/USERID")
	ErrOpen   = errors.New("这是网页授权链接 this is a link to a sign-in inside the client")
)

// maxPages is how many pages a scan may lead through: sign-in, who asks,
// company, number, and as much again for answers that were not accepted.
const maxPages = 10

// Scan opens the address in a QR code as a phone's camera would and goes on to
// the end: confirmed, refused or reported, as was decided. Everything else is
// an error. The address does not appear in it.
func Scan(ctx context.Context, qr string, o Options) error {
	c, path, err := atQR(ctx, qr)
	if err != nil {
		return err
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	s := &scan{Options: o, client: c}
	v, err := c.get(ctx, path)
	for range maxPages {
		if err != nil {
			return err
		}
		if err := v.failure(); err != nil {
			return err
		}
		switch {
		case v.Outcome != "":
			return s.end(v)
		case v.SignInURL != "":
			v, err = s.signIn(ctx, v)
		case v.ContinueURL != "":
			v, err = s.goOn(ctx, v)
		case v.ChooseURL != "":
			v, err = s.choose(ctx, v)
		case v.DecideURL != "":
			v, err = s.decide(ctx, v)
		default:
			return errStrange
		}
	}
	return errEndless
}

var (
	errNotKept = errors.New("登录没有生效 the platform did not keep the sign-in")
	errStrange = errors.New("平台的回答看不懂 the platform shows a page this phone does not know")
	errEndless = errors.New("平台没有得出结果 the platform comes to no end")
)

// scan is one sign-in on its way through the pages.
type scan struct {
	Options
	client *client
}

func (s *scan) signIn(ctx context.Context, v view) (view, error) {
	if v.Problem != "" {
		return view{}, errors.New(word(signInProblems, v.Problem))
	}
	form := url.Values{"next": {v.Next}}
	switch {
	case s.Account != "":
		if !s.client.safe() {
			return view{}, errors.New("不在明文 HTTP 上发送密码 a password is not sent over plain HTTP to another machine")
		}
		form.Set("account", s.Account)
		form.Set("password", s.Password)
	case s.As != "":
		if corp, user, _ := strings.Cut(s.As, "/"); corp == "" || user == "" {
			return view{}, ErrAsForm
		}
		form.Set("person", s.As)
	default:
		return view{}, ErrNobody
	}
	after, err := s.client.post(ctx, v.SignInURL, form)
	if err == nil && after.SignInURL != "" && after.Problem == "" {
		err = errNotKept
	}
	return after, err
}

// goOn shows who asks and marks the QR code scanned, unless it is reported.
func (s *scan) goOn(ctx context.Context, v view) (view, error) {
	s.showAsker(v)
	form := url.Values{"csrf": {v.CSRF}}
	if s.Decision == Report {
		return s.client.post(ctx, v.ReportURL, form)
	}
	return s.client.post(ctx, v.ContinueURL, form)
}

// choose takes the company of As, or asks.
func (s *scan) choose(ctx context.Context, v view) (view, error) {
	picked, err := s.company(v.Companies)
	if err != nil {
		return view{}, err
	}
	return s.choice(ctx, v, picked)
}

// company is the one of As among several, or the one that the person names.
func (s *scan) company(list []company) (company, error) {
	corp, _, _ := strings.Cut(s.As, "/")
	for _, c := range list {
		if corp != "" && strings.EqualFold(c.CorpID, corp) {
			return c, nil
		}
	}
	if s.Decision == Refuse && len(list) > 0 {
		return list[0], nil // as whom makes no difference
	}
	s.showCompanies(list)
	answer, err := s.ask("公司编号 number of the company")
	if err != nil {
		return company{}, err
	}
	for n, c := range list {
		if strings.TrimSpace(answer) == fmt.Sprint(n+1) {
			return c, nil
		}
	}
	return company{}, errors.New("没有这个公司 there is no such company")
}

func (s *scan) choice(ctx context.Context, v view, c company) (view, error) {
	return s.client.post(ctx, v.ChooseURL, url.Values{"csrf": {v.CSRF}, "company": {c.ID}})
}

func (s *scan) decide(ctx context.Context, v view) (view, error) {
	s.showShare(v)
	if s.Decision == "" {
		answer, err := s.ask("确认 c / 拒绝 r / 不是我发起的 n？ confirm c, refuse r, not started by me n [r]")
		if err != nil {
			return view{}, err
		}
		s.Decision = decisionOf(answer)
	}
	form := url.Values{"csrf": {v.CSRF}}
	if s.Decision == Report {
		return s.client.post(ctx, v.ReportURL, form)
	}
	form.Set("decision", string(s.Decision))
	if s.Decision == Confirm && v.NumberAsked {
		number, err := s.number(v)
		if err != nil {
			return view{}, err
		}
		form.Set("number", number)
	}
	return s.client.post(ctx, v.DecideURL, form)
}

// number is what the computer shows. A wrong one ends the sign-in; one that
// is no number is asked for again.
func (s *scan) number(v view) (string, error) {
	if s.Number != "" {
		if v.NumberProblem != "" {
			return "", errors.New("数字应为两位 the number must be two digits")
		}
		return s.Number, nil
	}
	answer, err := s.ask("电脑上显示的数字 the number on the computer")
	return strings.TrimSpace(answer), err
}

func (s *scan) ask(question string) (string, error) {
	if s.Ask == nil {
		return "", fmt.Errorf("需要回答 an answer is needed: %s", question)
	}
	return s.Ask(question)
}

// decisionOf reads an answer; what is not understood refuses.
func decisionOf(answer string) Decision {
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "c", "confirm", "确认":
		return Confirm
	case "n", "report", "不是我发起的":
		return Report
	}
	return Refuse
}

// end compares how it ended with what was decided.
func (s *scan) end(v view) error {
	want := map[Decision]string{Confirm: "confirmed", Refuse: "refused", Report: "reported"}[s.Decision]
	if v.Outcome != want {
		return errors.New(word(outcomes, v.Outcome))
	}
	s.say("%s", word(outcomes, v.Outcome))
	return nil
}
