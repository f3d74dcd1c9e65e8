package operator

import (
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// NewCorpView is the page operator/new_corp.
type NewCorpView struct {
	console.Frame
	Crumb  console.Crumb   `json:"-"`
	URL    string          `json:"url"`
	Fields []console.Field `json:"fields"`
}

// Longest names, in characters.
const (
	maxName   = 64
	maxUserID = 64
)

func (h *Handler) showNewCorp(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	return h.Console.Render(w, r, v, "operator/new_corp", newCorp(v, "", "", "", "", ""))
}

// newCorp is the form with what was typed; problem is a locale key, of the field named wrong.
func newCorp(v *console.Visit, name, person, userid, wrong, problem string) NewCorpView {
	view := NewCorpView{Frame: v.Frame("corps"), URL: v.URL("/corps"),
		Crumb: console.Crumb{URL: v.URL("/corps"), Label: "operator.corps.title"}, Fields: corpFields(name, person, userid)}
	for i := range view.Fields {
		if view.Fields[i].Name == wrong {
			view.Fields[i].Error = problem
		}
	}
	return view
}

func corpFields(name, person, userid string) []console.Field {
	return []console.Field{
		{Name: "name", Label: "operator.corp.name", Help: "operator.corp.name_help", Value: name, Max: maxName},
		{Name: "person", Label: "operator.corp.creator", Help: "operator.corp.creator_help", Value: person, Max: maxName},
		{Name: "userid", Label: "operator.corp.userid", Help: "operator.corp.userid_help", Value: userid, Max: maxUserID, Mono: true},
	}
}

// CreatedView is the page operator/created: a link or a secret, shown this once.
type CreatedView struct {
	console.Frame
	Crumb  console.Crumb  `json:"-"`
	Title  string         `json:"-"` // locale key
	Sub    string         `json:"-"` // locale key
	Name   string         `json:"name"`
	CorpID string         `json:"corpid"`
	UserID string         `json:"userid,omitempty"`
	Secret console.Secret `json:"secret"`
	URL    string         `json:"url"` // of the company
}

// createCorp makes a company with its creator, who enrols with the link that is shown.
func (h *Handler) createCorp(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	ctx := r.Context()
	name, person := strings.TrimSpace(r.PostFormValue("name")), strings.TrimSpace(r.PostFormValue("person"))
	userid := strings.TrimSpace(r.PostFormValue("userid"))
	refuse := func(field, problem string) error {
		return h.Console.RenderStatus(w, r, v, http.StatusUnprocessableEntity, "operator/new_corp",
			newCorp(v, name, person, userid, field, problem))
	}
	switch {
	case name == "" || utf8.RuneCountInString(name) > maxName:
		return refuse("name", "operator.corp.name_wrong")
	case person == "" || utf8.RuneCountInString(person) > maxName:
		return refuse("person", "operator.corp.creator_wrong")
	}
	corp := directory.Corp{CorpID: directory.NewCorpID(), Name: name, NumberMatch: true}
	var secret string
	err := h.Directory.DB.Update(ctx, func(tx *sql.Tx) error {
		var err error
		if corp.Row, err = h.Directory.CreateCorp(ctx, tx, corp); err != nil {
			return err
		}
		m, err := h.Directory.AddMemberIn(ctx, tx, corp.Row, directory.NewMember{MemberEdit: directory.MemberEdit{
			UserID: userid, Name: person, Departments: []int64{1}}})
		if err != nil {
			return err
		}
		if _, err := h.Directory.AddAdminIn(ctx, tx, directory.NewAdmin{Corp: corp.Row, Member: m.Row, Kind: directory.Creator}); err != nil {
			return err
		}
		if secret, err = h.Credentials.NewLink(ctx, tx, credentials.Link{Kind: credentials.LinkMember, Corp: corp.Row,
			Member: m.Row, MadeBy: v.Person.Row}); err != nil {
			return err
		}
		return h.Audit.RecordIn(ctx, tx, v.Entry(audit.CorpCreated, name+" "+corp.CorpID, userid))
	})
	if _, ok := errors.AsType[*directory.InvalidError](err); ok {
		return refuse("userid", "operator.corp.userid_wrong")
	}
	if err != nil {
		return err
	}
	return h.Console.Render(w, r, v, "operator/created", CreatedView{Frame: v.Frame("corps"),
		Crumb: console.Crumb{URL: v.URL("/corps"), Label: "operator.corps.title"},
		Title: "operator.created.corp", Sub: "operator.created.corp_sub", Name: name, CorpID: corp.CorpID, UserID: userid,
		Secret: h.link(secret), URL: v.URL(corpPath(corp.CorpID))})
}

func (h *Handler) link(secret string) console.Secret {
	return console.Secret{Label: "operator.created.link", Value: h.PhoneURL + "/phone/enrol/" + secret}
}
