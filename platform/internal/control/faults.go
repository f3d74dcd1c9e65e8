package control

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

// maxFaultDelay bounds how long a made-up fault may hold a call.
const maxFaultDelay = 2 * time.Minute

// Faults are the failures a script has asked for. It is safe for concurrent use.
type Faults struct {
	mu    sync.Mutex        // guards paths
	paths map[string]*fault // by path
}

type fault struct {
	code  protocol.Code
	times int // calls left
	delay time.Duration
}

// Fault is asked before each API call (siteapi.Handler.Fault): it waits and fails as a
// script has asked.
func (f *Faults) Fault(r *http.Request) error {
	f.mu.Lock()
	due := f.paths[r.URL.Path]
	if due == nil {
		f.mu.Unlock()
		return nil
	}
	now := *due
	if due.times--; due.times <= 0 {
		delete(f.paths, r.URL.Path)
	}
	f.mu.Unlock()
	if now.delay > 0 {
		select {
		case <-time.After(now.delay):
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}
	if now.code == protocol.CodeOK {
		return nil
	}
	return now.code
}

func (f *Faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.paths = nil
}

// addFault makes the next calls of a path fail, wait, or both.
func (h *Handler) addFault(_ context.Context, r *http.Request) (any, error) {
	var in struct {
		Path    string        `json:"path"`
		ErrCode protocol.Code `json:"errcode"`
		Times   int           `json:"times"`
		Delay   string        `json:"delay"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	var delay time.Duration
	if in.Delay != "" {
		var err error
		if delay, err = time.ParseDuration(in.Delay); err != nil || delay < 0 || delay > maxFaultDelay {
			return nil, bad("delay is a duration such as 3s, at most " + maxFaultDelay.String())
		}
	}
	switch {
	case in.Path == "" || in.Path[0] != '/':
		return nil, bad("path is the path of an API call, such as " + protocol.PathGetSuiteToken)
	case !in.ErrCode.Known() && in.ErrCode != protocol.CodeOK:
		return nil, bad("errcode is not one this platform knows")
	case in.ErrCode == protocol.CodeOK && delay == 0:
		return nil, bad("give an errcode, a delay, or both")
	}
	if in.Times < 1 {
		in.Times = 1
	}
	h.Faults.mu.Lock()
	defer h.Faults.mu.Unlock()
	if h.Faults.paths == nil {
		h.Faults.paths = map[string]*fault{}
	}
	h.Faults.paths[in.Path] = &fault{code: in.ErrCode, times: in.Times, delay: delay}
	return done, nil
}
