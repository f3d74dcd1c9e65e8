package respond

import (
	"fmt"
	"time"
)

// Problem is a failure that a person is shown: what happened, why, what to do.
// It implements error. The public ones are made in problems.go.
type Problem struct {
	// Status is the HTTP status.
	Status int
	// Key begins the locale keys <Key>.title, .why and .todo.
	Key string
	// Facts are the values behind the why: received, configured, rule.
	Facts []Fact
	// Allow is the Allow header of a 405.
	Allow string
	// RetryAfter is how long to wait, on a 429 or 503; zero says nothing.
	RetryAfter time.Duration
	// Cause is logged and never shown.
	Cause error
}

// Fact is one value of a Problem. It may come from outside.
type Fact struct {
	Label string // locale key
	Value string
}

// factLimit bounds the bytes of a value that came from outside.
const factLimit = 300

// Error is for logs: the key and the cause.
func (p *Problem) Error() string {
	if p.Cause != nil {
		return fmt.Sprintf("%s: %v", p.Key, p.Cause)
	}
	return p.Key
}

// Unwrap is the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// ErrorView is what templates/error.html takes.
type ErrorView struct {
	Status    int
	Key       string
	Facts     []Fact
	RequestID string
}

// errorAnswer is an error page in JSON.
type errorAnswer struct {
	Error     string       `json:"error"`
	Title     string       `json:"title"`
	Why       string       `json:"why"`
	Todo      string       `json:"todo"`
	Facts     []factAnswer `json:"facts,omitempty"`
	RequestID string       `json:"request_id"`
}

type factAnswer struct {
	Label string `json:"label"`
	Value string `json:"value"`
}
