package events

import (
	"encoding/json"
	"fmt"

	"github.com/hufu-sso/hufu/site/internal/kept"
)

// load returns all tickets, never nil. The file is read anew each time, so
// that a process which only reads sees what another received; tickets are
// wanted every two hours at most.
func (t *Tickets) load() (map[string]ticket, error) {
	if t.path == "" {
		return t.memory, nil
	}
	data, err := kept.Read(t.path)
	if err != nil {
		return nil, fmt.Errorf("events: ticket file: %w", err)
	}
	if data == nil {
		return map[string]ticket{}, nil
	}
	all := map[string]ticket{}
	if json.Unmarshal(data, &all) != nil || all == nil {
		return nil, fmt.Errorf("events: ticket file %s is broken: remove it, the next push makes it anew", t.path)
	}
	return all, nil
}

// save replaces the file in one step: a reader, and a crash at any moment,
// finds the old tickets or the new ones.
func (t *Tickets) save(all map[string]ticket) error {
	if t.path == "" {
		return nil
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := kept.Replace(t.path, data); err != nil {
		return fmt.Errorf("events: ticket file: %w", err)
	}
	return nil
}
