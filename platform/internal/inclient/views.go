package inclient

import (
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/ask"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/session"
	"github.com/hufu-sso/hufu/protocol"
)

// Addresses in views (…URL) are ready for href and action. Names and values are plain text.

// Me is who is signed in.
type Me struct {
	Name    string `json:"name"`
	HomeURL string `json:"home_url"` // the phone's home page
}

func me(r *http.Request, s session.Session) Me {
	return Me{Name: s.Name, HomeURL: respond.Link(r, "/phone")}
}

// AskView is the page inclient/ask. Its form posts decision ("confirm" or "refuse") and, where
// Private, detail once for each that is ticked.
type AskView struct {
	CSRF  string    `json:"csrf"`
	Me    Me        `json:"me"`
	Asker ask.Asker `json:"asker"`
	// Company and Name are as whom.
	Company   string `json:"company"`
	Name      string `json:"name"`
	ChangeURL string `json:"change_url,omitempty"` // inclient/choose; empty where there is no choice
	Share     string `json:"share"`                // as in package ask
	CorpID    string `json:"corpid,omitempty"`     // the plain values, where they are shared
	UserID    string `json:"userid,omitempty"`
	// Private says that details are asked for; Details are those that can be shown, Missing the
	// names of those that nobody has filled in.
	Private   bool     `json:"private"`
	Details   []Detail `json:"details,omitempty"`
	Missing   []string `json:"missing,omitempty"`
	DecideURL string   `json:"decide_url"`
}

// Detail is one checkbox. Name is its value and ends inclient.detail.; Value is what would be
// shown, or for gender ends inclient.gender.
type Detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ChooseView is the page inclient/choose.
type ChooseView struct {
	Me        Me        `json:"me"`
	Asker     ask.Asker `json:"asker"`
	Companies []Company `json:"companies"`
	BackURL   string    `json:"back_url"` // to the app, without signing in
}

// Company is one membership that the app can be opened as.
type Company struct {
	CorpID  string `json:"corpid"`
	Company string `json:"company"`
	Name    string `json:"name"` // the member's there
	URL     string `json:"url"`
}

// OutsideView is the page inclient/outside: nobody is signed in here.
type OutsideView struct {
	Asker ask.Asker `json:"asker"`
	// QR is of this very address, for the phone's camera; without a path where it is too long.
	QR        protocol.QR `json:"qr"`
	SignInURL string      `json:"sign_in_url"`
}

// HasQR tells whether there is a QR code to show.
func (v OutsideView) HasQR() bool { return v.QR.Path != "" }

// RefusedView is the page inclient/refused.
type RefusedView struct {
	Me     *Me        `json:"me,omitempty"` // nil where it is not read
	Asker  *ask.Asker `json:"asker,omitempty"`
	Reason string     `json:"reason"` // a Refused… constant
	// Companies are those whose visible range does not cover the member.
	Companies []string `json:"out_of_range,omitempty"`
	BackURL   string   `json:"back_url,omitempty"` // to the app, without signing in
}

// ErrorView is the page inclient/error: what is wrong with the link.
type ErrorView struct {
	// Key begins the locale keys <Key>.title, .why and .todo.
	Key string `json:"error"`
	// Code is the errcode that WeCom has for it; 0: none.
	Code       protocol.Code `json:"errcode,omitempty"`
	Received   string        `json:"received"`
	Configured []string      `json:"configured,omitempty"`
	// Field ends inclient.error.field.: where it is configured; empty where that would not help.
	Field     string `json:"field,omitempty"`
	RequestID string `json:"request_id"`
}

// configuredShown bounds the list of values that would have passed.
const configuredShown = 5

// Shown is the part of Configured that has room.
func (v ErrorView) Shown() []string { return v.Configured[:min(len(v.Configured), configuredShown)] }

// More is how many configured values Shown leaves out.
func (v ErrorView) More() int { return len(v.Configured) - len(v.Shown()) }
