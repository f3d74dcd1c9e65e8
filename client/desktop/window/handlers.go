package window

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/screen"
)

// patience is how long a request waits for another screen.
const patience = 25 * time.Second

// open spends the secret and shows the window's first page. A secret that was spent opens
// nothing: two who have it cannot both look.
func (s *Server) open(w http.ResponseWriter, r *http.Request) error {
	win := s.spend(r.PostFormValue("secret"))
	if win == nil {
		return errGone
	}
	s.removeFile(win.path)
	win.mu.Lock()
	win.opened = true
	win.mu.Unlock()
	win.enter(false)
	defer win.leave()
	win.await(r, 0)
	return s.renderScreen(w, r, win)
}

// show shows where the window stands now.
func (s *Server) show(w http.ResponseWriter, r *http.Request) error {
	win := s.find(r.PostFormValue("token"))
	if win == nil {
		return errGone
	}
	win.enter(false)
	defer win.leave()
	return s.renderScreen(w, r, win)
}

// answer hands the person's answer on, if the screen is still the one they saw, and shows what
// follows.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) error {
	win := s.find(r.PostFormValue("token"))
	if win == nil {
		return errGone
	}
	win.enter(false)
	defer win.leave()
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return errForbidden
	}
	if win.give(answer{version, screen.Answer{Again: r.PostFormValue("again") != "", Decision: r.PostFormValue("decision"),
		As: r.PostFormValue("as"), Number: r.PostFormValue("number")}}) {
		win.await(r, version)
	}
	return s.renderScreen(w, r, win)
}

// give hands on the first answer to the screen that stands now.
func (w *Window) give(a answer) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a.version != w.version || !w.current.Asks() {
		return false
	}
	if w.answered < a.version {
		w.answered = a.version
		select {
		case <-w.answers: // one that nobody wanted
		default:
		}
		w.answers <- a
	}
	return true
}

// watch tells the page's script when there is another screen.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) error {
	win := s.find(r.PostFormValue("token"))
	if win == nil {
		return errGone
	}
	win.enter(true)
	defer win.leave()
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return errForbidden
	}
	body, err := json.Marshal(map[string]bool{"changed": win.await(r, version)})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(body)
	if err != nil && r.Context().Err() != nil {
		return nil // the page is gone
	}
	return err
}

// await waits until the version is another, or patience or the request ends.
func (w *Window) await(r *http.Request, version int) (changed bool) {
	w.mu.Lock()
	now, next := w.version, w.changed
	w.mu.Unlock()
	if now != version {
		return true
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-next:
		return true
	case <-timer.C:
	case <-r.Context().Done():
	}
	return false
}
