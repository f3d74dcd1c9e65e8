package window

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/screen"
)

const (
	// openPatience is how long a browser may take until it is said where the file lies.
	openPatience = 15 * time.Second
	// closePatience is how long a window may say nothing before it counts as closed: between two
	// pages it does.
	closePatience = 10 * time.Second
	// lingers is how long a window that is done can still be looked at again.
	lingers = 10 * time.Minute
)

// Window is one window. Show, Ask and Close are called by one goroutine at a time.
type Window struct {
	server *Server
	token  string
	path   string // of the file that opens it
	closed chan struct{}

	mu       sync.Mutex // guards the following
	current  screen.Screen
	version  int           // of current
	changed  chan struct{} // closed when there is another version
	answers  chan answer
	answered int         // the last version that was answered
	opened   bool        // a browser has come
	watched  bool        // its script runs
	active   int         // requests that are being answered
	giveUp   func() bool // stops the timer after which the window counts as closed
	over     bool        // Close was called
}

// answer is what the person did on a version.
type answer struct {
	version int
	answer  screen.Answer
}

// New opens a window in the browser. Its first page waits for Show or Ask.
func (s *Server) New() (*Window, error) {
	secret, token := random(), random()
	path, err := writeFile(s.Dir, s.origin, secret, s.Words("").T("desktop.window.open"))
	if err != nil {
		return nil, err
	}
	w := &Window{server: s, token: token, path: path, closed: make(chan struct{}), changed: make(chan struct{}),
		answers: make(chan answer, 1), giveUp: func() bool { return true }}
	s.mu.Lock()
	s.secrets[sha256.Sum256([]byte(secret))], s.tokens[sha256.Sum256([]byte(token))] = w, w
	s.mu.Unlock()
	go func() {
		if err := s.Open(path); err != nil {
			s.Log.Warn("no browser could be opened: open the file yourself, or use --terminal", "file", path, "error", err)
		}
	}()
	s.AfterFunc(openPatience, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.opened && !w.over {
			s.Log.Warn("no browser has opened the window: open the file yourself, or use --terminal", "file", path)
		}
	})
	return w, nil
}

func random() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Show puts another screen into the window.
func (w *Window) Show(s screen.Screen) { w.put(s) }

func (w *Window) put(s screen.Screen) (version int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.current = s
	w.version++
	close(w.changed)
	w.changed = make(chan struct{})
	return w.version
}

// Ask shows a screen and returns the person's answer. The error is screen.ErrClosed or ctx's.
func (w *Window) Ask(ctx context.Context, s screen.Screen) (screen.Answer, error) {
	version := w.put(s)
	for {
		select {
		case a := <-w.answers:
			if a.version == version {
				return a.answer, nil
			}
		case <-w.closed:
			return screen.Answer{}, screen.ErrClosed
		case <-ctx.Done():
			return screen.Answer{}, ctx.Err()
		}
	}
}

// Closed is closed when the person has closed the window.
func (w *Window) Closed() <-chan struct{} { return w.closed }

// Close ends the window: its last screen can still be looked at for a while.
func (w *Window) Close() {
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	w.server.AfterFunc(lingers, func() {
		w.server.mu.Lock()
		defer w.server.mu.Unlock()
		delete(w.server.tokens, sha256.Sum256([]byte(w.token)))
		for digest, other := range w.server.secrets {
			if other == w {
				delete(w.server.secrets, digest)
			}
		}
		w.server.removeFile(w.path)
	})
}

// enter and leave count the requests of the window's pages. When the script of a page was there
// and nothing comes any more, the person has closed it.
func (w *Window) enter(script bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.active++
	w.watched = w.watched || script
	w.giveUp()
}

func (w *Window) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.active--; w.active > 0 || !w.watched {
		return
	}
	w.giveUp = w.server.AfterFunc(closePatience, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		select {
		case <-w.closed:
		default:
			if w.active == 0 {
				close(w.closed)
			}
		}
	})
}
