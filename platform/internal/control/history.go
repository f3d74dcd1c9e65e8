package control

import (
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
)

// historyLength is how many attempts are remembered.
const historyLength = 200

// AttemptRecord is one sign-in as /attempts shows it: no key, no code, no state parameter.
type AttemptRecord struct {
	Name      string `json:"name"` // names the attempt and opens nothing
	State     string `json:"state"`
	CreatedAt string `json:"created_at"`
	Origin    string `json:"origin"` // of redirect_uri
	Browser   string `json:"browser"`
	Address   string `json:"address"`
	Member    string `json:"member,omitempty"` // masked name
	Number    int64  `json:"number,omitempty"`
}

// History remembers the latest attempts. It is safe for concurrent use.
type History struct {
	mu   sync.Mutex                 // guards the rest
	ring [historyLength]string      // names, in the order in which they began
	next int                        // where in the ring the next one goes
	last map[string]attempt.Attempt // by name, those in the ring
}

// Observe takes note of an attempt; see attempt.Service.Observe.
func (h *History) Observe(name string, a *attempt.Attempt) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == nil {
		h.last = make(map[string]attempt.Attempt, historyLength)
	}
	if _, known := h.last[name]; !known {
		delete(h.last, h.ring[h.next])
		h.ring[h.next] = name
		h.next = (h.next + 1) % historyLength
	}
	h.last[name] = *a
}

func (h *History) list(now time.Time) []AttemptRecord {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]AttemptRecord, 0, len(h.last))
	for i := range historyLength {
		name := h.ring[(h.next-1-i+historyLength)%historyLength]
		a, ok := h.last[name]
		if !ok {
			break
		}
		list = append(list, AttemptRecord{Name: name, State: string(a.State(now)),
			CreatedAt: time.UnixMilli(a.CreatedAt).UTC().Format(time.RFC3339), Origin: a.Origin,
			Browser: a.Browser, Address: a.Address.String(), Member: a.Name, Number: a.Number})
	}
	return list
}

func (h *History) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ring, h.next, h.last = [historyLength]string{}, 0, nil
}
