package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// oldHostAddress is the host page of the old scripts at an origin, with what such a script
// makes of these options.
func oldHostAddress(origin, script string, options map[string]any) string {
	raw, err := json.Marshal(options)
	if err != nil {
		panic(err)
	}
	return origin + "/old?" + url.Values{"script": {script}, "options": {string(raw)}}.Encode()
}

// oldScript is where host pages find the script of a generation.
func oldScript(version string) string { return "/testdata/wwlogin-" + version + ".js" }

// styles hides a title and tries every way in which a style sheet sends something out.
func (s *sites) styles() string {
	leak := func(what string) string { return s.home + "/leak/" + what }
	// The comment brings a plus sign into base64, whatever stands before it.
	return fmt.Sprintf(`/*>>>>>*/ @import url("%s"); @font-face { font-family: leaky; src: url("%s"); }
		.impowerBox .title { display: none; font-family: leaky; }
		.impowerBox .info { color: rgb(1, 2, 3); background-image: url("%s"); }
		a[href*="/"] { background: url("%s"); list-style-image: url("%s"); cursor: url("%s"), auto; }
		body::before { content: url("%s"); }`,
		leak("import"), leak("font"), leak("image"), leak("attribute"), leak("list"), leak("cursor"), leak("content"))
}

func (s *sites) style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Write([]byte(s.styles()))
}

func (s *sites) leak(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.leaks = append(s.leaks, r.URL.Path)
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// leaked lists what styles have sent.
func (s *sites) leaked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.leaks, " ")
}

// heardBy lists the messages that the host page of a state was sent, each after its origin.
func (s *sites) heardBy(state string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard[state])
}
