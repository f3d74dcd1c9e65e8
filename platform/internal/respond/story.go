package respond

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Story is one state of one page with sample data.
type Story struct {
	Page string // "phone/confirm"
	Name string // "unknown-place", unique in its page
	View any
}

// Stories are the stories of the pages that respond itself shows.
func Stories() []Story {
	const id = "5e1c90b7a2d4f836"
	view := func(p *Problem) ErrorView {
		return ErrorView{Status: p.Status, Key: p.Key, Facts: p.Facts, RequestID: id}
	}
	return []Story{
		{Page: "error", Name: "not-found", View: view(NotFound())},
		{Page: "error", Name: "facts", View: view(BadRequest(
			Fact{Label: "error.fact.parameter", Value: "redirect_uri"},
			Fact{Label: "error.fact.received", Value: "https://app.example.com.evil.example:8443/callback"},
		))},
		{Page: "error", Name: "method", View: view(MethodNotAllowed("GET, HEAD"))},
		{Page: "error", Name: "too-large", View: view(TooLarge())},
		{Page: "error", Name: "expired", View: view(Expired())},
		{Page: "error", Name: "form", View: view(BadForm())},
		{Page: "error", Name: "cross-origin", View: view(CrossOrigin(nil))},
		{Page: "error", Name: "sign-in", View: view(SignInFirst())},
		{Page: "error", Name: "forbidden", View: view(Forbidden(nil))},
		{Page: "error", Name: "too-many", View: view(TooMany(0))},
		{Page: "error", Name: "unavailable", View: view(Unavailable(nil))},
		{Page: "error", Name: "internal", View: view(Internal(nil))},
		{Page: "error", Name: "not-set-up", View: view(NotSetUp())},
		{Page: "error", Name: "wrong-host", View: view(WrongHost())},
	}
}

// StoryListView is what templates/storybook.html takes.
type StoryListView struct {
	Features []StoryFeature
}

// StoryFeature is the stories of one feature.
type StoryFeature struct {
	Name    string
	Stories []StoryLink
}

// StoryLink is one story in the list; Address lacks lang and scheme.
type StoryLink struct {
	Page, Name, Address string
}

// Storybook serves the list at /storybook/ and each story at
// /storybook/<page>/<name>?lang=zh|en&scheme=light|dark. A story may be framed
// by pages of the same origin.
func (p *Responder) Storybook(stories []Story) http.Handler {
	byPath := map[string]Story{}
	list := StoryListView{}
	for _, s := range stories {
		byPath[s.Page+"/"+s.Name] = s
		feature, _ := path.Split(s.Page)
		feature = strings.TrimSuffix(feature, "/")
		i := slices.IndexFunc(list.Features, func(f StoryFeature) bool { return f.Name == feature })
		if i < 0 {
			i = len(list.Features)
			list.Features = append(list.Features, StoryFeature{Name: feature})
		}
		address := (&url.URL{Path: "/storybook/" + s.Page + "/" + s.Name}).String()
		list.Features[i].Stories = append(list.Features[i].Stories, StoryLink{Page: s.Page, Name: s.Name, Address: address})
	}
	return p.Page(func(w http.ResponseWriter, r *http.Request) error {
		name, ok := strings.CutPrefix(r.URL.Path, "/storybook/")
		if !ok {
			return NotFound()
		}
		if name == "" {
			return p.Render(w, r, "storybook", list)
		}
		s, ok := byPath[name]
		if !ok {
			return NotFound()
		}
		FrameAncestors(w, []string{"'self'"})
		return p.renderFrame(w, http.StatusOK, Lang(r), s.Page, newFrame(s.View, r.URL.Query().Get("scheme")))
	})
}
