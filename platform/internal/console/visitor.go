package console

import "net/http"

// Visitor is who visits a page that belongs to no one console, such as one that asks for the
// company first: somebody is signed in, and a form was sent from our page of this session. It
// is nil where the answer has been given (to the sign-in, and back) or is the error. Kind,
// Corp and Admin are zero: the page reads rights itself.
func (s *Service) Visitor(w http.ResponseWriter, r *http.Request) (*Visit, error) {
	return s.signedIn(w, r)
}
