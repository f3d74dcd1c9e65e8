// Package recent remembers, in bounded memory, facts that were read a moment ago, so that
// they are not read again at every sign-in. Facts that may become untrue are dropped by
// their owner when they do.
package recent

import "sync"

// max is how many facts a set holds; when it is full it begins anew, which costs its owner
// some reads and nothing else.
const max = 50_000

// Set holds facts. Its zero value is empty and ready. It is safe for concurrent use.
type Set[K comparable] struct {
	mu    sync.Mutex // guards facts
	facts map[K]struct{}
}

// Has tells whether a fact is remembered.
func (s *Set[K]) Has(fact K) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.facts[fact]
	return ok
}

// Add remembers a fact.
func (s *Set[K]) Add(fact K) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.facts == nil || len(s.facts) >= max {
		s.facts = map[K]struct{}{}
	}
	s.facts[fact] = struct{}{}
}

// Drop forgets a fact.
func (s *Set[K]) Drop(fact K) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.facts, fact)
}
