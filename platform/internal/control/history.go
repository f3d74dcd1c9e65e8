package control

import (
	"slices"
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
	mu    sync.Mutex // guards the rest
	order []string   // oldest first
	last  map[string]attempt.Attempt
}

// Observe takes note of an attempt; see attempt.Service.Observe.
func (h *History) Observe(name string, a *attempt.Attempt) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == nil {
		h.last = map[string]attempt.Attempt{}
	}
	if _, known := h.last[name]; !known {
		h.order = append(h.order, name)
		if len(h.order) > historyLength {
			delete(h.last, h.order[0])
			h.order = slices.Delete(h.order, 0, 1)
		}
	}
	h.last[name] = *a
}

func (h *History) list(now time.Time) []AttemptRecord {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]AttemptRecord, 0, len(h.order))
	for _, name := range slices.Backward(h.order) {
		a := h.last[name]
		list = append(list, AttemptRecord{Name: name, State: string(a.State(now)),
			CreatedAt: time.UnixMilli(a.CreatedAt).UTC().Format(time.RFC3339), Origin: a.Origin,
			Browser: a.Browser, Address: a.Address.String(), Member: a.Name, Number: a.Number})
	}
	return list
}

func (h *History) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.order, h.last = nil, nil
}
