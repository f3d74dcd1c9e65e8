package browser

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
)

// fakeDesktop answers on loopback as a desktop client does, and keeps what came: with it a
// test sees what the page asks of whom and when. What a real one does with a sign-in is the
// business of the journeys with hufu desktop.
type fakeDesktop struct {
	mu       sync.Mutex
	signedIn bool
	reason   string        // why it opens nothing; empty: it opens
	hold     chan struct{} // nothing is answered before it is closed; nil: at once
	came     []fakeCall
	nonces   int
}

// fakeCall is what came from a page.
type fakeCall struct {
	Method, Path, Origin, Type string
	Cookie, Referer            string
	Body                       map[string]string
}

// startFakeDesktop listens on the first free of the desktop client's ports until the test
// ends.
func startFakeDesktop(t *testing.T) *fakeDesktop {
	t.Helper()
	d := &fakeDesktop{signedIn: true}
	for port := 50000; port <= 50002; port++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		server := &http.Server{Handler: d}
		go server.Serve(l)
		t.Cleanup(func() { d.answers(nil); server.Close() })
		return d
	}
	t.Fatal("the desktop client's ports are all taken")
	return nil
}

func (d *fakeDesktop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(io.LimitReader(r.Body, 4<<10))
	call := fakeCall{Method: r.Method, Path: r.URL.Path, Origin: r.Header.Get("Origin"), Type: r.Header.Get("Content-Type"),
		Cookie: r.Header.Get("Cookie"), Referer: r.Referer()}
	json.Unmarshal(raw, &call.Body)
	d.mu.Lock()
	d.came = append(d.came, call)
	hold, signedIn, reason := d.hold, d.signedIn, d.reason
	d.nonces++
	nonce := fmt.Sprint("nonce-", d.nonces)
	d.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", call.Origin)
	h.Set("Vary", "Origin")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "POST")
		h.Set("Access-Control-Allow-Headers", "content-type")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/hufu/check":
		json.NewEncoder(w).Encode(map[string]any{"signed_in": signedIn, "nonce": nonce})
	case "/hufu/confirm":
		if reason != "" {
			json.NewEncoder(w).Encode(map[string]any{"opened": false, "reason": reason})
			return
		}
		json.NewEncoder(w).Encode(map[string]any{"opened": true})
	}
}

// answers lets it answer again, as whatever change makes of it.
func (d *fakeDesktop) answers(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hold != nil {
		close(d.hold)
		d.hold = nil
	}
	if change != nil {
		change()
	}
}

// holds lets it answer nothing for a while.
func (d *fakeDesktop) holds() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hold = make(chan struct{})
}

// forget empties its memory.
func (d *fakeDesktop) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.came = nil
}

// calls are what came to a path with a body; every call of any kind where the path is empty.
func (d *fakeDesktop) calls(path string) []fakeCall {
	d.mu.Lock()
	defer d.mu.Unlock()
	if path == "" {
		return slices.Clone(d.came)
	}
	var some []fakeCall
	for _, c := range d.came {
		if c.Path == path && c.Method == http.MethodPost {
			some = append(some, c)
		}
	}
	return some
}
