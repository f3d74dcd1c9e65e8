package appcenter

import "github.com/hufu-sso/hufu/platform/internal/console"

// Range is a visible range in a few words.
type Range struct {
	Everyone    bool     `json:"everyone"`
	Departments []string `json:"departments"` // names
	Members     []string `json:"members"`     // names
}

// InstalledRow is an installed suite in a list.
type InstalledRow struct {
	URL     string `json:"url"`
	Name    string `json:"name"`
	Logo    string `json:"-"` // digest; empty: none
	Brand   string `json:"brand"`
	AgentID int64  `json:"agentid"`
	Range   Range  `json:"range"`
	Since   string `json:"since"`
	Fetched bool   `json:"fetched"` // the provider has its permanent code
	Test    bool   `json:"test"`
}

// AppsView is the page appcenter/apps.
type AppsView struct {
	console.Frame
	Tabs  []console.Tab  `json:"-"`
	Rows  []InstalledRow `json:"apps"`
	Empty console.Empty  `json:"-"`
}

// OwnRow is an own app in a list.
type OwnRow struct {
	URL     string `json:"url"`
	Name    string `json:"name"`
	AgentID int64  `json:"agentid"`
	Range   Range  `json:"range"`
	Stopped bool   `json:"stopped"`
}

// OwnAppsView is the page appcenter/own_apps.
type OwnAppsView struct {
	console.Frame
	Tabs   []console.Tab `json:"-"`
	Rows   []OwnRow      `json:"apps"`
	Empty  console.Empty `json:"-"`
	NewURL string        `json:"-"` // "": may not
}

// MarketRow is a suite in the market.
type MarketRow struct {
	URL       string `json:"url"`
	Name      string `json:"name"`
	Logo      string `json:"-"`
	Brand     string `json:"brand"`
	About     string `json:"about"`
	Installed bool   `json:"installed"`
}

// MarketView is the page appcenter/market.
type MarketView struct {
	console.Frame
	Tabs   []console.Tab  `json:"-"`
	Search console.Search `json:"search"`
	Rows   []MarketRow    `json:"suites"`
	Pager  console.Pager  `json:"pager"`
	Empty  console.Empty  `json:"-"`
}

// SuiteView is the page appcenter/suite.
type SuiteView struct {
	console.Frame
	Crumb        console.Crumb `json:"-"`
	Name         string        `json:"name"`
	Logo         string        `json:"-"`
	Brand        string        `json:"brand"`
	About        string        `json:"about"`
	SuiteID      string        `json:"suiteid"`
	Sensitive    bool          `json:"sensitive"` // it may ask members for details (成员敏感信息授权)
	InstallURL   string        `json:"install_url,omitempty"`
	InstalledURL string        `json:"installed_url,omitempty"` // it is installed
}

// Node is a department in the picker's tree.
type Node struct {
	Number  int64
	Name    string
	Count   int64 // members in it and beneath
	Checked bool
	Open    bool // it, or one beneath it, is checked
	Below   []Node
}

// Pick is a member in the picker.
type Pick struct {
	UserID string
	Name   string
}

// Picker chooses a visible range, without scripts: a tree of departments, the members
// chosen, and those a search found.
type Picker struct {
	Tree     []Node
	Search   string
	Searched bool
	Found    []Pick
	More     bool // the search found more than it shows
	Chosen   []Pick
	Error    string // locale key
}

// InstallView is the page appcenter/install.
type InstallView struct {
	console.Frame
	Crumb     console.Crumb `json:"-"`
	Name      string        `json:"name"`
	Logo      string        `json:"-"`
	Brand     string        `json:"brand"`
	Sensitive bool          `json:"sensitive"` // as in SuiteView
	Picker    Picker        `json:"-"`
	PostURL   string        `json:"-"`
	BackURL   string        `json:"-"`
}

// RangeView is the page appcenter/range.
type RangeView struct {
	console.Frame
	Crumb   console.Crumb `json:"-"`
	Name    string        `json:"name"`
	Own     bool          `json:"own"`
	Picker  Picker        `json:"-"`
	PostURL string        `json:"-"`
	BackURL string        `json:"-"`
}

// InstalledView is the page appcenter/installed.
type InstalledView struct {
	console.Frame
	Crumb       console.Crumb `json:"-"`
	Name        string        `json:"name"`
	Logo        string        `json:"-"`
	Brand       string        `json:"brand"`
	SuiteID     string        `json:"suiteid"`
	AgentID     int64         `json:"agentid"`
	Range       Range         `json:"range"`
	RangeURL    string        `json:"-"` // "": may not change it
	Since       string        `json:"since"`
	By          string        `json:"installed_by"` // "": nobody knows
	FromSite    bool          `json:"from_site"`
	Test        bool          `json:"test"`
	Fetched     bool          `json:"fetched"`
	Sensitive   bool          `json:"sensitive"` // as in SuiteView
	PlainIDs    bool          `json:"plain_ids"`
	PlainIDsURL string        `json:"-"` // "": may not change it
	// BusinessHost is where 业务设置 leads; BusinessWhy (locale key) says why it cannot be
	// opened, else empty; BusinessURL takes the form.
	BusinessHost string `json:"business_host,omitempty"`
	BusinessWhy  string `json:"business_why,omitempty"`
	BusinessURL  string `json:"-"`
	UninstallURL string `json:"-"` // "": may not
}

// ConfirmView is the page appcenter/uninstall and appcenter/remove.
type ConfirmView struct {
	console.Frame
	Crumb   console.Crumb `json:"-"`
	Name    string        `json:"name"`
	Brand   string        `json:"brand,omitempty"`
	PostURL string        `json:"-"`
	BackURL string        `json:"-"`
}

// NewView is the page appcenter/new.
type NewView struct {
	console.Frame
	Crumb   console.Crumb `json:"-"`
	Field   console.Field `json:"-"`
	PostURL string        `json:"-"`
	BackURL string        `json:"-"`
}

// OwnView is the page appcenter/own.
type OwnView struct {
	console.Frame
	Crumb      console.Crumb   `json:"-"`
	Name       string          `json:"name"`
	CorpID     string          `json:"-"`
	AgentID    int64           `json:"agentid"`
	Stopped    bool            `json:"stopped"`
	Range      Range           `json:"range"`
	RangeURL   string          `json:"-"`
	Secret     *console.Secret `json:"secret,omitempty"` // shown this once
	Manages    bool            `json:"-"`
	NameField  console.Field   `json:"-"`
	Home       console.Field   `json:"-"` // 应用主页
	Domains    []console.Field `json:"-"` // trusted, callback, development
	Trusted    []string        `json:"trusted"`
	Callback   []string        `json:"callback"`
	NameURL    string          `json:"-"`
	SetHomeURL string          `json:"-"`
	DomainURL  string          `json:"-"`
	SecretURL  string          `json:"-"`
	StateURL   string          `json:"-"`
	RemoveURL  string          `json:"-"`
}

// CompanyChoice is a company where a suite may be installed.
type CompanyChoice struct {
	Name      string
	CorpID    string
	URL       string // goes on with it
	Installed bool
}

// SiteInstallView is the page appcenter/site_install: without Picker it asks for the company.
type SiteInstallView struct {
	CSRF      string           `json:"csrf"`
	Person    string           `json:"person"`
	Name      string           `json:"name"`
	Logo      string           `json:"-"`
	Brand     string           `json:"brand"`
	Site      string           `json:"site"` // host of the redirect_uri
	Test      bool             `json:"test"`
	Sensitive bool             `json:"sensitive"` // as in SuiteView
	Companies []CompanyChoice  `json:"-"`
	Company   string           `json:"company,omitempty"`
	OtherURL  string           `json:"-"` // chooses another company; "": there is none
	Kept      []console.Hidden `json:"-"`
	Picker    *Picker          `json:"-"`
	PostURL   string           `json:"-"`
}
