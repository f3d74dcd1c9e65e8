package assistant

// Addresses in views (…URL) are ready for href and action. Names and values are plain text.

// WorkbenchView is the page assistant/workbench. The form of each app posts app and as.
type WorkbenchView struct {
	CSRF      string     `json:"csrf"`
	OpenURL   string     `json:"open_url"`
	Name      string     `json:"name"`
	HomeURL   string     `json:"home_url"`
	Providers []Link     `json:"providers"` // the assistant, for each provider the person administers
	Companies []Launcher `json:"companies"`
}

// Link is one provider.
type Link struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Launcher is what a member of one company can open.
type Launcher struct {
	Company string `json:"company"`
	Apps    []App  `json:"apps"`
}

// App is an app that opens at its home page, which is not ours.
type App struct {
	Name    string `json:"name"`
	About   string `json:"about,omitempty"`
	Picture string `json:"picture,omitempty"`
	ID      string `json:"app"` // value of the field app
	As      string `json:"as"`  // value of the field as
}

// AssistantView is the page assistant/assistant.
type AssistantView struct {
	CSRF    string `json:"csrf"`
	Name    string `json:"name"`
	HomeURL string `json:"home_url"`
	BackURL string `json:"back_url"`
	Company string `json:"company"`
	// Said ends assistant.said.: what has just been done.
	Said string `json:"said,omitempty"`

	Brand        string `json:"brand"`
	BrandProblem string `json:"brand_problem,omitempty"` // empty, long, odd
	BrandURL     string `json:"brand_url"`

	// Exists: 登录授权 is set up; the rest is about it.
	Exists    bool   `json:"exists"`
	SuiteID   string `json:"suite_id,omitempty"`
	Enabled   bool   `json:"enabled"`
	SwitchURL string `json:"switch_url,omitempty"`

	Domains string `json:"domains"` // one a line
	// DomainsProblem is a locale key, and DomainsValue what it is about.
	DomainsProblem string   `json:"domains_problem,omitempty"`
	DomainsValue   string   `json:"domains_value,omitempty"`
	DomainsURL     string   `json:"domains_url,omitempty"`
	Listed         []string `json:"listed"`
	// OldLogin: the provider has the old login, and with it a list of where it may begin.
	OldLogin      bool     `json:"old_login,omitempty"`
	Launch        string   `json:"launch,omitempty"` // one a line
	LaunchProblem string   `json:"launch_problem,omitempty"`
	LaunchValue   string   `json:"launch_value,omitempty"`
	Launchers     []string `json:"launchers,omitempty"` // empty: the trusted domains count
	// Fresh: the domains may be changed. Otherwise ProveURL comes first.
	Fresh    bool   `json:"fresh"`
	ProveURL string `json:"prove_url"`
	// Late: the form was sent, but its proof had become too old; what was typed is kept.
	Late bool `json:"late,omitempty"`
}
