package loopback

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

const (
	// nonceLife is how long a nonce is good.
	nonceLife = 2 * time.Minute
	// keyMemory is how long a key is remembered; the platform forgets it in two minutes.
	keyMemory = 10 * time.Minute
	// maxNonces bounds the nonces that wait for their use; the oldest give way.
	maxNonces = 64
	// maxConfirms is how many sign-ins a minute may come.
	maxConfirms = 10
	// maxBody limits a request, maxKey a client key, in bytes.
	maxBody = 4 << 10
	maxKey  = 128
)

// check answers whether a client is here, and gives a nonce for one confirm.
func (s *Server) check(w http.ResponseWriter, r *http.Request) error {
	if err := decode(r, &struct{}{}); err != nil {
		return err
	}
	write(w, http.StatusOK, protocol.LoopbackCheck{SignedIn: s.SignedIn(), Nonce: s.newNonce()})
	return nil
}

// confirm hands a sign-in over to the person.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request) error {
	var c protocol.LoopbackConfirm
	if err := decode(r, &c); err != nil {
		return err
	}
	taken, err := s.take(c)
	if err != nil {
		return err
	}
	reason := protocol.LoopbackBusy
	if taken {
		if reason = s.Confirm(c.ClientKey, s.off); reason != "" {
			s.off()
		}
	}
	write(w, http.StatusOK, protocol.LoopbackOpened{Opened: reason == "", Reason: reason})
	return nil
}

// newNonce makes a nonce and remembers it.
func (s *Server) newNonce() string {
	raw := make([]byte, 16)
	rand.Read(raw) // never fails
	nonce := base64.RawURLEncoding.EncodeToString(raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	if len(s.nonces) >= maxNonces {
		delete(s.nonces, slices.MinFunc(slices.Collect(maps.Keys(s.nonces)), func(a, b string) int { return s.nonces[a].Compare(s.nonces[b]) }))
	}
	s.nonces[nonce] = s.Now()
	return nonce
}

// take spends nonce and key, and the screen unless it is taken; then the key stays good.
func (s *Server) take(c protocol.LoopbackConfirm) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	if len(s.confirms) >= maxConfirms {
		return false, forbidden("more sign-ins than are let through in a minute")
	}
	s.confirms = append(s.confirms, s.Now())
	if _, ok := s.nonces[c.Nonce]; !ok {
		return false, malformed("a nonce that is unknown, used or too old")
	}
	delete(s.nonces, c.Nonce)
	if c.ClientKey == "" || len(c.ClientKey) > maxKey {
		return false, malformed("not a client key")
	}
	key := sha256.Sum256([]byte(c.ClientKey))
	if _, seen := s.keys[key]; seen {
		return false, malformed("a key that was seen before")
	}
	if s.shown {
		return false, nil
	}
	s.keys[key], s.shown = s.Now(), true
	return true, nil
}

// off frees the screen.
func (s *Server) off() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = false
}

// forget drops what is too old to matter; s.mu is held.
func (s *Server) forget() {
	now := s.Now()
	for nonce, at := range s.nonces {
		if now.Sub(at) > nonceLife {
			delete(s.nonces, nonce)
		}
	}
	for key, at := range s.keys {
		if now.Sub(at) > keyMemory {
			delete(s.keys, key)
		}
	}
	s.confirms = slices.DeleteFunc(s.confirms, func(at time.Time) bool { return now.Sub(at) > time.Minute })
}

// decode reads a small JSON object.
func decode(r *http.Request, into any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody || protocol.Decode(body, into) != nil {
		return malformed("not the JSON object that is expected")
	}
	return nil
}
