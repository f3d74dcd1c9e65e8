package events

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxSeen bounds the memory; only senders with the key can fill it.
const maxSeen = 10_000

// seen remembers events until they would be too old anyway.
type seen struct {
	mu    sync.Mutex // guards all below
	until map[[sha256.Size]byte]time.Time
	order [][sha256.Size]byte // oldest first; may name forgotten ones
}

// add reports whether id is new at now, and remembers it.
func (s *seen) add(id [sha256.Size]byte, now, until time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u, ok := s.until[id]; ok && !now.After(u) {
		return false
	}
	if s.until == nil {
		s.until = make(map[[sha256.Size]byte]time.Time)
	}
	for len(s.order) > 0 && (len(s.order) >= maxSeen || now.After(s.until[s.order[0]])) {
		delete(s.until, s.order[0])
		s.order = s.order[1:]
	}
	s.until[id] = until
	s.order = append(s.order, id)
	return true
}

// forget makes id new again.
func (s *seen) forget(id [sha256.Size]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.until, id)
}
