package provider

import (
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/console"
)

// Addresses in views (…URL) are ready for href and action. Times are already written out.
// Rules end locale keys; values are plain text.

// HomeView is the page provider/home: what is set up and what is missing.
type HomeView struct {
	console.Frame
	Brand string `json:"brand"`
	Steps []Step `json:"steps"`
	Done  int    `json:"done"`
}

// Step is one thing a provider sets up. Its words are provider.step.<Key>, .todo and .done.
type Step struct {
	Key  string `json:"key"`
	Done bool   `json:"done"`
	// Value is what is set, to be read at a glance.
	Value string `json:"value,omitempty"`
	URL   string `json:"url"`
}

// BrandView is the page provider/brand. Its first form posts brand.
type BrandView struct {
	console.Frame
	Brand    console.Field `json:"brand"`
	SaveURL  string        `json:"save_url"`
	Logo     LogoForm      `json:"logo"`
	Networks console.Field `json:"networks"`
	// Open: the list is empty and every address is let in.
	Open        bool   `json:"open"`
	NetworksURL string `json:"networks_url"`
	CodesURL    string `json:"codes_url"`
}

// LogoForm posts the file picture.
type LogoForm struct {
	CSRF     string `json:"-"`
	Name     string `json:"name"` // whose picture, for its place while there is none
	Picture  string `json:"picture,omitempty"`
	Problem  string `json:"problem,omitempty"` // too_large, format, empty
	SaveURL  string `json:"save_url"`
	Inherits bool   `json:"inherits,omitempty"` // without one of its own, the provider's is shown
}

// GeneralView is the page provider/general.
type GeneralView struct {
	console.Frame
	Reset    ResetForm    `json:"reset"` // of the provider secret
	OldLogin bool         `json:"old_login"`
	Callback CallbackForm `json:"callback"`
}

// What kind of callback a form is about.
const (
	CallbackSystem = "system" // of the provider: one URL
	CallbackLogin  = "login"  // of the login suite: one URL
	CallbackSuite  = "suite"  // of another suite: instruction and data
)

// CallbackForm posts url, data_url (suites), token, key, and anyway when it is to be saved
// although a check failed.
type CallbackForm struct {
	CSRF   string          `json:"-"`
	Kind   string          `json:"kind"`
	Fields []console.Field `json:"fields"`
	// HasKey: a key is stored, which is shown to nobody.
	HasKey  bool   `json:"has_key"`
	SaveURL string `json:"save_url"`
	// CheckURL checks what is stored; "" where there is nothing to check.
	CheckURL string  `json:"check_url,omitempty"`
	Checks   []Check `json:"checks,omitempty"`
	// Anyway offers to save although a check failed.
	Anyway bool `json:"anyway,omitempty"`

	refused bool
}

// Check is one request to a receiver: a live check, a pushed ticket, an attempt at an event.
type Check struct {
	What   string `json:"what"` // callback, data, ticket, file, attempt
	OK     bool   `json:"ok"`
	Step   string `json:"step,omitempty"` // what failed; see StepKey
	Detail string `json:"detail,omitempty"`
	Status int    `json:"status,omitempty"` // HTTP; 0: no answer
	Answer string `json:"answer,omitempty"` // its beginning
	URL    string `json:"url"`
	At     string `json:"at"`
	Millis int64  `json:"ms"`
}

// StepKey ends the locale key of the step that failed.
func (c Check) StepKey() string { return strings.ReplaceAll(c.Step, " ", "_") }

// DomainsForm posts domains, one a line, and for a suite install.
type DomainsForm struct {
	CSRF    string          `json:"-"`
	Fields  []console.Field `json:"fields"`
	SaveURL string          `json:"save_url"`
	// Listed are the stored ones, with their proofs.
	Listed []Domain `json:"listed"`
}

// Domain is a domain a suite uses.
type Domain struct {
	Name   string `json:"name"`
	Shown  bool   `json:"shown"` // whether proofs are asked for here
	Proved bool   `json:"proved"`
	URL    string `json:"url"`
}

// ResetForm makes a new secret.
type ResetForm struct {
	CSRF string `json:"-"`
	URL  string `json:"url"`
}

// LoginView is the page provider/login. While there is no login suite, only CreateURL is set.
type LoginView struct {
	console.Frame
	Exists         bool           `json:"exists"`
	CreateURL      string         `json:"create_url,omitempty"`
	SuiteID        string         `json:"suite_id,omitempty"`
	Enabled        bool           `json:"enabled"`
	SwitchURL      string         `json:"switch_url,omitempty"`
	Domains        DomainsForm    `json:"domains"`
	Development    *console.Field `json:"development,omitempty"` // sandbox only
	DevelopmentURL string         `json:"development_url,omitempty"`
	Callback       CallbackForm   `json:"callback"`
	Ticket         Ticket         `json:"ticket"`
	Reset          ResetForm      `json:"reset"`
}

// Ticket is how a suite stands with its suite_ticket.
type Ticket struct {
	Delivered string `json:"delivered,omitempty"` // when the latest arrived; "": none yet
	Failed    string `json:"failed,omitempty"`    // when a later one failed, and
	Step      string `json:"step,omitempty"`      // its step
	PushesURL string `json:"pushes_url"`
	CSRF      string `json:"-"`
	PushURL   string `json:"push_url,omitempty"` // pushes one now; "" without a callback
	// Now is what came of the ticket pushed by this request.
	Now *Check `json:"now,omitempty"`
}

// StepKey ends the locale key of the step that failed.
func (t Ticket) StepKey() string { return strings.ReplaceAll(t.Step, " ", "_") }

// SecretView is the page provider/secret: a secret that is shown this once. What is one of
// login, suite (both made just now), login_reset, suite_reset, provider_reset.
type SecretView struct {
	console.Frame
	What    string           `json:"what"`
	Name    string           `json:"name,omitempty"`
	SuiteID string           `json:"suite_id,omitempty"`
	Token   string           `json:"token,omitempty"` // of the callback; the form shows it too
	Secrets []console.Secret `json:"secrets"`
	NextURL string           `json:"next_url"`
}

// SuitesView is the page provider/suites.
type SuitesView struct {
	console.Frame
	Suites []SuiteLine   `json:"suites"`
	NewURL string        `json:"new_url"`
	Empty  console.Empty `json:"-"`
}

// States of a suite; their words are provider.state.<state>.
const (
	StateDraft     = "draft"
	StateSubmitted = "submitted"
	StateOnline    = "online"
)

// SuiteLine is one suite in the list.
type SuiteLine struct {
	Name, SuiteID string
	Picture       string
	State         string
	Installs      int
	CallbackSet   bool
	URL           string
}

// NewSuiteView is the page provider/newsuite. Its form posts name.
type NewSuiteView struct {
	console.Frame
	Crumb   console.Crumb `json:"-"`
	Name    console.Field `json:"name"`
	SaveURL string        `json:"save_url"`
}

// SuiteHead is what all tabs of a suite share.
type SuiteHead struct {
	console.Frame
	Crumb   console.Crumb `json:"-"`
	Name    string        `json:"name"`
	SuiteID string        `json:"suite_id"`
	State   string        `json:"state"`
	Tabs    []console.Tab `json:"-"`
}

// SuiteBasicsView is the page provider/suite.
type SuiteBasicsView struct {
	SuiteHead
	Profile     ProfileForm   `json:"profile"`
	Logo        LogoForm      `json:"logo"`
	Business    console.Field `json:"business"`
	BusinessURL string        `json:"business_save_url"`
	// BusinessProof is whether its domain is proved; nil where no proof is asked for.
	BusinessProof *Domain     `json:"business_proof,omitempty"`
	Domains       DomainsForm `json:"domains"`
	// Sensitive: the suite may ask members for details (成员敏感信息授权).
	Sensitive    bool      `json:"sensitive"`
	SensitiveURL string    `json:"sensitive_url"`
	Reset        ResetForm `json:"reset"`
}

// ProfileForm posts name, about and home.
type ProfileForm struct {
	CSRF    string          `json:"-"`
	Fields  []console.Field `json:"fields"`
	SaveURL string          `json:"save_url"`
}

// SuiteCallbacksView is the page provider/callbacks.
type SuiteCallbacksView struct {
	SuiteHead
	Callback CallbackForm `json:"callback"`
	Ticket   Ticket       `json:"ticket"`
}

// SuiteOnlineView is the page provider/online.
type SuiteOnlineView struct {
	SuiteHead
	Needs       []Step `json:"needs"`
	Ready       bool   `json:"ready"`
	SubmitURL   string `json:"submit_url"`
	WithdrawURL string `json:"withdraw_url"`
	OfflineURL  string `json:"offline_url"`
}

// SuiteInstallsView is the page provider/suiteinstalls.
type SuiteInstallsView struct {
	SuiteHead
	Installs []InstallLine `json:"installs"`
	Empty    console.Empty `json:"-"`
}

// DomainView is the page provider/domain.
type DomainView struct {
	console.Frame
	Crumb    console.Crumb `json:"-"`
	Domain   string        `json:"domain"`
	Proved   bool          `json:"proved"`
	Asked    bool          `json:"asked"` // whether this platform asks for proofs
	FileName string        `json:"file_name"`
	Content  string        `json:"content"`
	FileURL  string        `json:"file_url"`
	Address  string        `json:"address"` // where the file is looked for
	CheckURL string        `json:"check_url"`
	Check    *Check        `json:"check,omitempty"`
}

// InstallsView is the page provider/installs.
type InstallsView struct {
	console.Frame
	Search   console.Search `json:"search"`
	Installs []InstallLine  `json:"installs"`
	Pager    console.Pager  `json:"pager"`
	Empty    console.Empty  `json:"-"`
}

// InstallLine is one company that installed a suite, as the provider may know it.
type InstallLine struct {
	Company   string `json:"company"`
	CorpID    string `json:"corpid"` // encrypted for this provider, unless Plain
	Plain     bool   `json:"plain"`
	Suite     string `json:"suite"`
	SuiteURL  string `json:"suite_url"`
	AgentID   int64  `json:"agentid"`
	Since     string `json:"since"`
	Permanent bool   `json:"permanent"` // the permanent code was fetched
	FromSite  bool   `json:"from_site"`
	Test      bool   `json:"test"`
	// The visible range: all of the company, or so many departments and members.
	Whole       bool `json:"whole"`
	Departments int  `json:"departments"`
	Members     int  `json:"members"`
}

// PushesView is the page provider/pushes.
type PushesView struct {
	console.Frame
	Search console.Search `json:"search"`
	Pushes []PushLine     `json:"pushes"`
	Pager  console.Pager  `json:"pager"`
	Empty  console.Empty  `json:"-"`
}

// PushLine is one pushed event. State is push.State.
type PushLine struct {
	Event    string `json:"event"` // names it in addresses
	At       string `json:"at"`
	Suite    string `json:"suite"`
	Type     string `json:"type"`
	Change   string `json:"change,omitempty"`
	Company  string `json:"company,omitempty"`
	State    string `json:"state"`
	Attempts int    `json:"attempts"`
	Status   int    `json:"status,omitempty"`
	Step     string `json:"step,omitempty"`
	URL      string `json:"url"`
}

// StepKey ends the locale key of the step that failed.
func (p PushLine) StepKey() string { return strings.ReplaceAll(p.Step, " ", "_") }

// PushView is the page provider/push.
type PushView struct {
	console.Frame
	Crumb    console.Crumb `json:"-"`
	Push     PushLine      `json:"push"`
	Repeats  string        `json:"repeats,omitempty"` // address of the event it was sent again for
	Attempts []Check       `json:"attempts"`
	// AgainURL sends it again; "" while it is on its way, and for a check of the URL.
	AgainURL string `json:"again_url,omitempty"`
}

// CallsView is the page provider/calls.
type CallsView struct {
	console.Frame
	Search   console.Search `json:"search"`
	Calls    []CallLine     `json:"calls"`
	Pager    console.Pager  `json:"pager"`
	Empty    console.Empty  `json:"-"`
	CodesURL string         `json:"codes_url"`
}

// CallLine is one API call.
type CallLine struct {
	At      string `json:"at"`
	Path    string `json:"path"`
	App     string `json:"app,omitempty"`
	Company string `json:"company,omitempty"`
	ErrCode int    `json:"errcode"`
	Reason  string `json:"reason,omitempty"`
	Address string `json:"address,omitempty"`
	Millis  int64  `json:"ms"`
	Request string `json:"request"`
	// Setting is the setting behind the error code, provider.setting.<Setting>; "": none.
	Setting    string `json:"setting,omitempty"`
	SettingURL string `json:"setting_url,omitempty"`
}

// CodesView is the page provider/codes.
type CodesView struct {
	console.Frame
	Crumb console.Crumb `json:"-"`
	Codes []CodeLine    `json:"codes"`
}

// CodeLine is an error code and the setting behind it. Its words are provider.code.<Code>.
type CodeLine struct {
	Code    string `json:"code"`
	Setting string `json:"setting"`
	URL     string `json:"url,omitempty"`
}
