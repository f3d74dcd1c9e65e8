package phone

import "encoding/json"

// view is whatever page the platform shows: each sets some of the fields.
type view struct {
	CSRF string `json:"csrf"`

	// Sign in.
	SignInURL string `json:"sign_in_url"`
	Next      string `json:"next"`
	Problem   string `json:"problem"`

	// Who asks, from where.
	Asker       *asker `json:"asker"`
	Machine     string `json:"machine"` // that asks to be a desktop client of the person's
	Domain      string `json:"domain"`  // of the platform or its consoles, where no site asks
	Admins      bool   `json:"admins"`  // administrators alone may sign in
	Place       *place `json:"place"`
	ContinueURL string `json:"continue_url"`
	ReportURL   string `json:"report_url"`

	// Choose a company.
	ChooseURL string    `json:"choose_url"`
	Companies []company `json:"companies"`

	// Confirm or refuse.
	DecideURL     string `json:"decide_url"`
	Company       string `json:"company"`
	Name          string `json:"name"`
	Share         string `json:"share"`
	CorpID        string `json:"corpid"`
	UserID        string `json:"userid"`
	NumberAsked   bool   `json:"number_asked"`
	NumberProblem string `json:"number_problem"`

	// Show details to an app that is opened; each is a name and what would be shown.
	Private bool     `json:"private"`
	Details []detail `json:"details"`
	Missing []string `json:"missing"`

	// How it ended.
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`

	// A failure, in words; of a link, what is wrong with it.
	Error      string   `json:"error"`
	Title      string   `json:"title"`
	Why        string   `json:"why"`
	Received   string   `json:"received"`
	Configured []string `json:"configured"`
}

type asker struct {
	Brand  string `json:"brand"`
	Domain string `json:"domain"`
	Own    bool   `json:"own"`
}

type place struct {
	Browser     string `json:"browser"`
	Address     string `json:"address"`
	SameNetwork bool   `json:"same_network"`
	NewBrowser  bool   `json:"new_browser"`
	NewPlace    bool   `json:"new_place"`
}

type company struct {
	ID      string `json:"id"`
	CorpID  string `json:"corpid"`
	Company string `json:"company"`
	Name    string `json:"name"`
	URL     string `json:"url"` // of an app that is opened
}

// UnmarshalJSON takes a company that is a name alone, too: where there is nothing to choose.
func (c *company) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &c.Company)
	}
	type plain company
	return json.Unmarshal(raw, (*plain)(c))
}

type detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
