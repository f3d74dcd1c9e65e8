package console

import "net/http"

// Mount adds the routes that all consoles share.
func (s *Service) Mount(mux *http.ServeMux) {
	page := s.Respond.Page
	mux.Handle("GET /console/sign-in", page(s.showSignIn))
	mux.Handle("POST /console/sign-in/wait", page(s.wait))
	mux.Handle("POST /console/sign-in/renew", page(s.renew))
	mux.Handle("POST /console/sign-in/collect", page(s.collect))
	if s.Sandbox {
		mux.Handle("POST /console/sign-in/pick", page(s.pick))
	}
	mux.Handle("POST /console/enter", page(s.enterByPhone))
	mux.Handle("GET /console/return/{id}", page(s.comeBack))
	mux.Handle("POST /console/prove", page(s.prove))
	mux.Handle("GET /console/proved", page(s.showProved))
	mux.Handle("GET /console/proof", page(s.showProof))
	mux.Handle("GET /console", page(s.showConsoles))
	mux.Handle("POST /console/sign-out", page(s.signOut))
}
