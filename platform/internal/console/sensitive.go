package console

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Sensitive is Page for a POST that needs a fresh proof of who the person is: not older than
// ProofLife, in this session. Without one, act does not run: a page that keeps the fields
// sends the person to prove in a new tab, and sends the form again from there. The form is an
// ordinary one (application/x-www-form-urlencoded).
//
// It also serves what answers with a file: the page sends the form again itself.
func (s *Service) Sensitive(k Kind, act func(w http.ResponseWriter, r *http.Request, v *Visit) error) http.Handler {
	return s.Page(k, func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		if r.Method != http.MethodPost {
			return respond.MethodNotAllowed(http.MethodPost)
		}
		if !v.Fresh {
			return s.askProof(w, r, v)
		}
		return act(w, r, v)
	})
}

// ProveView is the page console/prove.
type ProveView struct {
	Frame
	// Again is where the kept fields go, once proved.
	Again string `json:"again"`
	Kept  []Hidden
	// ProveURL begins the proof, in a tab of its own.
	ProveURL string `json:"prove_url"`
	// ProofURL tells whether it has happened.
	ProofURL string `json:"proof_url"`
	// Asked says that the form came back and there still was no proof.
	Asked bool `json:"asked,omitempty"`
	// BackURL leaves it all.
	BackURL string `json:"back_url"`
}

// askedField marks a form that this page has sent again.
const askedField = "proof_asked"

func (s *Service) askProof(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := r.ParseForm(); err != nil {
		return respond.BadRequest()
	}
	view := ProveView{Frame: v.Frame(""), Again: r.URL.RequestURI(), ProveURL: v.Link("/console/prove"), ProofURL: "/console/proof",
		Asked: r.PostForm.Get(askedField) != "", BackURL: v.URL("")}
	view.Kept = kept(r.PostForm)
	respond.FormsTo(w, s.PhoneURL)
	return s.RenderStatus(w, r, v, http.StatusForbidden, "console/prove", view)
}

// kept are the fields of a form as they came, in a lasting order; csrf is put in anew.
func kept(form url.Values) []Hidden {
	var list []Hidden
	for name, values := range form {
		if name == "csrf" || name == askedField {
			continue
		}
		for _, value := range values {
			list = append(list, Hidden{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(list, func(a, b Hidden) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	return list
}
