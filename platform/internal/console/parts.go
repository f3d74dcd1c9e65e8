package console

// What the templates of templates/console/_parts.html take. Labels and other words are locale
// keys; values are plain text.

// Field is a labelled input, template "field". Its id is "f-" and Name.
type Field struct {
	Name  string `json:"name"`
	Label string `json:"-"` // locale key
	Help  string `json:"-"` // locale key; "": none
	Value string `json:"value"`
	// Error is a locale key: what is wrong with Value, in words. "": nothing.
	Error string `json:"error,omitempty"`
	// Received is shown after Error, where it says more than the field itself does.
	Received string   `json:"received,omitempty"`
	Type     string   `json:"-"` // text when empty; "area" is a textarea, "select" has Options
	Rows     int      `json:"-"` // of an area; 4 when 0
	Options  []Option `json:"-"`
	Max      int      `json:"-"` // maxlength; 0: none
	Optional bool     `json:"-"`
	Mono     bool     `json:"-"` // an id, a URL
	Hint     string   `json:"-"` // placeholder: an example, not a word
}

// Option is one choice of a select. Label is a locale key; where it is "", Text is shown.
type Option struct {
	Value    string
	Label    string
	Text     string
	Selected bool
}

// Search is the box and the filters over a table, template "search": a form that gets.
type Search struct {
	URL   string `json:"-"` // action
	Label string `json:"-"` // locale key: what is searched for
	Value string `json:"value"`
	// Filters stand beside the box.
	Filters []Field `json:"filters,omitempty"`
	// Keep are parameters that a new search leaves as they are, lang among them.
	Keep []Hidden `json:"-"`
	// ClearURL shows everything again; "" while nothing is searched or filtered.
	ClearURL string `json:"-"`
}

// Hidden is a field that is sent and not seen.
type Hidden struct{ Name, Value string }

// Pager stands under a table, template "pager". "" where there is no such page.
type Pager struct {
	FirstURL string `json:"first_url,omitempty"`
	NextURL  string `json:"next_url,omitempty"`
	// Shown rows of Total; Total 0: not counted.
	Shown int `json:"shown"`
	Total int `json:"total,omitempty"`
}

// Empty says what to do where a table has no rows, template "empty".
type Empty struct {
	Title string // locale key
	Text  string // locale key
	// ActionURL and Action (locale key) lead to what to do first; "": none.
	ActionURL, Action string
}

// Secret is a secret that is shown this once, template "secret".
type Secret struct {
	Label string `json:"-"` // locale key
	Value string `json:"value"`
}

// Tab is one of several views of the same thing, template "tabs".
type Tab struct {
	Label  string // locale key
	URL    string
	Active bool
	Count  int // shown when over 0
}

// Crumb leads back to the page above, template "crumb".
type Crumb struct {
	URL   string
	Label string // locale key; "": Text
	Text  string
}
